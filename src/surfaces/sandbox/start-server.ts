import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

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
