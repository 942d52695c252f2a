import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

// The faulty APIs of the tests, each on a port of its own: those that a client without certificates can reach. Tells its
// parent the ports, and ends with it.

const folder = await mkdtemp(path.join(os.tmpdir(), "naftiko-soak-"));
const file = path.join(folder, "faults.mjs");
await build({
  stdin: {
    contents: `
      export { startFaultServer } from "./test/support/fault-server.ts";
      export { faultRows } from "./test/transport/fault-rows.ts";
    `,
    resolveDir: path.join(import.meta.dirname, ".."),
  },
  outfile: file,
  bundle: true,
  platform: "node",
  format: "esm",
});
const { startFaultServer, faultRows } = await import(pathToFileURL(file));
await rm(folder, { recursive: true });

const reachable = faultRows.filter(({ tls, baseUri, address, isClosed }) => !tls && !baseUri && !address && !isClosed);
const rows = await Promise.all(
  reachable.map(async row => {
    const server = await startFaultServer(row);
    if (row.other !== undefined) {
      const other = await startFaultServer({ answers: [row.other] });
      server.pointTo(other.port);
      other.pointTo(server.port);
    }
    return { what: row.what, port: server.port };
  }),
);
process.on("disconnect", () => process.exit());
process.send({ rows });
