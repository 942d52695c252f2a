import { isObject } from "../../../base/json-object.ts";
import { scalarText } from "../scalar-text.ts";

/** Encodes a text as a name or value of a form (WHATWG URL, application/x-www-form-urlencoded). */
export function formEncode(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/** Most levels of objects and arrays in a form. */
const DEEPEST = 16;

/**
 * Writes an object as form pairs. Arrays repeat the name, members of objects are `name[member]`, items of arrays that
 * are objects or arrays themselves are `name[0]`; absent and empty members are left out.
 *
 * @throws Error for a value that is nested too deep
 */
export function formText(value: object): string {
  const pairs = new URLSearchParams();
  for (const [name, member] of Object.entries(value) as [string, unknown][]) appendPairs(pairs, name, member, 1);
  return pairs.toString();
}

function appendPairs(pairs: URLSearchParams, name: string, value: unknown, depth: number): void {
  if (value === undefined || value === null) return;
  if (depth > DEEPEST) throw new Error(`it nests more than ${DEEPEST} levels deep`);
  if (Array.isArray(value)) {
    // The index keeps the members of one item together.
    for (const [index, item] of (value as unknown[]).entries())
      appendPairs(pairs, isObject(item) ? `${name}[${index}]` : name, item, depth + 1);
  } else if (isObject(value)) {
    for (const [member, child] of Object.entries(value)) appendPairs(pairs, `${name}[${member}]`, child, depth + 1);
  } else {
    pairs.append(
      name,
      scalarText(value, problem => new Error(`${name} ${problem}`)),
    );
  }
}
