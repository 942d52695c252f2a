import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";

/** Ends a whole call when its time is over: look-ups, tokens, waits, every attempt and the pauses between them. */
export class CallDeadline {
  /** Aborted when the time is over, and when the caller says so. */
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  #attempts = 0;
  #last: string | undefined;
  #url: string | undefined;
  #isOver = false;
  readonly #endsAt: number;
  readonly #controller = new AbortController();
  readonly #callers: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;

  /** @param callers ends the call too */
  constructor(deadlineMs: number, callers: AbortSignal | undefined) {
    this.deadlineMs = deadlineMs;
    this.#callers = callers;
    this.#endsAt = performance.now() + deadlineMs;
    this.signal = this.#controller.signal;
    this.#timer = setTimeout(() => {
      this.#isOver = !this.signal.aborted;
      this.#controller.abort(new Error("The deadline has passed"));
    }, deadlineMs);
    if (callers?.aborted) this.#onAbort();
    callers?.addEventListener("abort", this.#onAbort, { once: true });
  }

  readonly #onAbort = (): void => this.#controller.abort(this.#callers?.reason);

  /** Returns the time that is left, in milliseconds. */
  get remainingMs(): number {
    return this.#endsAt - performance.now();
  }

  /** Counts an attempt that begins. */
  begin(url: string): void {
    this.#attempts++;
    this.#url = url;
  }

  /** Keeps the reason of an attempt that has failed in a way that may pass. */
  note(reason: string): void {
    this.#last = reason;
  }

  /** Takes the timer and the listener away. */
  release(): void {
    clearTimeout(this.#timer);
    this.#callers?.removeEventListener("abort", this.#onAbort);
  }

  /** Gives the error of a call as its caller is to see it: `TIMEOUT` if the deadline has ended it. */
  explain(error: unknown): unknown {
    if (!this.#isOver || !isCapabilityError(error, "ABORTED")) return error;
    const { deadlineMs } = this;
    const attempts = this.#attempts;
    const url = this.#url;
    const last = this.#last;
    const { operation } = error.details;
    const subject = operation === undefined ? "The call" : `${operation}: the call`;
    return new CapabilityError("TIMEOUT", {
      message: `${subject} did not end within its deadline of ${deadlineMs} ms (${attemptsText(attempts)}${last === undefined ? "" : `; the last that ended: ${last}`})`,
      details: {
        ...(operation === undefined ? {} : { operation }),
        timeoutMs: deadlineMs,
        reason: "deadline",
        ...(url === undefined ? {} : { url }),
        attempts,
        ...(last === undefined ? {} : { last }),
      },
    });
  }
}

function attemptsText(attempts: number): string {
  if (attempts === 0) return "nothing was sent";
  return attempts === 1 ? "1 attempt" : `${attempts} attempts`;
}
