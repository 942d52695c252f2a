import type { FileFindings } from "../diagnose-file.ts";

/** What was found in all files. */
export interface Totals {
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  /** The warnings that are about the published specification. */
  readonly departures: number;
  readonly fixed: number;
}

/** One form of the findings of many files. */
export interface Report {
  /** Called for each file, in order. */
  add(found: FileFindings): void;
  /** Called once, behind the last file. */
  finish(totals: Totals): void;
}
