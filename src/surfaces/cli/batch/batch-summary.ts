import type { RowCounts } from "../../../batch/journal/journal.ts";
import type { BatchCount } from "./batch-count.ts";
import { numberText, rowsText, timeText } from "./row-numbers.ts";

/** How a batch has ended. */
export interface BatchEnd {
  readonly count: BatchCount;
  /** Rows that had ended before, where the run was resumed. */
  readonly before: RowCounts | undefined;
  /** Why it was stopped before its last row. */
  readonly stopped: "interrupted" | "errors" | undefined;
  /** Number of all rows, where it is known. */
  readonly total: number | undefined;
  readonly elapsedMs: number;
  /** Whether a later run can go on. */
  readonly isKept: boolean;
}

/** Returns the lines that tell how a batch has ended, by status. */
export function summaryLines(end: BatchEnd): string[] {
  const { count, before, elapsedMs } = end;
  const statuses = sumsOf(end);
  const perSecond = elapsedMs > 0 ? (count.rows * 1_000) / elapsedMs : 0;
  const rate =
    count.rows < 2 || elapsedMs < 1 ? "" : ` (${perSecond < 10 ? perSecond.toFixed(1) : numberText(perSecond)}/s)`;
  const earlier = before === undefined || before.rows === 0 ? "" : `, ${rowsText(before.rows)} before`;
  const width = Math.max(...statuses.map(([status]) => status.length), 0);
  return [
    `${rowsText(count.rows)} in ${timeText(elapsedMs)}${rate}${earlier}`,
    ...statuses.map(([status, rows]) => `  ${status.padEnd(width)}  ${numberText(rows)}`),
    ...stopLines(end),
  ];
}

/** Returns the summary for programs. */
export function summaryJson(end: BatchEnd): object {
  const { count, before, stopped, total, elapsedMs } = end;
  return {
    rows: count.rows + (before?.rows ?? 0),
    failed: count.failed + (before?.failed ?? 0),
    before: before?.rows ?? 0,
    total: total ?? null,
    byStatus: Object.fromEntries(sumsOf(end)),
    stopped: stopped ?? null,
    ms: Math.round(elapsedMs),
  };
}

function sumsOf({ count, before }: BatchEnd): [string, number][] {
  const sums = new Map(before?.byStatus);
  for (const [status, rows] of count.byStatus) sums.set(status, (sums.get(status) ?? 0) + rows);
  // Statuses are first, and then codes.
  return [...sums].sort(([one], [other]) => (one < other ? -1 : 1));
}

function stopLines({ count, before, stopped, total, isKept }: BatchEnd): string[] {
  if (stopped === undefined) return [];
  const why = stopped === "interrupted" ? "interrupted" : "too many rows have failed";
  const left = total === undefined ? "" : `, ${rowsText(total - count.rows - (before?.rows ?? 0))} left`;
  const next = isKept
    ? "go on with the same command and --resume"
    : "nothing is kept without --out: there is no --resume";
  return [`stopped: ${why}${left}; ${next}`];
}
