import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleOffer } from "../../../support/mcp-offer.ts";
import { type HttpServer, serveOffer } from "../../../support/serve-offer.ts";

// Everything that a client can get wrong over HTTP, and everybody who should not be one.

const sample = sampleOffer();
let server: HttpServer;

beforeAll(async () => {
  server = await serveOffer(() => sample.offer);
});

afterAll(() => server.close());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly to?: HttpServer;
}

interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends a request with a head that `fetch` would not send. */
function send({ method = "POST", path = "/mcp", headers = {}, body = "", to = server }: Sent): Promise<Received> {
  return new Promise((resolve, reject) => {
    const defaults = method === "POST" ? { "content-type": "application/json" } : {};
    const sending = httpRequest(
      { port: to.port, host: "127.0.0.1", method, path, headers: { ...defaults, ...headers }, agent: false },
      answer => {
        const pieces: Buffer[] = [];
        answer.on("data", (piece: Buffer) => pieces.push(piece));
        answer.on("error", reject);
        answer.on("end", () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(pieces).toString(),
          }),
        );
      },
    );
    sending.on("error", reject);
    sending.end(body);
  });
}

const PREFIX = "io.modelcontextprotocol/";
const MODERN = "2026-07-28";
const META = {
  [`${PREFIX}protocolVersion`]: MODERN,
  [`${PREFIX}clientCapabilities`]: {},
  [`${PREFIX}clientInfo`]: { name: "test", version: "1.0.0" },
};
const CALL = { name: "echo", arguments: { a: 1 } };
const HEAD = { "mcp-protocol-version": MODERN, "mcp-method": "tools/call", "mcp-name": "echo" };

function rpc(method: string, params?: unknown, more: object = { id: 1 }): string {
  return JSON.stringify({ jsonrpc: "2.0", method, params, ...more });
}

function modern(params: object = CALL, meta: unknown = META): string {
  return rpc("tools/call", { ...params, _meta: meta });
}

