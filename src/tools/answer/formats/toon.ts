import { isObject } from "../../../base/json-object.ts";
import type { AnswerFormat } from "./answer-format.ts";

/** Token-Oriented Object Notation, https://toonformat.dev: names of members stand once for a list of like objects. */
export const toon: AnswerFormat = {
  async write(value) {
    const { encode, rawString } = await import("@toon-format/toon");
    // Numbers that JavaScript would round keep their digits.
    const exact = (value: unknown) => (typeof value === "bigint" || isExact(value) ? rawString(String(value)) : value);
    try {
      return { text: encode(mapScalars(value, exact)), note: undefined };
    } catch {
      // Half of a surrogate pair, and values that are nested too deeply.
      return undefined;
    }
  },
};

function isExact(value: unknown): boolean {
  return typeof value === "object" && value !== null && !isObject(value);
}

function mapScalars(value: unknown, map: (value: unknown) => unknown): unknown {
  if (!isObject(value)) return map(value);
  if (Array.isArray(value)) return value.map(item => mapScalars(item, map));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapScalars(member, map)]));
}
