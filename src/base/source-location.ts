import { visibleLine } from "./visible-text.ts";

/** A place in a capability file. */
export interface SourceLocation {
  /** Absolute path of the file. */
  readonly file: string;
  /** Line, from 1. */
  readonly line: number;
  /** Column, from 1, in UTF-16 code units. */
  readonly column: number;
  /** JSON pointer (RFC 6901) of the value. Absent for a syntax error. */
  readonly pointer?: string;
  /** The text of the line, without its line break, for showing it with a caret. */
  readonly text: string;
}

const LONGEST_LINE = 160;

/**
 * Returns the source line, and a line with a caret under the column:
 *
 *     12 |   method: FETCH
 *        |           ^
 */
export function formatSourceLine(source: SourceLocation): [line: string, caret: string] {
  const gutter = String(source.line);
  const blank = " ".repeat(gutter.length);
  const { text: shown, offset } = window(source.text, source.column - 1);
  // The part alone: a file may be one line, with findings all over it.
  const text = shown.replaceAll("\t", " ");
  const before = visibleLine(text.slice(0, offset));
  return [`${gutter} | ${before}${visibleLine(text.slice(offset))}`, `${blank} | ${" ".repeat(before.length)}^`];
}

/** Cuts a long line down to the part around the column, so that the caret stays visible. */
function window(line: string, offset: number): { text: string; offset: number } {
  if (line.length <= LONGEST_LINE) return { text: line, offset };
  const start = Math.max(0, offset - LONGEST_LINE / 2);
  const head = start > 0 ? "…" : "";
  const tail = start + LONGEST_LINE < line.length ? "…" : "";
  return {
    text: head + line.slice(start, start + LONGEST_LINE) + tail,
    offset: offset - start + head.length,
  };
}
