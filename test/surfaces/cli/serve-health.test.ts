import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

let folder: string;
let upstream: Server;
let arrived: () => void;
let answer: () => void;

beforeAll(async () => {
  upstream = createServer((_request, response) => {
    answer = () => response.end("{}");
    arrived();
  });
  await new Promise<void>(resolve => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  const text = `naftiko: 1.0.0-alpha3
capability:
  consumes: [ { type: http, namespace: slow, baseUri: "http://127.0.0.1:${port}" } ]
  exposes:
    - { type: rest, namespace: api, port: 0, resources: [ { path: "/{path}", forward: { targetNamespace: slow } } ] }
`;
  folder = await temporaryFolder({ "one.yaml": text, "many/a.yaml": text, "many/b.yaml": text });
});

afterAll(async () => {
  upstream.closeAllConnections();
  await new Promise(resolve => upstream.close(resolve));
});

async function ask(url: string, method = "GET") {
  const response = await fetch(url, { method });
  return { status: response.status, text: await response.text(), allow: response.headers.get("allow") };
}

const CASES: readonly (readonly [string, string, number, string])[] = [
  ["GET", "/health/live", 200, '{"status":"UP"}'],
  ["GET", "/health/ready", 200, '{"status":"UP"}'],
  ["GET", "/health/ready?probe=1", 200, '{"status":"UP"}'],
  ["HEAD", "/health/ready", 200, ""],
  ["POST", "/health/ready", 405, "The path takes GET, HEAD"],
  ["GET", "/", 404, "There is no such path"],
  ["GET", "/metrics", 404, "There is no such path"],
];

describe("naftiko serve --health-port", () => {
  it.each([
    ["each adapter at its address", ["one.yaml"]],
    ["a folder behind one port", ["many", "--port", "0"]],
  ])("tells how a server of %s is, ready no longer while it ends", async (_what, args) => {
    const serving = await startCommand(["serve", ...args, "--health-port", "0"], { cwd: folder });
    const [, health = ""] = await serving.waitFor(/health is told on (\S+)/, "stderr");
    for (const [method, path, status, text] of CASES) {
      const found = await ask(health + path, method);
      expect.soft([method, path, found.status]).toEqual([method, path, status]);
      expect.soft(found.text).toContain(text);
      expect.soft(found.allow).toBe(status === 405 ? "GET, HEAD" : null);
    }
    const [, served = "", below = ""] = await serving.waitFor(
      /(?:listens|served) on (http:\S+?)(\/<capability>\/)?\n/,
      "stderr",
    );
    const reached = new Promise<void>(resolve => {
      arrived = resolve;
    });
    const call = ask(`${served}${below === "" ? "" : "/a"}/items`);
    await reached;
    serving.child.kill("SIGTERM");
    let ready = await ask(`${health}/health/ready`);
    while (ready.status === 200) ready = await ask(`${health}/health/ready`);
    expect(ready).toMatchObject({ status: 503, text: '{"status":"DEGRADED"}' });
    expect(await ask(`${health}/health/live`)).toMatchObject({ status: 200 });
    answer();
    expect(await call).toMatchObject({ status: 200, text: "{}" });
    expect(await serving.finished).toMatchObject({ code: 0, stdout: "" });
  });

  it.each([
    ["99999", "Option --health-port is a number from 0 to 65535"],
    ["x", "Option --health-port is a number from 0 to 65535"],
  ])("refuses the port %s", async (port, message) => {
    const found = await runCommand(["serve", "one.yaml", "--health-port", port], { cwd: folder });
    expect(found).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });

  it("tells that another program has the port", async () => {
    const { port } = upstream.address() as AddressInfo;
    const found = await runCommand(["serve", "one.yaml", "--health-port", String(port)], { cwd: folder });
    expect(found).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`for health: another program has the port`),
    });
  });
});
