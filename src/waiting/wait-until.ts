import { setTimeout as pause } from "node:timers/promises";
import { CapabilityError } from "../error/capability-error.ts";
import { quoteValue } from "../error/visible-text.ts";
import { isTransient } from "../transport/attempts.ts";
import { isIdempotent } from "../transport/idempotent.ts";
import { compileCondition, parseCondition } from "./compile-condition.ts";
import { formatDuration } from "./format-duration.ts";

/** What is waited for, and how long. */
export interface Wait<Result extends { readonly outputs: unknown }> {
  readonly operation: { readonly name: string; readonly method: string; readonly url: string };
  readonly until: string | ((result: Result) => boolean | Promise<boolean>);
  readonly everyMs: number;
  readonly forMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onCall?: ((calls: number, elapsedMs: number) => void) | undefined;
  /** Calls the operation once; the signal ends the call. */
  readonly call: (signal: AbortSignal) => Promise<Result>;
  /** @default the system's */
  readonly clock?: Clock;
}

/** Time, as a value. */
export interface Clock {
  /** In milliseconds from any moment on. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<unknown>;
}

const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => pause(ms, undefined, signal === undefined ? {} : { signal }),
};

const LONGEST_EXCERPT = 300;

/**
 * Calls an operation until its answer is as wanted, and gives that answer. A call that would begin after the time is not
 * begun, and one that runs then is ended.
 *
 * @throws CapabilityError `TIMEOUT` with the last outputs, `ABORTED`, and what a call throws, unless it may pass and the
 *   method may be repeated (RFC 9110, 9.2.2)
 * @throws TypeError for a malformed filter
 */
export async function waitUntil<Result extends { readonly outputs: unknown }>(
  wait: Wait<Result>,
): Promise<Result> {
  const { operation, everyMs, forMs, signal, onCall, clock = systemClock } = wait;
  const isWanted = await testOf(wait.until);
  const start = clock.now();
  const end = start + forMs;
  let last: Last = { kind: "none" };
  for (let calls = 1; ; calls++) {
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(end - clock.now())));
    try {
      const result = await wait.call(signal === undefined ? limit : AbortSignal.any([signal, limit]));
      if (await isWanted(result)) return result;
      last = { kind: "outputs", outputs: result.outputs };
    } catch (error) {
      if (signal?.aborted) throw error;
      if (limit.aborted) throw expired(wait, calls, last);
      if (!isIdempotent(operation.method) || !isTransient(error)) throw error;
      last = { kind: "failure", message: (error as Error).message };
    }
    onCall?.(calls, clock.now() - start);
    if (clock.now() + everyMs >= end) throw expired(wait, calls, last);
    await sleep(wait, clock);
  }
}

/** How the last call ended. */
type Last =
  | { readonly kind: "none" }
  | { readonly kind: "outputs"; readonly outputs: unknown }
  | { readonly kind: "failure"; readonly message: string };

async function testOf<Result extends { readonly outputs: unknown }>(
  until: Wait<Result>["until"],
): Promise<(result: Result) => boolean | Promise<boolean>> {
  if (typeof until === "function") return until;
  const parsed = typeof until === "string" ? parseCondition(until) : undefined;
  if (parsed === undefined) throw new TypeError("until must be a JSONPath filter or a function");
  if (!parsed.ok)
    throw new TypeError(`Cannot read until ${JSON.stringify(until)} as a JSONPath filter: ${parsed.reason}`);
  const holds = await compileCondition(parsed.filters);
  return ({ outputs }) => holds(outputs);
}

async function sleep<Result extends { readonly outputs: unknown }>(
  { operation, everyMs, signal }: Wait<Result>,
  clock: Clock,
): Promise<void> {
  try {
    await clock.sleep(everyMs, signal);
  } catch (cause) {
    if (!signal?.aborted) throw cause;
    throw new CapabilityError("ABORTED", {
      message: `${operation.name}: waiting was aborted`,
      details: { operation: operation.name },
      cause: signal.reason,
    });
  }
}

function expired<Result extends { readonly outputs: unknown }>(
  { operation: { name, url }, until, forMs }: Wait<Result>,
  calls: number,
  last: Last,
): CapabilityError<"TIMEOUT"> {
  const wanted = typeof until === "string" ? until : "what is waited for";
  const count = calls === 1 ? "1 call" : `${calls} calls`;
  return new CapabilityError("TIMEOUT", {
    message: `${name}: ${wanted} did not hold within ${formatDuration(forMs)} (${count}); ${lastText(last)}`,
    details: {
      operation: name,
      timeoutMs: forMs,
      url,
      ...(last.kind === "outputs" ? { outputs: last.outputs } : {}),
    },
  });
}

function lastText(last: Last): string {
  if (last.kind === "none") return "the call did not end";
  if (last.kind === "failure") return `the last call failed: ${last.message}`;
  return `the last outputs were ${quoteValue(last.outputs, LONGEST_EXCERPT)}`;
}
