import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";

/** Talks on one connection, as bytes: for answers that no HTTP server would give. */
export type Talk = (socket: Socket, received: () => string) => void;

/** A server below HTTP on the loopback. */
export interface RawServer {
  readonly port: number;
  /** Text that each connection received so far, in the order they were opened. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts a server on a free port.
 *
 * @param talk called once for each connection when its first bytes are there
 * @param tls makes it a TLS server
 */
export async function startRawServer(talk: Talk, tls?: TlsOptions): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  const accept = (socket: Socket) => {
    sockets.add(socket);
    const index = received.push("") - 1;
    // Clients that give up close without ceremony.
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      const first = received[index] === "";
      received[index] += chunk.toString("latin1");
      if (first) talk(socket, () => received[index] ?? "");
    });
  };
  const server: Server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    received,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
