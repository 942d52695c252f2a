import { bodyText, type ReceivedBody } from "../../base/body-text.ts";
import type { DecodeLimits } from "../../base/decode-limits.ts";
import { LargeNumberError, parseExact } from "../../base/numbers/exact-json.ts";
import { parseJson } from "../../base/parse-json.ts";
import { requireBounded } from "./json-bounds.ts";
import type { RawFormat } from "./raw-format.ts";

/** JSON (RFC 8259). An empty body is `null` (language chapter 5.8). */
export const json: RawFormat = {
  accept: "application/json",
  isStreamed: true,
  prepare: () => (body, limits) => jsonValue(bodyText(body), limits, hasAscii(body) ? body.bytes : undefined),
};

/**
 * Returns the value of a JSON text, or `null` if it is empty.
 *
 * @param bytes the text in an encoding that has ASCII, if there is one
 * @throws Error with the place of the mistake, and for a text that nests too deeply or has too many values
 */
export function jsonValue(text: string, limits: DecodeLimits, bytes?: Uint8Array): unknown {
  if (text.length < 8 && text.trim() === "") return null;
  requireBounded(text, limits);
  try {
    return parseExact(text, limits.numbers, bytes);
  } catch (error) {
    if (error instanceof LargeNumberError) throw error;
    const result = parseJson(text);
    throw new Error(result.ok ? "it is not JSON" : `it is not JSON: ${result.reason}`);
  }
}

/** Tells whether the bytes of a JSON text have its ASCII: in UTF-16 one of the first two is zero, or a mark. */
function hasAscii({ bytes: [first, second] }: ReceivedBody): boolean {
  return first !== 0 && second !== 0 && first !== 0xff && first !== 0xfe;
}
