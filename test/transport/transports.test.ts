import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CapabilityError, type ErrorCode } from "../../src/error/capability-error.ts";
import type { HttpRequest } from "../../src/request/http-request.ts";
import { createNodeHttpTransport } from "../../src/transport/node-http.ts";
import { retryTransport } from "../../src/transport/retry.ts";
import type { ExchangeLimits, Transport } from "../../src/transport/transport.ts";
import { createUndiciTransport } from "../../src/transport/undici.ts";
import { createSelfSignedCertificate } from "../support/self-signed-certificate.ts";

// Both transports must behave alike: every case runs against each.

const transports: readonly { readonly name: string; readonly create: () => Transport }[] = [
  { name: "undici", create: createUndiciTransport },
  { name: "node:http", create: createNodeHttpTransport },
];

const limits: ExchangeLimits = { timeoutMs: 20_000, maxResponseBytes: 100_000 };

/** What the raw server writes for each path; `close` ends the connection after it, `reset` resets it. */
const scripts: Readonly<Record<string, { readonly write: string; readonly end?: "close" | "reset" }>> = {
  "/plain": { write: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One: 1\r\n\r\nok" },
  "/phrase": { write: "HTTP/1.1 299 Fine So Far\r\nContent-Length: 0\r\n\r\n" },
  "/cookies": { write: "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n" },
  "/empty": { write: "HTTP/1.1 204 No Content\r\n\r\n" },
  "/hints": {
    write: "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
  },
  "/chunked": {
    write: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n",
  },
  "/until-close": { write: "HTTP/1.0 200 OK\r\n\r\nall of it", end: "close" },
  "/error": { write: "HTTP/1.1 500 Oh No\r\nContent-Length: 4\r\n\r\ndown" },
  "/redirect": { write: "HTTP/1.1 302 Found\r\nLocation: /plain\r\nContent-Length: 0\r\n\r\n" },
  "/truncated": { write: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all", end: "close" },
  "/reset-in-body": { write: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all", end: "reset" },
  "/reset": { write: "", end: "reset" },
  "/hang-up": { write: "", end: "close" },
  "/malformed": { write: "HELLO\r\n\r\n", end: "close" },
  "/bad-chunk": { write: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", end: "close" },
  "/silent": { write: "" },
  "/stalled": { write: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all" },
  "/large": { write: `HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n${"x".repeat(200_000)}` },
};

let rawUrl: string;
let echoUrl: string;
let tlsUrl: string;
const closers: (() => void)[] = [];

beforeAll(async () => {
  const raw = createTcpServer(socket => {
    socket.on("error", () => {});
    socket.on("data", data => play(socket, data.toString("latin1")));
  });
  const echo = createHttpServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    response.end(
      JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }),
    );
  });
  const tls = createHttpsServer(createSelfSignedCertificate(), (_request, response) => response.end("{}"));
  rawUrl = `http://127.0.0.1:${await listen(raw)}`;
  echoUrl = `http://127.0.0.1:${await listen(echo)}`;
  tlsUrl = `https://127.0.0.1:${await listen(tls)}`;
  closers.push(
    () => raw.close(),
    () => closeHttp(echo),
    () => closeHttp(tls),
  );
});

afterAll(() => {
  for (const close of closers) close();
});

function play(socket: Socket, request: string): void {
  const path = request.split(" ")[1] ?? "";
  const script = scripts[path];
  if (script === undefined) throw new Error(`No script for ${path}`);
  socket.write(script.write, () => {
    if (script.end === "close") socket.end();
    if (script.end === "reset") socket.resetAndDestroy();
  });
}

async function listen(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<number> {
  await new Promise<void>(resolve => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

function closeHttp(server: Pick<Server, "close" | "closeAllConnections">): void {
  server.close();
  server.closeAllConnections();
}

function get(url: string, method = "GET"): HttpRequest {
  return { method, url, headers: { accept: "application/json" } };
}

describe.each(transports)("the $name transport", ({ create }) => {
  const transport = create();
  afterAll(() => transport.close?.());

  it.each([
    { path: "/plain", status: 200, statusText: "OK", body: "ok", headers: { "x-one": "1" } },
    { path: "/phrase", status: 299, statusText: "Fine So Far", body: "", headers: {} },
    { path: "/cookies", status: 200, statusText: "OK", body: "", headers: { "set-cookie": ["a=1", "b=2"] } },
    { path: "/empty", status: 204, statusText: "No Content", body: "", headers: {} },
    { path: "/hints", status: 200, statusText: "OK", body: "ok", headers: {} },
    { path: "/chunked", status: 200, statusText: "OK", body: "abcde", headers: {} },
    { path: "/until-close", status: 200, statusText: "OK", body: "all of it", headers: {} },
    { path: "/error", status: 500, statusText: "Oh No", body: "down", headers: {} },
    { path: "/redirect", status: 302, statusText: "Found", body: "", headers: { location: "/plain" } },
  ])("receives $path", async ({ path, status, statusText, body, headers }) => {
    const response = await transport(get(rawUrl + path), limits);
    expect(response).toMatchObject({ status, statusText, headers });
    expect(Buffer.from(response.body).toString()).toBe(body);
  });

  it.each<{ method: string; body?: string; sent: string; length: string | undefined }>([
    { method: "GET", sent: "", length: undefined },
    { method: "POST", body: '{"a":"é"}', sent: '{"a":"é"}', length: "10" },
    { method: "POST", sent: "", length: "0" },
    { method: "DELETE", body: "{}", sent: "{}", length: "2" },
    { method: "GET", body: "{}", sent: "{}", length: "2" },
    { method: "OPTIONS", sent: "", length: undefined },
  ])("sends $method with the body $body", async ({ method, body, sent, length }) => {
    const request = { ...get(`${echoUrl}/a%2Fb?x=1`, method), ...(body === undefined ? {} : { body }) };
    const { body: answer } = await transport(request, limits);
    const received = JSON.parse(Buffer.from(answer).toString());
    expect(received).toMatchObject({ method, url: "/a%2Fb?x=1", body: sent });
    expect(received.headers).toMatchObject({
      accept: "application/json",
      host: echoUrl.slice("http://".length),
    });
    expect(received.headers["content-length"]).toBe(length);
    expect(received.headers["transfer-encoding"]).toBeUndefined();
  });

  it("receives no body for HEAD", async () => {
    const { status, body } = await transport(get(`${echoUrl}/x`, "HEAD"), limits);
    expect({ status, length: body.length }).toEqual({ status: 200, length: 0 });
  });

  it.each<{
    what: string;
    url: () => string;
    code: ErrorCode;
    reason?: RegExp;
    limits?: Partial<ExchangeLimits>;
  }>([
    {
      what: "a refused connection",
      url: () => "http://127.0.0.1:1/",
      code: "NETWORK",
      reason: /^ECONNREFUSED$/,
    },
    {
      what: "an unknown host",
      url: () => "http://naftiko.invalid/",
      code: "NETWORK",
      reason: /^(ENOTFOUND|EAI_AGAIN)$/,
    },
    { what: "a reset", url: () => `${rawUrl}/reset`, code: "NETWORK" },
    { what: "a closed connection", url: () => `${rawUrl}/hang-up`, code: "NETWORK" },
    { what: "a truncated body", url: () => `${rawUrl}/truncated`, code: "NETWORK" },
    { what: "a reset in the body", url: () => `${rawUrl}/reset-in-body`, code: "NETWORK" },
    {
      what: "an answer that is not HTTP",
      url: () => `${rawUrl}/malformed`,
      code: "NETWORK",
      reason: /^HPE_/,
    },
    { what: "a malformed chunk", url: () => `${rawUrl}/bad-chunk`, code: "NETWORK", reason: /^HPE_/ },
    { what: "a self-signed certificate", url: () => `${tlsUrl}/`, code: "NETWORK", reason: /SELF_SIGNED/ },
    {
      what: "TLS to a plain port",
      url: () => `${echoUrl.replace("http:", "https:")}/`,
      code: "NETWORK",
      reason: /EPROTO|SSL/,
    },
    { what: "silence", url: () => `${rawUrl}/silent`, code: "TIMEOUT", limits: { timeoutMs: 100 } },
    { what: "a stalled body", url: () => `${rawUrl}/stalled`, code: "TIMEOUT", limits: { timeoutMs: 100 } },
    { what: "a body over the limit", url: () => `${rawUrl}/large`, code: "RESPONSE_TOO_LARGE" },
  ])("reports $what", async ({ url, code, reason, limits: own }) => {
    const error = await transport(get(url()), { ...limits, ...own }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CapabilityError);
    expect((error as CapabilityError).code, (error as CapabilityError).message).toBe(code);
    if (reason !== undefined) expect((error as CapabilityError<"NETWORK">).details.reason).toMatch(reason);
  });

  it("ends when the signal is aborted, before and during the exchange", async () => {
    const before = transport(get(`${rawUrl}/silent`), { ...limits, signal: AbortSignal.abort() });
    await expect(before).rejects.toMatchObject({ code: "ABORTED" });
    const controller = new AbortController();
    const during = transport(get(`${rawUrl}/stalled`), { ...limits, signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(during).rejects.toMatchObject({ code: "ABORTED" });
  });

  it("takes many requests at once", async () => {
    const responses = await Promise.all(
      Array.from({ length: 200 }, (_, index) => transport(get(`${echoUrl}/${index}`), limits)),
    );
    expect(responses.map(({ body }) => JSON.parse(Buffer.from(body).toString()).url)).toEqual(
      Array.from({ length: 200 }, (_, index) => `/${index}`),
    );
  });
});

describe("retryTransport()", () => {
  /** Answers each attempt with the next status; the last one again and again. */
  function flapping(...statuses: readonly (number | ErrorCode)[]): {
    transport: Transport;
    attempts: () => number;
  } {
    let attempts = 0;
    const transport: Transport = async ({ url }) => {
      const status = statuses[Math.min(attempts++, statuses.length - 1)] as number | ErrorCode;
      if (typeof status === "number") return { status, statusText: "", headers: {}, body: new Uint8Array() };
      throw new CapabilityError("NETWORK", { message: status, details: { reason: status, url } });
    };
    return { transport, attempts: () => attempts };
  }

  it.each<{
    method: string;
    statuses: (number | ErrorCode)[];
    retries: number;
    attempts: number;
    end: number | "NETWORK";
  }>([
    { method: "GET", statuses: [503, 200], retries: 2, attempts: 2, end: 200 },
    { method: "GET", statuses: ["NETWORK", 429, 200], retries: 2, attempts: 3, end: 200 },
    { method: "DELETE", statuses: [502, 504], retries: 1, attempts: 2, end: 504 },
    { method: "GET", statuses: ["NETWORK"], retries: 2, attempts: 3, end: "NETWORK" },
    { method: "GET", statuses: [500, 200], retries: 2, attempts: 1, end: 500 },
    { method: "POST", statuses: [503, 200], retries: 2, attempts: 1, end: 503 },
    { method: "PATCH", statuses: ["NETWORK", 200], retries: 2, attempts: 1, end: "NETWORK" },
  ])(
    "$method that meets $statuses ends with $end after $attempts attempts",
    async ({ method, statuses, retries, attempts, end }) => {
      const upstream = flapping(...statuses);
      const call = retryTransport(upstream.transport, { retries })(get("http://a.test/", method), limits);
      const ended = await call.then(
        ({ status }) => status,
        (error: CapabilityError) => error.code,
      );
      expect(ended).toBe(end);
      expect(upstream.attempts()).toBe(attempts);
    },
  );

  it("ends a pause when the signal is aborted", async () => {
    const controller = new AbortController();
    const transport: Transport = async () => {
      controller.abort();
      return { status: 503, statusText: "", headers: {}, body: new Uint8Array() };
    };
    const call = retryTransport(transport, { retries: 5 })(get("http://a.test/"), {
      ...limits,
      signal: controller.signal,
    });
    await expect(call).rejects.toMatchObject({ code: "ABORTED" });
  });
});
