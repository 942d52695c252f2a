import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningCommand, startCommand } from "../support/run-command.ts";
import { root } from "./page.ts";

let mock: RunningCommand;
let sandbox: string;
let settings: Record<string, string>;

beforeAll(async () => {
  const desk = path.join(root, "examples", "capabilities", "service-desk.yaml");
  mock = await startCommand(["mock", "clerk-backend-api-api-keys", desk]);
  [sandbox = ""] = (await mock.waitFor(/http:\/\/127\.0\.0\.1:\d+/)) ?? [];
  settings = {
    CLERK_URL: `${sandbox}/clerk-backend-api-api-keys/v1`,
    CLERK_SECRET_KEY: "sk_sandbox",
    DESK_URL: `${sandbox}/service-desk/api`,
    DESK_KEY: "desk-sandbox",
  };
});

afterAll(async () => {
  mock?.child.kill();
  await mock?.finished;
});

test("the script issues a key and opens a ticket", async () => {
  const script = start("script.mjs", settings, "user_7");
  const output = read(script);
  expect(await once(script, "close")).toEqual([0, null]);
  expect(await output).toMatch(/^user_7 has the key "ci" and the ticket tick_[0-9a-f]{24}\n$/);
});

test("the service shows the keys and tickets of a user, and ends when asked to", async () => {
  const { service, url } = await startService(settings);
  const response = await fetch(`${url}/users/user_7`);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    keys: [{ id: expect.stringMatching(/^ak_/), name: "ci" }],
    tickets: ['Install the key "ci"'],
  });
  expect(await (await fetch(`${url}/users/nobody`)).json()).toEqual({ keys: [], tickets: [] });
  service.kill("SIGTERM");
  expect(await once(service, "close")).toEqual([0, null]);
});

test("the service answers 502 where an API behind it fails", async () => {
  const { service, url } = await startService({ ...settings, DESK_URL: `${sandbox}/nowhere` });
  const response = await fetch(`${url}/users/user_7`);
  expect(response.status).toBe(502);
  expect(await response.json()).toEqual({
    error: { code: "HTTP_STATUS", message: "list-tickets: HTTP 404 Not Found" },
  });
  service.kill("SIGTERM");
  await once(service, "close");
});

function start(program: string, env: Readonly<Record<string, string>>, ...args: string[]): ChildProcess {
  return spawn(process.execPath, [path.join(root, "examples", program), ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function read({ stdout }: ChildProcess): Promise<string> {
  let text = "";
  for await (const part of stdout ?? []) text += part;
  return text;
}

async function startService(env: Readonly<Record<string, string>>): Promise<{ service: ChildProcess; url: string }> {
  const service = start("service.mjs", { ...env, PORT: "0" });
  const [text] = await once(service.stdout ?? service, "data");
  return { service, url: /http:\S+/.exec(String(text))?.[0] ?? "" };
}
