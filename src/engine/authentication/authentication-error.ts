import { CapabilityError } from "../../base/capability-error.ts";
import type { Remedy } from "../../base/remedy.ts";
import { visibleText } from "../../base/visible-text.ts";

/** Members that not every error has. */
export interface ErrorContext {
  readonly cause?: unknown;
  readonly remedies?: readonly Remedy[];
}

/**
 * Creates an `AUTHENTICATION_FAILED` error.
 *
 * @param reason a code for programs: that of an authorization server (RFC 6749, 5.2), or one of ours
 */
export function authenticationError(
  type: string,
  reason: string,
  message: string,
  more: ErrorContext = {},
): CapabilityError<"AUTHENTICATION_FAILED"> {
  return new CapabilityError("AUTHENTICATION_FAILED", { message, details: { type, reason }, ...more });
}

const LONGEST_QUOTE = 200;

/** Prepares text of a server for an error message: on one line, cut, and harmless to a terminal. */
export function quoteServer(text: string): string {
  const line = visibleText(text.replace(/\s+/g, " ").trim());
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
}
