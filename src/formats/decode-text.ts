import { bodyText, type TextOptions } from "./body-text.ts";
import type { Decode } from "./raw-format.ts";

/** Decodes a body by its text; an empty body is `null`, as in JSON. */
export function decodeText(parse: (text: string) => unknown, options?: TextOptions): Decode {
  return body => (body.bytes.length === 0 ? null : parse(bodyText(body, options)));
}
