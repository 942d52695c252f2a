import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import type { Transport } from "../../../src/net/transport.ts";
import { createUndiciTransport } from "../../../src/net/wire/lazy-undici.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { openUndici } from "../../../src/net/wire/undici.ts";
import { createSelfSignedCertificate } from "../../support/certificates.ts";
import { type ExchangeParts, exchangeOf } from "../../support/exchange.ts";
import { type RawServer, startRawServer, type Talk } from "../../support/raw-server.ts";
import { withTime } from "../../support/with-time.ts";

const transports: readonly { name: string; transport: Transport }[] = [
  { name: "undici", transport: openUndici() },
  { name: "node:http", transport: createNodeHttpTransport() },
];

it.each([
  [{ timeoutMs: 5 }, 'Unknown option "timeoutMs"'],
  [{ http2: true }, 'Unknown option "http2"'],
  [null, "options must be an object"],
])("createUndiciTransport() of the library refuses %j", (options, says) => {
  expect(() => createUndiciTransport(options as never)).toThrow(new TypeError(says));
});

interface Case {
  readonly what: string;
  /** Bytes that the server sends, or a function where it does more than that. */
  readonly answer: string | Talk;
  /** `GET /` by default. */
  readonly request?: Partial<HttpRequest> & { readonly path?: string };
  readonly limits?: Partial<ExchangeParts>;
  /** Parts of the answer; `text` is its body. */
  readonly gives?: object;
  /** Parts of the error. */
  readonly fails?: object;
  /** Lines that the request must have had, in any order, and the body behind the blank line. */
  readonly sends?: { readonly lines?: readonly string[]; readonly without?: RegExp; readonly body?: string };
}

const empty = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

const answers: readonly Case[] = [
  {
    what: "status, reason phrase, headers and body",
    answer: "HTTP/1.1 201 Made\r\nContent-Type: text/plain\r\nX-Id: 7\r\nContent-Length: 5\r\n\r\nhello",
    gives: {
      status: 201,
      statusText: "Made",
      headers: { "content-type": "text/plain", "x-id": "7", "content-length": "5" },
      text: "hello",
    },
  },
  {
    what: "the standard phrase where the server gives none",
    answer: "HTTP/1.1 404\r\ncontent-length: 0\r\n\r\n",
    gives: { status: 404, statusText: "Not Found", text: "" },
  },
  {
    what: "a field that comes once as a text",
    answer: "HTTP/1.1 200 OK\r\nset-cookie: a=1\r\ncontent-length: 0\r\n\r\n",
    gives: { headers: { "set-cookie": "a=1", "content-length": "0" } },
  },
  {
    what: "fields that come more than once as lists",
    answer:
      "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\nX-Many: 1\r\nX-Many: 2\r\nX-Many: 3\r\nAge: 1\r\nAge: 2\r\ncontent-length: 0\r\n\r\n",
    gives: {
      headers: {
        "set-cookie": ["a=1", "b=2"],
        "x-many": ["1", "2", "3"],
        age: ["1", "2"],
        "content-length": "0",
      },
    },
  },
  {
    what: "fields named like members of a prototype",
    answer: "HTTP/1.1 200 OK\r\nconstructor: a\r\n__proto__: b\r\ntoString: c\r\ncontent-length: 0\r\n\r\n",
    gives: {
      headers: Object.fromEntries([
        ["constructor", "a"],
        ["__proto__", "b"],
        ["tostring", "c"],
        ["content-length", "0"],
      ]),
    },
  },
  {
    what: "a field with bytes beyond ASCII",
    answer: socket => socket.end(Buffer.from("HTTP/1.1 200 OK\r\nx-name: caf\u00e9\r\n\r\n", "latin1")),
    gives: { headers: { "x-name": "caf\u00e9" } },
  },
  {
    what: "a chunked body",
    answer:
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nx-end: 1\r\n\r\n",
    gives: { text: "hello world" },
  },
  {
    what: "a body that ends with the connection",
    answer: socket => socket.end("HTTP/1.1 200 OK\r\n\r\nuntil the end"),
    gives: { text: "until the end" },
  },
  {
    what: "a body in many pieces",
    answer: socket => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n");
      for (const delay of [5, 10, 15]) setTimeout(() => socket.write("ab"), delay);
    },
    gives: { text: "ababab" },
  },
  {
    what: "bytes that are not text",
    answer: socket =>
      socket.end(Buffer.concat([Buffer.from("HTTP/1.1 200 OK\r\n\r\n"), Buffer.from([0, 255, 254, 128])])),
    gives: { bytes: [0, 255, 254, 128] },
  },
  {
    what: "nothing for a 204",
    answer: "HTTP/1.1 204 No Content\r\n\r\n",
    gives: { status: 204, text: "" },
  },
  {
    what: "nothing for HEAD, whatever its length says",
    answer: "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n",
    request: { method: "HEAD" },
    gives: { status: 200, headers: { "content-length": "100" }, text: "" },
    sends: { lines: ["HEAD / HTTP/1.1"] },
  },
  {
    what: "the answer that follows early hints",
    answer: "HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nx-id: 1\r\ncontent-length: 2\r\n\r\nok",
    gives: { status: 200, statusText: "OK", headers: { "x-id": "1", "content-length": "2" }, text: "ok" },
  },
  {
    what: "the answer that follows a 100 that nobody asked for",
    answer: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    gives: { status: 200, statusText: "OK", text: "ok" },
  },
  {
    what: "the answer that follows interim answers of all kinds",
    answer:
      "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\nx: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" +
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 \r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok",
    request: { method: "POST", body: "x" },
    gives: { status: 201, text: "ok" },
  },
  {
    what: "a body that looks like an interim answer as it came",
    answer: "HTTP/1.1 200 OK\r\ncontent-length: 25\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
    gives: { status: 200, text: "HTTP/1.1 100 Continue\r\n\r\n" },
  },
  {
    what: "a redirect as it is",
    answer: "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    gives: { status: 302, headers: { location: "http://127.0.0.1:1/" } },
  },
  {
    what: "a server error as an answer",
    answer: "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 4\r\n\r\noops",
    gives: { status: 500, text: "oops" },
  },
  {
    what: "a body with a coding that nobody knows as it came",
    answer: "HTTP/1.1 200 OK\r\ncontent-encoding: utf-8\r\ncontent-length: 3\r\n\r\nabc",
    gives: { headers: { "content-encoding": "utf-8", "content-length": "3" }, text: "abc" },
  },
  {
    what: "a body of exactly the limit",
    answer: "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
    limits: { maxResponseBytes: 5 },
    gives: { text: "hello" },
  },
];

