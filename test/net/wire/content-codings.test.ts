import type { Socket } from "node:net";
import { brotliCompressSync, constants, createGzip, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import type { Transport } from "../../../src/net/transport.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { openUndici } from "../../../src/net/wire/undici.ts";
import { exchangeOf } from "../../support/exchange.ts";
import { type RawServer, startRawServer } from "../../support/raw-server.ts";
import { withTime } from "../../support/with-time.ts";

const transports: readonly { name: string; transport: Transport }[] = [
  { name: "undici", transport: openUndici() },
  { name: "node:http", transport: createNodeHttpTransport() },
];

const TEXT = JSON.stringify(Array.from({ length: 12 }, (_, id) => ({ id, name: `item ${id}`, tags: ["a", "b"] })));
const BYTES = Buffer.from(TEXT);
const GZIP = gzipSync(TEXT);
/** {@link TEXT} by `zstd`: Node 20 cannot make it. */
const ZSTD = Buffer.from(
  "KLUv/WT9AK0DAAQEW3siaWQiOjAsIm5hbWUiOiJpdGVtIDAiLCJ0YWdzIjpbImEiLCJiIl19LDExMjIzMzQ0NTU2Njc3ODg5OTExXRcAq0uD6iKQusyhro4BW4B8wGZAFmAfkBmwBcgHbAZkAfYBmQFbgHzAZkAWYB+QbA1TelCLiMw=",
  "base64",
);
/** A frame that zstd may put before others, for readers that know it (RFC 8878, 3.1.2). */
const ZSTD_SKIPPED = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);

interface Case {
  readonly what: string;
  readonly encoding: string;
  readonly body: Uint8Array;
  /** The bytes that come out; {@link BYTES} by default. */
  readonly gives?: Uint8Array;
}

const decoded: readonly Case[] = [
  { what: "gzip", encoding: "gzip", body: GZIP },
  { what: "x-gzip, in any case", encoding: "X-GZip", body: GZIP },
  {
    what: "gzip of several members",
    encoding: "gzip",
    body: Buffer.concat([gzipSync(TEXT.slice(0, 9)), gzipSync(TEXT.slice(9))]),
  },
  { what: "br", encoding: "br", body: brotliCompressSync(TEXT) },
  { what: "deflate in the frame of zlib", encoding: "deflate", body: deflateSync(TEXT) },
  { what: "deflate without a frame", encoding: "deflate", body: deflateRawSync(TEXT) },
  { what: "zstd", encoding: "zstd", body: ZSTD },
  {
    what: "zstd of several frames, one to be skipped",
    encoding: "zstd",
    body: Buffer.concat([ZSTD, ZSTD_SKIPPED, ZSTD]),
    gives: Buffer.concat([BYTES, BYTES]),
  },
  {
    what: "codings one on the other",
    encoding: "deflate, gzip,br",
    body: brotliCompressSync(gzipSync(deflateSync(TEXT))),
  },
  { what: "a coding beside the one that is none", encoding: "identity, gzip, ", body: GZIP },
  { what: "no body at all", encoding: "gzip", body: Buffer.alloc(0), gives: Buffer.alloc(0) },
  {
    what: "a body of a megabyte",
    encoding: "gzip",
    body: gzipSync(Buffer.alloc(1_000_000, TEXT)),
    gives: Buffer.alloc(1_000_000, TEXT),
  },
];

