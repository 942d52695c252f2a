import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { type Handle, LISTENER_LIMITS, type Listener, startListener } from "../../src/serving/listener.ts";
import { Refusal } from "../../src/serving/refusal.ts";

const open: Listener[] = [];

afterEach(async () => {
  for (const listener of open.splice(0)) await listener.stop(0);
});

async function start(handle: Handle, limits: Partial<typeof LISTENER_LIMITS> = {}): Promise<Listener> {
  const settings = {
    host: "127.0.0.1",
    port: 0,
    tls: undefined,
    origins: [],
    limits: { ...LISTENER_LIMITS, ...limits },
  };
  const listener = await startListener(settings, handle);
  open.push(listener);
  return listener;
}

const echo: Handle = ({ method, raw }, reply, target) => {
  raw.on("end", () => reply.send({ method, target })).resume();
};

/**
 * Sends text as it is, and returns all that comes until there is one whole answer, or the connection is closed.
 */
async function exchange({ port }: Listener, text: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  const ended = new Promise<void>(resolve => {
    socket.on("data", data => {
      received += data;
      if (isWhole(received)) resolve();
    });
    socket.on("close", () => resolve());
  });
  socket.on("error", () => {});
  socket.write(text);
  await ended;
  socket.destroy();
  return received;
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf(END);
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, end))?.[1];
  return end >= 0 && length !== undefined && answer.length >= end + END.length + Number(length);
}

const HOST = "Host: h\r\n";
const END = "\r\n\r\n";

