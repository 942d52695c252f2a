import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { parseJson } from "../../base/parse-json.ts";
import { requireBounded } from "../../engine/formats/json-bounds.ts";
import { NextPlace } from "./next-place.ts";
import { LONGEST_RECORD, type ReadRecord, type RecordReader, TOO_LONG } from "./record-reader.ts";
import { repeatedMember } from "./repeated-member.ts";
import { WaitingText } from "./waiting-text.ts";

/** Reads JSON lines: an object in each. Numbers stay as they are written. */
export class JsonLinesReader implements RecordReader<JsonObject> {
  readonly #waiting = new WaitingText();
  readonly #lineFeed = new NextPlace("\n");
  #at = 0;
  #line = 1;
  /** Whether the line was too long, and is looked at for its end alone. */
  #isPassing = false;

  get line(): number {
    return this.#line;
  }

  push(text: string): void {
    this.#waiting.push(text);
  }

  end(): void {
    this.#waiting.end();
  }

  next(isWanted: boolean): ReadRecord<JsonObject> | undefined {
    for (;;) {
      const record = this.#read(isWanted);
      if (record !== undefined || !this.#waiting.advance(this.#at)) return record;
      this.#at = 0;
      this.#lineFeed.reset();
    }
  }

  #read(isWanted: boolean): ReadRecord<JsonObject> | undefined {
    const { text, isLast } = this.#waiting;
    while (this.#at < text.length || (isLast && this.#isPassing)) {
      const start = this.#at;
      const end = this.#lineFeed.after(text, start);
      if (end === text.length && !isLast) {
        this.#isPassing ||= end - start > LONGEST_RECORD;
        if (this.#isPassing) this.#at = end;
        return undefined;
      }
      this.#at = Math.min(end + 1, text.length);
      const line = this.#line++;
      if (this.#isPassing || end - start > LONGEST_RECORD) {
        this.#isPassing = false;
        return { line, problem: TOO_LONG };
      }
      if (isBlank(text, start, end)) continue;
      return isWanted ? parseLine(text.slice(start, end), line) : { line, value: undefined };
    }
    return undefined;
  }
}

/** Tells whether a line has nothing but white space of JSON. */
function isBlank(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end && isWhiteSpace(text.charCodeAt(at))) at++;
  return at === end;
}

function isWhiteSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 13;
}

function parseLine(text: string, line: number): ReadRecord<JsonObject> {
  try {
    requireBounded(text);
  } catch (error) {
    return { line, problem: `cannot be read: ${(error as Error).message}` };
  }
  const parsed = parseJson(text, "written");
  if (!parsed.ok) return { line, problem: `is not JSON: ${parsed.reason.replace("at line 1, column", "at column")}` };
  if (!isJsonObject(parsed.value)) return { line, problem: `is not a JSON object, but ${kindOf(parsed.value)}` };
  const repeated = repeatedMember(text, parsed.value);
  if (repeated !== undefined) return { line, problem: `has the member ${repeated} twice` };
  return { line, value: parsed.value };
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "a text" : typeof value === "boolean" ? "a boolean" : "a number";
}
