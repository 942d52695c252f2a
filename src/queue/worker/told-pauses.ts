import type { SharedPauses } from "../../net/layers/pace.ts";
import type { Sharing } from "../../sharing/sharing.ts";

/** An answer about a pause holds for this time. */
const FRESH_MS = 200;

/** What is known of an origin. Times are those of `performance.now()`. */
interface KnownPause {
  until: number;
  askedAt: number;
}

/** Pauses that an API has asked one worker for, and all keep. */
export class ToldPauses implements SharedPauses {
  readonly #sharing: Sharing;
  readonly #known = new Map<string, KnownPause>();

  constructor(sharing: Sharing) {
    this.#sharing = sharing;
  }

  tell(origin: string, waitMs: number): void {
    const name = this.#sharing.name("pause", origin);
    void this.#sharing.ask(
      store => store.pause(name, waitMs),
      () => {},
    );
  }

  /** Returns what the last answer of the store has told, and asks it again where that is older. */
  restMs(origin: string): number {
    const now = performance.now();
    const known = this.#known.get(origin) ?? { until: 0, askedAt: Number.NEGATIVE_INFINITY };
    this.#known.set(origin, known);
    if (now - known.askedAt >= FRESH_MS) {
      known.askedAt = now;
      void this.#ask(origin, known);
    }
    return Math.max(0, known.until - now);
  }

  async #ask(origin: string, known: KnownPause): Promise<void> {
    const name = this.#sharing.name("pause", origin);
    const restMs = await this.#sharing.ask(
      store => store.pausedMs(name),
      () => 0,
    );
    known.until = performance.now() + restMs;
  }
}
