import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createServer as createTlsServer } from "node:tls";
import type { KeyAndCertificate } from "./certificates.ts";

/** Closes the connection in order. */
export const END: unique symbol = Symbol("end");
/** Breaks the connection off. */
export const RESET: unique symbol = Symbol("reset");

/** Bytes that are sent again and again, for ever where `times` does not say otherwise. */
export interface Repetition {
  readonly repeat: string | Uint8Array;
  readonly times?: number;
  readonly everyMs?: number;
}

/** A step of an answer: bytes, something that is done, or a pause. */
export type Step = string | Uint8Array | typeof END | typeof RESET | { readonly waitMs: number } | Repetition;

/** How a server misbehaves, as data. */
export interface Faults {
  /**
   * Steps for one request after the other, whatever connection it comes from; further requests get those of the last.
   * `<other>` in a text stands for the address of another server.
   */
  readonly answers?: readonly (readonly Step[])[];
  /** Steps for a connection before any request. */
  readonly onConnection?: readonly Step[];
  /** Speaks TLS. */
  readonly tls?: KeyAndCertificate;
  /** `::1` in place of `127.0.0.1`. */
  readonly address?: string;
}

/** A server that misbehaves, on the loopback. */
export interface FaultServer {
  readonly port: number;
  /** Every request, as the bytes it came as. */
  readonly requests: readonly string[];
  /** All that was received, also bytes that are not a request. */
  readonly received: readonly string[];
  /** Connections that were opened so far. */
  readonly connections: number;
  /** Sets the other server, which answers may point to. */
  pointTo(port: number): void;
  /** Resolves when no connection is open. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server on a free port. */
export async function startFaultServer({
  answers = [],
  onConnection,
  tls,
  address = "127.0.0.1",
}: Faults): Promise<FaultServer> {
  let other = 0;
  const place = (text: string) => text.replaceAll("<other>", `127.0.0.1:${other}`);
  const open = new Set<Socket>();
  const requests: string[] = [];
  const received: string[] = [];
  let onIdle = () => {};
  const accept = (socket: Socket) => {
    open.add(socket);
    // Clients that give up close without ceremony.
    socket.on("error", () => {});
    socket.on("close", () => {
      open.delete(socket);
      if (open.size === 0) onIdle();
    });
    const connection = received.push("") - 1;
    let unread = "";
    socket.on("data", (chunk: Buffer) => {
      received[connection] += chunk.toString("latin1");
      unread += chunk.toString("latin1");
      for (let end = endOfRequest(unread); end > 0; end = endOfRequest(unread)) {
        const index = requests.push(unread.slice(0, end)) - 1;
        unread = unread.slice(end);
        void play(answers[index] ?? answers.at(-1) ?? [], socket, place);
      }
    });
    if (onConnection !== undefined) void play(onConnection, socket, place);
  };
  const server: Server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept);
  // A client may not like the handshake.
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve, reject) => server.on("error", reject).listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    requests,
    received,
    get connections() {
      return received.length;
    },
    pointTo(port) {
      other = port;
    },
    idle: () =>
      open.size === 0
        ? Promise.resolve()
        : new Promise(resolve => {
            onIdle = resolve;
          }),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** Returns the end of the first request; 0 where it has not come yet. */
function endOfRequest(text: string): number {
  const head = text.indexOf("\r\n\r\n") + 4;
  if (head < 4) return 0;
  const length = Number(/\r\ncontent-length: (\d+)\r\n/i.exec(text.slice(0, head))?.[1] ?? 0);
  return text.length < head + length ? 0 : head + length;
}

async function play(steps: readonly Step[], socket: Socket, place: (text: string) => string): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return;
    if (step === END) socket.end();
    else if (step === RESET) socket.resetAndDestroy();
    else if (typeof step === "string") socket.write(place(step), "latin1");
    else if (step instanceof Uint8Array) socket.write(step);
    else if ("waitMs" in step) await pause(step.waitMs);
    else await repeat(step, socket);
  }
}

async function repeat({ repeat: bytes, times, everyMs }: Repetition, socket: Socket): Promise<void> {
  for (let count = 0; count !== times && socket.writable; count++) {
    const isTaken = socket.write(bytes);
    if (everyMs !== undefined) await pause(everyMs);
    else if (!isTaken) await drained(socket);
  }
}

/** Waits until a socket takes more or is closed, and takes off the listeners of both. */
async function drained(socket: Socket): Promise<void> {
  const ended = new AbortController();
  const { signal } = ended;
  await Promise.race([once(socket, "drain", { signal }), once(socket, "close", { signal })]).catch(() => {});
  ended.abort();
}