const damaged: readonly (Case & { readonly says: RegExp })[] = [
  {
    what: "gzip that is none",
    encoding: "gzip",
    body: BYTES,
    says: /its content coding gzip is damaged \(incorrect header check\)$/,
  },
  {
    what: "gzip that breaks off",
    encoding: "gzip",
    body: GZIP.subarray(0, -9),
    says: /its content coding gzip ends too early$/,
  },
  {
    what: "gzip with another checksum",
    encoding: "gzip",
    body: Buffer.concat([GZIP.subarray(0, -8), Buffer.alloc(4), GZIP.subarray(-4)]),
    says: /its content coding gzip is damaged \(incorrect data check\)$/,
  },
  { what: "br that is none", encoding: "br", body: BYTES, says: /its content coding br is damaged/ },
  {
    what: "br that breaks off",
    encoding: "br",
    body: brotliCompressSync(TEXT).subarray(0, -5),
    says: /its content coding br ends too early$/,
  },
  { what: "deflate that is none", encoding: "deflate", body: BYTES, says: /its content coding deflate/ },
  { what: "zstd that is none", encoding: "zstd", body: BYTES, says: /its content coding zstd is damaged/ },
  {
    what: "zstd that breaks off",
    encoding: "zstd",
    body: ZSTD.subarray(0, -20),
    says: /its content coding zstd ends too early$/,
  },
  {
    what: "zstd that claims memory",
    encoding: "zstd",
    // A window of 2 GiB, behind a frame that is in order.
    body: Buffer.concat([ZSTD, Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x55, 0, 0, 0x20]), Buffer.alloc(20)]),
    says: /its content coding zstd is damaged/,
  },
  {
    what: "an inner coding that is none",
    encoding: "br, gzip",
    body: GZIP,
    says: /its content coding br is damaged/,
  },
  {
    what: "more codings than anybody means",
    encoding: Array(6).fill("gzip").join(),
    body: GZIP,
    says: /it has more than 5 content codings$/,
  },
];

const EXCHANGE = exchangeOf({ timeoutMs: 20_000, maxResponseBytes: 2_000_000 });
const STREAMED = { ...EXCHANGE, streams: () => true };

let server: RawServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

afterAll(async () => {
  for (const { transport } of transports) await transport.close?.();
});

