import { splitUrl } from "../split-url.ts";
import type { HostGate } from "./host-gate.ts";
import type { RetryBudget } from "./retry-budget.ts";

/** The state of one origin that requests went to. Its parts are made when they are needed. */
export interface Host {
  /** `https://shelf.example:8443` */
  readonly origin: string;
  /** Calls of any outcome, without retries. */
  calls: number;
  budget?: RetryBudget;
  /** By what they hold requests to. */
  readonly gates: Map<string, HostGate>;
}

/** Most hosts that are remembered: a program whose callers choose the host reaches any number. */
const MOST_HOSTS = 1_000;

/** The hosts that a wire has sent to, by their origin. */
export class Hosts {
  readonly #hosts = new Map<string, Host>();
  /** That of the last call: most calls of a program go to one. */
  #last: { readonly host: Host; readonly prefix: string } | undefined;

  of(url: string): Host {
    if (this.#last !== undefined && url.startsWith(this.#last.prefix)) return this.#last.host;
    const { origin } = splitUrl(url);
    const host = this.#hosts.get(origin) ?? this.#add(origin);
    this.#last = { host, prefix: `${origin}/` };
    return host;
  }

  #add(origin: string): Host {
    const host: Host = { origin, calls: 0, gates: new Map() };
    this.#hosts.set(origin, host);
    const [oldest] = this.#hosts.keys();
    if (this.#hosts.size > MOST_HOSTS && oldest !== undefined) this.#hosts.delete(oldest);
    return host;
  }
}
