import { jsonText } from "./json.ts";

/** Writes a JSON text for each item of an array, or one for an object: each in a line that ends. */
export function jsonLines(value: object): string {
  return itemsOf(value)
    .map(item => `${jsonText(item) ?? "null"}\n`)
    .join("");
}

/**
 * Writes a JSON text for each item of an array, or one for an object: each between a record separator and a line feed
 * (RFC 7464, 2.2).
 */
export function jsonSequence(value: object): string {
  return itemsOf(value)
    .map(item => `\u001e${jsonText(item) ?? "null"}\n`)
    .join("");
}

function itemsOf(value: object): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
