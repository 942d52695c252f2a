import { buildConnector, Pool } from "undici";
import type { WireOptions } from "../connect/connect-options.ts";
import { connectBy } from "../connect/undici-connect.ts";
import type { ConnectPlan } from "../transport.ts";
import { MAX_HEADER_BYTES } from "./header-limits.ts";
import { ignoringContinue } from "./interim-heads.ts";
import { MeasuredConnections } from "./undici-connections.ts";

/** Connections per origin. Requests beyond them wait their turn. */
const CONNECTIONS = 64;
/** Most pools at once: a program whose callers choose the host reaches any number of origins. */
const MOST_POOLS = 1_000;

/** Keep-alive pools: one for each origin, way to connect and connect time-out. */
export class UndiciPools {
  readonly #wire: WireOptions;
  readonly #pools = new Map<string, Pool>();
  /** That of the last call: most calls of a program go to one. */
  #last: { readonly origin: string; plan: ConnectPlan; timeoutMs: number; readonly pool: Pool } | undefined;
  #measured: MeasuredConnections | undefined;

  constructor(wire: WireOptions) {
    this.#wire = wire;
  }

  /** Measures the connections of pools that are made from now on. */
  measure(): MeasuredConnections {
    this.#measured ??= new MeasuredConnections();
    return this.#measured;
  }

  /** @throws CapabilityError `EGRESS_REFUSED` */
  of(origin: string, plan: ConnectPlan, timeoutMs: number): Pool {
    const last = this.#last;
    if (last?.origin === origin && last.plan === plan && last.timeoutMs === timeoutMs) return last.pool;
    const key = poolKey(origin, plan, timeoutMs);
    const pool = this.#pools.get(key) ?? this.#add(key, origin, plan, timeoutMs);
    this.#last = { origin, plan, timeoutMs, pool };
    return pool;
  }

  async close(isForced: boolean): Promise<void> {
    const closing = [...this.#pools.values()].map(pool => (isForced ? pool.destroy() : pool.close()));
    this.#pools.clear();
    this.#last = undefined;
    await Promise.all(closing);
    this.#measured?.close();
    this.#measured = undefined;
  }

  #add(key: string, origin: string, plan: ConnectPlan, timeoutMs: number): Pool {
    const { proxy } = plan;
    const isForwarded = proxy !== undefined && origin.startsWith("http:");
    const given = connectBy(origin, plan, timeoutMs, this.#wire);
    const connect = ignoringContinue(typeof given === "function" ? given : buildConnector(given));
    const pool = new Pool(isForwarded ? `${proxy.protocol}//${proxy.host}` : origin, {
      connections: CONNECTIONS,
      maxHeaderSize: MAX_HEADER_BYTES,
      connect: this.#measured === undefined ? connect : this.#measured.connector(connect),
    });
    this.#pools.set(key, pool);
    const [oldest] = this.#pools;
    if (this.#pools.size > MOST_POOLS && oldest !== undefined) {
      this.#pools.delete(oldest[0]);
      // Its exchanges end first; a failure of closing has no reader.
      oldest[1].close().catch(() => {});
    }
    return pool;
  }
}

/** Returns the key of the pool for requests that go the same way. */
function poolKey(origin: string, { tls, rules, proxy }: ConnectPlan, timeoutMs: number): string {
  return [
    origin,
    tls?.id,
    timeoutMs,
    rules?.id,
    proxy?.protocol,
    proxy?.host,
    proxy?.authorization,
    proxy?.variable,
  ].join(" ");
}
