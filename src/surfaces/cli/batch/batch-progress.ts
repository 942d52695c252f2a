import type { HostPause } from "../../../net/layers/pace.ts";
import type { CommandContext } from "../command-context.ts";
import { createProgress } from "../progress.ts";
import type { BatchCount } from "./batch-count.ts";
import { numberText, timeText } from "./row-numbers.ts";

/** How often the line is written. */
const SHOW_MS = 200;
/** Time over which the rate is told. */
const RATE_MS = 10_000;

/** One line on a terminal that tells how far a batch is, with its rate and the time that is left. */
export class BatchProgress {
  readonly #progress: ReturnType<typeof createProgress>;
  readonly #count: BatchCount;
  /** Rows of the batch that had not ended before. `undefined`: nobody knows. */
  readonly #total: number | undefined;
  readonly #timer: NodeJS.Timeout;
  /** Rows that had ended at a moment, the oldest first. */
  readonly #samples: { readonly atMs: number; readonly rows: number }[] = [];
  #pause: { readonly text: string; readonly untilMs: number } | undefined;
  #isStopping = false;

  constructor(
    count: BatchCount,
    total: number | undefined,
    context: Pick<CommandContext, "stderr" | "env">,
    quiet: boolean,
  ) {
    this.#count = count;
    this.#total = total;
    this.#progress = createProgress(context, { quiet, verbose: false });
    this.#timer = setInterval(() => this.#show(), SHOW_MS).unref();
  }

  /** Shows that all rows wait for an API. */
  paused({ origin, waitMs, status }: HostPause): void {
    const text = `${new URL(origin).host} asks to wait (HTTP ${status})`;
    this.#pause = { text, untilMs: performance.now() + waitMs };
  }

  /** Shows that running calls are waited for. */
  stopping(): void {
    this.#isStopping = true;
    this.#show();
  }

  /** Takes the line away for a moment. */
  clear(): void {
    this.#progress.clear();
  }

  /** Takes the line away. */
  end(): void {
    clearInterval(this.#timer);
    this.#progress.clear();
  }

  #show(): void {
    const { rows, failed } = this.#count;
    const total = this.#total;
    const parts = [
      total === undefined
        ? `${numberText(rows)} rows`
        : `${numberText(rows)} of ${numberText(total)} rows (${share(rows, total)})`,
    ];
    const perSecond = this.#rate(rows);
    if (perSecond > 0) parts.push(`${perSecond < 10 ? perSecond.toFixed(1) : numberText(perSecond)}/s`);
    if (perSecond > 0 && total !== undefined) parts.push(`${timeText(((total - rows) / perSecond) * 1_000)} left`);
    if (failed > 0) parts.push(`${numberText(failed)} failed`);
    const restMs = (this.#pause?.untilMs ?? 0) - performance.now();
    if (this.#isStopping) parts.push("waiting for running calls; again to end at once");
    else if (this.#pause !== undefined && restMs > 0) parts.push(`${this.#pause.text}, ${timeText(restMs)}`);
    this.#progress.show(parts.join(", "));
  }

  #rate(rows: number): number {
    const atMs = performance.now();
    const samples = this.#samples;
    samples.push({ atMs, rows });
    while (samples.length > 2 && atMs - (samples[0]?.atMs ?? atMs) > RATE_MS) samples.shift();
    const [first = { atMs, rows }] = samples;
    return atMs === first.atMs ? 0 : ((rows - first.rows) * 1_000) / (atMs - first.atMs);
  }
}

function share(rows: number, total: number): string {
  return total === 0 ? "100%" : `${Math.floor((rows * 100) / total)}%`;
}
