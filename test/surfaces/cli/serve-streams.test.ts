import { once } from "node:events";
import { StdioClientTransport as NewStdio } from "@modelcontextprotocol/client/stdio";
import { StdioClientTransport as OldStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connectClient, type Major, MODERN } from "../../support/mcp-clients.ts";
import { COMMAND, type RunningCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

// `naftiko serve` for an adapter that has the standard streams: as its clients start it.

let upstream: Upstream;
let folder: string;
/** Requests of `/slow` that have begun, and those whose connection was closed. */
const slow = { begun: 0, gone: 0 };

const adapter = (namespace: string) => `    - type: mcp
      namespace: ${namespace}
      transport: stdio
      description: Ships of the registry
      tools:
        - name: get-ship
          description: Reads a ship
          inputParameters: [ { name: imo, type: string, description: IMO number } ]
          call: registry.get-ship
          with: { imo: ${namespace}.imo }
        - { name: wait, description: Takes for ever, call: registry.wait }
`;

const capability = (...namespaces: readonly string[]) => `naftiko: 1.0.0-alpha3
capability:
  consumes:
    - type: http
      namespace: registry
      baseUri: ${upstream.url}
      resources:
        - name: ship
          path: /ships/{{imo}}
          operations: [ { name: get-ship, method: GET, inputParameters: [ { name: imo, in: path } ] } ]
        - name: slow
          path: /slow
          operations: [ { name: wait, method: GET } ]
  exposes:
${namespaces.map(adapter).join("")}`;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    if (request.url !== "/slow") return answerJson(response, 200, { path: request.url });
    slow.begun++;
    response.on("close", () => slow.gone++);
  });
  folder = await temporaryFolder({ "ships.yaml": capability("ships"), "two.yaml": capability("ships", "more") });
});
afterAll(() => upstream.close());

const CLIENT = { name: "test", version: "1" };
const request = (id: number, method: string, params: object = {}) =>
  `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;
const initialize = (revision: string) =>
  request(1, "initialize", { protocolVersion: revision, capabilities: {}, clientInfo: CLIENT });

function start(file: string): Promise<RunningCommand> {
  return startCommand(["serve", file], { cwd: folder, stdin: null });
}

/** Starts the command, and a call of a tool that does not end. */
async function startWaiting(): Promise<RunningCommand> {
  const command = await start("ships.yaml");
  const { begun } = slow;
  command.child.stdin.write(initialize("2025-06-18"));
  command.child.stdin.write(request(2, "tools/call", { name: "wait", arguments: {} }));
  await command.waitFor(/"id":1/);
  while (slow.begun === begun) await new Promise(resolve => setTimeout(resolve, 5));
  return command;
}

/** Clients that start the command. Each speaks further revisions in `clients.test.ts`. */
const STARTED: readonly (readonly [Major, string])[] = [
  ["1", "2025-11-25"],
  ["2", "2025-06-18"],
  ["2", MODERN],
];

const ends: readonly (readonly [name: string, end: (command: RunningCommand) => void])[] = [
  ["the end of standard input", ({ child }) => child.stdin.end()],
  ["SIGTERM", ({ child }) => child.kill("SIGTERM")],
  ["SIGINT", ({ child }) => child.kill("SIGINT")],
  [
    "a standard output that is closed",
    ({ child }) => {
      child.stdout.destroy();
      child.stdin.write(request(3, "ping"));
    },
  ],
];

describe("serve with standard streams", () => {
  it.each(ends)("ends calls and the process with 0 after %s", async (_, end) => {
    const command = await startWaiting();
    const { gone } = slow;
    end(command);
    expect((await command.finished).code).toBe(0);
    while (slow.gone === gone) await new Promise(resolve => setTimeout(resolve, 5));
  });

  it.each(STARTED)("serves client %s.x in revision %s", async (major, revision) => {
    const Transport = major === "1" ? OldStdio : NewStdio;
    const transport = new Transport({
      command: process.execPath,
      args: [COMMAND, "serve", "ships.yaml"],
      cwd: folder,
      stderr: "ignore",
    });
    const client = await connectClient(major, revision, transport);
    expect(client.getInstructions()).toBe("Ships of the registry");
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["get-ship", "wait"]);
    expect((await client.callTool("get-ship", { imo: "9321" })).content).toEqual([
      { type: "text", text: '{"path":"/ships/9321"}' },
    ]);
    expect(await client.callTool("get-ship", { imo: 5, ino: "9321" })).toMatchObject({ isError: true });
    await client.close();
  });

  it("answers the messages of a file, and prints nothing but answers", async () => {
    const stdin = `${initialize("2025-11-25")}${request(2, "tools/list")}not JSON\n`;
    const { code, stdout, stderr } = await (await startCommand(["serve", "ships.yaml"], { cwd: folder, stdin }))
      .finished;
    expect(code).toBe(0);
    const answers = stdout
      .trim()
      .split("\n")
      .map(line => JSON.parse(line) as { readonly id: unknown });
    expect(answers.map(({ id }) => id).sort()).toEqual([1, 2, null]);
    expect(stderr).toContain("ships: mcp ships has standard input and output");
  });

  it("refuses two adapters that would share them", async () => {
    const { code, stderr } = await (await start("two.yaml")).finished;
    expect(code).toBe(2);
    expect(stderr).toContain("Cannot serve two: mcp ships and two: mcp more");
  });

  it("ends with its input although nobody reads what it writes", async () => {
    const { child } = await start("ships.yaml");
    child.stdout.pause();
    child.stdin.write(initialize("2025-06-18"));
    for (let sent = 0; sent < 2_000; sent++) child.stdin.write(request(sent, "tools/list"));
    child.stdin.end();
    expect((await once(child, "exit"))[0]).toBe(0);
  });
});
