import type { Socket } from "node:net";
import { elapsedMs } from "../elapsed-ms.ts";
import type { ExchangeTimings } from "./exchange-event.ts";

/** When a connection reached what, by `performance.now()`. A step that was not needed, or cannot be told, is absent. */
export interface ConnectionTimes {
  readonly startedAt: number;
  lookedUpAt?: number;
  connectedAt?: number;
  securedAt?: number;
}

/** Follows a socket that is being opened. */
export function timeConnection(socket: Socket, startedAt: number): ConnectionTimes {
  const times: ConnectionTimes = { startedAt };
  // Emitted for each of several addresses, which come from one look-up.
  socket.once("lookup", () => {
    times.lookedUpAt = performance.now();
  });
  socket.once("connect", () => {
    times.connectedAt = performance.now();
  });
  socket.once("secureConnect", () => {
    times.securedAt = performance.now();
  });
  return times;
}

/** Measures one exchange. A transport tells it what it sees; it is made only if there is a listener. */
export class ExchangeMeter {
  readonly #startedAt: number = performance.now();
  #connection: ConnectionTimes | undefined;
  #reused = false;
  #answeredAt: number | undefined;

  /** Notes that a connection has just begun to be opened for the exchange. */
  opens(socket: Socket): void {
    this.#connection = timeConnection(socket, performance.now());
  }

  /**
   * Notes that the exchange has got a connection.
   *
   * @param times of its opening, where they are known and of no earlier exchange
   * @param isUsed whether it has served another exchange
   */
  uses(times: ConnectionTimes | undefined, isUsed: boolean): void {
    // One that was being opened already, for a request that is gone, has cost this exchange less than its times.
    const isEarlier = times !== undefined && times.startedAt < this.#startedAt;
    this.#connection = isEarlier ? undefined : times;
    this.#reused = isUsed || isEarlier;
  }

  /** Notes that the header of the answer is there. */
  answered(): void {
    this.#answeredAt = performance.now();
  }

  /** Gives the times that were measured until now. */
  timings(): ExchangeTimings {
    const startedAt = this.#startedAt;
    return Object.freeze({
      ...(this.#reused ? { reused: true } : {}),
      ...(this.#connection === undefined ? {} : partsOf(this.#connection)),
      ...(this.#answeredAt === undefined ? {} : { firstByteMs: elapsedMs(startedAt, this.#answeredAt) }),
      totalMs: elapsedMs(startedAt),
    });
  }
}

function partsOf({ startedAt, lookedUpAt, connectedAt, securedAt }: ConnectionTimes): Partial<ExchangeTimings> {
  return {
    ...(lookedUpAt === undefined ? {} : { dnsMs: elapsedMs(startedAt, lookedUpAt) }),
    ...(connectedAt === undefined ? {} : { connectMs: elapsedMs(lookedUpAt ?? startedAt, connectedAt) }),
    ...(connectedAt === undefined || securedAt === undefined ? {} : { tlsMs: elapsedMs(connectedAt, securedAt) }),
  };
}
