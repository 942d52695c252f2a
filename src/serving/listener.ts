import { createServer, type Server as HttpServer, type IncomingMessage, METHODS, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { addCompression } from "./compression.ts";
import { Connections } from "./connections.ts";
import { allowOrigins } from "./cross-origin.ts";
import { headProblem } from "./head-problem.ts";
import { Refusal } from "./refusal.ts";
import { refuse, refuseConnection, refuseRequest } from "./refuse.ts";

/**
 * Answers a request.
 *
 * @param target path and query, as sent
 * @returns settles when the answer has been given to the reply, or has been taken over with `reply.hijack()`; a rejection,
 *   or an error that is thrown, is answered by a problem
 */
export type Handle = (request: FastifyRequest, reply: FastifyReply, target: string) => void | Promise<void>;

/** Bounds of what clients can take of a server. Times are in milliseconds. */
interface ListenerLimits {
  /** Connections at the same time; more are closed at once. */
  readonly maxConnections: number;
  /** Requests at the same time; more are answered with 503. */
  readonly maxRunning: number;
  /** Longest request line and header together, in bytes. */
  readonly maxHeaderBytes: number;
  /** Longest time until the header of a request has arrived. */
  readonly headersTimeoutMs: number;
  /** Longest time until a request has arrived, with its body. */
  readonly requestTimeoutMs: number;
  /** How long a connection stays open between requests. */
  readonly keepAliveMs: number;
  /** Longest time in which a client takes nothing of what was written to it. */
  readonly stallMs: number;
}

export const LISTENER_LIMITS: ListenerLimits = {
  maxConnections: 10_000,
  maxRunning: 2_000,
  maxHeaderBytes: 16_384,
  headersTimeoutMs: 20_000,
  requestTimeoutMs: 300_000,
  // Longer than load balancers keep theirs: the side that sends should be the one that closes.
  keepAliveMs: 72_000,
  stallMs: 60_000,
};

/** Certificate and key, in PEM. */
export interface ListenerTls {
  readonly cert: string;
  readonly key: string;
}

interface ListenerSettings {
  readonly host: string;
  /** `0` takes any free port. */
  readonly port: number;
  readonly tls: ListenerTls | undefined;
  readonly limits: ListenerLimits;
  /** Origins whose pages may call the server; `*` for all. */
  readonly origins: readonly string[];
}

/** A server that listens. */
export interface Listener {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /**
   * Uses another certificate for new connections.
   *
   * @throws Error if the pair is not one
   */
  renewCertificate(tls: ListenerTls): void;
  /**
   * Refuses new connections at once, closes idle ones, and waits for the requests under way.
   *
   * @param graceMs how long it waits; what still runs then is cut off
   */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a server of HTTP/1.1.
 *
 * @throws the error of `node:net` if it cannot listen, such as one with code `EADDRINUSE`; that of `node:tls` for a
 *   certificate
 */
export async function startListener(settings: ListenerSettings, handle: Handle): Promise<Listener> {
  const { host, port, tls, limits, origins } = settings;
  const { fastify } = await import("fastify");
  const connections = new Connections(limits.stallMs);
  const app: FastifyInstance = fastify({
    serverFactory: (answer): HttpServer => {
      const server = openServer(answer, settings);
      connections.follow(server);
      return server;
    },
    // The only route is found without a look at the URL, which is for the handler to read.
    rewriteUrl: () => "/",
    genReqId: () => "",
    bodyLimit: Number.MAX_SAFE_INTEGER,
    exposeHeadRoutes: false,
    requestIdHeader: false,
    loggerInstance: SILENT,
    clientErrorHandler: refuseConnection,
    // Validators and serialisers of fastify: nothing here has a schema of its own.
    schemaController: { compilersFactory: { buildValidator: refuseSchema, buildSerializer: refuseSchema } },
  });
  await addCompression(app);
  if (origins.length > 0) await allowOrigins(app, origins);
  addRoute(app, handle, connections, limits);
  await app.ready();
  const { server } = app;
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://${hostText(address)}:${address.port}`,
    port: address.port,
    renewCertificate: pair =>
      (server as HttpServer & { setSecureContext(pair: ListenerTls): void }).setSecureContext(pair),
    stop: graceMs => connections.stop(graceMs),
  };
}

/** Adds the one route, which has every method that Node reads. No body is read before the handler asks for it. */
function addRoute(app: FastifyInstance, handle: Handle, connections: Connections, limits: ListenerLimits): void {
  const methods = METHODS.filter(method => method !== "CONNECT");
  for (const method of methods) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
  app.setErrorHandler((error, _request, reply) => refuse(reply, error));
  app.route({
    method: methods,
    url: "/",
    handler: (request, reply) => {
      const raw = request.raw as IncomingMessage & { originalUrl: string };
      const target = pathOf(raw.originalUrl);
      raw.url = target;
      try {
        if (connections.running > limits.maxRunning) throw tooMany();
        const problem = headProblem(raw);
        if (problem !== undefined) throw problem;
        const answering = handle(request, reply, target);
        if (answering instanceof Promise) answering.catch((error: unknown) => refuse(reply, error));
      } catch (error) {
        refuse(reply, error);
      }
    },
  });
}

function openServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { tls, limits }: ListenerSettings,
): HttpServer {
  const options = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersTimeoutMs, limits.requestTimeoutMs),
    keepAliveTimeout: limits.keepAliveMs,
    insecureHTTPParser: false,
    // Looked at with the rest of the head: Node's own answer is no problem.
    requireHostHeader: false,
    noDelay: true,
  };
  const server =
    tls === undefined
      ? createServer(options, answer)
      : createTlsServer({ ...options, ...tls, handshakeTimeout: limits.headersTimeoutMs }, answer);
  server.maxConnections = limits.maxConnections;
  // Bounded by their bytes: Node would leave out the rest without a word.
  server.maxHeadersCount = 0;
  server.on("checkExpectation", (_request, response: ServerResponse) =>
    refuseRequest(response, new Refusal(417, "The only expectation that is understood is 100-continue")),
  );
  server.on("connect", (_request, socket: Socket) => refuseConnection({ code: "CONNECT" }, socket));
  return server;
}

function tooMany(): Refusal {
  return new Refusal(503, "The server answers as many requests as it can", { "retry-after": "1" });
}

/** Returns path and query of a request target, which clients of proxies write with a host (RFC 9112, 3.2.2). */
function pathOf(target: string): string {
  if (target.charCodeAt(0) === SLASH) return target;
  const [, path] = /^https?:\/\/[^/?#]*(.*)$/i.exec(target) ?? [];
  if (path === undefined) return target;
  return path.startsWith("/") ? path : `/${path}`;
}

const SLASH = 0x2f;

function hostText({ address, family }: AddressInfo): string {
  return family === "IPv6" ? `[${address}]` : address;
}

function listen(server: HttpServer, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host, backlog: 4_096 }, () => {
      server.off("error", reject);
      // An error of accepting, such as of too many open files, must not end the process.
      server.on("error", () => {});
      resolve();
    });
  });
}

function refuseSchema(): never {
  throw new TypeError("Routes have no schemas");
}

function silent(): void {}

const SILENT: FastifyBaseLogger = {
  level: "silent",
  fatal: silent,
  error: silent,
  warn: silent,
  info: silent,
  debug: silent,
  trace: silent,
  silent,
  child: () => SILENT,
};
