import { isCapabilityError } from "../../../base/capability-error.ts";
import { countOf } from "../../../base/count-of.ts";
import { KeySet } from "../../../batch/key-set.ts";
import type { BatchRow, UnreadableRow } from "../../../batch/row.ts";
import type { RowSource } from "../../../batch/rows/row-source.ts";
import type { CallOptions } from "../../../engine/call-options.ts";
import { prepareUnit } from "../../../engine/run-unit.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { isUnit } from "../../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../../language/model/exposed/types.ts";
import type { Operation } from "../../../language/model/types.ts";
import type { HttpRequest } from "../../../net/http-request.ts";
import { hideLiterals } from "../call-operation.ts";
import type { CommandContext } from "../command-context.ts";
import { formatRequest } from "../format-request.ts";
import { printLines } from "../printed-text.ts";
import { numberText } from "./row-numbers.ts";

/** Problems that are told one by one. */
const MOST_PROBLEMS = 10;

/** A batch that is not run. */
interface ShownBatch {
  readonly runtime: Runtime;
  readonly called: Operation | Unit;
  readonly source: RowSource;
  readonly options: CallOptions;
  /** Returns the key that tells a repeated request of a row. */
  readonly idempotencyKeyOf: ((row: BatchRow) => string) | undefined;
}

/** Reads all rows, and prints their numbers and the request of the first one, with secrets masked. Sends nothing. */
export async function showBatch(batch: ShownBatch, { stdout }: CommandContext): Promise<void> {
  const { runtime, source } = batch;
  const keys = new KeySet();
  const unreadable: UnreadableRow[] = [];
  let [rows, bad, duplicates] = [0, 0, 0];
  let first: BatchRow | undefined;
  let request: HttpRequest | undefined;
  let problem: string | undefined;
  for await (const row of source) {
    rows++;
    if ("problem" in row) {
      bad++;
      if (unreadable.length < MOST_PROBLEMS) unreadable.push(row);
      continue;
    }
    if (!keys.add(row.key)) duplicates++;
    if (request !== undefined || problem !== undefined) continue;
    try {
      request = await prepareRow(batch, row);
      first = row;
    } catch (error) {
      // The inputs of this row do not fit: those of another one may.
      if (isCapabilityError(error, "INPUT_INVALID") || isCapabilityError(error, "INPUT_MISSING")) continue;
      if (!(error instanceof TypeError)) throw error;
      problem = error.message;
    }
  }
  await hideLiterals(runtime);
  const lines = [
    `rows        ${numberText(rows)}`,
    `unreadable  ${numberText(bad)}`,
    ...unreadable.map(({ row, line, problem }) => `            row ${row} (line ${line}) ${problem}`),
    ...(bad > unreadable.length ? [`            and ${countOf(bad - unreadable.length, "more", "more")}`] : []),
    `duplicates  ${numberText(duplicates)}`,
  ];
  if (request !== undefined)
    lines.push("", `The request of row ${first?.row}:`, ...formatRequest(request, runtime.secrets));
  else if (problem !== undefined) lines.push("", runtime.secrets.text(problem));
  else if (rows > bad) lines.push("", "No row has inputs that fit.");
  stdout.write(printLines(lines));
}

function prepareRow({ runtime, called, options, idempotencyKeyOf }: ShownBatch, row: BatchRow): Promise<HttpRequest> {
  const idempotencyKey = row.idempotencyKey ?? idempotencyKeyOf?.(row);
  const given = { ...options, idempotencyKey };
  return isUnit(called)
    ? prepareUnit(runtime, called, row.inputs, given)
    : runtime.prepare(called.reference, row.inputs, given);
}
