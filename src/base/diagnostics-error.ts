import { CapabilityError, type Diagnostic } from "./capability-error.ts";

/** Most findings that an error lists; the others are counted. */
const MOST_FINDINGS = 50;

/**
 * Creates an error from findings. Its message names the first, and how many more there are.
 *
 * @param subject what cannot be done
 * @param omitted number of further findings, which are not among these
 */
export function diagnosticsError<Code extends "CAPABILITY_INVALID" | "CONFIG_INVALID">(
  code: Code,
  subject: string,
  findings: readonly Diagnostic[],
  omitted: number = 0,
): CapabilityError<Code> {
  const [first] = findings;
  const more = findings.length + omitted - 1;
  const diagnostics = findings.slice(0, MOST_FINDINGS);
  const details = { diagnostics, omitted: omitted + findings.length - diagnostics.length };
  return new CapabilityError<"CAPABILITY_INVALID" | "CONFIG_INVALID">(code, {
    message: `${subject}: ${first?.message}${more > 0 ? ` (and ${more} more)` : ""}`,
    details,
    source: first?.source,
  }) as CapabilityError<Code>;
}
