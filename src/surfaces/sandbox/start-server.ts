import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError, writeError } from "./api-error.ts";
import type { SandboxEvent, SandboxRequest, SandboxResponse } from "./messages.ts";

/** Settings of a server. */
export interface ServerOptions {
  /** Port to listen on. `0` takes any free port. */
  readonly port: number;
  readonly host: string;
  /** Called after each request. */
  readonly onRequest?: ((event: SandboxEvent) => void) | undefined;
}

/** An HTTP server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  /** Stops listening and ends open connections. */
  close(): Promise<void>;
}

/**
 * Starts an HTTP server.
 *
 * @param answer may throw ApiError to refuse the request; any other error ends the connection
 * @throws the error of `node:net` if it cannot listen, such as one with code `EADDRINUSE`
 */
export async function startServer(
  answer: (request: SandboxRequest) => SandboxResponse | Promise<SandboxResponse>,
  { port, host, onRequest }: ServerOptions,
): Promise<RunningServer> {
  // Only a mock needs a server: no other command should load it.
  const { createServer } = await import("node:http");
  const server = createServer((request, response) => {
    serve(answer, request, response, onRequest).catch((error: unknown) => response.destroy(error as Error));
  });
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, close: () => close(server) };
}

async function serve(
  answer: Parameters<typeof startServer>[0],
  request: IncomingMessage,
  response: ServerResponse,
  onRequest: ServerOptions["onRequest"],
): Promise<void> {
  const { method = "GET", url: target = "/", headers } = request;
  let answered: SandboxResponse;
  try {
    answered = await answer({ method, target, headers, body: await readBody(request) });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    answered = writeError(error);
  }
  const { status, statusText, body, operation } = answered;
  response.writeHead(status, statusText, { ...answered.headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
  const [path = ""] = target.split("?", 1);
  onRequest?.({ method, path, status, operation });
}

/** Length limit of a request body, in bytes. */
const LONGEST_BODY = 10 * 1024 * 1024;

/** Bytes of a too long body that are read and dropped, so that its sender gets to read the answer. */
const MOST_DISCARDED = 8 * LONGEST_BODY;

/** Reads a whole request body. @throws ApiError 413 if it is too long */
async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += (chunk as Buffer).length;
    if (length <= LONGEST_BODY) chunks.push(chunk as Buffer);
    else chunks.length = 0;
    if (length > MOST_DISCARDED) break;
  }
  if (length <= LONGEST_BODY) return Buffer.concat(chunks);
  throw new ApiError(413, "body_too_large", `The body is longer than ${LONGEST_BODY} bytes`, {
    connection: "close",
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close(error => (error === undefined || !server.listening ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
