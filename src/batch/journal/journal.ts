import type { EndedRow } from "../row.ts";

// The journal is the truth about a run: a row is done when its line is in there. The outputs follow from it. Whatever ends
// the process, they hold a part of the journal's lines, and the rest is added when the run goes on.

/** Account of the rows of a batch that have ended, in a file beside the output. */
export interface Journal {
  /** Random name of the run, the same at every resume. */
  readonly runId: string;
  /** Whether all rows had ended before. */
  readonly isFinished: boolean;
  /** Rows that had ended before. */
  readonly before: RowCounts;
  /** Repairs of the files, for people. */
  readonly notes: readonly string[];
  isDone(row: number): boolean;
  /**
   * Adds the end of a row. A row that has ended already keeps its first end.
   *
   * @returns when it is written, so that it survives the process
   * @throws CapabilityError `IO_FAILED`; then the row may be done again
   */
  add(row: EndedRow): Promise<void>;
  /**
   * Notes that all rows have ended, and closes.
   *
   * @throws CapabilityError `IO_FAILED`
   */
  finish(): Promise<void>;
  /**
   * Writes all that was added, and closes. The run can go on later.
   *
   * @throws CapabilityError `IO_FAILED`
   */
  close(): Promise<void>;
  /** Closes the journal of a run of which nothing was sent. Without an ended row its files are removed. */
  discard(): Promise<void>;
}

/** Numbers of rows that have ended. */
export interface RowCounts {
  readonly rows: number;
  readonly failed: number;
  readonly byStatus: ReadonlyMap<string, number>;
}
