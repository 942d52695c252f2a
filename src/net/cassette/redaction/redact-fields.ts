import { MASK } from "../../../base/masking/mask.ts";
import { isPairName, isPairValue, type Redaction } from "./redaction.ts";
import { Spans } from "./spans.ts";

const LONGEST_NAME = 100;

/** A name before a `:` or `=`. */
interface Field {
  readonly name: string;
  /** Position of its value. */
  readonly start: number;
  readonly separator: ":" | "=";
  /** Whether only marks are before it in its line. */
  readonly isFirst: boolean;
  /** Whether it begins an item of a list: `- name: …`. */
  readonly isItem: boolean;
  /** Position of its line. */
  readonly line: number;
  /** Number of characters before it in its line. */
  readonly column: number;
  /** Whether a brace is open in its line, so that a comma ends its value. */
  readonly isInBraces: boolean;
}

/** Adjacent fields, of which one may name another. */
interface Group {
  readonly column: number;
  isPair: boolean;
  readonly values: Field[];
}

/**
 * Redacts `name: value` and `name=value` in place: YAML, properties, headers, literals of programming languages, and plain
 * text. A value extends to the end of its line, and through the next lines that are indented more.
 */
export function redactFields(text: string, redaction: Redaction): string {
  const spans = new Spans();
  const aliases = new Set<string>();
  const groups: Group[] = [];
  const lastQuote = { '"': text.lastIndexOf('"'), "'": text.lastIndexOf("'") };

  const redactValue = (field: Field) => {
    const end = endOfValue(text, field, lastQuote);
    const value = text.slice(field.start, end);
    if (isHarmless(value)) return field.start;
    const alias = /^\*([\w-]+)/.exec(value)?.[1];
    if (alias !== undefined) aliases.add(alias);
    const quote = /^["']/.exec(value)?.[0] ?? (field.separator === ":" ? '"' : "");
    spans.add(
      field.start,
      end,
      `${value.startsWith("\n") || value.startsWith("\r") ? " " : ""}${quote}${MASK}${quote}`,
    );
    redaction.learn(field.name, value.replace(/^(["'])(.*)\1$/s, "$2"));
    return end;
  };
  const closeGroups = (from: number) => {
    while ((groups.at(-1)?.column ?? -1) >= from) {
      const group = groups.pop();
      if (group?.isPair) for (const field of group.values) redactValue(field);
    }
  };

  let next = 0;
  let lineOfGroup = -1;
  for (const field of fieldsOf(text, () => next)) {
    const { name, start, line, isFirst, isItem } = field;
    const meaning = redaction.meaning(name);
    if (meaning === "secret" || (meaning === "scalar" && !/[{[]/.test(text[start] ?? ""))) {
      next = redactValue(field);
      continue;
    }
    const saysName = isPairName(name);
    if (!saysName && !isPairValue(name)) continue;
    // Fields later in a line are a group of their own.
    const column = isFirst ? field.column : Number.MAX_SAFE_INTEGER;
    closeGroups(isFirst ? (isItem ? column : column + 1) : line === lineOfGroup ? Number.POSITIVE_INFINITY : column);
    if (!isFirst) lineOfGroup = line;
    let group = groups.at(-1);
    if (group?.column !== column) {
      group = { column, isPair: false, values: [] };
      groups.push(group);
    }
    if (!saysName || isPairValue(name)) group.values.push(field);
    if (saysName) {
      const said = /^["']?([^"'\n\r,}]{1,100})/.exec(text.slice(start, start + LONGEST_NAME))?.[1]?.trim();
      group.isPair ||= said !== undefined && redaction.meaning(said) !== undefined;
    }
  }
  closeGroups(0);
  redactAnchors(text, aliases, spans, lastQuote);
  return spans.applyTo(text);
}

/** Finds the fields of a text. `from` is the earliest position of the next field: redacted values have none. */
function* fieldsOf(text: string, from: () => number): Generator<Field> {
  const separators = /[:=]/g;
  let lineStart = 0;
  let counted = 0;
  let braces = 0;
  for (;;) {
    separators.lastIndex = Math.max(separators.lastIndex, from());
    const found = separators.exec(text);
    if (found === null) return;
    const at = found.index;
    for (; counted < at; counted++) {
      const character = text[counted];
      if (character === "\n") {
        lineStart = counted + 1;
        braces = 0;
      } else if (character === "{") braces++;
      else if (character === "}") braces--;
    }
    const separator = found[0] === ":" ? ":" : "=";
    if (separator === ":" && text.startsWith("//", at + 1)) continue;
    const before = nameBefore(text, at, lineStart);
    if (before === undefined) continue;
    let start = at + 1;
    if (separator === "=" && /[=>]/.test(text[start] ?? "")) start++;
    while (text[start] === " " || text[start] === "\t") start++;
    yield {
      ...before,
      start,
      separator,
      line: lineStart,
      column: before.at - lineStart,
      isInBraces: braces > 0,
    };
  }
}

interface Named {
  readonly name: string;
  readonly at: number;
  readonly isFirst: boolean;
  readonly isItem: boolean;
}

const WORD = /[\p{L}\d_.$@[\]/-]/u;

/** Finds the name before a separator: one word, or the words that begin a line. */
function nameBefore(text: string, separator: number, lineStart: number): Named | undefined {
  const least = Math.max(lineStart, separator - LONGEST_NAME);
  let end = separator;
  while (end > least && (text[end - 1] === " " || text[end - 1] === "\t" || text[end - 1] === "?")) end--;
  const quote = text[end - 1];
  if (quote === '"' || quote === "'") end--;
  let at = end;
  while (at > least && WORD.test(text[at - 1] ?? "")) at--;
  const begin = separator - lineStart <= 2 * LONGEST_NAME ? text.slice(lineStart, at) : "x";
  const [, marks = "", words = ""] =
    /^([\s"'#/*>|-]*(?:\?\s+|export\s+|set\s+)?["']?)((?:[\p{L}\d][\p{L}\d_.-]*[ \t]+)*)$/u.exec(begin) ?? [];
  const isFirst = begin === marks + words;
  const from = isFirst ? lineStart + marks.length : at;
  const name = text.slice(from, end);
  if (name === "") return begin.trim() === "" ? explicitKey(text, lineStart, separator) : undefined;
  return { name, at: from, isFirst, isItem: isFirst && /-\s+["']?$/.test(marks) };
}

/** Finds a YAML key in a line of its own: `? password`, then `: value`. */
function explicitKey(text: string, lineStart: number, separator: number): Named | undefined {
  const before = text.slice(Math.max(0, lineStart - 2 * LONGEST_NAME), lineStart);
  const name = /(?:^|\n)[ \t-]*\?[ \t]+["']?([^\r\n"']+?)["']?[ \t]*\r?\n$/.exec(before)?.[1];
  return name === undefined ? undefined : { name, at: separator, isFirst: true, isItem: false };
}

/** Returns whether a value is not a secret, or already redacted. */
function isHarmless(value: string): boolean {
  return /^\s*(?:|~|null|true|false|["']?\*{3}["']?,?)\s*$/i.test(value);
}

type LastQuote = Readonly<Record<'"' | "'", number>>;

function endOfValue(
  text: string,
  { start, separator, isFirst, column, isInBraces }: Omit<Field, "name" | "isItem" | "line">,
  lastQuote: LastQuote,
): number {
  const first = text[start];
  if (first === '"' || first === "'") {
    const closing = endOfQuoted(text, start, first, lastQuote[first]);
    if (closing !== undefined) return closing;
  }
  if (first === "{" || first === "[") return endOfStructure(text, start);
  const line = endOfLine(text, start);
  if (isFirst && !isInBraces) {
    if (separator === ":") return endOfBlock(text, start, line, column);
    const pair = /^[^\s&]*(?=&[\w.%[\]-]{1,100}=)/.exec(text.slice(start, line));
    return pair === null ? endOfContinued(text, line) : start + pair[0].length;
  }
  const rest = text.slice(start, line);
  const end = separator === "=" ? rest.search(/[\s&;<>"'`]/) : rest.search(isInBraces ? /[,}]/ : /[,;]\s|</);
  const value = end < 0 ? rest : rest.slice(0, end);
  return start + value.replace(/[\s,)}\]]+$/, "").length;
}

function endOfQuoted(text: string, start: number, quote: string, last: number): number | undefined {
  for (let at = start + 1; at <= last; at++) {
    at = text.indexOf(quote, at);
    let slashes = at - 1;
    while (slashes > start && text[slashes] === "\\") slashes--;
    if (quote === '"' && (at - 1 - slashes) % 2 === 1) continue;
    if (quote === "'" && (text[at + 1] === "'" || (at - 1 - slashes) % 2 === 1)) {
      if (text[at + 1] === "'") at++;
      continue;
    }
    return at + 1;
  }
  return undefined;
}

function endOfStructure(text: string, start: number): number {
  const brackets = /[{}[\]]/g;
  brackets.lastIndex = start;
  let depth = 0;
  for (let found = brackets.exec(text); found !== null; found = brackets.exec(text)) {
    depth += found[0] === "{" || found[0] === "[" ? 1 : -1;
    if (depth === 0) return found.index + 1;
  }
  return text.length;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  if (end < 0) return text.length;
  return text[end - 1] === "\r" && end > start ? end - 1 : end;
}

/** Finds the end of a value in the lines that are indented more than its name. A list may be indented as much. */
function endOfBlock(text: string, start: number, line: number, column: number): number {
  const isEmpty = text.slice(start, line).trim() === "";
  let end = line;
  for (;;) {
    const next = text.indexOf("\n", end) + 1;
    if (next === 0 || next >= text.length) return end;
    let at = next;
    while (text[at] === " " || text[at] === "\t") at++;
    if (text[at] === "\n" || text[at] === "\r") {
      // Empty lines belong to a value that continues after them.
      const beyond = /\S/g;
      beyond.lastIndex = at;
      const found = beyond.exec(text);
      if (found === null) return end;
      const begin = text.lastIndexOf("\n", found.index) + 1;
      if (found.index - begin <= column) return end;
      end = endOfLine(text, found.index);
      continue;
    }
    const indent = at - next;
    const goesOn = indent > column || (isEmpty && indent === column && text.startsWith("- ", at));
    if (!goesOn) return end;
    end = endOfLine(text, at);
  }
}

/** Finds the end of a line that continues after a backslash. */
function endOfContinued(text: string, line: number): number {
  let end = line;
  while (text[end - 1] === "\\" && end < text.length) end = endOfLine(text, text.indexOf("\n", end) + 1);
  return end;
}

/** Redacts the values of redacted aliases: `a: &x secret`. */
function redactAnchors(text: string, aliases: ReadonlySet<string>, spans: Spans, lastQuote: LastQuote): void {
  if (aliases.size === 0) return;
  for (const { 0: anchor, 1: name = "", index } of text.matchAll(/&([\w-]{1,100})\s+/g)) {
    if (!aliases.has(name)) continue;
    const start = index + anchor.length;
    const lineStart = text.lastIndexOf("\n", index) + 1;
    const column = /^[\s-]*/.exec(text.slice(lineStart, index))?.[0].length ?? 0;
    const field = { start, separator: ":", isFirst: true, column, isInBraces: false } as const;
    spans.add(start, endOfValue(text, field, lastQuote), JSON.stringify(MASK));
  }
}
