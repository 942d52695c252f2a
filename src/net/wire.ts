import { Hosts } from "./layers/hosts.ts";
import type { Transport } from "./transport.ts";
import { createUndiciTransport } from "./wire/lazy-undici.ts";

/** Capabilities that share a transport share what they do to a host. */
const hostsByTransport = new WeakMap<Transport, Hosts>();

/** The end of all layers: what sends, with the hosts that it has sent to. */
export class Wire {
  readonly transport: Transport;
  readonly hosts: Hosts;
  /** Whether nothing that it sends leaves this process. */
  readonly staysHere: boolean;
  /** Whether it is a transport of a program, which may not keep the bounds of an exchange. */
  readonly isForeign: boolean;
  readonly #isOwn: boolean;

  /** @param given in place of undici; its maker closes it */
  constructor(given: Transport | undefined) {
    this.transport = given ?? createUndiciTransport();
    this.#isOwn = given === undefined;
    this.staysHere = this.transport.staysHere === true;
    this.isForeign = this.transport.keepsBounds !== true;
    this.hosts = hostsByTransport.get(this.transport) ?? new Hosts();
    hostsByTransport.set(this.transport, this.hosts);
  }

  /** Tells a transport that keeps what it sees how to mask secrets. */
  redactWith(mask: (text: string) => string): void {
    this.transport.redactWith?.(mask);
  }

  /** @param isForced ends the running exchanges: no caller waits for them */
  async close(isForced: boolean): Promise<void> {
    if (this.#isOwn) await this.transport.close?.(isForced);
  }
}