const requests: readonly Case[] = [
  {
    what: "path and query as they are written",
    answer: empty,
    request: { path: "/a/%2e%2e/b'c?q='x'&r=%20&s=[1]" },
    sends: { lines: ["GET /a/%2e%2e/b'c?q='x'&r=%20&s=[1] HTTP/1.1"] },
  },
  {
    what: "a slash for an empty path",
    answer: empty,
    request: { path: "" },
    sends: { lines: ["GET / HTTP/1.1"], body: "" },
  },
  {
    what: "a slash before a query without a path",
    answer: empty,
    request: { path: "?next=/a/b" },
    sends: { lines: ["GET /?next=/a/b HTTP/1.1"] },
  },
  {
    what: "headers",
    answer: empty,
    request: { headers: { accept: "application/json", "x-name": "caf\u00e9", "x-empty": "" } },
    sends: { lines: ["accept: application/json", "x-name: caf\u00e9", "x-empty: "] },
  },
  {
    what: "the host with its port",
    answer: empty,
    sends: { lines: ["host: 127.0.0.1:<port>"] },
  },
  {
    what: "the length of a body in bytes",
    answer: empty,
    request: { method: "POST", headers: { "content-type": "text/plain" }, body: "caf\u00e9" },
    sends: { lines: ["POST / HTTP/1.1", "content-length: 5"], body: "caf\u00c3\u00a9" },
  },
  {
    what: "a body of bytes",
    answer: empty,
    request: { method: "PUT", body: new Uint8Array([0, 1, 255]) },
    sends: { lines: ["content-length: 3"], body: "\u0000\u0001\u00ff" },
  },
  ...["POST", "PUT", "PATCH"].map(method => ({
    what: `a length of nothing for ${method} without a body`,
    answer: empty,
    request: { method },
    sends: { lines: [`${method} / HTTP/1.1`, "content-length: 0"], body: "" },
  })),
  ...["GET", "DELETE", "OPTIONS", "HEAD"].map(method => ({
    what: `no length for ${method} without a body`,
    answer: empty,
    request: { method },
    sends: { lines: [`${method} / HTTP/1.1`], without: /content-length|transfer-encoding/, body: "" },
  })),
  ...["GET", "DELETE", "OPTIONS", "PATCH"].map(method => ({
    what: `the body of ${method}`,
    answer: empty,
    request: { method, body: '{"a":1}' },
    sends: {
      lines: [`${method} / HTTP/1.1`, "content-length: 7"],
      without: /transfer-encoding/,
      body: '{"a":1}',
    },
  })),
];

