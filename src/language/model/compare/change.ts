import { stringify } from "../../../base/numbers/exact-json.ts";

/** A difference between two versions of a capability. */
export interface CapabilityChange {
  /** Whether a caller of the former version may fail, or get something else, with the new one. */
  readonly isBreaking: boolean;
  /** The operation as callers write it; `undefined` for a change of the capability as a whole. */
  readonly operation: string | undefined;
  /** What changed: "input \"limit\" is gone". */
  readonly message: string;
}

/** Adds a difference. */
export type ReportChange = (isBreaking: boolean, message: string) => void;

/** Returns a value as a message shows it. */
export function shownValue(value: unknown): string {
  const text = stringify(value) ?? "none";
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

const LONGEST_VALUE = 80;
