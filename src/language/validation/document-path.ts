import { pointerSegments } from "../../base/json-pointer.ts";
import { isNumber } from "../../base/numbers/json-number.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { writtenMember } from "../document/written-numbers.ts";

/** Returns the value at a JSON pointer, a number with its digits, or `undefined` if there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const segment of pointerSegments(pointer)) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, segment)) return undefined;
    found = writtenMember(found, segment);
  }
  return found;
}

/** Returns the last two readable parts of a pointer: `operations[2].method`. */
export function memberName(pointer: string): string {
  const parts = pointerSegments(pointer).map(segment => (/^\d+$/.test(segment) ? `[${segment}]` : `.${segment}`));
  const start = Math.max(0, parts.length - 3);
  const named = parts.slice(start).findIndex(part => part.startsWith("."));
  return named < 0
    ? ""
    : parts
        .slice(start + named)
        .join("")
        .slice(1);
}

/** Describes a value in a message: `a list`, `number 7`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (isNumber(value)) return `number ${quoteValue(value)}`;
  if (typeof value === "object") return "a map";
  return `${typeof value} ${quoteValue(value)}`;
}

/** Lists the types that a schema asks for, in a message. */
export function listOfTypes(type: unknown): string {
  return Array.isArray(type) ? type.join(" or ") : String(type);
}
