import { countOf } from "../../base/count-of.ts";
import { NextPlace } from "./next-place.ts";
import { LONGEST_RECORD, type ReadRecord, type RecordReader, TOO_LONG } from "./record-reader.ts";
import { WaitingText } from "./waiting-text.ts";

const QUOTE = 34;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Where a record that is not kept is: nothing but its end is looked for. */
interface Passed {
  readonly line: number;
  readonly problem: string;
  state: "start of a cell" | "plain" | "quoted" | "after a quote";
  /** Line of the quote that was opened last. */
  quoteLine: number;
}

/**
 * Reads records of separated values (RFC 4180). Lines end with LF, CR LF or CR. Quotes in a cell that does not start with
 * one are ordinary characters, as in answers: `5" disk`.
 *
 * A library is not used here, though answers are read by one: `csv-parse` has no end for a cell that is too long, gives up
 * at a faulty quote, and takes 6 times as long (15 times with lines) to pass over rows that an earlier run has done.
 */
export class CsvReader implements RecordReader<readonly string[]> {
  readonly #delimiter: string;
  readonly #waiting = new WaitingText();
  readonly #lineFeed = new NextPlace("\n");
  readonly #carriageReturn = new NextPlace("\r");
  readonly #quote = new NextPlace('"');
  readonly #nextDelimiter: NextPlace;
  #at = 0;
  #line = 1;
  #passed: Passed | undefined;

  constructor(delimiter: "," | "\t") {
    this.#delimiter = delimiter;
    this.#nextDelimiter = new NextPlace(delimiter);
  }

  get line(): number {
    return this.#line;
  }

  push(text: string): void {
    this.#waiting.push(text);
  }

  end(): void {
    this.#waiting.end();
  }

