import {
  CapabilityError,
  type Diagnostic,
  type ErrorDetails,
  isCapabilityError,
  type Severity,
} from "../../base/capability-error.ts";
import { maskHeader } from "../../base/mask-header.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { formatSourceLine, type SourceLocation } from "../../base/source-location.ts";
import { formatDifference } from "../../net/cassette/format-difference.ts";
import { colouredLine } from "./colour-json.ts";
import { type Line, quotedLines, styled } from "./printed-text.ts";
import { findingText, remedyLines } from "./remedy-text.ts";
import { headerLines } from "./response-head.ts";

/** Returns an error as one JSON object, for `--output json`. */
export function errorJson(error: unknown, secrets: SecretMask): string {
  if (!(error instanceof CapabilityError)) {
    return JSON.stringify({ error: { code: "FAULT", message: faultMessage(error, secrets) } });
  }
  const { code, message, source, details, remedies } = error;
  const text = stringify({
    error: {
      code,
      message,
      ...(source === undefined ? {} : { source }),
      details: isCapabilityError(error, "HTTP_STATUS") ? withMaskedHeaders(error.details, secrets) : details,
      ...(remedies.length === 0 ? {} : { remedies }),
    },
  });
  return text ?? "";
}

/** Masks credentials that an answer gives, such as those of `set-cookie`: they are not known as secrets. */
function withMaskedHeaders(details: ErrorDetails["HTTP_STATUS"], secrets: SecretMask): ErrorDetails["HTTP_STATUS"] {
  const headers = Object.entries(details.headers).map(([name, value]) => [
    name,
    typeof value === "string" ? maskHeader(name, value, secrets) : value?.map(each => maskHeader(name, each, secrets)),
  ]);
  return { ...details, headers: Object.fromEntries(headers) };
}

interface ErrorFormat {
  /** Lines below the error that tell what to do about it; those of its remedies by default. */
  readonly advice?: readonly string[] | undefined;
  /** Secrets to be masked in an unforeseen error, or in a stack trace. */
  readonly secrets: SecretMask;
  /** Whether to show the stack trace of a fault. That of an error says nothing about its cause. */
  readonly verbose: boolean;
  /** Whether to show the headers of an answer that is the error. */
  readonly include: boolean;
}

/** Returns an error as lines for people. */
export function formatError(error: unknown, { advice, secrets, verbose, include }: ErrorFormat): Line[] {
  const lines = error instanceof CapabilityError ? describe(error) : describeFault(error, secrets);
  if (include && isCapabilityError(error, "HTTP_STATUS"))
    lines.splice(1, 0, ...headerLines(error.details.headers, secrets), "");
  lines.push(...(advice ?? (error instanceof CapabilityError ? remedyLines(error.remedies) : [])));
  if (isCapabilityError(error, "USAGE") && error.details.usage !== undefined)
    lines.push(`usage: ${error.details.usage}`);
  if (verbose && !(error instanceof CapabilityError))
    lines.push(...quotedLines(secrets.text((error as Error)?.stack ?? "")));
  return lines;
}

function describe(error: CapabilityError): Line[] {
  if (isCapabilityError(error, "HTTP_STATUS")) return describeHttpError(error);
  if (isCapabilityError(error, "CAPABILITY_INVALID")) return describeFindings(error, "is not a valid capability");
  if (isCapabilityError(error, "CONFIG_INVALID")) return describeFindings(error, "cannot be used");
  const lines: Line[] = [headline(error.message)];
  if (error.source !== undefined) lines.push(...formatPlace(error.source));
  if (isCapabilityError(error, "NOT_RECORDED")) {
    const differences = error.details.nearest?.differences ?? [];
    lines.push(...differences.flatMap(formatDifference).map(line => `  ${line}`));
  }
  if (isCapabilityError(error, "RESPONSE_INVALID") && error.details.body)
    lines.push(...excerpt(error.details.body, LONGEST_EXCERPT).map(line => [styled("dim", line)]));
  return lines;
}

