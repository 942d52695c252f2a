import { parseJson } from "../expression/parse-json.ts";
import { bodyText } from "./body-text.ts";
import { requireShallow } from "./json-depth.ts";
import type { RawFormat } from "./raw-format.ts";

/** JSON (RFC 8259); an empty body is `null` (language chapter 5.8). */
export const json: RawFormat = {
  accept: "application/json",
  prepare: () => body => jsonValue(bodyText(body)),
};

/**
 * The value of a JSON text; `null` for one that is empty.
 *
 * @throws Error with the place of the mistake, and for one that nests too deeply
 */
export function jsonValue(text: string): unknown {
  if (text.length < 8 && text.trim() === "") return null;
  const value = parse(text);
  requireShallow(value, text);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const result = parseJson(text);
    throw new Error(result.ok ? "it is not JSON" : `it is not JSON: ${result.reason}`);
  }
}