  next(isWanted: boolean): ReadRecord<readonly string[]> | undefined {
    for (;;) {
      const record = this.#passed === undefined ? this.#read(isWanted) : this.#pass(this.#passed);
      if (record !== undefined || !this.#advance()) return record;
    }
  }

  #advance(): boolean {
    if (!this.#waiting.advance(this.#at)) return false;
    this.#at = 0;
    this.#forgetPlaces();
    return true;
  }

  /** Forgets the places that were found: the text is another one, or it is read from an earlier place again. */
  #forgetPlaces(): void {
    for (const place of [this.#lineFeed, this.#carriageReturn, this.#quote, this.#nextDelimiter]) place.reset();
  }

  /** Reads a record, if the text has all of it. */
  #read(isWanted: boolean): ReadRecord<readonly string[]> | undefined {
    const { text, isLast } = this.#waiting;
    while (this.#at < text.length) {
      const start = this.#at;
      const end = this.#endOfLine(text, start);
      if (this.#quote.after(text, start) < end) return this.#readQuoted(text, isWanted);
      const next = this.#afterLine(text, end);
      if (next === undefined) return this.#needMore(text, isLast);
      const line = this.#line++;
      this.#at = next;
      if (end - start > LONGEST_RECORD) return { line, problem: TOO_LONG };
      if (isBlank(text, start, end)) continue;
      return { line, value: isWanted ? text.slice(start, end).split(this.#delimiter) : undefined };
    }
    return undefined;
  }

  #endOfLine(text: string, from: number): number {
    return Math.min(this.#lineFeed.after(text, from), this.#carriageReturn.after(text, from));
  }

  /** Returns the start of the line after the one that ends at a place; `undefined` if the text does not tell yet. */
  #afterLine(text: string, end: number): number | undefined {
    if (text.charCodeAt(end) === LINE_FEED) return end + 1;
    if (end + 1 < text.length) return text.charCodeAt(end + 1) === LINE_FEED ? end + 2 : end + 1;
    return this.#waiting.isLast ? text.length : undefined;
  }

  /** Waits for the rest of a record, and keeps nothing of one that is too long. */
  #needMore(text: string, isLast: boolean): undefined {
    this.#forgetPlaces();
    if (isLast || text.length - this.#at <= LONGEST_RECORD) return undefined;
    this.#passed = { line: this.#line, problem: TOO_LONG, state: "start of a cell", quoteLine: this.#line };
    return undefined;
  }

  /** Reads a record with quotes, cell by cell. */
  #readQuoted(text: string, isWanted: boolean): ReadRecord<readonly string[]> | undefined {
    const { isLast } = this.#waiting;
    const first = this.#line;
    const cells: string[] = [];
    let line = first;
    let at = this.#at;
    for (;;) {
      const isQuoted = text.charCodeAt(at) === QUOTE;
      const close = isQuoted ? closingQuote(text, at) : at;
      // At the end of a piece, another quote may follow, which would make a quote of both.
      if (close < 0 || (isQuoted && close + 1 === text.length && !isLast)) {
        if (!isLast) return this.#needMore(text, isLast);
        this.#forgetPlaces();
        this.#passed = { line: first, problem: "", state: "start of a cell", quoteLine: first };
        return this.#pass(this.#passed);
      }
      const end = isQuoted ? close + 1 : this.#endOfCell(text, at);
      if (isWanted) cells.push(isQuoted ? unquoted(text.slice(at + 1, close)) : text.slice(at, end));
      if (isQuoted) line += this.#lineEnds(text, at, close);
      if (text[end] === this.#delimiter) {
        at = end + 1;
        continue;
      }
      if (end < text.length && !isLineEnd(text.charCodeAt(end))) return this.#passFaulty(line, end);
      const next = this.#afterLine(text, end);
      if (next === undefined) return this.#needMore(text, isLast);
      const isTooLong = next - this.#at > LONGEST_RECORD;
      this.#at = next;
      this.#line = line + 1;
      if (isTooLong) return { line: first, problem: TOO_LONG + lastLine(first, line) };
      return { line: first, value: isWanted ? cells : undefined };
    }
  }

  #endOfCell(text: string, from: number): number {
    return Math.min(this.#nextDelimiter.after(text, from), this.#endOfLine(text, from));
  }

  /** Passes over a record with text after a closing quote. */
  #passFaulty(line: number, from: number): ReadRecord<readonly string[]> | undefined {
    const first = this.#line;
    const where = line === first ? "" : ` in line ${line}`;
    const problem = `has text after a closing quote${where}: write a quote within a cell twice`;
    this.#passed = { line: first, problem, state: "plain", quoteLine: line };
    this.#line = line;
    this.#at = from;
    return this.#pass(this.#passed);
  }

  /** Looks for the end of a record that is not kept. */
  #pass(passed: Passed): ReadRecord<readonly string[]> | undefined {
    const { text, isLast } = this.#waiting;
    const delimiter = this.#delimiter.charCodeAt(0);
    let at = this.#at;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (passed.state === "quoted") {
        const close = this.#quote.after(text, at);
        // Whether a line feed follows, the next piece tells.
        const isHalf = close === text.length && !isLast && text.charCodeAt(close - 1) === CARRIAGE_RETURN;
        const end = isHalf ? close - 1 : close;
        this.#line += this.#lineEnds(text, at, end);
        if (isHalf) {
          this.#at = end;
          return undefined;
        }
        if (close < text.length) passed.state = "after a quote";
        at = close + 1;
      } else if (isLineEnd(code)) {
        this.#at = at;
        const next = this.#afterLine(text, at);
        if (next === undefined) return undefined;
        this.#at = next;
        return this.#passedRecord(passed);
      } else if (code === QUOTE && passed.state !== "plain") {
        if (passed.state === "start of a cell") passed.quoteLine = this.#line;
        passed.state = "quoted";
        at++;
      } else if (code === delimiter) {
        passed.state = "start of a cell";
        at++;
      } else {
        passed.state = "plain";
        at = this.#endOfCell(text, at);
      }
    }
    this.#at = text.length;
    return isLast ? this.#passedRecord(passed) : undefined;
  }

  /** Counts the line ends between two places. The line feed of CR LF counts for both. */
  #lineEnds(text: string, start: number, end: number): number {
    let count = 0;
    for (let at = this.#endOfLine(text, start); at < end; at = this.#endOfLine(text, at + 1)) {
      const code = text.charCodeAt(at);
      if (code === LINE_FEED || (at + 1 < text.length && text.charCodeAt(at + 1) !== LINE_FEED)) count++;
    }
    return count;
  }

  #passedRecord(passed: Passed): ReadRecord<readonly string[]> {
    const last = this.#line++;
    this.#passed = undefined;
    const { line, problem, state, quoteLine } = passed;
    const lines = last - line;
    if (state === "quoted") {
      const after = lines === 0 ? "" : `; it takes in ${countOf(lines, "line")} after it, to line ${last}`;
      const unclosed = `opens a quote${quoteLine === line ? "" : ` in line ${quoteLine}`} that is never closed${after}`;
      return { line, problem: problem === "" ? unclosed : `${problem}; it ${unclosed}` };
    }
    return { line, problem: problem + lastLine(line, last) };
  }
}

/** Tells the last line of a record that has several, after a problem. */
function lastLine(first: number, last: number): string {
  return last === first ? "" : `; it ends in line ${last}`;
}

function isLineEnd(code: number): boolean {
  return code === LINE_FEED || code === CARRIAGE_RETURN;
}

/** Tells whether a line has nothing but blanks. */
function isBlank(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end && text.charCodeAt(at) === 32) at++;
  return at === end;
}

/** Returns the place of the quote that closes the one at `open`, or -1. Two in a row stand for one. */
function closingQuote(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close >= 0 && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
  return close;
}

function unquoted(inner: string): string {
  return inner.includes('"') ? inner.replaceAll('""', '"') : inner;
}
