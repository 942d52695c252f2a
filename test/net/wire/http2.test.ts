import { createHash, randomBytes } from "node:crypto";
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { USUAL_RULES } from "../../../src/net/connect/connection-rules.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import type { HttpResponse, Transport } from "../../../src/net/transport.ts";
import { openUndici } from "../../../src/net/wire/undici.ts";
import { createCertificateAuthority } from "../../support/certificates.ts";
import { type ExchangeParts, exchangeOf } from "../../support/exchange.ts";
import { withTime } from "../../support/with-time.ts";

const authority = createCertificateAuthority();
const connection = { ...USUAL_RULES, id: "h2", certificateAuthority: authority.cert, http2: true };
const BIG = randomBytes(5_000_000);

type Answer = (request: Http2ServerRequest, response: Http2ServerResponse, body: Buffer) => void;

const answers: Record<string, Answer> = {
  "/echo": (request, response, body) => {
    response.writeHead(200, { "content-type": "application/json", "X-Mixed": "a" });
    response.end(
      JSON.stringify({
        version: request.httpVersion,
        method: request.method,
        headers: request.headers,
        size: body.length,
        hash: hashOf(body),
      }),
    );
  },
  "/big": (_, response) => response.end(BIG),
  "/hang": () => {},
  "/stall": (_, response) => {
    response.writeHead(200);
    response.write("a");
  },
  "/trailers": (_, response) => {
    response.addTrailers({ "x-end": "1" });
    response.end("with trailers");
  },
  "/early": (_, response) => {
    response.writeEarlyHints({ link: "</a>; rel=preload" });
    setTimeout(() => response.end("ok"), 5);
  },
  "/continue": (_, response) => {
    response.writeContinue();
    for (const status of [100, 102, 103]) response.stream.additionalHeaders({ ":status": status });
    response.end("ok");
  },
  "/cookies": (_, response) => {
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.end();
  },
  "/none": (_, response) => {
    response.writeHead(204);
    response.end();
  },
  "/goaway": (_, response) => {
    response.end("bye");
    response.stream.session?.goaway();
  },
  "/reset": (_, response) => {
    response.stream.close(2);
  },
  "/destroy": (_, response) => {
    response.stream.session?.destroy();
  },
  "/half": (_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    setTimeout(() => response.stream.close(2), 10);
  },
  "/slow": (_, response) => {
    response.writeHead(200);
    let count = 0;
    const timer = setInterval(() => {
      response.write("x".repeat(100));
      if (++count === 10) {
        clearInterval(timer);
        response.end();
      }
    }, 2);
  },
};

let server: Http2SecureServer;
let url = "";
let transport: Transport;
const sessions = new Set<ServerHttp2Session>();

