import { KeySet } from "../key-set.ts";
import type { BatchRow, UnreadableRow } from "../row.ts";

/** Numbers about rows that were not sent. */
interface RowCounts {
  readonly rows: number;
  readonly unreadable: readonly UnreadableRow[];
  /** Rows that cannot be read, also those that are not listed. */
  readonly unreadableCount: number;
  /** Rows whose key an earlier one has. */
  readonly duplicates: number;
  /** The first rows that can be sent. */
  readonly first: readonly BatchRow[];
}

/** Counts rows, and keeps the first ones of each kind. */
export async function countRows(rows: AsyncIterable<BatchRow | UnreadableRow>, mostKept: number): Promise<RowCounts> {
  const keys = new KeySet();
  const first: BatchRow[] = [];
  const unreadable: UnreadableRow[] = [];
  let count = 0;
  let unreadableCount = 0;
  let duplicates = 0;
  for await (const row of rows) {
    count++;
    if ("problem" in row) {
      unreadableCount++;
      if (unreadable.length < mostKept) unreadable.push(row);
      continue;
    }
    if (!keys.add(row.key)) duplicates++;
    else if (first.length < mostKept) first.push(row);
  }
  return { rows: count, unreadable, unreadableCount, duplicates, first };
}
