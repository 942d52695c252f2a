import type { FileFindings } from "../diagnose-file.ts";

/** The totals of all files. */
export interface Totals {
  /** Files that were checked. */
  readonly files: number;
  /** Files of others that were found in folders. */
  readonly skipped: number;
  readonly errors: number;
  readonly warnings: number;
  readonly departures: number;
  readonly fixed: number;
  /** Findings that are switched off. */
  readonly ignored: number;
}

/** A writer of the findings of many files in one form. */
export interface Report {
  /** Called for each file, in order. */
  add(found: FileFindings): void;
  /** Called once, after the last file. */
  finish(totals: Totals): void | Promise<void>;
}
