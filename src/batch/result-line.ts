import { stringify } from "../base/numbers/exact-json.ts";
import type { EndedRow, RowResult } from "./row.ts";

/** Returns a result as a line of `--out`, with its line break. */
export function resultLine(result: RowResult): string {
  return `${members(result)}}\n`;
}

/** Returns a failed row as a line of `--failed`, which can be a source of rows, with its line break. */
export function failedLine(result: EndedRow): string {
  const line = result.line === undefined ? "" : `,"line":${result.line}`;
  const sent = result.idempotencyKey === undefined ? "" : `,"idempotencyKey":${JSON.stringify(result.idempotencyKey)}`;
  return `${members(result)}${line}${sent},"inputs":${stringify(result.inputs) ?? "null"}}\n`;
}

/** Returns the members that all lines have. A row's number is always the first: a journal is read by it. */
function members({ row, key, status, outputs, attempts, ms, error }: RowResult): string {
  const first = `{"row":${row},"key":${JSON.stringify(key)},"status":${JSON.stringify(status)}`;
  const last = error === undefined ? "" : `,"error":${JSON.stringify(error)}`;
  return `${first},"outputs":${stringify(outputs) ?? "null"},"attempts":${attempts},"ms":${ms}${last}`;
}
