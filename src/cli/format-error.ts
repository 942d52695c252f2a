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

/** An error as text for people. Without `verbose` there is no stack trace. */
export function formatError(error: unknown, style: Style, verbose: boolean): string {
  const stack = verbose ? `\n${visibleText((error as Error)?.stack ?? "")}` : "";
  if (isCapabilityError(error, "HTTP_STATUS")) return formatHttpError(error, style) + stack;
  if (!(error instanceof CapabilityError)) {
    const message = String((error as Error)?.message ?? error);
    return `${style("red", "fault:")} ${visibleText(message)}\nThis is a mistake in naftiko, not yours; --verbose shows where it happened${stack}`;
  }
  const lines = [`${style("red", "error:")} ${visibleText(error.message)}`];
  if (isCapabilityError(error, "CAPABILITY_INVALID")) lines.push(...formatInvalid(error, style));
  else if (error.source !== undefined) lines.push(formatPlace(error.source, style));
  if (isCapabilityError(error, "USAGE") && error.details.usage !== undefined)
    lines.push(`usage: ${error.details.usage}`);
  return lines.join("\n") + stack;
}

function formatHttpError(error: CapabilityError<"HTTP_STATUS">, style: Style): string {
  const { body, request } = error.details;
  const text = typeof body === "string" ? body : JSON.stringify(body, null, 2);
  return [
    style("red", visibleText(error.message)),
    ...(body === null ? [] : [visibleText(text.trimEnd())]),
    style("dim", visibleText(`${request.method} ${request.url}`)),
  ].join("\n");
}

function formatInvalid({ details, message }: CapabilityError<"CAPABILITY_INVALID">, style: Style): string[] {
  const { diagnostics, omitted } = details;
  // A single finding is already the message.
  const [only] = diagnostics;
  if (diagnostics.length === 1 && only !== undefined && message.includes(only.message)) {
    return only.source === undefined || only.source.text === "" ? [] : [formatPlace(only.source, style)];
  }
  const more = omitted > 0 ? [`… and ${omitted} more`] : [];
  return [...diagnostics.map(diagnostic => formatDiagnostic(diagnostic, style)), ...more];
}

/** A finding with its place and source line. */
export function formatDiagnostic(
  { severity, message, rule, source, pointer }: Diagnostic,
  style: Style,
): string {
  const colour = severity === "error" ? "red" : severity === "warning" ? "yellow" : "cyan";
  const place =
    source === undefined ? pointer || "(document)" : `${source.file}:${source.line}:${source.column}`;
  const head = `${style("bold", visibleText(place))} ${style(colour, `${severity}:`)} ${visibleText(message)} ${style("dim", `(${rule})`)}`;
  return source === undefined || source.text === "" ? head : `${head}\n${indent(formatSourceLine(source))}`;
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