const failures: readonly Case[] = [
  {
    what: "a body over the limit",
    answer: "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nhello!",
    limits: { maxResponseBytes: 5 },
    fails: { code: "RESPONSE_TOO_LARGE", details: { maxBytes: 5 } },
  },
  {
    what: "a chunked body that never ends",
    answer: socket => {
      socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
      const timer = setInterval(() => socket.write(`4000\r\n${"x".repeat(0x4000)}\r\n`), 1);
      socket.on("close", () => clearInterval(timer));
    },
    limits: { maxResponseBytes: 100_000 },
    fails: { code: "RESPONSE_TOO_LARGE" },
  },
  {
    what: "a connection that closes before an answer",
    answer: socket => socket.end(),
    fails: {
      code: "NETWORK",
      message: expect.stringContaining("the connection was closed before the answer was complete (ECONNRESET)"),
    },
  },
  {
    what: "a connection that is reset before an answer",
    answer: socket => socket.resetAndDestroy(),
    fails: { code: "NETWORK", details: { reason: "ECONNRESET" } },
  },
  {
    what: "a connection that is reset within the body",
    answer: socket => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello");
      setTimeout(() => socket.resetAndDestroy(), 20);
    },
    fails: { code: "NETWORK", details: { reason: "ECONNRESET" } },
  },
  {
    what: "a body shorter than its length",
    answer: socket => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"),
    fails: { code: "NETWORK", message: expect.stringContaining("the connection was closed") },
  },
  {
    what: "a chunked body without its end",
    answer: socket => socket.end("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n"),
    fails: { code: "NETWORK", message: expect.stringContaining("the connection was closed") },
  },
  {
    what: "an answer that is no HTTP",
    answer: "SSH-2.0-OpenSSH_9.6\r\n\r\n",
    fails: { code: "NETWORK", message: expect.stringContaining("the answer is not valid HTTP") },
  },
  {
    what: "a header field that is malformed",
    answer: "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
    fails: { code: "NETWORK", message: expect.stringContaining("the answer is not valid HTTP") },
  },
  {
    what: "a chunk size that is no number",
    answer: "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n",
    fails: { code: "NETWORK", message: expect.stringContaining("the answer is not valid HTTP") },
  },
  {
    what: "header fields beyond every measure",
    answer: `HTTP/1.1 200 OK\r\nx-long: ${"x".repeat(100_000)}\r\n\r\n`,
    fails: {
      code: "RESPONSE_TOO_LARGE",
      message: expect.stringMatching(/^The header of the answer from .* is larger than 65536 bytes$/),
    },
  },
  {
    what: "a change of protocol that nobody asked for",
    answer: "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
    fails: { code: "NETWORK" },
  },
  {
    what: "a silent server",
    answer: () => {},
    limits: { timeoutMs: 50 },
    fails: { code: "TIMEOUT", details: { timeoutMs: 50 } },
  },
  {
    what: "a server that stalls within the header",
    answer: socket => socket.write("HTTP/1.1 200 OK\r\nx-a: "),
    limits: { timeoutMs: 50 },
    fails: { code: "TIMEOUT" },
  },
  {
    what: "a server that stalls within the body",
    answer: socket => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello"),
    limits: { timeoutMs: 50 },
    fails: { code: "TIMEOUT" },
  },
  {
    what: "a server that drips",
    answer: socket => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
      const timer = setInterval(() => socket.write("x"), 5);
      socket.on("close", () => clearInterval(timer));
    },
    limits: { timeoutMs: 80 },
    fails: { code: "TIMEOUT" },
  },
];

const LIMITS = { timeoutMs: 20_000, maxResponseBytes: 1_000_000 };
const EXCHANGE = exchangeOf(LIMITS);

let server: RawServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

afterAll(async () => {
  for (const { transport } of transports) await transport.close?.();
});

