import { CapabilityError, type Diagnostic, isCapabilityError } from "../error/capability-error.ts";
import { formatSourceLine, type SourceLocation } from "../error/source-location.ts";
import { visibleText } from "../error/visible-text.ts";
import type { Style } from "./style.ts";

/** An error as one JSON object, for `--output json`. */
export function errorJson(error: unknown): string {
  if (!(error instanceof CapabilityError)) {
    return JSON.stringify({ error: { code: "FAULT", message: String((error as Error)?.message ?? error) } });
  }
  const { code, message, source, details } = error;
  return JSON.stringify({ error: { code, message, ...(source === undefined ? {} : { source }), details } });
}

export interface ErrorFormat {
  /** Lines below the error that tell what to do about it. */
  readonly advice: readonly string[];
  readonly style: Style;
  /** Whether to show the stack trace. */
  readonly verbose: boolean;
}

/** An error as text for people. */
export function formatError(error: unknown, { advice, style, verbose }: ErrorFormat): string {
  const lines = error instanceof CapabilityError ? describe(error, style) : describeFault(error, style);
  lines.push(...advice.map(visibleText));
  if (isCapabilityError(error, "USAGE") && error.details.usage !== undefined)
    lines.push(`usage: ${error.details.usage}`);
  if (verbose) lines.push(visibleText((error as Error)?.stack ?? ""));
  return lines.join("\n");
}

function describe(error: CapabilityError, style: Style): string[] {
  if (isCapabilityError(error, "HTTP_STATUS")) return describeHttpError(error, style);
  if (isCapabilityError(error, "CAPABILITY_INVALID"))
    return describeFindings(error, "is not a valid capability", style);
  if (isCapabilityError(error, "CONFIG_INVALID")) return describeFindings(error, "cannot be used", style);
  const lines = [headline(error.message, style)];
  if (error.source !== undefined) lines.push(formatPlace(error.source, style));
  if (isCapabilityError(error, "RESPONSE_INVALID") && error.details.body)
    lines.push(style("dim", shorten(error.details.body.trimEnd(), LONGEST_EXCERPT)));
  return lines;
}

function headline(message: string, style: Style): string {
  return `${style("red", "error:")} ${visibleText(message)}`;
}

function describeFault(error: unknown, style: Style): string[] {
  const message = String((error as Error)?.message ?? error);
  return [
    `${style("red", "fault:")} ${visibleText(message)}`,
    "This is a mistake in naftiko, not yours; --verbose shows where it happened",
  ];
}

/** Enough for every error that an API explains; an HTML page of megabytes only hides the status. */
const LONGEST_BODY = 20_000;
const LONGEST_EXCERPT = 500;

function describeHttpError(error: CapabilityError<"HTTP_STATUS">, style: Style): string[] {
  const { body, request } = error.details;
  const text = typeof body === "string" ? body : JSON.stringify(body, null, 2);
  return [
    style("red", visibleText(error.message)),
    ...(body === null ? [] : [shorten(text.trimEnd(), LONGEST_BODY)]),
    style("dim", visibleText(`${request.method} ${request.url}`)),
  ];
}

function shorten(text: string, longest: number): string {
  if (text.length <= longest) return visibleText(text);
  return `${visibleText(text.slice(0, longest))}…\n(${text.length - longest} more characters)`;
}

/** @param verdict what many findings say of the file together */
function describeFindings(
  { details, message, source }: CapabilityError<"CAPABILITY_INVALID" | "CONFIG_INVALID">,
  verdict: string,
  style: Style,
): string[] {
  const { diagnostics, omitted } = details;
  const [first, ...others] = diagnostics;
  if (others.length === 0) {
    // A single finding is already the message.
    const place = source ?? first?.source;
    return [headline(message, style), ...(isWithin(place) ? [formatPlace(place, style)] : [])];
  }
  const count = diagnostics.length + omitted;
  return [
    headline(`${source?.file ?? "The document"} ${verdict}: ${count} errors`, style),
    ...diagnostics.map(diagnostic => formatDiagnostic(diagnostic, style)),
    ...(omitted > 0 ? [`… and ${omitted} more`] : []),
  ];
}

/**
 * A finding with its place and source line.
 *
 * @param label what it is called; its severity by default
 */
export function formatDiagnostic(
  { severity, message, rule, source, pointer }: Diagnostic,
  style: Style,
  label: string = severity,
): string {
  const colour = severity === "error" ? "red" : severity === "warning" ? "yellow" : "cyan";
  const place =
    source === undefined ? pointer || "(document)" : `${source.file}:${source.line}:${source.column}`;
  const head = `${style("bold", visibleText(place))} ${style(colour, `${label}:`)} ${visibleText(message)} ${style("dim", `(${rule})`)}`;
  return isWithin(source) ? `${head}\n${indent(formatSourceLine(source))}` : head;
}

/** A finding about the file as a whole has a place that shows nothing. */
function isWithin(source: SourceLocation | undefined): source is SourceLocation {
  return source !== undefined && (source.text !== "" || source.line > 1);
}

function formatPlace(source: SourceLocation, style: Style): string {
  const place = style("dim", `at ${source.file}:${source.line}:${source.column}`);
  return `  ${place}\n${indent(formatSourceLine(source))}`;
}

function indent(text: string): string {
  return visibleText(text)
    .split("\n")
    .map(line => `  ${line}`)
    .join("\n");
}
