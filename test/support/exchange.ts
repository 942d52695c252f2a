import {
  type Bounds,
  type ConnectPlan,
  type Exchange,
  UNWATCHED,
  USUAL_CONNECT,
  type Watch,
} from "../../src/net/transport.ts";

/** The members of an exchange and of its parts, side by side. */
export type ExchangeParts = Pick<Exchange, "signal" | "streams"> & Bounds & ConnectPlan & Watch;

/** Makes an exchange that has no limits but the given ones. */
export function exchangeOf(parts: Partial<ExchangeParts> = {}): Exchange {
  const { signal, streams, timeoutMs = 0, connectTimeoutMs = 10_000, startMs } = parts;
  const { maxResponseBytes = Number.POSITIVE_INFINITY } = parts;
  const { tls, rules, proxy, observe, meter, deadline, closing } = parts;
  return {
    signal,
    streams,
    bounds: { timeoutMs, connectTimeoutMs, maxResponseBytes, startMs },
    connect: { ...USUAL_CONNECT, tls, rules, proxy },
    watch: { ...UNWATCHED, observe, meter, deadline, closing },
  };
}
