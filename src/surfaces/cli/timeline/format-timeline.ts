import { visibleLine } from "../../../base/visible-text.ts";
import { type Line, styled } from "../printed-text.ts";
import { shortened } from "../shortened.ts";

/** Something that began and ended. */
export interface TimelineRow {
  readonly name: string;
  /** What was done: an operation, the kind of a step. */
  readonly what: string;
  /** How it ended, in a word or a status. */
  readonly outcome: string;
  readonly isFailed: boolean;
  readonly startMs: number;
  readonly endMs: number;
  /** Further facts, which stand below. */
  readonly notes: readonly string[];
}

/** Width in a pipe, as that of other texts. */
const USUAL_COLUMNS = 100;
const WIDEST_NAME = 24;
const WIDEST_WHAT = 60;
const WIDEST_OUTCOME = 12;
const SHORTEST_BAR = 16;
const LONGEST_BAR = 40;

/**
 * Draws what took place one below the other, each with a bar from its beginning to its end.
 *
 * @param columns width of the terminal; 0 or absent where there is none
 */
export function formatTimeline(title: string, rows: readonly TimelineRow[], columns: number | undefined): Line[] {
  const width = columns || USUAL_COLUMNS;
  const endMs = Math.max(0, ...rows.map(row => row.endMs));
  const times = rows.map(timesOf);
  const names = cells(
    rows.map(({ name }) => name),
    WIDEST_NAME,
  );
  const outcomes = cells(
    rows.map(({ outcome }) => outcome),
    WIDEST_OUTCOME,
  );
  const timesWidth = widthOf(times);
  // Two spaces before the name, and two between columns.
  const around = 2 + names.width + 2 + 2 + outcomes.width + 2 + 2 + timesWidth;
  const whats = cells(
    rows.map(({ what }) => what),
    Math.max(4, Math.min(WIDEST_WHAT, width - around - SHORTEST_BAR)),
  );
  const bar = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, width - around - whats.width));
  const lines = rows.flatMap((row, index): Line[] => {
    const colour = row.isFailed ? "red" : "green";
    const { before, filled, after } = barOf(row, endMs, bar);
    const line: Line = [
      "  ",
      styled("bold", names.at(index)),
      "  ",
      whats.at(index),
      "  ",
      styled(colour, outcomes.at(index)),
      "  ",
      styled("dim", before),
      styled(colour, filled),
      styled("dim", after),
      "  ",
      styled("dim", times[index]?.padStart(timesWidth) ?? ""),
    ];
    const notes = row.notes.map((note): Line => ["    ", styled("dim", shortened(note, Math.max(20, width - 4)))]);
    return [line, ...notes];
  });
  return [[styled("bold", title)], ...lines];
}

interface Cells {
  readonly width: number;
  at(index: number): string;
}

/** Cuts and pads the texts of a column. */
function cells(texts: readonly string[], widest: number): Cells {
  // Escapes make a text longer.
  const shown = texts.map(text => shortened(visibleLine(text), widest));
  const width = widthOf(shown);
  return { width, at: index => shown[index]?.padEnd(width) ?? "" };
}

function widthOf(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}

function timesOf({ startMs, endMs }: TimelineRow): string {
  return `${Math.round(startMs)}–${Math.round(endMs)} ms`;
}

/** Places a bar on a line of the given width. It has a cell at least. */
function barOf({ startMs, endMs }: TimelineRow, wholeMs: number, width: number) {
  const scale = wholeMs === 0 ? 0 : width / wholeMs;
  const start = Math.min(width - 1, Math.floor(startMs * scale));
  const end = Math.min(width, Math.max(start + 1, Math.round(endMs * scale)));
  return { before: "·".repeat(start), filled: "█".repeat(end - start), after: "·".repeat(width - end) };
}
