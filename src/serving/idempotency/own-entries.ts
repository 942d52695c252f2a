import { Refusal } from "../refusal.ts";
import type { GivenAnswer, LedgerEntry } from "./ledger-entry.ts";

/** Most answers that a process remembers. Of more, the oldest are forgotten. */
const MOST_ANSWERS = 10_000;
/** Most bytes of their bodies. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Most requests that run. They go on when their callers have gone: the limit of the listener does not hold for them. */
const MOST_RUNNING = 2_000;

interface TimedAnswer {
  readonly entry: GivenAnswer;
  /** By `performance.now()`. */
  readonly endAt: number;
}

/** The entries of one process. Their memory is bounded. */
export class OwnEntries {
  /** Fingerprints of requests that run. */
  readonly #running = new Map<string, string>();
  /** In the order in which they end. */
  readonly #given = new Map<string, TimedAnswer>();
  #bytes = 0;

  get(name: string): LedgerEntry | undefined {
    const fingerprint = this.#running.get(name);
    if (fingerprint !== undefined) return { kind: "running", fingerprint };
    const found = this.#given.get(name);
    return found !== undefined && found.endAt > performance.now() ? found.entry : undefined;
  }

  /** @throws Refusal 503 where too many run */
  begin(name: string, fingerprint: string): void {
    if (this.#running.size >= MOST_RUNNING)
      throw new Refusal(503, "The server answers as many requests with keys as it can", { "retry-after": "1" });
    this.#running.set(name, fingerprint);
  }

  /** Forgets a request that runs. */
  end(name: string): void {
    this.#running.delete(name);
  }

  keep(name: string, entry: GivenAnswer, lifeMs: number): void {
    const now = performance.now();
    this.#forget(name);
    this.#given.set(name, { entry, endAt: now + lifeMs });
    this.#bytes += sizeOf(entry);
    for (const [oldest, { endAt }] of this.#given) {
      if (endAt > now && this.#given.size <= MOST_ANSWERS && this.#bytes <= MOST_BYTES) return;
      this.#forget(oldest);
    }
  }

  #forget(name: string): void {
    const found = this.#given.get(name);
    if (found === undefined) return;
    this.#given.delete(name);
    this.#bytes -= sizeOf(found.entry);
  }
}

function sizeOf({ answer }: GivenAnswer): number {
  return answer?.body.length ?? 0;
}
