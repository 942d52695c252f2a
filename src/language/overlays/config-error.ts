import { CapabilityError, type Diagnostic } from "../../base/capability-error.ts";
import { diagnosticsError } from "../../base/diagnostics-error.ts";
import type { Remedy } from "../../base/remedy.ts";
import type { OverlayOrigin } from "./resolved-overlay.ts";

/** Creates a `CONFIG_INVALID` error without a place in the configuration. */
export function configInvalid(message: string, remedies: readonly Remedy[] = []): CapabilityError<"CONFIG_INVALID"> {
  const details = { diagnostics: [], omitted: 0 };
  return new CapabilityError("CONFIG_INVALID", { message, details, remedies });
}

/**
 * Creates a `CONFIG_INVALID` error with all findings, in file order.
 *
 * @param subject what cannot be done; the message adds the first finding and the number of others
 * @param omitted number of further findings, which are not listed
 */
export function findingsInvalid(
  subject: string,
  findings: readonly Diagnostic[],
  omitted: number = 0,
): CapabilityError<"CONFIG_INVALID"> {
  return diagnosticsError("CONFIG_INVALID", subject, findings.toSorted(byPlace), omitted);
}

/** Creates a `CONFIG_INVALID` error about one setting of an overlay. */
export function settingInvalid(
  message: string,
  { pointer, source }: OverlayOrigin,
  remedy?: Remedy,
): CapabilityError<"CONFIG_INVALID"> {
  return new CapabilityError("CONFIG_INVALID", {
    message,
    details: {
      diagnostics: [{ severity: "error", rule: "overlay", message, pointer, source, remedy }],
      omitted: 0,
    },
    source,
  });
}

function byPlace({ source: a }: Diagnostic, { source: b }: Diagnostic): number {
  return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
}
