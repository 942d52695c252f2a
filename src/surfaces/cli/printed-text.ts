import type { styleText } from "node:util";
import { isHostile, visibleLine, visibleText } from "../../base/visible-text.ts";

declare const isPrinted: unique symbol;

/**
 * Text that may be written to standard output or standard error. Only this file makes it, so that no text of others gets
 * there unescaped: {@link printLines} for people, {@link printData} for results.
 */
export type PrintedText = string & { readonly [isPrinted]: true };

type TextFormat = Parameters<typeof styleText>[0];

/** Colours text for one stream. */
export type Paint = (format: TextFormat, text: string) => string;

/** A part of a line in another colour or weight. */
interface StyledText {
  readonly format: TextFormat;
  readonly text: string;
}

/** A line for people. Whatever it holds stays in that line. */
export type Line = string | readonly (string | StyledText)[];

export function styled(format: TextFormat, text: string): StyledText {
  return { format, text };
}

/** Quotes a text of several lines: each line is behind a prefix, so that none can be taken for one of ours. */
export function quotedLines(text: string): string[] {
  return text.split(/\r\n|\n/).map(line => `| ${line}`);
}

const plain: Paint = (_, text) => text;

/**
 * Returns lines for people. Line breaks and hostile characters in them are written as escapes. A line that a CI system
 * would read as a command is broken up: GitHub Actions reads `::name` behind white space and `##[name]` anywhere, Azure
 * Pipelines `##vso[…]`, TeamCity `##teamcity[…]`. A line of JSON stays the same JSON.
 */
export function printLines(lines: readonly Line[], paint: Paint = plain): PrintedText {
  if (lines.length >= MANY_LINES) {
    const text = harmlessText(lines);
    if (text !== undefined) return text as PrintedText;
  }
  return lines.map(line => `${printLine(line, paint)}\n`).join("") as PrintedText;
}

/** Lines that are worth a look at all of them at once. */
const MANY_LINES = 50;

/** Returns lines as a text if none of them has anything to escape or to colour. */
function harmlessText(lines: readonly Line[]): string | undefined {
  if (!lines.every(line => typeof line === "string" && !line.includes("\n"))) return undefined;
  const text = `${lines.join("\n")}\n`;
  return text.includes("##") || text.includes("::") || isHostile(text) ? undefined : text;
}

/** Returns a line that replaces the one the cursor is in. An empty text removes that line. */
export function printOver(line: string): PrintedText {
  return `\r\u001b[2K${printLine(line, plain)}` as PrintedText;
}

/** Returns a result: on a terminal without characters that steer it, elsewhere as it is. */
export function printData(text: string, { isTTY }: { readonly isTTY?: boolean }): PrintedText {
  return (isTTY ? visibleText(text) : text) as PrintedText;
}

/** Returns a result in JSON, as {@link printData} does, in colours if there is a function that adds them. */
export function printJson(
  text: string,
  stream: { readonly isTTY?: boolean },
  colour: ((text: string) => string) | undefined,
): PrintedText {
  const shown = printData(text, stream);
  return (colour === undefined ? shown : colour(shown)) as PrintedText;
}

/** Returns a command for GitHub Actions, whose values are escaped as its runner decodes them. */
export function printWorkflowCommand(
  name: string,
  properties: Readonly<Record<string, string | number>>,
  message: string,
): PrintedText {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${list.join(",")}::${escapeCommandText(message)}\n` as PrintedText;
}

/** Lines in which there is nothing to escape: most lines of a table, which may have millions. */
const HARMLESS = /^(?!\s*:)[ !"$-~]*$/;

/** Colours are added last: the escapes are then those of `paint` alone. */
function printLine(line: Line, paint: Paint): string {
  if (typeof line === "string" && HARMLESS.test(line)) return line;
  const parts = typeof line === "string" ? [line] : line;
  const texts = parts.map(part => visibleLine(typeof part === "string" ? part : part.text));
  const shown = withoutCommands(texts.join(BETWEEN)).split(BETWEEN);
  return parts
    .map((part, index) => {
      const text = shown[index] ?? "";
      return typeof part === "string" ? text : paint(part.format, text);
    })
    .join("");
}

/** Stands between the parts of a line, where a command may have begun; no visible text holds it. */
const BETWEEN = "\0";

function withoutCommands(line: string): string {
  return line.replace(/#(\0*)#(?=[\w.\0-]*\[)/g, "#$1\\u0023").replace(/^([\s\0]*):(?=\0*:)/, "$1\\u003a");
}

function escapeCommandText(text: string): string {
  return visibleText(text).replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeCommandText(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
