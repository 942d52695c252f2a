import { createServer, type IncomingMessage, request } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { KeyAndCertificate } from "./certificates.ts";

/** A proxy on the loopback, for hosts that exist nowhere: it knows where each is. */
export interface TestProxy {
  readonly port: number;
  /** Request lines, with the credential where one came: `CONNECT api.test:443 Basic …`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

interface ProxyOptions {
  /** Port on the loopback of each `host:port` that it forwards to; to others it answers 502. */
  readonly ports: Readonly<Record<string, number>>;
  /** The credential that it wants. */
  readonly authorization?: string;
  /** Makes it a proxy that is reached by TLS. */
  readonly tls?: KeyAndCertificate;
}

/** Starts a proxy on a free port: tunnels for CONNECT, anything else in absolute form. */
export async function startProxy({ ports, authorization, tls }: ProxyOptions): Promise<TestProxy> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const refusal = ({ method, url, headers }: IncomingMessage, host: string) => {
    const given = headers["proxy-authorization"];
    requests.push([method, url, given].filter(part => part !== undefined).join(" "));
    if (authorization !== undefined && given !== authorization) return 407;
    return ports[host] === undefined ? 502 : undefined;
  };
  const server = tls === undefined ? createServer() : createSecureServer(tls);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("request", (incoming, response) => {
    const url = new URL(incoming.url ?? "");
    const host = `${url.hostname}:${url.port || 80}`;
    const status = refusal(incoming, host);
    if (status !== undefined) {
      response.writeHead(status).end();
      return;
    }
    const { "proxy-authorization": _, ...headers } = incoming.headers;
    const { method } = incoming;
    const forwarded = request(
      { method, host: "127.0.0.1", port: ports[host], path: url.pathname + url.search, headers },
      answer => {
        response.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
        answer.pipe(response);
      },
    );
    incoming.pipe(forwarded);
  });
  server.on("connect", (incoming: IncomingMessage, socket: Socket) => {
    socket.on("error", () => {});
    const status = refusal(incoming, incoming.url ?? "");
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
      return;
    }
    const target = connect(ports[incoming.url ?? ""] ?? 0, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(target).pipe(socket);
    });
    sockets.add(target);
    target.on("error", () => socket.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
