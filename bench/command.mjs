import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { interleave, median, ratio, row } from "./measure.mjs";

// The command as a whole process: `naftiko run` of the seed's getApiKey against a server on loopback, next to
// `node -e 0`, and next to scripts that do the same GET: one with undici, and a bare one with node:http.

const root = path.resolve(import.meta.dirname, "..");

export async function benchCommand({ rounds = 40 } = {}) {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "application/json");
    response.end('{"id":"ak_1","object":"api_key","name":"ci","subject":"user_1"}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${server.address().port}`;
  // Inside the project, so that the script finds undici as a user's script would.
  const folder = await mkdtemp(path.join(root, "bench", "tmp-"));
  try {
    const script = path.join(folder, "get.mjs");
    await writeFile(
      script,
      `import { request } from "undici";
const { body } = await request("${origin}/v1/api_keys/ak_1", { headers: { authorization: "Bearer " + process.env.CLERK_SECRET_KEY } });
const key = await body.json();
console.log(JSON.stringify({ result: key }));
process.exit(0);
`,
    );
    const bare = path.join(folder, "get.cjs");
    await writeFile(
      bare,
      `const headers = { authorization: "Bearer " + process.env.CLERK_SECRET_KEY };
require("node:http").get("${origin}/v1/api_keys/ak_1", { agent: false, headers }, response => {
  const chunks = [];
  response.on("data", chunk => chunks.push(chunk));
  response.on("end", () => console.log(JSON.stringify({ result: JSON.parse(Buffer.concat(chunks)) })));
});
`,
    );
    const naftiko = [
      path.join(root, "dist", "naftiko.cjs"),
      "run",
      "clerk-backend-api-api-keys",
      "getApiKey",
      "--apiKeyID",
      "ak_1",
      "--base-uri",
      `${origin}/v1`,
    ];
    const figures = await interleave(
      {
        naftiko: () => milliseconds(naftiko),
        node: () => milliseconds(["-e", "0"]),
        undici: () => milliseconds([script]),
        bare: () => milliseconds([bare]),
      },
      { rounds, warmUp: 3 },
    );
    return [
      row("`naftiko run` / `node -e 0`", ratio(figures.naftiko, figures.node), "≤ 2.2 (goal 1.5)"),
      row("`naftiko run` / a bare script with node:http", ratio(figures.naftiko, figures.bare), "≤ 1.25 (goal 1.15)"),
      row("`naftiko run` / five lines with undici", ratio(figures.naftiko, figures.undici), "≤ 0.6"),
      row("`node -e 0`, for scale", median(figures.node), "–", " ms"),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
    server.closeAllConnections();
    server.close();
  }
}

async function milliseconds(args) {
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, CLERK_SECRET_KEY: "sk_bench" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.resume();
  const [status] = await once(child, "exit");
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`);
  return performance.now() - start;
}
