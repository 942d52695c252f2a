import type { Inputs } from "../engine/request/check-inputs.ts";
import type { Runtime } from "../engine/runtime.ts";
import { Pace } from "../net/layers/pace.ts";
import type { BatchOptions, BatchResult } from "./batch-options.ts";
import { wantsKey } from "./call-row.ts";
import { idempotencyKeyOfKey, idempotencyKeyOfRow } from "./idempotency-key.ts";
import { inputsKey } from "./inputs-key.ts";
import { type MaxErrors, parseMaxErrors } from "./max-errors.ts";
import type { BatchRow } from "./row.ts";
import { runBatch } from "./run-batch.ts";

/** Inputs of rows, from anywhere. */
export type GivenRows = AsyncIterable<Inputs> | Iterable<Inputs>;

/**
 * Calls an operation, or something that is exposed, for each row of a program.
 *
 * @throws RangeError, TypeError for options and rows that make no sense
 */
export async function* batchOf(
  runtime: Runtime,
  reference: string,
  rows: GivenRows,
  options: BatchOptions,
): AsyncGenerator<BatchResult, void, undefined> {
  const { concurrency = 10, requestsPerSecond, order = "finished", key, maxErrors, onPause, ...call } = options;
  const most = maxErrors === undefined ? undefined : maxErrorsOf(maxErrors);
  const called = await runtime.perform(async () => runtime.findCallable(reference));
  const permitted = await runtime.permitAll(called, {}, call);
  const stopping = new AbortController();
  const rate = requestsPerSecond === undefined ? undefined : { requests: requestsPerSecond, intervalMs: 1_000 };
  const run = crypto.randomUUID();
  const idempotencyKeyOf =
    key === undefined
      ? ({ row }: BatchRow) => idempotencyKeyOfRow(run, row)
      : (row: BatchRow) => idempotencyKeyOfKey(called.reference, row.key);
  const results = runBatch(batchRows(called.reference, rows, key), {
    ...{ runtime, called, concurrency, order, maxErrors: most, call: permitted },
    pace: new Pace({ rate, stop: stopping.signal, onPause }),
    stop: () => stopping.abort(),
    idempotencyKeyOf: wantsKey(called) ? idempotencyKeyOf : undefined,
    hasOwnKeys: key !== undefined,
    isDone: () => false,
    keep: undefined,
  });
  // All rows of a program have inputs, and so a key.
  yield* results as AsyncGenerator<BatchResult, void, undefined>;
}

async function* batchRows(
  reference: string,
  rows: GivenRows,
  keyOf: BatchOptions["key"],
): AsyncGenerator<BatchRow, void, undefined> {
  let row = 0;
  for await (const inputs of rows) {
    row++;
    if (typeof inputs !== "object" || inputs === null || Array.isArray(inputs))
      throw new TypeError(`Row ${row} must be an object of values by input name`);
    yield { row, key: keyOf === undefined ? inputsKey(reference, inputs) : textOf(keyOf(inputs, row), row), inputs };
  }
}

function textOf(key: string | number, row: number): string {
  // A function of a program may give anything.
  if (typeof key === "string" || typeof key === "number") return String(key);
  throw new TypeError(`key must give a text or a number, and gave ${typeof key} for row ${row}`);
}

function maxErrorsOf(given: number | string): MaxErrors {
  const maxErrors = parseMaxErrors(String(given));
  if (maxErrors !== undefined) return maxErrors;
  throw new RangeError(
    `maxErrors must be a number from 1 on, or a percentage such as "5%", found ${JSON.stringify(given)}`,
  );
}
