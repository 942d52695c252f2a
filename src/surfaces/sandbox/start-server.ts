import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiError } from "./api-error.ts";

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
 * @param serve answers a request; where it rejects, the connection is ended
 * @throws the error of `node:net`, such as one of code `EADDRINUSE`, where it cannot listen
 */
export async function startServer(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<RunningServer> {
  // Only a mock needs a server: no other command should load it.
  const { createServer } = await import("node:http");
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return { url: `http://${name}:${address.port}`, close: () => close(server) };
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

/** Longest body of a request, in bytes. */
const LONGEST_BODY: number = 10 * 1024 * 1024;

/** How much of a body that is too long is read, so that its sender gets to read the answer. */
const MOST_DISCARDED = 8 * LONGEST_BODY;

/**
 * Reads a whole request body.
 *
 * @throws ApiError 413 for one that is too long
 */
export async function readBody(request: IncomingMessage): Promise<Uint8Array> {
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