beforeAll(async () => {
  server = createSecureServer({ ...authority.issue("localhost"), allowHTTP1: true }, async (request, response) => {
    request.on("error", () => {});
    response.on("error", () => {});
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    answers[request.url]?.(request, response, Buffer.concat(chunks));
  });
  server.on("session", session => sessions.add(session));
  server.on("sessionError", () => {});
  await new Promise<void>(resolve => server.listen(0, "localhost", resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
  transport = openUndici();
});

afterAll(async () => {
  await transport.close?.();
  for (const session of sessions) session.destroy();
  await new Promise<void>(resolve => {
    server.close(() => resolve());
  });
});

function send(
  path: string,
  request: Partial<HttpRequest> = {},
  limits: Partial<ExchangeParts> = {},
): Promise<HttpResponse> {
  return transport(
    { method: "GET", url: `${url}${path}`, headers: {}, ...request },
    exchangeOf({ timeoutMs: 5_000, maxResponseBytes: 10_000_000, rules: connection, ...limits }),
  );
}

const json = ({ body }: HttpResponse) => JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
const text = ({ body }: HttpResponse) => Buffer.from(body).toString();

const isHttp1 = { ...USUAL_RULES, id: "h1", certificateAuthority: authority.cert };

describe("HTTP/2", () => {
  it("is spoken with a server that offers it, where asked for", async () => {
    const response = await send("/echo", { headers: { "x-a": "1" } });
    expect(response).toMatchObject({ status: 200, statusText: "OK", headers: { "x-mixed": "a" } });
    expect(json(response)).toMatchObject({ version: "2.0", headers: { "x-a": "1" } });
    expect(json(await send("/echo", {}, { rules: isHttp1 }))).toMatchObject({ version: "1.1" });
  });

  it.each([
    ["POST", "2.0"],
    ["PUT", "2.0"],
    ["PATCH", "2.0"],
    // undici cannot write their bodies in HTTP/2.
    ["DELETE", "1.1"],
    ["QUERY", "1.1"],
  ])("uploads with %s in version %s", async (method, version) => {
    const response = await send("/echo", { method, body: BIG });
    expect(json(response)).toMatchObject({ method, version, hash: hashOf(BIG) });
  });

  it("uploads a stream, and text in bytes", async () => {
    const body = { size: BIG.length, stream: () => Readable.from([BIG.subarray(0, 9), BIG.subarray(9)]) };
    const streamed = json(await send("/echo", { method: "POST", body }));
    expect(streamed).toMatchObject({ hash: hashOf(BIG), headers: { "content-length": String(BIG.length) } });
    expect(json(await send("/echo", { method: "POST", body: "\u00e4" }))).toMatchObject({ size: 2 });
  });

  it("bounds an answer, and goes on", async () => {
    expect(Buffer.from((await send("/big")).body).equals(BIG)).toBe(true);
    await expect(send("/big", {}, { maxResponseBytes: 1_000 })).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
    });
    expect((await send("/echo")).status).toBe(200);
  });

  it("serves many at once", async () => {
    const calls = Array.from({ length: 200 }, (_, size) => send("/echo", { method: "POST", body: "x".repeat(size) }));
    expect((await Promise.all(calls)).map(response => json(response)["size"])).toEqual(
      Array.from({ length: 200 }, (_, size) => size),
    );
  });

  it("gives a body piece by piece to a slow reader, and to one that leaves", async () => {
    const { chunks = [] } = await send("/big", {}, { streams: () => true });
    let size = 0;
    for await (const chunk of chunks) {
      size += chunk.length;
      if (size < 500_000) await new Promise(resolve => setTimeout(resolve, 1));
    }
    expect(size).toBe(BIG.length);
    const left = await send("/big", {}, { streams: () => true });
    await left.chunks?.return?.();
    expect((await send("/echo")).status).toBe(200);
  });

  it("ends with the time-out or the signal", async () => {
    await expect(send("/hang", {}, { timeoutMs: 50 })).rejects.toMatchObject({ code: "TIMEOUT" });
    await expect(send("/stall", {}, { timeoutMs: 50 })).rejects.toMatchObject({ code: "TIMEOUT" });
    const signal = AbortSignal.timeout(20);
    await expect(send("/hang", {}, { signal })).rejects.toMatchObject({ code: "ABORTED" });
    await withTime(async scale => {
      const { chunks } = await send("/stall", {}, { streams: () => true, timeoutMs: 50 * scale });
      await chunks?.next();
      await expect(chunks?.next()).rejects.toMatchObject({ code: "TIMEOUT" });
    });
    expect((await send("/echo")).status).toBe(200);
  });

  it.each([
    ["trailers", "/trailers", { status: 200 }, "with trailers"],
    ["early hints", "/early", { status: 200 }, "ok"],
    ["interim answers that nobody asked for", "/continue", { status: 200 }, "ok"],
    ["fields that come more than once", "/cookies", { headers: { "set-cookie": ["a=1", "b=2"] } }, ""],
    ["no content", "/none", { status: 204 }, ""],
  ])("copes with %s", async (_, path, head, body) => {
    const response = await send(path);
    expect(response).toMatchObject(head);
    expect(text(response)).toBe(body);
  });

  it("reads no body behind HEAD", async () => {
    const response = await send("/big", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(response.body).toHaveLength(0);
  });

  it.each(["/reset", "/destroy", "/half"])("says that an answer broke off (%s), and goes on", async path => {
    await expect(send(path)).rejects.toMatchObject({ code: "NETWORK" });
    expect((await send("/echo")).status).toBe(200);
  });

  it("goes on after a connection that the server has ended", async () => {
    // The call itself may fail: undici drops what is under way. That may pass, so that a retry gets it.
    const first: unknown = await send("/goaway").catch((error: unknown) => error);
    expect(first).toMatchObject(first instanceof Error ? { code: "NETWORK" } : { status: 200 });
    expect((await send("/echo")).status).toBe(200);
  });

  it("shows the client's certificate", async () => {
    const { key: privateKey, cert: certificate } = authority.issue("client.test");
    const tls = { id: "client", certificate, privateKey };
    expect(json(await send("/echo", {}, { tls }))).toMatchObject({ version: "2.0" });
  });
});

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