describe.each(transports)("$name", ({ transport }) => {
  it.each(decoded)("undoes $what", async ({ encoding, body, gives = BYTES }) => {
    const url = await serve(socket => socket.end(answer(encoding, body)));
    const response = await transport({ method: "GET", url, headers: {} }, EXCHANGE);
    expect(response).toMatchObject({ status: 200, headers: { "x-id": "1" } });
    expect(response.headers).not.toHaveProperty("content-encoding");
    expect(response.headers).not.toHaveProperty("content-length");
    expect(Buffer.from(response.body).equals(gives)).toBe(true);
  });

  it.each(decoded)("undoes $what piece by piece", async ({ encoding, body, gives = BYTES }) => {
    const url = await serve(socket => socket.end(answer(encoding, body)));
    const { chunks, headers } = await transport({ method: "GET", url, headers: {} }, STREAMED);
    expect(headers).not.toHaveProperty("content-encoding");
    const found: Uint8Array[] = [];
    for await (const chunk of chunks ?? []) found.push(chunk);
    expect(Buffer.concat(found).equals(gives)).toBe(true);
  });

  it.each(damaged)("refuses $what", async ({ encoding, body, says }) => {
    const url = await serve(socket => socket.end(answer(encoding, body)));
    await expect(transport({ method: "GET", url, headers: {} }, EXCHANGE)).rejects.toMatchObject({
      code: "RESPONSE_INVALID",
      message: expect.stringMatching(says),
      details: { status: 200 },
    });
  });

  it("gives the first pieces of a body before the rest has come", async () => {
    const gzip = createGzip();
    const url = await serve(socket => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n");
      gzip.pipe(socket);
      gzip.write("data: 1\n\n");
      gzip.flush(constants.Z_SYNC_FLUSH);
    });
    const { chunks } = await transport({ method: "GET", url, headers: {} }, STREAMED);
    expect(Buffer.from((await chunks?.next())?.value ?? []).toString()).toBe("data: 1\n\n");
    gzip.end("data: 2\n\n");
    expect(Buffer.from((await chunks?.next())?.value ?? []).toString()).toBe("data: 2\n\n");
    expect(await chunks?.next()).toMatchObject({ done: true });
  });

  it.each([
    { when: "before the first piece", read: 0 },
    { when: "after some pieces", read: 2 },
  ])("ends the connection when the reader leaves $when", async ({ read }) => {
    let onClose = () => {};
    const closed = new Promise<void>(resolve => {
      onClose = resolve;
    });
    const url = await serve(socket => {
      socket.on("close", onClose);
      const gzip = createGzip();
      socket.write("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n");
      gzip.pipe(socket);
      gzip.write(Buffer.alloc(5_000_000));
      gzip.flush();
    });
    const { chunks } = await transport({ method: "GET", url, headers: {} }, STREAMED);
    for (let index = 0; index < read; index++) expect(await chunks?.next()).toMatchObject({ done: false });
    await chunks?.return?.();
    await closed;
  });

  it.each([
    { what: "whole", streams: undefined, says: "No complete answer" },
    { what: "piece by piece", streams: () => true, says: "Nothing more came" },
  ])("fails for a body that stalls, given $what", ({ streams, says }) =>
    withTime(async scale => {
      const timeoutMs = 200 * scale;
      const url = await serve(socket => socket.write(Buffer.concat([Buffer.from(head("gzip")), GZIP.subarray(0, 30)])));
      const read = async () => {
        const { chunks } = await transport({ method: "GET", url, headers: {} }, exchangeOf({ streams, timeoutMs }));
        for await (const _ of chunks ?? []);
      };
      await expect(read()).rejects.toMatchObject({
        code: "TIMEOUT",
        message: expect.stringContaining(says),
        details: { timeoutMs },
      });
    }),
  );

  it.each([
    { what: "HEAD", method: "HEAD", status: "200 OK", length: "content-length: 99\r\n" },
    { what: "204", method: "GET", status: "204 No Content", length: "" },
    { what: "304", method: "GET", status: "304 Not Modified", length: "" },
  ])("leaves an answer to $what as it is", async ({ method, status, length }) => {
    const url = await serve(socket => socket.end(`HTTP/1.1 ${status}\r\n${length}content-encoding: gzip\r\n\r\n`));
    const response = await transport({ method, url, headers: {} }, EXCHANGE);
    expect(response).toMatchObject({ headers: { "content-encoding": "gzip" } });
    expect(response.body).toHaveLength(0);
  });

  it("ends a bomb at the limit, in little memory", async () => {
    // 64 MiB of zeros in each member, again and again: 10 GB and more in a few megabytes.
    const member = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    const url = await serve(socket => {
      socket.write(head("gzip"));
      for (let index = 0; index < 160; index++) socket.write(member);
      socket.end();
    });
    const before = process.memoryUsage().arrayBuffers;
    await expect(transport({ method: "GET", url, headers: {} }, EXCHANGE)).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
      details: { maxBytes: EXCHANGE.bounds.maxResponseBytes },
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
  });

  it.each([
    { what: "asks for codings", headers: {}, sends: /accept-encoding: gzip, deflate, br/ },
    {
      what: "leaves the wish of a request as it is",
      headers: { "accept-encoding": "identity" },
      sends: /accept-encoding: identity\r\n/,
    },
  ])("$what", async ({ headers, sends }) => {
    const url = await serve(socket => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"));
    await transport({ method: "GET", url, headers }, EXCHANGE);
    expect(server?.received[0]).toMatch(sends);
    expect(server?.received[0]?.match(/accept-encoding/gi)).toHaveLength(1);
  });
});

async function serve(talk: (socket: Socket) => void): Promise<string> {
  server = await startRawServer(talk);
  return `http://127.0.0.1:${server.port}/`;
}

function head(encoding: string): string {
  return `HTTP/1.1 200 OK\r\nx-id: 1\r\nconnection: close\r\ncontent-encoding: ${encoding}\r\n\r\n`;
}

function answer(encoding: string, body: Uint8Array): Uint8Array {
  const start = `HTTP/1.1 200 OK\r\nx-id: 1\r\ncontent-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(start), body]);
}
