import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, it } from "vitest";
import { capabilityText } from "../../../support/capability-text.ts";
import { markedSecret } from "../../../support/marked-secret.ts";
import { runCommand } from "../../../support/run-command.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../../support/upstream.ts";

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());

const capability = () =>
  capabilityText({
    namespace: "shop",
    baseUri: upstream.url,
    binds: { SHOP_KEY: "SHOP_API_KEY" },
    operations: [{ name: "ask", method: "GET", path: "/answer" }],
  });

/** Unpacks a bundle, and returns its manifest. */
async function unpack(bundle: Uint8Array, folder: string) {
  const entries = unzipSync(bundle);
  for (const [name, content] of Object.entries(entries)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return JSON.parse(await readFile(path.join(folder, "manifest.json"), "utf8"));
}

it("exports a bundle that runs as its manifest says, with nothing installed", async () => {
  const cwd = await temporaryFolder({ "shop.yaml": capability() });
  const secret = markedSecret("of-the-shop");
  const env = { HOME: cwd, SHOP_API_KEY: secret };
  const { code, stderr } = await runCommand(["export", "mcpb", "./shop.yaml"], { cwd, env });
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: "shop.mcpb is written; a client that installs it asks for SHOP_API_KEY\n",
  });
  const bundle = await readFile(path.join(cwd, "shop.mcpb"));
  expect(bundle.includes(secret)).toBe(false);

  const folder = await temporaryFolder({});
  const manifest = await unpack(bundle, folder);
  expect(manifest).toMatchObject({
    manifest_version: "0.3",
    name: "shop",
    server: { type: "node", entry_point: "server/dist/naftiko.cjs" },
    user_config: { shop_api_key: { type: "string", sensitive: true, required: true } },
  });
  const { command, args, env: wanted } = manifest.server.mcp_config;
  expect(wanted).toEqual({ SHOP_API_KEY: "${user_config.shop_api_key}" });
  const transport = new StdioClientTransport({
    command: command === "node" ? process.execPath : command,
    args: args.map((arg: string) => arg.replace("${__dirname}", folder)),
    env: { HOME: folder, SHOP_API_KEY: secret },
    cwd: folder,
    stderr: "ignore",
  });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["ask"]);
    const answer = await client.callTool({ name: "ask", arguments: {} });
    expect(answer.isError ?? false).toBe(false);
  } finally {
    await client.close();
  }
});

it("exports the same bytes again", async () => {
  const cwd = await temporaryFolder({ "shop.yaml": capability() });
  const env = { HOME: cwd };
  for (const [name, zone] of [
    ["a", "Pacific/Auckland"],
    ["b", "America/New_York"],
  ] as const) {
    const { code } = await runCommand(["export", "mcpb", "./shop.yaml", "-o", name], {
      cwd,
      env: { ...env, TZ: zone },
    });
    expect(code).toBe(0);
  }
  expect((await readFile(path.join(cwd, "a"))).equals(await readFile(path.join(cwd, "b")))).toBe(true);
});
