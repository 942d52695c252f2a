import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Server as TlsServer } from "node:tls";

/** How long a connection that has sent nothing yet stays open when the server stops, in milliseconds. */
const UNUSED_GRACE_MS = 500;

/** The connections of a server, and the requests under way on them. */
export class Connections {
  readonly #stallMs: number;
  readonly #sockets = new Map<Socket, SocketState>();
  /** Sockets of TCP, those of unfinished handshakes of TLS too. */
  readonly #raw = new Set<Socket>();
  #server: HttpServer | undefined;
  #isStopping = false;
  #onIdle: (() => void) | undefined;
  running = 0;

  /** @param stallMs longest time in which a client takes nothing of what was written to it, in milliseconds */
  constructor(stallMs: number) {
    this.#stallMs = stallMs;
  }

  /** Follows the connections of a server, which has none yet. */
  follow(server: HttpServer): void {
    this.#server = server;
    server.on("connection", (socket: Socket) => {
      this.#raw.add(socket);
      socket.once("close", () => this.#raw.delete(socket));
    });
    // Over TLS, requests come on a socket that wraps the raw one.
    server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
      const state: SocketState = { response: undefined, waiting: new Set(), isUsed: false };
      this.#sockets.set(socket, state);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        for (const response of state.waiting) response.destroy().emit("close");
        this.#onIdle?.();
      });
    });
    server.prependListener("request", (request: IncomingMessage, response: ServerResponse) =>
      this.#begin(request, response),
    );
    server.setTimeout(this.#stallMs, (socket: Socket) => this.#endStalled(socket));
  }

  #begin({ socket }: IncomingMessage, response: ServerResponse): void {
    this.running++;
    const state = this.#sockets.get(socket);
    if (state !== undefined) {
      state.isUsed = true;
      state.response = response;
      if (response.socket === null) state.waiting.add(response);
    }
    if (this.#isStopping) response.shouldKeepAlive = false;
    response.once("close", () => {
      this.running--;
      state?.waiting.delete(response);
      if (state?.response === response) state.response = undefined;
      if (!this.#isStopping) return;
      // Node ends a connection behind an answer that says so; one whose header was out before is ended here.
      if (state?.response === undefined) socket.destroySoon();
      if (this.running === 0) this.#onIdle?.();
    });
  }

  /** Ends a connection on which nothing has moved, unless its client waits for the answer. */
  #endStalled(socket: Socket): void {
    const response = this.#sockets.get(socket)?.response;
    if (response !== undefined && socket.writableLength === 0 && response.writableLength === 0)
      socket.setTimeout(this.#stallMs);
    else socket.destroy();
  }

  /**
   * Takes no new connections, closes idle ones, and waits for the requests under way.
   *
   * @param graceMs how long it waits, in milliseconds; what still runs then is cut off
   */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const closed = new Promise<void>(resolve => this.#server?.close(() => resolve()));
    for (const [socket, { response, isUsed }] of this.#sockets) {
      if (response !== undefined) response.shouldKeepAlive = false;
      else if (isUsed) socket.destroy();
    }
    // A request may be on its way on a connection that was opened a moment ago.
    if (this.#sockets.size > 0) await this.#wait(Math.min(UNUSED_GRACE_MS, graceMs), () => this.#sockets.size === 0);
    for (const [socket, { response }] of this.#sockets) if (response === undefined) socket.destroy();
    if (this.running > 0) await this.#wait(graceMs, () => this.running === 0);
    for (const socket of this.#raw) socket.destroy();
    await closed;
  }

  async #wait(ms: number, isOver: () => boolean): Promise<void> {
    if (isOver()) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      timer = setTimeout(resolve, ms);
      this.#onIdle = () => {
        if (isOver()) resolve();
      };
    });
    clearTimeout(timer);
  }
}

interface SocketState {
  /** The answer under way; of several, the last. */
  response: ServerResponse | undefined;
  /** Answers that waited for others of the same connection when they began. Node does not close them with it. */
  readonly waiting: Set<ServerResponse>;
  /** Whether it has had a request. */
  isUsed: boolean;
}
