import type { JsonPathStep } from "./json-path-steps.ts";

/** A problem with a path. Its message is the end of a sentence. It never leaves the parser. */
export class PathProblem extends Error {
  /** Offset in the text. Absent for a problem of the path as a whole. */
  readonly offset: number | undefined;

  constructor(message: string, offset?: number) {
    super(message);
    this.offset = offset;
  }
}

/** Most levels of filters, parentheses and arguments inside each other. */
const MOST_LEVELS = 100;

/** Where a path stands: it is all there is, or ends where another part of a filter begins. */
export type PathPlace = "whole" | "filter";

/** A function that reads the steps of a path. */
type ReadSteps = (path: PathText, place: PathPlace) => JsonPathStep[];

const BLANKS = /[ \t\r\n]*/y;

/** The text of a path while it is read, and the place that is read next. */
export class PathText {
  readonly text: string;
  /** Paths stand in filters, and filters in paths. */
  readonly readSteps: ReadSteps;
  position = 0;
  #levels = 0;

  constructor(text: string, readSteps: ReadSteps) {
    this.text = text;
    this.readSteps = readSteps;
  }

  /** Makes the problem of what stands at an offset, which is here without one. */
  problem(message: string, offset: number = this.position): PathProblem {
    return new PathProblem(message, offset);
  }

  get isAtEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Returns the next character, or an empty text at the end. */
  get next(): string {
    return this.text[this.position] ?? "";
  }

  /** Reads a token if it comes next. */
  take(token: string): boolean {
    if (!this.text.startsWith(token, this.position)) return false;
    this.position += token.length;
    return true;
  }

  /** Reads what a sticky expression matches here. Returns `undefined` if it matches nothing. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.position = pattern.lastIndex;
    return found;
  }

  /** Reads the blanks of RFC 9535, of which there may be none. */
  skipBlanks(): void {
    this.match(BLANKS);
  }

  /** Reads something that may hold others of its kind. This bounds how deep they go. */
  nested<Found>(read: () => Found): Found {
    if (++this.#levels > MOST_LEVELS) throw this.problem("it nests too many filters, parentheses or arguments");
    const found = read();
    this.#levels--;
    return found;
  }

  /** Returns the word that comes next, for a message. */
  word(): string {
    const [word = ""] = this.text.slice(this.position, this.position + 100).split(/[\s([\]),]/, 1);
    return word === "" ? this.next : word;
  }
}
