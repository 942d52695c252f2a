import type { ErrorCode } from "../base/capability-error.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";

/** A row that can be sent. */
export interface BatchRow {
  /** Number of the row, from 1; the header of a table does not count, rows that cannot be sent do. */
  readonly row: number;
  /** Value of `--key`; without one a hash of the inputs. */
  readonly key: string;
  readonly inputs: Inputs;
  /** Number of its first line in the file, from 1; absent for rows of a program. */
  readonly line?: number | undefined;
  /** `Idempotency-Key` of a failed row that is fed back, whose outcome is unknown: it is sent with that one again. */
  readonly idempotencyKey?: string | undefined;
}

/** A row that cannot be sent. */
export interface UnreadableRow {
  readonly row: number;
  /** Number of its first line in the file, from 1. */
  readonly line: number;
  /** Problem, as the end of a sentence about the row. */
  readonly problem: string;
}

/** The end of a row: one line of an output. */
export interface RowResult {
  readonly row: number;
  /** `null` for a row that could not be read. */
  readonly key: string | null;
  /** HTTP status of the answer; without one the code of the error. `duplicate`: its key is that of an earlier row. */
  readonly status: number | ErrorCode | "duplicate";
  /** The outputs by name, `null` where the row failed. */
  readonly outputs: unknown;
  /** Requests that were sent for it, by all processes that are known to have tried. */
  readonly attempts: number;
  /** Time from its first attempt to its end, in milliseconds, without the wait for a turn. */
  readonly ms: number;
  /** `Idempotency-Key` that was sent, of a failed row whose outcome is unknown: no answer came, or a 5xx. */
  readonly idempotencyKey?: string | undefined;
  /** Failure of the row; absent where it was done. */
  readonly error?: { readonly code: ErrorCode; readonly message: string } | undefined;
}

/** A result with the facts that a line of `--failed` has besides. */
export interface EndedRow extends RowResult {
  /** `null` for a row that could not be read. */
  readonly inputs: Inputs | null;
  /** Number of its first line in the file, from 1, for a row of a file that failed. */
  readonly line?: number | undefined;
}
