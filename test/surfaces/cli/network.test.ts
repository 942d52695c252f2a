import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText, required } from "../../support/capability-text.ts";
import { createSelfSignedCertificate } from "../../support/certificates.ts";
import { runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";
import { expectFailure } from "./expect-failure.ts";

/** Faults of a server with a connection, instead of serving it. */
const MISBEHAVIOURS = {
  reset: (socket: Socket) => socket.once("data", () => socket.resetAndDestroy()),
  hangUp: (socket: Socket) => socket.once("data", () => socket.end()),
  truncate: (socket: Socket) =>
    socket.once("data", () =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"id":'),
    ),
  truncateChunked: (socket: Socket) =>
    socket.once("data", () => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"')),
  babble: (socket: Socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH_9.6\r\n")),
} as const;

const servers: Server[] = [];

/** Starts a server on a free port of the loopback and gives its address. */
async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let upstream: Upstream;
let folder: string;
const addresses = new Map<string, string>();
let attempts = 0;

beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    if (url.startsWith("/silent")) return;
    if (url.startsWith("/drip")) {
      response.writeHead(200, { "content-type": "application/json" });
      const timer = setInterval(() => response.write(" "), 50);
      response.on("close", () => clearInterval(timer));
      return;
    }
    if (url.startsWith("/flaky")) {
      attempts++;
      answerJson(response, attempts < 3 ? 503 : 200, { attempts });
      return;
    }
    answerJson(
      response,
      200,
      Array.from({ length: 50_000 }, (_, index) => ({ index, text: "x".repeat(50) })),
    );
  });
  for (const [name, misbehave] of Object.entries(MISBEHAVIOURS)) {
    addresses.set(name, await listen(createServer(socket => misbehave(socket.on("error", () => {})))));
  }
  addresses.set(
    "selfSigned",
    await listen(createTlsServer(createSelfSignedCertificate(), (_, response) => response.end("{}"))),
  );
  const closed = createServer();
  addresses.set("closed", await listen(closed));
  await new Promise(resolve => closed.close(resolve));
  folder = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({
      namespace: "api",
      baseUri: upstream.url,
      operations: [
        { name: "get", method: "GET", path: "/things" },
        { name: "wait", method: "GET", path: "/silent" },
        { name: "waitFor", method: "GET", path: "/silent/{id}" },
        { name: "drip", method: "GET", path: "/drip" },
        { name: "retry", method: "GET", path: "/flaky" },
        {
          name: "post",
          method: "POST",
          path: "/flaky-post",
          inputParameters: [required("body", "body", "object")],
        },
      ],
    }),
  });
});

afterAll(async () => {
  for (const server of servers) server.close();
  await upstream.close();
});

describe.concurrent("run ends with 6 where no complete answer arrives", () => {
  it.each([
    {
      name: "connection refused",
      url: "http://closed",
      stderr: ["the connection was refused (ECONNREFUSED)"],
      reason: "ECONNREFUSED",
    },
    {
      name: "connection reset",
      url: "http://reset",
      stderr: ["the connection was reset (ECONNRESET)"],
      reason: "ECONNRESET",
    },
    {
      name: "connection closed without an answer",
      url: "http://hangUp",
      stderr: ["get: Cannot reach 127.0.0.1:"],
      reason: "ECONNRESET",
    },
    {
      name: "truncated body",
      url: "http://truncate",
      stderr: ["get: Cannot reach 127.0.0.1:"],
      reason: expect.any(String),
    },
    {
      name: "truncated chunk",
      url: "http://truncateChunked",
      stderr: ["get: Cannot reach 127.0.0.1:"],
      reason: expect.any(String),
    },
    {
      name: "no HTTP",
      url: "http://babble",
      stderr: ["the answer is not valid HTTP"],
      reason: expect.stringMatching(/^HPE_/),
    },
    {
      name: "TLS to a port without it",
      url: "https://babble",
      stderr: ["the TLS handshake failed; the server may not speak TLS"],
      reason: expect.any(String),
    },
    {
      name: "self-signed certificate",
      url: "https://selfSigned",
      stderr: ["the server's certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT)"],
      reason: "DEPTH_ZERO_SELF_SIGNED_CERT",
    },
    // Without a network, the look-up fails in another way.
    {
      name: "unknown host",
      url: "http://naftiko-test.invalid",
      stderr: [/host name (is not known|could not be looked up)/],
      reason: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    },
  ])("$name", async ({ url, stderr, reason }) => {
    const base = url.replace(/(?<=\/\/)\w+$/, name => addresses.get(name) ?? name);
    await expectFailure({
      args: ["run", "api", "get", "--base-uri", base, "--retries", "0"],
      cwd: folder,
      code: 6,
      error: "NETWORK",
      stderr: [/^error: get: Cannot reach /, ...stderr],
      details: { operation: "get", reason, url: `${base}/things` },
    });
  });

  it.each([
    { name: "silence", operation: "wait" },
    { name: "a body that never ends", operation: "drip" },
  ])("$name, with --timeout", async ({ operation }) => {
    await expectFailure({
      args: ["run", "api", operation, "--timeout", "300", "--retries", "0"],
      cwd: folder,
      code: 6,
      error: "TIMEOUT",
      stderr: [`error: ${operation}: No complete answer from 127.0.0.1:`, "within 300 ms\n"],
      details: { operation, timeoutMs: 300 },
    });
  });
});

