import { CapabilityError } from "../base/capability-error.ts";
import { thrownText } from "../base/thrown-text.ts";
import type { InnerCallOptions } from "../engine/inner-call-options.ts";
import { runUnit } from "../engine/run-unit.ts";
import type { Runtime } from "../engine/runtime.ts";
import { isUnit } from "../language/model/exposed/resolved-work.ts";
import type { Unit } from "../language/model/exposed/types.ts";
import type { Operation } from "../language/model/types.ts";
import type { BatchRow, RowResult } from "./row.ts";

/** Options of the call of a row. */
export type RowCallOptions = Pick<InnerCallOptions, "idempotencyKey" | "signal" | "confirm" | "isPermitted">;

/**
 * Calls an operation, or something that is exposed, with the inputs of a row.
 *
 * @returns the end of the row; a call that fails is one too
 * @throws CapabilityError `ABORTED` where the signal ended it, or the capability was closed: the row has not ended
 */
export async function callRow(
  runtime: Runtime,
  called: Operation | Unit,
  { row, key, inputs }: BatchRow,
  options: RowCallOptions,
): Promise<RowResult> {
  const startedAt = performance.now();
  const tally = { attempts: 0 };
  const given: InnerCallOptions = { ...options, tally };
  const elapsedMs = () => Math.round(performance.now() - startedAt);
  try {
    const { status, outputs } = isUnit(called)
      ? await runUnit(runtime, called, inputs, given)
      : await runtime.call(called.reference, inputs, given, "value");
    return { row, key, status, outputs: outputs ?? null, attempts: tally.attempts, ms: elapsedMs() };
  } catch (error) {
    const { code, message, status } = failureOf(error);
    return { row, key, status, outputs: null, attempts: tally.attempts, ms: elapsedMs(), error: { code, message } };
  }
}

/** @throws what is no failure of a row */
function failureOf(error: unknown): NonNullable<RowResult["error"]> & Pick<RowResult, "status"> {
  if (!(error instanceof CapabilityError) || error.code === "ABORTED") throw error;
  const { code, message } = error;
  const status = code === "HTTP_STATUS" ? (error as CapabilityError<"HTTP_STATUS">).details.status : code;
  return { code, message: thrownText({ message }), status };
}
