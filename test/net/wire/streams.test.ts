import { afterAll, afterEach, describe, expect, it } from "vitest";
import { createMemoryTransport } from "../../../src/net/memory.ts";
import type { HttpResponse, Transport } from "../../../src/net/transport.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { openUndici } from "../../../src/net/wire/undici.ts";
import { type ExchangeParts, exchangeOf } from "../../support/exchange.ts";
import { type RawServer, startRawServer, type Talk } from "../../support/raw-server.ts";
import { withTime } from "../../support/with-time.ts";

const transports: readonly { name: string; transport: Transport }[] = [
  { name: "undici", transport: openUndici() },
  { name: "node:http", transport: createNodeHttpTransport() },
];

const STREAMED = { timeoutMs: 30_000, maxResponseBytes: 100, streams: () => true };

const CHUNKED = "HTTP/1.1 200 OK\r\nx-id: 1\r\ntransfer-encoding: chunked\r\n\r\n";

let server: RawServer;

afterEach(() => server?.close());
afterAll(() => Promise.all(transports.map(({ transport }) => transport.close?.())));

describe.each(transports)("$name, asked for a body piece by piece", ({ transport }) => {
  it("gives the header first, then each piece as it arrives", async () => {
    let send = (_data: string): unknown => undefined;
    const { response } = await open(transport, socket => {
      send = data => socket.write(data);
      socket.write(CHUNKED);
    });
    expect(response).toMatchObject({ status: 200, statusText: "OK", headers: { "x-id": "1" } });
    expect(response.body).toHaveLength(0);
    const chunks = chunksOf(response);
    for (const text of ["one", "two"]) {
      const next = chunks.next();
      send(`3\r\n${text}\r\n`);
      expect(Buffer.from((await next).value ?? []).toString()).toBe(text);
    }
    send("0\r\n\r\n");
    expect(await chunks.next()).toMatchObject({ done: true });
    expect(await chunks.next()).toMatchObject({ done: true });
  });

  it("gives a body of any length, also to a slow reader", async () => {
    const size = 8 * 1024 * 1024;
    const { response } = await open(transport, socket => {
      socket.end(
        Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: ${size}\r\n\r\n`), Buffer.alloc(size, 7)]),
      );
    });
    let found = 0;
    for await (const chunk of chunksOf(response)) {
      if (found === 0) await new Promise(resolve => setTimeout(resolve, 50));
      found += chunk.length;
    }
    expect(found).toBe(size);
  });

  it("gives the body whole where it is asked not to", async () => {
    const heads: unknown[] = [];
    const { response } = await open(transport, socket => socket.end("HTTP/1.1 404 Not Found\r\nx-id: 1\r\n\r\nno"), {
      streams: head => {
        heads.push(head);
        return false;
      },
    });
    expect(Buffer.from(response.body).toString()).toBe("no");
    expect(response.chunks).toBeUndefined();
    expect(heads).toEqual([expect.objectContaining({ status: 404, headers: { "x-id": "1" } })]);
  });

  it("ends the connection when the reader leaves", async () => {
    const { response, closed } = await open(transport, socket => socket.write(`${CHUNKED}1\r\na\r\n`));
    for await (const chunk of chunksOf(response)) {
      expect(Buffer.from(chunk).toString()).toBe("a");
      break;
    }
    await closed;
  });

  it("ends the connection when the signal is aborted between pieces", async () => {
    const controller = new AbortController();
    const { response, closed } = await open(transport, socket => socket.write(`${CHUNKED}1\r\na\r\n`), {
      signal: controller.signal,
    });
    const chunks = chunksOf(response);
    await chunks.next();
    const next = chunks.next();
    controller.abort(new Error("enough"));
    await expect(next).rejects.toMatchObject({ code: "ABORTED", cause: { message: "enough" } });
    await closed;
  });

  it.each([
    {
      what: "a connection that is reset",
      talk: (socket => socket.resetAndDestroy()) as Talk,
      fails: { code: "NETWORK" },
    },
    {
      what: "a connection that closes too early",
      talk: (socket => socket.end()) as Talk,
      fails: { code: "NETWORK" },
    },
    {
      what: "a silence that is too long",
      talk: (() => {}) as Talk,
      limits: (scale: number) => ({ timeoutMs: 500 * scale }),
      fails: { code: "TIMEOUT", message: expect.stringContaining("Nothing more came from 127.0.0.1:") },
    },
  ])("fails between pieces with $what", ({ talk, limits, fails }) =>
    withTime(async scale => {
      const { response } = await open(
        transport,
        (socket, received) => {
          socket.write(`${CHUNKED}1\r\na\r\n`);
          setTimeout(() => talk(socket, received), 20);
        },
        limits?.(scale),
      );
      const chunks = chunksOf(response);
      expect(Buffer.from((await chunks.next()).value ?? []).toString()).toBe("a");
      await expect(chunks.next()).rejects.toMatchObject(fails);
    }),
  );

  it("has no limit for the whole of the body", () =>
    withTime(async scale => {
      const { response } = await open(
        transport,
        socket => {
          socket.write(CHUNKED);
          for (const delay of [200, 400, 600]) setTimeout(() => socket.write("1\r\na\r\n"), delay * scale);
          setTimeout(() => socket.write("0\r\n\r\n"), 800 * scale);
        },
        { timeoutMs: 500 * scale },
      );
      let text = "";
      for await (const chunk of chunksOf(response)) text += Buffer.from(chunk).toString();
      expect(text).toBe("aaa");
    }));

  it("fails where the header does not come in time", async () => {
    await expect(open(transport, () => {}, { timeoutMs: 30 })).rejects.toMatchObject({
      code: "TIMEOUT",
      message: expect.stringContaining("No complete answer"),
    });
  });
});

describe("createMemoryTransport()", () => {
  async function* pieces() {
    yield Buffer.from("a");
    yield Buffer.from("b");
  }
  const request = { method: "GET", url: "http://x.test/", headers: {} };

  it("passes pieces on", async () => {
    const { chunks } = await createMemoryTransport(() => ({ chunks: pieces() }))(request, exchangeOf(STREAMED));
    const texts = [];
    for await (const chunk of chunks ?? []) texts.push(String(chunk));
    expect(texts).toEqual(["a", "b"]);
  });

  it("collects pieces that nobody asked for", async () => {
    const limits = exchangeOf({ maxResponseBytes: 2 });
    const transport = createMemoryTransport(() => ({ chunks: pieces() }));
    expect(String((await transport(request, limits)).body)).toBe("ab");
    await expect(transport(request, exchangeOf({ maxResponseBytes: 1 }))).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
    });
  });
});

async function open(
  transport: Transport,
  talk: Talk,
  limits: Partial<ExchangeParts> = {},
): Promise<{ response: HttpResponse; closed: Promise<void> }> {
  let onClose = () => {};
  const closed = new Promise<void>(resolve => {
    onClose = resolve;
  });
  server = await startRawServer((socket, received) => {
    socket.on("close", () => onClose());
    talk(socket, received);
  });
  const request = { method: "GET", url: `http://127.0.0.1:${server.port}/`, headers: {} };
  return { response: await transport(request, exchangeOf({ ...STREAMED, ...limits })), closed };
}

function chunksOf({ chunks }: HttpResponse): AsyncIterableIterator<Uint8Array> {
  if (chunks === undefined) throw new Error("The body came whole");
  return chunks;
}