describe.each(transports)("$name", ({ transport }) => {
  it.each(answers)("gives $what", async ({ gives, ...exchange }) => {
    const { body, ...response } = await send(transport, exchange);
    expect({ ...response, text: Buffer.from(body).toString("utf8"), bytes: [...body] }).toMatchObject(gives ?? {});
  });

  it.each(requests)("sends $what", async ({ sends = {}, ...exchange }) => {
    await send(transport, exchange);
    const [head = "", body = ""] = (server?.received[0] ?? "").split("\r\n\r\n");
    const lines = head.replace(`:${server?.port}`, ":<port>").split("\r\n");
    expect(lines.map(lowerName)).toEqual(expect.arrayContaining([...(sends.lines ?? [])]));
    if (sends.without !== undefined) expect(head.toLowerCase()).not.toMatch(sends.without);
    if (sends.body !== undefined) expect(body).toBe(sends.body);
  });

  it.each(failures)("fails for $what", async ({ fails, ...exchange }) => {
    await expect(send(transport, exchange)).rejects.toMatchObject({
      name: "CapabilityError",
      ...fails,
    });
  });

  it("fails where nobody listens", async () => {
    const { port, close } = await startRawServer(() => {});
    await close();
    await expect(transport(requestTo(`http://127.0.0.1:${port}/a`), EXCHANGE)).rejects.toMatchObject({
      code: "NETWORK",
      message: `Cannot reach 127.0.0.1:${port}: the connection was refused (ECONNREFUSED)`,
      details: { reason: "ECONNREFUSED", url: `http://127.0.0.1:${port}/a` },
    });
  });

  it("fails for a name that does not exist", async () => {
    await expect(transport(requestTo("http://nowhere.invalid/"), EXCHANGE)).rejects.toMatchObject({
      code: "NETWORK",
      message: expect.stringMatching(/^Cannot reach nowhere\.invalid: the host name /),
    });
  });

  it("fails where the connection is not ready in time", async () => {
    // It takes the connection, and no part in a TLS handshake.
    server = await startRawServer(() => {});
    const url = `https://127.0.0.1:${server.port}/`;
    await expect(transport(requestTo(url), exchangeOf({ ...LIMITS, connectTimeoutMs: 100 }))).rejects.toMatchObject({
      code: "TIMEOUT",
      message: `Cannot connect to 127.0.0.1:${server.port} within 100 ms`,
      details: { timeoutMs: 100, reason: "connect", url },
    });
  });

  it("takes its time once the connection is ready", () =>
    withTime(async scale => {
      await server?.close();
      server = await startRawServer(socket => {
        setTimeout(() => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"), 150 * scale);
      });
      const exchange = exchangeOf({ ...LIMITS, connectTimeoutMs: 100 * scale });
      expect(await transport(requestTo(`http://127.0.0.1:${server.port}/`), exchange)).toMatchObject({
        status: 200,
      });
    }));

  it("fails for TLS on a port that speaks none", async () => {
    server = await startRawServer(socket => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await expect(transport(requestTo(`https://127.0.0.1:${server.port}/`), EXCHANGE)).rejects.toMatchObject({
      code: "NETWORK",
      message: expect.stringContaining("the TLS handshake failed"),
    });
  });

  it("fails for a certificate that nobody vouches for", async () => {
    server = await startRawServer(socket => socket.end(empty), createSelfSignedCertificate());
    await expect(transport(requestTo(`https://localhost:${server.port}/`), EXCHANGE)).rejects.toMatchObject({
      code: "NETWORK",
      message: expect.stringContaining("the server's certificate is self-signed"),
    });
    expect(server.received).toEqual([]);
  });

  it("fails for a header that cannot be sent", async () => {
    const request = { ...requestTo("http://127.0.0.1:1/"), headers: { "x-a": "b\r\nc: d" } };
    await expect(transport(request, EXCHANGE)).rejects.toMatchObject({ code: "NETWORK" });
  });

  it("sends nothing where the signal was aborted before", async () => {
    server = await startRawServer(socket => socket.end(empty));
    const signal = AbortSignal.abort(new Error("no longer wanted"));
    await expect(
      transport(requestTo(`http://127.0.0.1:${server.port}/`), { ...EXCHANGE, signal }),
    ).rejects.toMatchObject({ code: "ABORTED", cause: { message: "no longer wanted" } });
    expect(server.received).toEqual([]);
  });

  it.each([
    { when: "before the answer", start: "" },
    { when: "within the body", start: "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello" },
  ])("ends the connection when the signal is aborted $when", async ({ start }) => {
    const controller = new AbortController();
    let onClose = () => {};
    const closed = new Promise<void>(resolve => {
      onClose = resolve;
    });
    server = await startRawServer(socket => {
      socket.on("close", onClose);
      if (start !== "") socket.write(start);
      setTimeout(() => controller.abort(), 20);
    });
    const request = requestTo(`http://127.0.0.1:${server.port}/`);
    await expect(transport(request, { ...EXCHANGE, signal: controller.signal })).rejects.toMatchObject({
      code: "ABORTED",
    });
    await closed;
  });

  it("serves many exchanges at once", async () => {
    server = await startRawServer(socket => socket.write(empty));
    const url = `http://127.0.0.1:${server.port}/`;
    const all = Array.from({ length: 100 }, () =>
      transport({ ...requestTo(url), headers: { connection: "close" } }, EXCHANGE),
    );
    for (const { status } of await Promise.all(all)) expect(status).toBe(200);
  });
});

function requestTo(url: string): HttpRequest {
  return { method: "GET", url, headers: {} };
}

async function send(
  transport: Transport,
  { answer, request: { path = "/", ...request } = {}, limits }: Case,
): ReturnType<Transport> {
  const talk: Talk = typeof answer === "string" ? socket => socket.write(answer) : answer;
  server = await startRawServer(talk);
  const url = `http://127.0.0.1:${server.port}${path}`;
  return transport({ ...requestTo(url), ...request }, exchangeOf({ ...LIMITS, ...limits }));
}

function lowerName(line: string): string {
  return line.replace(/^[^: ]+:/, name => name.toLowerCase());
}
