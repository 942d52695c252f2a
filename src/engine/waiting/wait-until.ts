import { setTimeout as pause } from "node:timers/promises";
import { abortedError } from "../../base/aborted-error.ts";
import { CapabilityError } from "../../base/capability-error.ts";
import { formatDuration } from "../../base/duration.ts";
import { orAborted } from "../../base/or-aborted.ts";
import { thrownText } from "../../base/thrown-text.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { joinSignals } from "../../net/join-signals.ts";
import { isIdempotent } from "../../net/layers/idempotent.ts";
import { isTransient } from "../../net/layers/repeat.ts";
import { compileCondition, parseCondition } from "./compile-condition.ts";

/** The settings of a wait. */
interface Wait<Result extends { readonly outputs: unknown }> {
  readonly operation: { readonly name: string; readonly method: string; readonly url: string | undefined };
  readonly until: string | ((result: Result) => boolean | Promise<boolean>);
  readonly everyMs: number;
  readonly forMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onCall?: ((calls: number, elapsedMs: number) => void) | undefined;
  /** Calls the operation once. The signal ends the call. */
  readonly call: (signal: AbortSignal) => Promise<Result>;
  /** @default the system's clock */
  readonly clock?: Clock;
}

/** A clock. */
interface Clock {
  /** Returns milliseconds since some moment. */
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<unknown>;
}

const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => pause(ms, undefined, { signal }),
};

const LONGEST_EXCERPT = 300;

/**
 * Calls an operation until its answer fulfils the condition, and returns that answer. When the time is over, no call
 * begins, and a running one is ended.
 *
 * @throws CapabilityError `TIMEOUT` with the last outputs, `ABORTED`, and errors of a call, except transient ones of a
 *   method that may be repeated (RFC 9110, 9.2.2)
 * @throws TypeError for a malformed filter
 */
export async function waitUntil<Result extends { readonly outputs: unknown }>(wait: Wait<Result>): Promise<Result> {
  const { operation, everyMs, forMs, signal, onCall, clock = systemClock } = wait;
  const isWanted = await testOf(wait.until, operation);
  const start = clock.now();
  const end = start + forMs;
  let last: Last = { kind: "none" };
  for (let calls = 1; ; calls++) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), Math.max(1, Math.ceil(end - clock.now())));
    const joined = joinSignals(signal, limit.signal);
    try {
      const result = await wait.call(joined.signal);
      last = { kind: "outputs", outputs: result.outputs };
      const ended = () => abortedError(operation.name, joined.signal);
      if (await orAborted(isWanted(result), joined.signal, ended)) return result;
    } catch (error) {
      if (signal?.aborted) throw error instanceof CapabilityError ? error : abortedError(operation.name, signal);
      if (limit.signal.aborted) throw expired(wait, calls, last);
      if (!isIdempotent(operation.method) || !isTransient(error)) throw error;
      last = { kind: "failure", message: (error as Error).message };
    } finally {
      clearTimeout(timer);
      joined.release();
    }
    onCall?.(calls, clock.now() - start);
    if (clock.now() + everyMs >= end) throw expired(wait, calls, last);
    await sleep(wait, clock);
  }
}

/** The result of the last call. */
type Last =
  | { readonly kind: "none" }
  | { readonly kind: "outputs"; readonly outputs: unknown }
  | { readonly kind: "failure"; readonly message: string };

async function testOf<Result extends { readonly outputs: unknown }>(
  until: Wait<Result>["until"],
  { name }: Wait<Result>["operation"],
): Promise<(result: Result) => Promise<boolean>> {
  if (typeof until === "function") return result => ask(until, result, name);
  const parsed = typeof until === "string" ? parseCondition(until) : undefined;
  if (parsed === undefined) throw new TypeError("until must be a JSONPath filter or a function");
  if (!parsed.ok)
    throw new TypeError(`Cannot read until ${JSON.stringify(until)} as a JSONPath filter: ${parsed.reason}`);
  const holds = compileCondition(parsed.filters);
  return async ({ outputs }) => holds(outputs);
}

/** Asks a function of the program. An error that it throws ends the wait. */
async function ask<Result extends { readonly outputs: unknown }>(
  until: (result: Result) => boolean | Promise<boolean>,
  result: Result,
  name: string,
): Promise<boolean> {
  try {
    return await until(result);
  } catch (cause) {
    throw new CapabilityError("ABORTED", {
      message: `${name}: waiting was ended, as its function until failed: ${thrownText(cause)}`,
      details: { operation: name },
      cause,
    });
  }
}

async function sleep<Result extends { readonly outputs: unknown }>(
  { operation, everyMs, signal }: Wait<Result>,
  clock: Clock,
): Promise<void> {
  try {
    await clock.sleep(everyMs, signal);
  } catch (cause) {
    if (!signal?.aborted) throw cause;
    throw abortedError(operation.name, signal);
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
      ...(url === undefined ? {} : { url }),
      ...(last.kind === "outputs" ? { outputs: last.outputs } : {}),
    },
  });
}

function lastText(last: Last): string {
  if (last.kind === "none") return "the call did not end";
  if (last.kind === "failure") return `the last call failed: ${last.message}`;
  return `the last outputs were ${quoteValue(last.outputs, LONGEST_EXCERPT)}`;
}
