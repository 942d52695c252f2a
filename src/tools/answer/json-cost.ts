import { isObject } from "../../base/json-object.ts";
import { tokenCost } from "./token-cost.ts";

/** Deepest value that is looked into. Deeper ones cost more than any limit. */
export const DEEPEST = 100;

/** Tokens of what stands around a value in JSON: quotes, commas, colons and brackets share tokens. */
export const AROUND = 1.2;

/**
 * Returns about how many tokens a value costs as JSON.
 *
 * @param limit the count stops beyond it, so that a large value takes no longer than the limit
 */
export function jsonCost(value: unknown, limit: number, depth = 0): number {
  if (typeof value === "string") return AROUND + stringCost(value, 0, limit);
  if (typeof value === "boolean" || value === null || value === undefined) return AROUND;
  if (!isObject(value)) return AROUND + tokenCost(String(value), limit);
  if (depth > DEEPEST) return Number.POSITIVE_INFINITY;
  let cost = AROUND;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length && cost <= limit; index++)
      cost += jsonCost(value[index], limit - cost, depth + 1);
    return cost;
  }
  for (const name in value) {
    if (cost > limit) break;
    if (Object.hasOwn(value, name)) cost += nameCost(name) + jsonCost(value[name], limit - cost, depth + 1);
  }
  return cost;
}

/** Returns the tokens of a name of a member. */
export function nameCost(name: string): number {
  return AROUND + stringCost(name, 0, Number.POSITIVE_INFINITY);
}

/** Characters that are measured at once. */
const PIECE = 400;

/** Returns the tokens of a string from an offset on, as JSON writes it, without its quotes. */
function stringCost(text: string, from: number, limit: number): number {
  let cost = 0;
  for (let index = from; index < text.length && cost <= limit; index += PIECE)
    cost += escapedCost(text.slice(index, index + PIECE));
  return cost;
}

/** Returns where a string has to end for its part from an offset on to cost a number of tokens at most. */
export function endWithin(text: string, from: number, limit: number): number {
  let cost = 0;
  let end = from;
  for (let piece = PIECE; end < text.length; ) {
    const next = cost + escapedCost(text.slice(end, end + piece));
    if (next <= limit) {
      cost = next;
      end += piece;
    } else if (piece > 10) piece = Math.floor(piece / 2);
    else break;
  }
  end = Math.min(end, text.length);
  // A pair of surrogates stays together.
  return end > from && end < text.length && /[\ud800-\udbff]/.test(text[end - 1] as string) ? end - 1 : end;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them.
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

function escapedCost(piece: string): number {
  return tokenCost(ESCAPED.test(piece) ? JSON.stringify(piece).slice(1, -1) : piece);
}
