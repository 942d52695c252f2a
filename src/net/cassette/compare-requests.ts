import type { RecordedDifference } from "../../base/capability-error.ts";
import { isObject, member } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { ExactNumber } from "../../base/numbers/exact-number.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { ComparableBody, ComparableRequest } from "./comparable-request.ts";
import { fits } from "./wildcard.ts";

/** Limit of differences. With more, the calls are different anyway. */
const MOST_DIFFERENCES = 10;
const DEEPEST = 100;

/** Returns the differences between a request and a recorded one, in which `***` stands for any text. */
export function compareRequests(recorded: ComparableRequest, asked: ComparableRequest): RecordedDifference[] {
  const found: RecordedDifference[] = [];
  const compareTexts = (part: string, first: string, second: string) => {
    if (!fits(first, second)) found.push({ part, recorded: first, asked: second });
  };
  compareTexts("method", recorded.method, asked.method);
  compareTexts("path", recorded.path, asked.path);
  compareValues("query", recorded.query, asked.query, found);
  compareTexts("content-type", recorded.contentType, asked.contentType);
  compareBodies(recorded.body, asked.body, found);
  return found.slice(0, MOST_DIFFERENCES);
}

function compareValues(
  place: string,
  recorded: ReadonlyMap<string, readonly string[]>,
  asked: ReadonlyMap<string, readonly string[]>,
  found: RecordedDifference[],
): void {
  for (const name of new Set([...recorded.keys(), ...asked.keys()])) {
    const first = recorded.get(name);
    const second = asked.get(name);
    const isSame =
      first?.length === second?.length && first?.every((value, index) => fits(value, second?.[index] ?? ""));
    if (!isSame) found.push(difference(`${place}.${name}`, first?.join(", "), second?.join(", ")));
  }
}

function compareBodies(recorded: ComparableBody, asked: ComparableBody, found: RecordedDifference[]): void {
  if (recorded.kind === "form" && asked.kind === "form") {
    compareValues("body", recorded.values, asked.values, found);
  } else if (recorded.kind === "json" && asked.kind === "json") {
    compareJson("body", recorded.value, asked.value, found, 0);
  } else {
    const first = comparedBody(recorded);
    const second = comparedBody(asked);
    if (first === undefined || second === undefined ? first !== second : !fits(first, second))
      found.push(difference("body", first, second));
  }
}

function comparedBody(body: ComparableBody): string | undefined {
  if (body.kind === "none") return undefined;
  return body.kind === "form" ? "a form" : body.text;
}

function compareJson(
  place: string,
  recorded: unknown,
  asked: unknown,
  found: RecordedDifference[],
  depth: number,
): void {
  if (found.length > MOST_DIFFERENCES || recorded === "***") return;
  if (typeof recorded === "string" && typeof asked === "string" ? fits(recorded, asked) : Object.is(recorded, asked))
    return;
  if (recorded instanceof ExactNumber && asked instanceof ExactNumber && recorded.json === asked.json) return;
  if (depth >= DEEPEST && deepText(recorded, asked)) return;
  if (depth < DEEPEST && isObject(recorded) && isObject(asked) && Array.isArray(recorded) === Array.isArray(asked)) {
    for (const name of new Set([...Object.keys(recorded), ...Object.keys(asked)])) {
      const inside = Array.isArray(recorded) ? `${place}[${name}]` : `${place}.${name}`;
      compareJson(inside, member(recorded, name), member(asked, name), found, depth + 1);
    }
  } else {
    found.push(difference(place, jsonOf(recorded), jsonOf(asked)));
  }
}

/** Compares two values that are nested too deeply as texts. */
function deepText(recorded: unknown, asked: unknown): boolean {
  try {
    return fits(stringify(recorded) ?? "", stringify(asked) ?? "");
  } catch {
    return false;
  }
}

function jsonOf(value: unknown): string | undefined {
  return value === undefined ? undefined : quoteValue(value);
}

function difference(part: string, recorded: string | undefined, asked: string | undefined): RecordedDifference {
  return { part, ...(recorded === undefined ? {} : { recorded }), ...(asked === undefined ? {} : { asked }) };
}
