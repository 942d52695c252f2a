import { isObject } from "../json-object.ts";
import { ExactNumber, integerDigits, isInexact } from "../numbers/exact-number.ts";

/**
 * Returns a text that two JSON values share if they are equal as JSON Schema compares them: members in any order, and
 * 1.0 is 1. It takes time in proportion to the value.
 */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (isObject(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const texts = members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`);
    return `{${texts.sort().join(",")}}`;
  }
  if (typeof value === "bigint") return String(value);
  if (value instanceof ExactNumber) {
    const { json } = value;
    return integerDigits(json) ?? (isInexact(json) ? json : canonicalText(Number(json)));
  }
  // A double that is an integer has the digits of that integer, as a BigInt has.
  if (typeof value === "number" && Number.isInteger(value)) return String(BigInt(value));
  return JSON.stringify(value) ?? "null";
}
