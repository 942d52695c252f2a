import { MASK } from "../../../base/masking/mask.ts";
import { isPairName, isPairValue, type Redaction } from "./redaction.ts";
import { Spans } from "./spans.ts";

/** A cell with its place, quotes included. */
interface Cell {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const DELIMITERS: readonly (readonly [type: RegExp, delimiter: string])[] = [
  [/tab-separated|\btsv\b/i, "\t"],
  [/\bcsv\b|comma-separated/i, ""],
  [/\bpsv\b/i, "|"],
];

/**
 * Redacts the columns of separated values whose names mean a secret, and the rows of a table of names and values. All other
 * characters stay. Without a type, a text is a table if its first line has a secret's name between delimiters and the next
 * line has as many cells.
 *
 * @returns `undefined` if the text is not such a table
 */
export function redactTable(text: string, contentType: string, redaction: Redaction): string | undefined {
  const declared = DELIMITERS.find(([type]) => type.test(contentType))?.[1];
  const begin = /\S/.exec(text)?.index ?? text.length;
  const firstLine = text.slice(begin, endOfLine(text, begin)).slice(0, 20_000);
  const delimiter = declared || commonest(firstLine);
  if (delimiter === undefined && declared === undefined) return undefined;
  const rows = rowsOf(text, begin, delimiter ?? ",");
  const header = rows.next().value ?? [];
  const columns = header.map(({ text: name }) => name.trim());
  const secret = new Set<number>();
  for (const [column, name] of columns.entries()) if (redaction.meaning(name) !== undefined) secret.add(column);
  if (declared === undefined && !columns.every(name => PLAIN_NAME.test(name))) return undefined;
  const names = columns.findIndex(isPairName);
  const values = columns.findIndex(name => isPairValue(name));
  if (declared === undefined && secret.size === 0 && (names < 0 || values < 0)) return undefined;
  const spans = new Spans();
  const first = Math.min(...secret);
  let count = 0;
  for (const row of rows) {
    if (declared === undefined && count === 0 && row.length !== header.length) return undefined;
    count++;
    const isPair = names >= 0 && redaction.meaning(row[names]?.text.trim() ?? "") !== undefined;
    for (const [column, cell] of row.entries()) {
      // A row that is too long has a delimiter in one of its values. It is unknown in which.
      const isSecret =
        secret.has(column) || (row.length > header.length && column > first) || (isPair && column === values);
      if (isSecret) redactCell(cell, columns[column] ?? "", text, redaction, spans);
      else nestCell(cell, text, redaction, spans);
    }
  }
  return count === 0 && declared === undefined ? undefined : spans.applyTo(text);
}

/** A name that a column may have in a text without a declared type. */
const PLAIN_NAME = /^["']?[\p{L}\d_.$ #()-]{0,60}["']?$/u;

function redactCell(cell: Cell, name: string, text: string, redaction: Redaction, spans: Spans): void {
  const value = cell.text.trim();
  // The line under the header of a Markdown table.
  if (value === "" || value === MASK || /^:?-+:?$/.test(value)) return;
  const written = text.slice(cell.start, cell.end);
  const start = cell.start + (written.length - written.trimStart().length);
  spans.add(start, start + written.trim().length, MASK);
  redaction.learn(name, value);
}

function nestCell(cell: Cell, text: string, redaction: Redaction, spans: Spans): void {
  const inner = redaction.nested(cell.text);
  if (inner === cell.text) return;
  const isQuoted = text[cell.start] === '"';
  spans.add(cell.start, cell.end, isQuoted ? `"${inner.replaceAll('"', '""')}"` : inner);
}

function commonest(line: string): string | undefined {
  let best: string | undefined;
  let most = 0;
  for (const candidate of [",", "\t", ";", "|"]) {
    const count = line.split(candidate).length - 1;
    if (count > most) [best, most] = [candidate, count];
  }
  return best;
}

/** Reads rows as in RFC 4180. A quote in a cell that does not begin with one is a character. */
function* rowsOf(text: string, begin: number, delimiter: string): Generator<Cell[], undefined> {
  let row: Cell[] = [];
  let position = begin;
  while (position <= text.length) {
    const cell = cellAt(text, position, delimiter);
    row.push(cell);
    position = cell.end;
    if (text[position] === delimiter) position++;
    else {
      if (row.length > 1 || cell.text.trim() !== "") yield row;
      row = [];
      if (position >= text.length) return undefined;
      position += text[position] === "\r" && text[position + 1] === "\n" ? 2 : 1;
    }
  }
  return undefined;
}

function cellAt(text: string, start: number, delimiter: string): Cell {
  if (text[start] === '"') {
    let end = start + 1;
    for (;;) {
      end = text.indexOf('"', end);
      if (end < 0) break;
      if (text[end + 1] !== '"') break;
      end += 2;
    }
    if (end >= 0) {
      // Text after the closing quote belongs to the cell.
      const rest = endOfPlain(text, end + 1, delimiter);
      return { start, end: rest, text: text.slice(start + 1, end).replaceAll('""', '"') };
    }
  }
  const end = endOfPlain(text, start, delimiter);
  return { start, end, text: text.slice(start, end) };
}

function endOfPlain(text: string, start: number, delimiter: string): number {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return end;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}