const deep = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${"[".repeat(100_000)}${"]".repeat(100_000)}}`;
const batch = `[${rpc("ping")},${rpc("tools/list", undefined, { id: "b" })},${rpc("notifications/initialized", undefined, {})},7]`;

type Bad = readonly [name: string, sent: Sent, status: number, code?: number];

type Good = readonly [name: string, sent: Sent, result: object];

const bad: readonly Bad[] = [
  ["an empty body", { body: "" }, 400, -32700],
  ["a body that is no JSON", { body: "{" }, 400, -32700],
  ["bytes that are no UTF-8", { body: Buffer.from([0x22, 0xff, 0x22]) }, 400, -32700],
  ["JSON that nests too deep", { body: deep }, 400, -32700],
  ["another version of JSON-RPC", { body: '{"jsonrpc":"1.0","id":1,"method":"ping"}' }, 400, -32600],
  ["no version of JSON-RPC", { body: '{"id":1,"method":"ping"}' }, 400, -32600],
  ["an id that is an object", { body: '{"jsonrpc":"2.0","id":{},"method":"ping"}' }, 400, -32600],
  ["an id that is null", { body: '{"jsonrpc":"2.0","id":null,"method":"ping"}' }, 400, -32600],
  ["params that are a list", { body: '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}' }, 400, -32600],
  ["a method that is a number", { body: '{"jsonrpc":"2.0","id":1,"method":1}' }, 400, -32600],
  ["a message that is a number", { body: "7" }, 400, -32600],
  ["an unknown method", { body: rpc("tools/run") }, 200, -32601],
  ["an unknown tool", { body: rpc("tools/call", { name: "ecko" }) }, 200, -32602],
  ["a tool without a name", { body: rpc("tools/call", {}) }, 200, -32602],
  ["a tool whose name is of a prototype", { body: rpc("tools/call", { name: "__proto__" }) }, 200, -32602],
  ["a tool whose name is a number", { body: rpc("tools/call", { name: 5 }) }, 200, -32602],
  ["a cursor that is a number", { body: rpc("tools/list", { cursor: 5 }) }, 200, -32602],
  ["a cursor that is null", { body: rpc("prompts/list", { cursor: null }) }, 200, -32602],
  ["a resource without a URI", { body: rpc("resources/read", {}) }, 200, -32602],
  ["a URI that is a list", { body: rpc("resources/read", { uri: [] }) }, 200, -32602],
  [
    "an argument of a prompt that is a number",
    { body: rpc("prompts/get", { name: "triage", arguments: { a: 1 } }) },
    200,
    -32602,
  ],
  [
    "arguments of a prompt that are a text",
    { body: rpc("prompts/get", { name: "triage", arguments: "a" }) },
    200,
    -32602,
  ],
  [
    "an opening in a batch",
    { body: `[${rpc("initialize", { protocolVersion: "2025-03-26" })},${rpc("ping")}]` },
    400,
    -32600,
  ],
  ["a cursor that nobody gave", { body: rpc("tools/list", { cursor: "x" }) }, 200, -32602],
  ["a URI that names nothing", { body: rpc("resources/read", { uri: "notes://../one" }) }, 200, -32602],
  ["a resource without params", { body: rpc("resources/read") }, 200, -32602],
  ["a resource without a URI", { body: rpc("resources/read", {}) }, 200, -32602],
  ["a resource whose URI is a number", { body: rpc("resources/read", { uri: 7 }) }, 200, -32602],
  ["a cursor that is a number", { body: rpc("resources/list", { cursor: 1 }) }, 200, -32602],
  ["a prompt without params", { body: rpc("prompts/get") }, 200, -32602],
  [
    "arguments of a prompt that are no texts",
    { body: rpc("prompts/get", { name: "triage", arguments: { ticket: 5 } }) },
    200,
    -32602,
  ],
  [
    "arguments of a prompt that are a list",
    { body: rpc("prompts/get", { name: "triage", arguments: [] }) },
    200,
    -32602,
  ],
  ["an unknown prompt", { body: rpc("prompts/get", { name: "triaje" }) }, 200, -32602],
  ["another type of content", { headers: { "content-type": "text/plain" }, body: rpc("ping") }, 415],
  ["a type of JSON that is another", { headers: { "content-type": "application/ld+json" }, body: rpc("ping") }, 415],
  ["another content coding", { headers: { "content-encoding": "zstd" }, body: rpc("ping") }, 415],
  ["a client that takes no JSON", { headers: { accept: "text/html" }, body: rpc("ping") }, 406],
  ["a message of 10 MB", { body: rpc("tools/call", { name: "echo", x: "x".repeat(10_000_000) }) }, 413],
  ["an unknown revision", { headers: { "mcp-protocol-version": "2099-01-01" }, body: rpc("ping") }, 400, -32000],
  ["an unknown session", { headers: { "mcp-session-id": "nobody" }, body: rpc("ping") }, 404, -32001],
  ["a stream of an unknown session", { method: "GET", headers: { "mcp-session-id": "nobody" } }, 404, -32001],
  ["the end of an unknown session", { method: "DELETE", headers: { "mcp-session-id": "nobody" } }, 404, -32001],
  ["a stream without a session", { method: "GET" }, 405],
  ["the end of no session", { method: "DELETE" }, 405],
  ["another method of HTTP", { method: "PUT", body: rpc("ping") }, 405],
  ["another path", { path: "/sse", body: rpc("ping") }, 404],
  ["a batch in a revision without", { headers: { "mcp-protocol-version": "2025-06-18" }, body: batch }, 400, -32600],
  ["a batch of nothing", { body: "[]" }, 400, -32600],
  ["a batch of too much", { body: JSON.stringify(Array.from({ length: 101 }, () => ({}))) }, 400, -32600],
  ["a foreign host", { headers: { host: "evil.example" }, body: rpc("ping") }, 403],
  ["a host that looks like ours", { headers: { host: "localhost.evil.example" }, body: rpc("ping") }, 403],
  ["a foreign origin", { headers: { origin: "https://evil.example" }, body: rpc("ping") }, 403],
  ["the origin of nobody", { headers: { origin: "null" }, body: rpc("ping") }, 403],
  ["an origin that looks like ours", { headers: { origin: "http://127.0.0.1.evil.example" }, body: rpc("ping") }, 403],
  ["2026: no envelope", { headers: HEAD, body: rpc("tools/call", CALL) }, 400, -32602],
  [
    "2026: an envelope of another revision",
    { headers: HEAD, body: modern(CALL, { ...META, [`${PREFIX}protocolVersion`]: "2025-06-18" }) },
    400,
    -32020,
  ],
  [
    "2026: an unknown revision",
    {
      headers: { ...HEAD, "mcp-protocol-version": "2099-01-01" },
      body: modern(CALL, { ...META, [`${PREFIX}protocolVersion`]: "2099-01-01" }),
    },
    400,
    -32022,
  ],
  [
    "2026: no capabilities",
    { headers: HEAD, body: modern(CALL, { [`${PREFIX}protocolVersion`]: MODERN }) },
    400,
    -32602,
  ],
  [
    "2026: capabilities that are a list",
    { headers: HEAD, body: modern(CALL, { ...META, [`${PREFIX}clientCapabilities`]: [] }) },
    400,
    -32602,
  ],
  [
    "2026: a client that is a text",
    { headers: HEAD, body: modern(CALL, { ...META, [`${PREFIX}clientInfo`]: "me" }) },
    400,
    -32602,
  ],
  [
    "2026: no header of the revision",
    { headers: { "mcp-method": "tools/call", "mcp-name": "echo" }, body: modern() },
    400,
    -32020,
  ],
  [
    "2026: no header of the method",
    { headers: { "mcp-protocol-version": MODERN, "mcp-name": "echo" }, body: modern() },
    400,
    -32020,
  ],
  [
    "2026: another method in the header",
    { headers: { ...HEAD, "mcp-method": "tools/list" }, body: modern() },
    400,
    -32020,
  ],
  [
    "2026: no header of the name",
    { headers: { "mcp-protocol-version": MODERN, "mcp-method": "tools/call" }, body: modern() },
    400,
    -32020,
  ],
  ["2026: another name in the header", { headers: { ...HEAD, "mcp-name": "fail" }, body: modern() }, 400, -32020],
  [
    "2026: a name that is packed wrong",
    { headers: { ...HEAD, "mcp-name": "=?base64?%%?=" }, body: modern() },
    400,
    -32020,
  ],
  [
    "2026: a method that it has no more",
    { headers: { ...HEAD, "mcp-method": "ping" }, body: rpc("ping", { _meta: META }) },
    404,
    -32601,
  ],
  [
    "2026: a resource without a URI",
    { headers: { ...HEAD, "mcp-method": "resources/read" }, body: rpc("resources/read", { _meta: META }) },
    200,
    -32602,
  ],
  [
    "2026: a cursor that is an object",
    { headers: { ...HEAD, "mcp-method": "tools/list" }, body: rpc("tools/list", { cursor: {}, _meta: META }) },
    200,
    -32602,
  ],
  [
    "2026: a handshake",
    { headers: { "mcp-protocol-version": MODERN }, body: rpc("initialize", { protocolVersion: MODERN }) },
    400,
    -32020,
  ],
];

describe("over HTTP, what is wrong is told", () => {
  const rows = bad.map(([name, sent, status, code]) => ({ name, sent, status, code }));
  it.each(rows)("$name", async ({ sent, status, code }) => {
    const answer = await send(sent);
    expect(answer.status, answer.text).toBe(status);
    if (code !== undefined) expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: "2.0", error: { code } });
  });

  it("and nothing is left of it", async () => {
    expect((await send({ body: rpc("ping") })).text).toBe('{"jsonrpc":"2.0","id":1,"result":{}}');
    expect(server.reports).toEqual([]);
  });
});

describe("over HTTP, what is right is answered", () => {
  const good: readonly Good[] = [
    ["a request without a session", { body: rpc("ping") }, {}],
    ["ids that are texts", { body: rpc("ping", undefined, { id: "é" }) }, {}],
    ["at /", { path: "/", body: rpc("ping") }, {}],
    ["a client that takes JSON alone", { headers: { accept: "application/json" }, body: rpc("ping") }, {}],
    [
      "a type with a charset",
      { headers: { "content-type": "application/json; charset=utf-8" }, body: rpc("ping") },
      {},
    ],
    ["a page of this computer", { headers: { origin: "http://localhost:3000" }, body: rpc("ping") }, {}],
    ["the name localhost", { headers: { host: "localhost:1" }, body: rpc("ping") }, {}],
    [
      "a call of 2026",
      { headers: HEAD, body: modern() },
      { resultType: "complete", structuredContent: { given: { a: 1 } } },
    ],
    [
      "a name that is packed",
      { headers: { ...HEAD, "mcp-name": "=?base64?ZWNobw==?=" }, body: modern() },
      { resultType: "complete" },
    ],
    [
      "more about the client",
      {
        headers: HEAD,
        body: modern(CALL, { ...META, [`${PREFIX}clientCapabilities`]: { elicitation: { form: {} } } }),
      },
      { resultType: "complete" },
    ],
    ["a client that opens without a word", { body: rpc("initialize", {}) }, { protocolVersion: "2025-11-25" }],
    ["a client that opens without params", { body: rpc("initialize") }, { protocolVersion: "2025-11-25" }],
    [
      "a client that names a revision alone",
      { body: rpc("initialize", { protocolVersion: "2025-03-26" }) },
      { protocolVersion: "2025-03-26" },
    ],
    ["a tool that is refused", { body: rpc("tools/call", { name: "forbidden" }) }, { isError: true }],
  ];

  it.each(good)("%s", async (_name, sent, result) => {
    const answer = await send(sent);
    expect(answer.status, answer.text).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ jsonrpc: "2.0", result });
  });

  it("keeps the digits of numbers", async () => {
    const call = { name: "echo", arguments: { n: 1 } };
    const body = rpc("tools/call", call).replace('"n":1', '"n":12345678901234567890.10');
    const { text } = await send({ body });
    expect(text).toContain('"structuredContent":{"given":{"n":12345678901234567890.10},"large":12345678901234567890}');
  });

  it("answers a batch as one, and each bad member of it", async () => {
    const answer = await send({ body: batch });
    expect(answer.status).toBe(200);
    const answers = JSON.parse(answer.text) as { id: unknown; error?: unknown }[];
    expect(answers.map(({ id }) => id)).toEqual([null, 1, "b"]);
    expect(answers[0]).toMatchObject({ error: { code: -32600 } });
  });

  it("takes notifications and answers that nobody waits for", async () => {
    for (const body of [rpc("notifications/initialized", {}, {}), '{"jsonrpc":"2.0","id":99,"result":{}}'])
      expect(await send({ body })).toMatchObject({ status: 202, text: "" });
  });

  it("gives 2026 the texts of the list, and how long they hold", async () => {
    const headers = { "mcp-protocol-version": MODERN, "mcp-method": "tools/list" };
    const { text } = await send({ headers, body: rpc("tools/list", { _meta: META }) });
    expect(JSON.parse(text)).toMatchObject({
      result: { ttlMs: 60_000, cacheScope: "private", resultType: "complete", _meta: { [`${PREFIX}serverInfo`]: {} } },
    });
  });
});

describe("sessions", () => {
  const INITIALIZE = rpc("initialize", {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  });

  async function open(to = server, headers: Readonly<Record<string, string>> = {}): Promise<Record<string, string>> {
    const answer = await send({ body: INITIALIZE, to, headers });
    expect(answer.status, answer.text).toBe(200);
    return {
      "mcp-session-id": String(answer.headers["mcp-session-id"]),
      "mcp-protocol-version": "2025-11-25",
      ...headers,
    };
  }

  it("answer an unknown revision with the newest of theirs", async () => {
    const { text } = await send({ body: INITIALIZE.replace("2025-11-25", "1999-01-01") });
    expect(JSON.parse(text)).toMatchObject({ result: { protocolVersion: "2025-11-25" } });
  });

  it("end when the client says so", async () => {
    const headers = await open();
    expect((await send({ headers, body: rpc("ping") })).status).toBe(200);
    expect((await send({ method: "DELETE", headers })).status).toBe(204);
    expect((await send({ headers, body: rpc("ping") })).status).toBe(404);
  });

  it("find the call that a notification cancels, and answer it with nothing", async () => {
    const headers = await open();
    const calling = send({
      headers,
      body: rpc("tools/call", { name: "wait", arguments: { tag: "one" } }, { id: "c" }),
    });
    while (!sample.begun.includes("one")) await pause(5);
    const again = await send({ headers, body: rpc("ping", undefined, { id: "c" }) });
    expect(JSON.parse(again.text)).toMatchObject({ error: { code: -32600 } });
    const cancel = rpc("notifications/cancelled", { requestId: "c" }, {});
    // Another session cannot end it.
    expect((await send({ headers: await open(), body: cancel })).status).toBe(202);
    expect(sample.aborted).not.toContain("one");
    expect((await send({ headers, body: cancel })).status).toBe(202);
    expect(await calling).toMatchObject({ status: 202, text: "" });
    expect(sample.aborted).toContain("one");
  });

  it("belong to whom they were opened by", async () => {
    const admit = ({ headers }: { headers: IncomingHttpHeaders }) => ({ id: headers.authorization });
    const guarded = await serveOffer(() => sample.offer, { admit });
    try {
      const headers = await open(guarded, { authorization: "a" });
      const asOther = { ...headers, authorization: "b" };
      expect((await send({ to: guarded, headers, body: rpc("ping") })).status).toBe(200);
      expect((await send({ to: guarded, headers: asOther, body: rpc("ping") })).status).toBe(404);
      expect((await send({ to: guarded, headers: asOther, method: "DELETE" })).status).toBe(404);
      expect((await send({ to: guarded, headers, body: rpc("ping") })).status).toBe(200);
    } finally {
      await guarded.close();
    }
  });

  it("are as many as one caller may have: the oldest ends", async () => {
    const first = await open();
    for (let count = 0; count < 500; count += 50) await Promise.all(Array.from({ length: 50 }, () => open()));
    expect((await send({ headers: first, body: rpc("ping") })).status).toBe(404);
  });

  it("tell who listens that lists have changed, and let a newer listener take over", async () => {
    const headers = { ...(await open()), accept: "text/event-stream" };
    const older = send({ method: "GET", headers });
    await pause(50);
    const newer = await listener(headers);
    expect((await older).text).toBe("");
    server.endpoint.changed();
    await newer.until("notifications/tools/list_changed");
    newer.destroy();
  });
});

describe("clients that do not play along", () => {
  it("end the call of a tool by being gone, without a session too", async () => {
    for (const [tag, head, body] of [
      ["old", {}, rpc("tools/call", { name: "wait", arguments: { tag: "old" } })],
      ["new", { ...HEAD, "mcp-name": "wait" }, modern({ name: "wait", arguments: { tag: "new" } })],
    ] as const) {
      const sending = httpRequest({
        port: server.port,
        method: "POST",
        path: "/",
        headers: { "content-type": "application/json", ...head },
      });
      sending.on("error", () => {});
      sending.end(body);
      while (!sample.begun.includes(tag)) await pause(5);
      sending.destroy();
      while (!sample.aborted.includes(tag)) await pause(5);
    }
    await pause(20);
    expect(server.reports).toEqual([]);
  });

  it("are cut off where they do not read what they listen to", async () => {
    const answer = await send({
      body: rpc("initialize", {
        protocolVersion: "2025-11-25",
        capabilities: {},
        clientInfo: { name: "t", version: "1" },
      }),
    });
    const id = String(answer.headers["mcp-session-id"]);
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    socket.pause();
    socket.write(`GET /mcp HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nMcp-Session-Id: ${id}\r\n\r\n`);
    await pause(100);
    const before = process.memoryUsage().rss;
    for (let round = 0; round < 300; round++) {
      for (let count = 0; count < 200; count++) server.endpoint.changed();
      await pause(1);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000);
    // The rest of what was sent is read, and then there is an end.
    const ended = new Promise(resolve => socket.once("close", resolve));
    socket.resume();
    await ended;
    expect((await send({ headers: { "mcp-session-id": id }, body: rpc("ping") })).status).toBe(200);
  });

  it("are told of a message that is too long though they send all of it first", async () => {
    const length = 10_000_000;
    for (const head of [
      `Content-Length: ${length}\r\n\r\n`,
      `Transfer-Encoding: chunked\r\n\r\n${length.toString(16)}\r\n`,
    ]) {
      const socket = connect(server.port, "127.0.0.1");
      socket.write(`POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${head}`);
      await pause(50);
      const answer = new Promise<string>((resolve, reject) => {
        let text = "";
        socket.on("data", piece => {
          text += piece.toString();
        });
        socket.on("error", reject).on("end", () => resolve(text));
      });
      await new Promise(resolve => socket.write("x".repeat(length), resolve));
      socket.end("\r\n0\r\n\r\n");
      expect(await answer).toMatch(/^HTTP\/1.1 413 .*"status":413/s);
    }
  });

  it("have their connection ended where they ask for that, also by a refusal", async () => {
    const socket = connect(server.port, "127.0.0.1");
    const ended = new Promise(resolve => socket.once("end", resolve));
    socket.resume();
    socket.write(
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n" +
        "Connection: close\r\nContent-Length: 4\r\n\r\nabcd",
    );
    await ended;
  });

  it("take no memory by 200 MB that come in pieces", async () => {
    const before = process.memoryUsage().rss;
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    const ended = new Promise(resolve => socket.once("close", resolve));
    let answer = "";
    socket.on("data", piece => {
      answer += piece.toString();
    });
    socket.write(
      "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    const piece = `10000\r\n${"x".repeat(65_536)}\r\n`;
    let sent = 0;
    for (; sent < 200_000_000 && socket.writable; sent += 65_536)
      if (!socket.write(piece)) await Promise.race([new Promise(resolve => socket.once("drain", resolve)), ended]);
    socket.destroy();
    await ended;
    // The end of the connection may overtake the answer, since the client still sends.
    expect(answer === "" || answer.includes("413")).toBe(true);
    expect(sent).toBeLessThan(100_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000);
  });

  it("are answered 1,000 at once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, (_, id) =>
        fetch(`${server.url}/mcp`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: rpc("tools/call", { name: "echo", arguments: { id } }, { id }),
        }).then(answer => answer.json() as Promise<{ id: number; result: { structuredContent: object } }>),
      ),
    );
    for (const [id, answer] of answers.entries())
      expect(answer).toMatchObject({ id, result: { structuredContent: { given: { id } } } });
  });
});

interface Listening {
  /** Waits for a text. */
  until(text: string): Promise<void>;
  destroy(): void;
}

async function listener(headers: Readonly<Record<string, string>>): Promise<Listening> {
  let received = "";
  const sending = httpRequest({ port: server.port, method: "GET", path: "/mcp", headers });
  sending.on("error", () => {});
  sending.end();
  await new Promise<void>(resolve => {
    sending.once("response", answer => {
      answer.on("data", (piece: Buffer) => {
        received += piece.toString();
      });
      answer.on("error", () => {});
      resolve();
    });
  });
  return {
    async until(text) {
      while (!received.includes(text)) await pause(5);
    },
    destroy: () => sending.destroy(),
  };
}