describe("run repeats what may pass", () => {
  it("until an answer comes, and says so", async () => {
    attempts = 0;
    const { code, stdout, stderr } = await runCommand(["run", "api", "retry"], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"attempts":3}\n' });
    expect(stderr).toMatch(
      /^note: HTTP 503, trying again in 0\.\d s \(2 of 3\)\nnote: HTTP 503, trying again in 0\.\d s \(3 of 3\)\n$/,
    );
  });

  it("without a word with --quiet", async () => {
    attempts = 0;
    const result = await runCommand(["run", "api", "retry", "--quiet"], { cwd: folder });
    expect(result).toEqual({ code: 0, stdout: '{"attempts":3}\n', stderr: "" });
  });

  it("not with --retries 0", async () => {
    attempts = 0;
    const result = await runCommand(["run", "api", "retry", "--retries", "0"], { cwd: folder });
    expect(result).toMatchObject({ code: 5, stdout: "" });
    expect(attempts).toBe(1);
  });

  it("and never a POST", async () => {
    attempts = 0;
    const result = await runCommand(["run", "api", "post", "--body", "{}", "--retries", "5"], {
      cwd: folder,
    });
    expect(result).toMatchObject({ code: 5, stdout: "" });
    expect(attempts).toBe(1);
  });
});

describe.concurrent("run ends a call", () => {
  it.each([
    { what: "that is silent", value: "400ms", deadlineMs: 400 },
    { what: "whatever else it waits for", value: "400", deadlineMs: 400 },
  ])("$what at its deadline", async ({ value, deadlineMs }) => {
    await expectFailure({
      args: ["run", "api", "wait", "--deadline", value],
      cwd: folder,
      code: 6,
      error: "TIMEOUT",
      stderr: [`error: wait: the call did not end within its deadline of ${deadlineMs} ms (1 attempt)\n`],
      details: { operation: "wait", timeoutMs: deadlineMs, reason: "deadline", attempts: 1 },
    });
  });
});

describe.concurrent("an interrupted run ends with 130", () => {
  it.each([
    { signal: "SIGINT", args: ["wait"] },
    { signal: "SIGINT", args: ["drip"] },
    { signal: "SIGTERM", args: ["wait"] },
    { signal: "SIGINT", args: ["wait", "--retries", "9"] },
  ] as const)("$signal during $args", async ({ signal, args }) => {
    const { child, finished, waitFor } = await startCommand(["run", "api", ...args, "--verbose"], {
      cwd: folder,
    });
    await waitFor(/> user-agent/, "stderr");
    child.kill(signal);
    const { code, stdout, stderr } = await finished;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toContain(`error: ${args[0]}: The call to 127.0.0.1:`);
    // Signal 0 only asks whether the process is there.
    expect(child.kill(0)).toBe(false);
  });

  it("with one JSON object where --output json asks for it", async () => {
    const { child, finished } = await startCommand(["run", "api", "waitFor", "--id", "json", "--output", "json"], {
      cwd: folder,
    });
    while (!upstream.requests.some(({ url }) => url === "/silent/json"))
      await new Promise(resolve => setTimeout(resolve, 10));
    child.kill("SIGINT");
    const { code, stdout, stderr } = await finished;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "ABORTED", details: { operation: "waitFor" } },
    });
  });

  it("also while it waits for standard input", async () => {
    const running = await startCommand(["run", "api", "post", "--body", "-"], { cwd: folder, stdin: null });
    await new Promise(resolve => setTimeout(resolve, 500));
    running.child.kill("SIGINT");
    expect(await running.finished).toMatchObject({ code: 130, stdout: "" });
  });
});

/** The result has not been given, and the failure would go unseen. */
const GONE = { code: 8, stderr: expect.stringContaining("its reader has closed the pipe (EPIPE)") };

describe.concurrent("a reader that closes standard output early", () => {
  it.each([["json"], ["yaml"], ["table"], ["raw"]])("is told with --output %s", async output => {
    const { child, finished } = await startCommand(["run", "api", "get", "--output", output], {
      cwd: folder,
    });
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await finished).toMatchObject(GONE);
  });

  it("is told where it never reads", async () => {
    const { child, finished } = await startCommand(["run", "api", "get"], { cwd: folder });
    child.stdout.destroy();
    expect(await finished).toMatchObject({ ...GONE, stdout: "" });
  });

  it("is told by `list`, `describe` and the help", async () => {
    for (const args of [["list"], ["describe", "api"], ["--help"]]) {
      const { child, finished } = await startCommand(args, { cwd: folder });
      child.stdout.destroy();
      expect(await finished).toMatchObject(GONE);
    }
  });
});
