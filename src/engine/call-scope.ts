import { setMaxListeners } from "node:events";
import { abortedError } from "../base/aborted-error.ts";
import { orAborted } from "../base/or-aborted.ts";
import { joinSignals } from "../net/join-signals.ts";
import type { CallDeadline } from "../net/layers/call-deadline.ts";

/** The bounds of one call that something may end before its time. It ends once. */
export interface CallScope {
  /** Aborted when the call is to end. */
  readonly signal: AbortSignal;
  readonly deadline: CallDeadline | undefined;
  /** Gives the error of a call as its caller is to see it: `TIMEOUT` if the deadline has ended it. */
  explain(error: unknown): unknown;
  /** Takes timers and listeners away. */
  release(): void;
}

const known = new WeakSet<AbortSignal>();

/** Lets a program use one signal for as many calls as it likes: Node would warn of a leak from the eleventh on. */
function allowListeners(signal: AbortSignal): void {
  if (known.has(signal)) return;
  known.add(signal);
  if (signal instanceof EventTarget) setMaxListeners(0, signal);
}

/**
 * Opens the scope of a call.
 *
 * @param signals each ends the call
 * @param deadlineMs longest time of the call in milliseconds; `0` means no limit
 */
export async function openScope(signals: readonly AbortSignal[], deadlineMs: number): Promise<CallScope> {
  for (const each of signals) allowListeners(each);
  const [only, ...others] = signals;
  const joined = others.length === 0 ? undefined : joinSignals(...signals);
  const signal = joined?.signal ?? only;
  if (deadlineMs === 0 && signal !== undefined)
    return { signal, deadline: undefined, explain: error => error, release: () => joined?.release() };
  const { CallDeadline } = await import("../net/layers/call-deadline.ts");
  const deadline = new CallDeadline(deadlineMs, signal);
  return {
    signal: deadline.signal,
    deadline,
    explain: error => deadline.explain(error),
    release() {
      deadline.release();
      joined?.release();
    },
  };
}

/**
 * Gives the outcome of a call, or `ABORTED` when its signal says so, whatever the call is waiting for: a function of the
 * program need not know the signal, or heed it. A later outcome is dropped.
 */
export function untilSignal<Value>(work: Promise<Value>, signal: AbortSignal, operation: string): Promise<Value> {
  // The stages of the call hear of it too, and their errors tell more.
  return orAborted(work, signal, () => abortedError(operation, signal), setImmediate);
}
