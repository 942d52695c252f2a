import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { Socket } from "node:net";
import { buildConnector } from "undici";
import { type ConnectionTimes, type ExchangeMeter, timeConnection } from "../layers/exchange-meter.ts";

/** Published with the socket of each request, right after its handler was told of its start. */
const SEND_HEADERS = "undici:client:sendHeaders";

/**
 * The connections of a pool's exchanges that are measured. undici tells a handler nothing of its connection: a connector
 * of ours measures each as it is opened, and a diagnostics channel tells whose request it then takes.
 */
export class MeasuredConnections {
  /** Those that have served no exchange yet. */
  readonly #opened = new WeakMap<object, ConnectionTimes>();
  readonly #used = new WeakSet<object>();
  #starting: ExchangeMeter | undefined;

  constructor() {
    subscribe(SEND_HEADERS, this.#onHeaders);
  }

  /** Wraps a connector, and measures the connections that it opens. */
  connector(given: buildConnector.BuildOptions | buildConnector.connector): buildConnector.connector {
    const connect = typeof given === "function" ? given : buildConnector(given);
    return (options, callback) => {
      const startedAt = performance.now();
      // It gives its socket, which its type does not say; without one there are no times.
      const socket: unknown = connect(options, callback);
      if (socket instanceof Socket) this.#opened.set(socket, timeConnection(socket, startedAt));
    };
  }

  /** Notes the measured exchange whose request a connection takes next. */
  starts(meter: ExchangeMeter): void {
    this.#starting = meter;
  }

  close(): void {
    unsubscribe(SEND_HEADERS, this.#onHeaders);
  }

  readonly #onHeaders = (message: unknown): void => {
    const meter = this.#starting;
    if (meter === undefined) return;
    this.#starting = undefined;
    const { socket } = message as { readonly socket: object };
    meter.uses(this.#opened.get(socket), this.#used.has(socket));
    this.#opened.delete(socket);
    this.#used.add(socket);
  };
}
