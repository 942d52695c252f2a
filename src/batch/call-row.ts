import { setTimeout as sleep } from "node:timers/promises";
import { CapabilityError, type ErrorCode, isCapabilityError } from "../base/capability-error.ts";
import { thrownText } from "../base/thrown-text.ts";
import type { InnerCallOptions } from "../engine/inner-call-options.ts";
import { runUnit } from "../engine/run-unit.ts";
import type { Runtime } from "../engine/runtime.ts";
import { isUnit, resolvedWork } from "../language/model/exposed/resolved-work.ts";
import type { Unit } from "../language/model/exposed/types.ts";
import type { Operation } from "../language/model/types.ts";
import { isIdempotent } from "../net/layers/idempotent.ts";
import type { Pace } from "../net/layers/pace.ts";
import { PacedCall } from "../net/layers/paced-call.ts";
import type { BatchRow, EndedRow } from "./row.ts";

/** Options of the call of a row. */
export interface RowCallOptions extends Omit<InnerCallOptions, "idempotencyKey" | "paced"> {
  readonly idempotencyKey?: string | undefined;
  /** Says when requests are sent, for all rows together. Once it is stopped, a row that waits is ended. */
  readonly pace: Pace;
  /** Whether the row has waited for its turn already. */
  readonly hasTurn?: boolean | undefined;
}

/**
 * Calls an operation, or something that is exposed, with the inputs of a row.
 *
 * @param isFinal tells of a failure, and of the requests that were sent for the row before, whether it is none of the row,
 *   but of all rows: it is thrown
 * @returns the end of the row; a call that fails is one too
 * @throws CapabilityError `ABORTED` where the signal or the end of the pace ended it, or the capability was closed: the row
 *   has not ended
 */
export async function callRow(
  runtime: Runtime,
  called: Operation | Unit,
  { row, key, inputs, line }: BatchRow,
  options: RowCallOptions,
  isFinal: (error: CapabilityError, sent: number) => boolean = () => false,
): Promise<EndedRow> {
  const { pace, hasTurn = false, idempotencyKey } = options;
  const paced = new PacedCall(pace, { hasKey: idempotencyKey !== undefined, hasTurn });
  // Leaving members out would cost several times as much.
  const given = { ...options, paced, pace: undefined, hasTurn: undefined };
  const call = () =>
    isUnit(called) ? runUnit(runtime, called, inputs, given) : runtime.call(called.reference, inputs, given, "value");
  try {
    const { status, outputs } = await call().catch((error: unknown) => callAgain(error, paced, pace, call));
    return { row, key, status, outputs: outputs ?? null, attempts: paced.sent, ms: paced.elapsedMs, inputs };
  } catch (error) {
    if (!(error instanceof CapabilityError) || error.code === "ABORTED" || isFinal(error, paced.sent)) throw error;
    const code = error.code as ErrorCode;
    const status = statusOf(error) ?? paced.status ?? code;
    // A key that may have been used stands for what was done with it.
    const isUnknown = paced.sent > 0 && (typeof status !== "number" || status >= 500);
    return {
      ...{ row, key, status, outputs: null, attempts: paced.sent, ms: paced.elapsedMs, inputs },
      ...(line === undefined ? {} : { line }),
      ...(isUnknown && idempotencyKey !== undefined ? { idempotencyKey } : {}),
      error: { code, message: placeOf(row, line, code) + thrownText({ message: error.message }) },
    };
  }
}

/** Tells where a row stands that has to be mended, before the message of its failure. */
function placeOf(row: number, line: number | undefined, code: ErrorCode): string {
  const isOfInputs = code === "INPUT_INVALID" || code === "INPUT_MISSING";
  return line === undefined || !isOfInputs ? "" : `Row ${row} (line ${line}): `;
}

/** Longest pause for an open circuit breaker. */
const LONGEST_OPEN_MS = 60_000;
/** How often a row waits for a circuit breaker. */
const MOST_WAITS = 5;

/**
 * Calls again after a circuit breaker has refused to send anything, when it lets a request through. All rows would fail in
 * the time in which it is open.
 *
 * @throws the error that is no such refusal
 */
async function callAgain<Result>(
  error: unknown,
  paced: PacedCall,
  pace: Pace,
  call: () => Promise<Result>,
): Promise<Result> {
  let refusal = error;
  for (let waits = 0; ; waits++) {
    if (!isCapabilityError(refusal, "CIRCUIT_OPEN") || paced.sent > 0 || waits === MOST_WAITS) throw refusal;
    const { message } = refusal;
    const ms = Math.min(LONGEST_OPEN_MS, refusal.details.retryInMs ?? LONGEST_PROBE_MS);
    await sleep(ms + Math.random() * SPREAD_MS, undefined, { signal: pace.stop }).catch(() => {
      throw new CapabilityError("ABORTED", { message, details: {} });
    });
    try {
      return await call();
    } catch (again) {
      refusal = again;
    }
  }
}

/** Wait while the one request that finds out is on its way. */
const LONGEST_PROBE_MS = 1_000;
const SPREAD_MS = 100;

function statusOf(error: CapabilityError): number | undefined {
  return error.code === "HTTP_STATUS" ? (error as CapabilityError<"HTTP_STATUS">).details.status : undefined;
}

/** Tells whether the rows of a batch have keys: calls that are not idempotent, and those that an overlay gives a key. */
export function wantsKey(called: Operation | Unit): boolean {
  if (!isUnit(called)) return hasKey(called);
  // Calls of several steps would have one key for different requests.
  const work = resolvedWork(called);
  return work.kind === "call" && hasKey(work.operation);
}

function hasKey({ method, sending }: Operation): boolean {
  const wanted = sending.idempotencyKey?.value;
  return !isIdempotent(method) || (wanted !== undefined && wanted !== false);
}
