import type { TurnRate, Turns } from "../../sharing/shared-store.ts";

/** The moments at which requests of this process have begun or will: no more than allowed lie in any interval. */
export class TurnLog {
  #moments: number[] = [];

  /** Takes turns, none of them later than `aheadMs` from now. */
  take({ requests, intervalMs }: TurnRate, wanted: number, aheadMs: number): Turns {
    const now = performance.now();
    const waitsMs: number[] = [];
    while (waitsMs.length < wanted) {
      const last = this.#moments.at(-1) ?? now;
      const first = this.#moments.at(-requests);
      const at = Math.max(now, last, first === undefined ? now : first + intervalMs);
      if (at - now > aheadMs) return { waitsMs, nextMs: at - now };
      this.#moments.push(at);
      waitsMs.push(at - now);
    }
    this.#forget(requests);
    return { waitsMs, nextMs: 0 };
  }

  /** Notes turns that were taken elsewhere. */
  add(waitsMs: readonly number[], { requests }: TurnRate): void {
    const now = performance.now();
    for (const waitMs of waitsMs) this.#moments.push(now + waitMs);
    this.#forget(requests);
  }

  #forget(requests: number): void {
    if (this.#moments.length > requests * 2) this.#moments = this.#moments.slice(-requests);
  }
}
