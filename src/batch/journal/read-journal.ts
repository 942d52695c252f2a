import { fstatSync, readSync } from "node:fs";
import { CapabilityError } from "../../base/capability-error.ts";
import { batchRefused } from "../batch-refused.ts";
import { fileError } from "./file-error.ts";
import type { RowCounts } from "./journal.ts";
import { readHeader, type StoredHeader } from "./journal-header.ts";
import { readJournalLine } from "./journal-line.ts";
import type { Outputs } from "./outputs.ts";
import { RowSet } from "./row-set.ts";
import { scanLines } from "./scan-lines.ts";

/** A journal that is open. */
export interface JournalFile {
  readonly path: string;
  readonly descriptor: number;
}

/** Rows that a journal tells of. */
export interface PastRows {
  readonly rows: RowSet;
  readonly counts: RowCounts;
  readonly isFinished: boolean;
  /** Length of the whole lines. */
  readonly length: number;
  /** Bytes behind them: the begin of a line whose row was not acknowledged. */
  readonly torn: number;
}

/** Longest first line. */
const LONGEST_HEADER = 1 << 20;

/**
 * Reads the first line of a journal. Returns `undefined` if it was not written to its end.
 *
 * @throws CapabilityError `BATCH_REFUSED` if it is damaged; `IO_FAILED`
 */
export function readFirstLine(file: JournalFile): StoredHeader | undefined {
  const bytes = Buffer.alloc(LONGEST_HEADER);
  const filled = attempt(file, () => readSync(file.descriptor, bytes, 0, LONGEST_HEADER, 0));
  const end = bytes.subarray(0, filled).indexOf("\n");
  if (end < 0 && filled < LONGEST_HEADER) return undefined;
  const line = readJournalLine(bytes, 0, end);
  const header = line?.kind === "run" ? readHeader(bytes.toString("utf8", line.json, end)) : undefined;
  if (header === undefined) throw damaged(file.path, 1);
  return header;
}

/**
 * Reads the rows of a journal and passes them on to the outputs.
 *
 * @throws CapabilityError `BATCH_REFUSED` if a line is damaged; `IO_FAILED`; errors of the outputs
 */
export function readRows(file: JournalFile, outputs: Outputs): PastRows {
  const rows = new RowSet();
  const byStatus = new Map<string, number>();
  let lines = 0;
  let ended = 0;
  let failed = 0;
  let isFinished = false;
  const length = attempt(file, () =>
    scanLines(file.descriptor, (bytes, start, end, offset) => {
      if (++lines === 1) return;
      const line = readJournalLine(bytes, start, end);
      // Nothing follows the end, and no row ends twice.
      if (line === undefined || line.kind === "run" || isFinished) throw damaged(file.path, lines);
      if (line.kind === "end") {
        isFinished = true;
        return;
      }
      if (rows.has(line.row)) throw damaged(file.path, lines);
      rows.add(line.row);
      ended++;
      byStatus.set(line.status, (byStatus.get(line.status) ?? 0) + 1);
      const isFailed = line.kind === "failed";
      if (isFailed) failed++;
      const { row, json } = line;
      outputs.take({ row, isFailed, start: json, end: end + 1, offset: offset + json - start }, bytes);
    }),
  );
  const torn = attempt(file, () => fstatSync(file.descriptor).size) - length;
  return { rows, counts: { rows: ended, failed, byStatus }, isFinished, length, torn };
}

function attempt<Value>({ path }: JournalFile, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    if (error instanceof CapabilityError) throw error;
    throw fileError("read", path, error);
  }
}

function damaged(path: string, line: number): Error {
  const remedy =
    line === 1
      ? "it is not the journal of a batch, or of another version"
      : `\`head -n ${line - 1}\` keeps the lines before it; all later rows will be sent again`;
  return batchRefused(`Cannot go on with the batch: line ${line} of ${path} is damaged: ${remedy}`, {
    reason: "damaged",
    path,
  });
}