/** Name, request as sent, the status of the answer, and a part of it. */
const CASES: readonly (readonly [string, string, number, string?])[] = [
  ["a plain request", `GET /a?b=c HTTP/1.1\r\n${HOST}\r\n`, 200, '"target":"/a?b=c"'],
  [
    "a URL that no decoder reads",
    `GET /%zz/%2e%2e/a%2Fb?%=%zz HTTP/1.1\r\n${HOST}\r\n`,
    200,
    '"target":"/%zz/%2e%2e/a%2Fb?%=%zz"',
  ],
  ["a URL with a host", `GET http://other:1/a?b HTTP/1.1\r\n${HOST}\r\n`, 200, '"target":"/a?b"'],
  ["a URL that is a host alone", `GET http://other?b HTTP/1.1\r\n${HOST}\r\n`, 200, '"target":"/?b"'],
  ["the target *", `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, 200, '"target":"*"'],
  ["a method of WebDAV", `PROPFIND /a HTTP/1.1\r\n${HOST}\r\n`, 200, '"method":"PROPFIND"'],
  ["a body that nobody reads", `POST /a HTTP/1.1\r\n${HOST}Content-Type: a b c\r\nContent-Length: 3\r\n\r\nabc`, 200],
  ["a request of HTTP/1.0", "GET /a HTTP/1.0\r\n\r\n", 200],
  [
    "length and chunks",
    `POST /a HTTP/1.1\r\n${HOST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0${END}`,
    400,
  ],
  [
    "chunks and length",
    `POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0${END}`,
    400,
  ],
  ["two lengths", `POST /a HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
  ["two equal lengths", `POST /a HTTP/1.1\r\n${HOST}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`, 400],
  ["a negative length", `POST /a HTTP/1.1\r\n${HOST}Content-Length: -1${END}`, 400],
  ["a length with a sign", `POST /a HTTP/1.1\r\n${HOST}Content-Length: +1\r\n\r\na`, 400],
  ["a coding that does not end with chunks", `POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked, gzip${END}`, 400],
  ["a chunk size that is no number", `POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
  ["two hosts", `GET /a HTTP/1.1\r\n${HOST}Host: i${END}`, 400, "several Host"],
  ["two equal hosts", `GET /a HTTP/1.1\r\n${HOST}hOST: h${END}`, 400, "several Host"],
  ["a host with white space", `GET /a HTTP/1.1\r\nHost: a b${END}`, 400, "no host"],
  ["a host with a user", `GET /a HTTP/1.1\r\nHost: u@h${END}`, 400, "no host"],
  ["a host with a path", `GET /a HTTP/1.1\r\nHost: h/a${END}`, 400, "no host"],
  ["another version", `GET /a HTTP/2.0\r\n${HOST}\r\n`, 505],
  ["a coding before chunks", `POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: gzip, chunked${END}0\r\n\r\n`, 501],
  ["chunks of HTTP/1.0", `POST /a HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked${END}0\r\n\r\n`, 400],
  ["a fragment", `GET /a#b HTTP/1.1\r\n${HOST}\r\n`, 400, "fragment"],
  ["no host", `GET /a HTTP/1.1${END}`, 400],
  ["white space before a colon", `GET /a HTTP/1.1\r\n${HOST}A : b${END}`, 400],
  ["a folded header", `GET /a HTTP/1.1\r\n${HOST}A: b\r\n c${END}`, 400],
  ["a line feed alone", `GET /a HTTP/1.1\r\n${HOST}A: b\nC: d${END}`, 400],
  ["NUL in a header", `GET /a HTTP/1.1\r\n${HOST}A: b\0c${END}`, 400],
  ["NUL in the URL", `GET /a\0b HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a space in the URL", `GET /a b HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["an unknown method", `BREW /a HTTP/1.1\r\n${HOST}\r\n`, 400],
  ["a version that does not exist", `GET /a HTTP/9.9\r\n${HOST}\r\n`, 400],
  ["the preface of HTTP/2", `PRI * HTTP/2.0${END}SM${END}`, 400],
  ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400],
  ["nonsense", `nonsense${END}`, 400],
  ["CONNECT", `CONNECT a:1 HTTP/1.1\r\n${HOST}\r\n`, 405],
  ["a header of 16 KB", `GET /a HTTP/1.1\r\n${HOST}A: ${"b".repeat(16_384)}${END}`, 431],
  ["many headers of 16 KB together", `GET /a HTTP/1.1\r\n${HOST}${"A: bcdefgh\r\n".repeat(4_000)}\r\n`, 431],
  ["a URL of 20 KB", `GET /${"a".repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, 414],
  ["10,000 query items", `GET /a?${"a=1&".repeat(10_000)} HTTP/1.1\r\n${HOST}\r\n`, 414],
  ["an unknown expectation", `GET /a HTTP/1.1\r\n${HOST}Expect: wonders${END}`, 417],
  ["an upgrade", `GET /a HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket${END}`, 200],
];

test("a server answers odd requests with the status of each, and a problem", async () => {
  const listener = await start(echo);
  const answers = await Promise.all(
    CASES.map(async ([, request]) => exchange(listener, Buffer.from(request, "latin1"))),
  );
  const found = CASES.map(([name], index) => [name, Number(answers[index]?.slice(9, 12))]);
  expect(found).toEqual(CASES.map(([name, , status]) => [name, status]));
  for (const [index, [name, , status, part = ""]] of CASES.entries()) {
    const answer = answers[index] ?? "";
    expect(answer, name).toContain(part);
    const [head = "", body = ""] = answer.split(END);
    if (status < 400) continue;
    expect(head.toLowerCase(), name).toContain("content-type: application/problem+json");
    expect(JSON.parse(body), name).toMatchObject({ type: "about:blank", status });
    expect(answer, name).not.toMatch(/ {4}at |node_modules/);
  }
});

test("a second request that hides in the first is never answered", async () => {
  const listener = await start(echo);
  const hidden = `GET /hidden HTTP/1.1\r\n${HOST}\r\n`;
  const texts = [
    `POST /a HTTP/1.1\r\n${HOST}Content-Length: ${hidden.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
    `POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${hidden}`,
    `POST /a HTTP/1.1\r\n${HOST}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n${hidden}`,
  ];
  for (const text of texts) {
    const answer = await exchange(listener, text);
    expect(answer, text).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer, text).not.toContain("hidden");
  }
});

/** Name, bounds, request, status. */
const BOUNDS: readonly (readonly [string, Partial<typeof LISTENER_LIMITS>, string, number])[] = [
  ["a header that never ends", { headersTimeoutMs: 100, requestTimeoutMs: 100 }, "GET /a HTTP/1.1\r\nA: b\r\n", 408],
  ["a connection without a request", { headersTimeoutMs: 100, requestTimeoutMs: 100 }, "", 408],
  [
    "a body that never ends",
    { headersTimeoutMs: 100, requestTimeoutMs: 150 },
    `POST /wait HTTP/1.1\r\n${HOST}Content-Length: 9\r\n\r\nab`,
    408,
  ],
  ["more requests than allowed", { maxRunning: 0 }, `GET /a HTTP/1.1\r\n${HOST}\r\n`, 503],
];

test("a server holds its bounds", async () => {
  const wait: Handle = (request, reply, target) => {
    if (target === "/wait") request.raw.on("end", () => reply.send("read")).resume();
    else reply.send("done");
  };
  const found = await Promise.all(
    BOUNDS.map(async ([name, limits, text]) => {
      const listener = await start(wait, limits);
      return [name, Number((await exchange(listener, text)).slice(9, 12))];
    }),
  );
  expect(found).toEqual(BOUNDS.map(([name, , , status]) => [name, status]));
});

test("clients that go before their second request is answered take nothing with them", async () => {
  const hang: Handle = (_request, reply, target) => {
    if (target !== "/wait") reply.send("done");
  };
  const listener = await start(hang, { maxRunning: 2 });
  for (let client = 0; client < 3; client++) {
    const socket = connect(listener.port, "127.0.0.1");
    socket.write(`GET /wait HTTP/1.1\r\n${HOST}\r\nGET /a HTTP/1.1\r\n${HOST}\r\n`);
    await pause(20);
    socket.destroy();
  }
  await pause(20);
  expect(await exchange(listener, `GET /a HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200/);
});

test("connections beyond the bound are closed", async () => {
  const listener = await start(echo, { maxConnections: 1 });
  const first = connect(listener.port, "127.0.0.1");
  await new Promise(resolve => first.once("connect", resolve));
  await pause(20);
  expect(await exchange(listener, `GET /a HTTP/1.1\r\n${HOST}\r\n`)).toBe("");
  first.destroy();
});

test("a client that takes nothing of a long answer is let go", async () => {
  let closed = 0;
  const listener = await start(
    (_request, reply) => {
      reply.hijack();
      reply.raw.on("close", () => closed++);
      reply.raw.end(Buffer.alloc(64 * 1024 * 1024));
    },
    { stallMs: 200 },
  );
  const socket = connect(listener.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.pause();
  socket.write(`GET /a HTTP/1.1\r\n${HOST}\r\n`);
  await expect.poll(() => closed, { timeout: 5_000 }).toBe(1);
  socket.destroy();
});

test("a client that waits longer than others may stall gets its answer", async () => {
  const listener = await start(
    async (_request, reply) => {
      await pause(350);
      reply.send("late");
    },
    { stallMs: 100 },
  );
  expect(await exchange(listener, `GET /a HTTP/1.1\r\n${HOST}\r\n`)).toContain("late");
});

/** What a handler does, and the status. */
const FAILURES: readonly (readonly [string, Handle, number])[] = [
  [
    "throws",
    () => {
      throw new Error("secret");
    },
    500,
  ],
  ["rejects", async () => Promise.reject(new Error("secret")), 500],
  [
    "refuses",
    () => {
      throw new Refusal(404, "There is nothing here", { "x-more": "1" });
    },
    404,
  ],
];

test("the failure of a handler is a problem that tells nothing of the server", async () => {
  for (const [name, handle, status] of FAILURES) {
    const { url } = await start(handle);
    const response = await fetch(`${url}/a`);
    expect([name, response.status]).toEqual([name, status]);
    expect(await response.text()).not.toContain("secret");
  }
});

test("a server that stops refuses new connections, closes used idle ones, and finishes what runs", async () => {
  const listener = await start(async (_request, reply, target) => {
    if (target === "/slow") await pause(300);
    reply.send("done");
  });
  const idle = connect(listener.port, "127.0.0.1");
  idle.on("error", () => {});
  idle.write(`GET /a HTTP/1.1\r\n${HOST}\r\n`);
  await new Promise(resolve => idle.once("data", resolve));
  const running = exchange(listener, `GET /slow HTTP/1.1\r\n${HOST}\r\n`);
  await pause(50);
  const idleClosed = new Promise(resolve => idle.once("close", resolve));
  const closed: string[] = [];
  void running.then(() => closed.push("running"));
  const stopped = listener.stop(5_000);
  await idleClosed.then(() => closed.push("idle"));
  expect(closed).toEqual(["idle"]);
  expect(await exchange(listener, `GET /a HTTP/1.1\r\n${HOST}\r\n`)).toBe("");
  const answer = await running;
  expect(answer).toContain("done");
  expect(answer.toLowerCase()).toContain("connection: close");
  await stopped;
});

test("a server that stops cuts off what takes longer than its grace", async () => {
  const listener = await start(() => {});
  const running = exchange(listener, `GET /a HTTP/1.1\r\n${HOST}\r\n`);
  await pause(50);
  await listener.stop(100);
  expect(await running).toBe("");
});
