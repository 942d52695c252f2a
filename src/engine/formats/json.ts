import { bodyText } from "../../base/body-text.ts";
import type { DecodeLimits } from "../../base/decode-limits.ts";
import { parseJson } from "../../base/parse-json.ts";
import { requireBounded } from "./json-bounds.ts";
import type { RawFormat } from "./raw-format.ts";

/** JSON (RFC 8259). An empty body is `null` (language chapter 5.8). */
export const json: RawFormat = {
  accept: "application/json",
  isStreamed: true,
  prepare: () => (body, limits) => jsonValue(bodyText(body), limits),
};

/**
 * Returns the value of a JSON text, or `null` if it is empty.
 *
 * @throws Error with the place of the mistake, and for a text that nests too deeply or has too many values
 */
export function jsonValue(text: string, limits?: DecodeLimits): unknown {
  if (text.length < 8 && text.trim() === "") return null;
  requireBounded(text, limits);
  return parse(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const result = parseJson(text);
    throw new Error(result.ok ? "it is not JSON" : `it is not JSON: ${result.reason}`);
  }
}
