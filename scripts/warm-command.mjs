import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import path from "node:path";

// Runs the command built in the given folder once against a server of its own, so that the code cache holds what a real call uses.

const root = path.resolve(import.meta.dirname, "..");
const server = createServer((_request, response) => {
  response.setHeader("content-type", "application/json");
  response.end('{"id":"ak_1"}');
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

const command = spawn(
  process.execPath,
  [
    "--",
    path.join(process.argv[2], "naftiko.cjs"),
    "run",
    path.join(root, "capabilities", "clerk-backend-api-api-keys.yaml"),
    "getApiKey",
    "--apiKeyID",
    "ak_1",
    "--base-uri",
    `http://127.0.0.1:${server.address().port}`,
  ],
  {
    cwd: root,
    env: { PATH: process.env.PATH, CLERK_SECRET_KEY: "sk_warm" },
    stdio: ["ignore", "ignore", "inherit"],
  },
);
const [status] = await once(command, "exit");
server.close();
process.exitCode = status ?? 1;