function headline(message: string): Line {
  return [styled("red", "error:"), ` ${message}`];
}

function describeFault(error: unknown, secrets: SecretMask): Line[] {
  const message = faultMessage(error, secrets);
  return [
    [styled("red", "fault:"), ` ${message} (a mistake in naftiko, not yours: report it with what --verbose prints)`],
  ];
}

/** Returns the message of a thrown value, which may have no text. */
function faultMessage(error: unknown, secrets: SecretMask): string {
  try {
    return secrets.text(String((error as Error)?.message ?? error));
  } catch {
    return "something that has no text was thrown";
  }
}

/** Enough for every error that an API explains; an HTML page of megabytes only hides the status. */
const LONGEST_BODY = 20_000;
const LONGEST_EXCERPT = 500;

function describeHttpError(error: CapabilityError<"HTTP_STATUS">): Line[] {
  const { body, request } = error.details;
  return [
    [styled("red", error.message)],
    ...(body === null ? [] : bodyLines(body)),
    [styled("dim", `${request.method} ${request.url}`)],
  ];
}

/**
 * Returns a body as lines of JSON. They begin with a bracket, a quote, a digit or a word, so a CI system reads none of
 * them as a command.
 */
function bodyLines(body: unknown): Line[] {
  if (typeof body === "string") return excerpt(body, LONGEST_BODY);
  return excerpt(stringify(body, 2) ?? "", LONGEST_BODY, text => text.split("\n")).map(colouredLine);
}

function excerpt(text: string, longest: number, linesOf: (text: string) => string[] = quotedLines): string[] {
  const trimmed = text.trimEnd();
  if (trimmed.length <= longest) return linesOf(trimmed);
  return [...linesOf(`${trimmed.slice(0, longest)}…`), `(${trimmed.length - longest} more characters)`];
}

/** @param verdict what many findings say of the file together */
function describeFindings(
  { details, message, source }: CapabilityError<"CAPABILITY_INVALID" | "CONFIG_INVALID">,
  verdict: string,
): Line[] {
  const { diagnostics, omitted } = details;
  const [first, ...others] = diagnostics;
  if (others.length === 0) {
    // A single finding is already the message.
    const place = source ?? first?.source;
    return [headline(findingText({ ...first, message })), ...(isWithin(place) ? formatPlace(place) : [])];
  }
  const count = diagnostics.length + omitted;
  return [
    headline(`${source?.file ?? "The document"} ${verdict}: ${count} errors`),
    ...diagnostics.flatMap(diagnostic => formatDiagnostic(diagnostic)),
    ...(omitted > 0 ? [`… and ${omitted} more`] : []),
  ];
}

/**
 * Returns a finding with its place and source line.
 *
 * @param label what it is called; its severity by default
 */
export function formatDiagnostic(
  { severity, message, rule, source, pointer, remedy }: Diagnostic,
  label: string = severity,
): Line[] {
  const place = source === undefined ? pointer || "(document)" : `${source.file}:${source.line}:${source.column}`;
  const head: Line = [
    styled("bold", place),
    " ",
    styled(COLOURS[severity], `${label}:`),
    ` ${findingText({ message, remedy })} `,
    styled("dim", `(${rule})`),
  ];
  return isWithin(source) ? [head, ...sourceLines(source)] : [head];
}

const COLOURS = { error: "red", warning: "yellow", departure: "blue", info: "cyan" } as const satisfies Record<
  Severity,
  string
>;

/** Tells whether a place lies within the file. A finding about the file as a whole has a place that shows nothing. */
function isWithin(source: SourceLocation | undefined): source is SourceLocation {
  return source !== undefined && (source.text !== "" || source.line > 1);
}

function formatPlace(source: SourceLocation): Line[] {
  const place = styled("dim", `at ${source.file}:${source.line}:${source.column}`);
  return [["  ", place], ...sourceLines(source)];
}

function sourceLines(source: SourceLocation): string[] {
  return formatSourceLine(source).map(line => `  ${line}`);
}
