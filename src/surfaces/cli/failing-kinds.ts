import type { Severity } from "../../base/capability-error.ts";

export type FailingKind = Exclude<Severity, "info">;

/** Kinds of findings that `naftiko validate` may fail for, the gravest first. */
export const FAILING_KINDS: readonly FailingKind[] = ["error", "warning", "departure"];

/** Tells whether a finding is as grave as `failOn`, or graver. */
export function isFailing(severity: Severity, failOn: FailingKind): boolean {
  return severity !== "info" && FAILING_KINDS.indexOf(severity) <= FAILING_KINDS.indexOf(failOn);
}
