import { bodyText, type TextOptions } from "../../base/body-text.ts";
import { ValueCount } from "../../base/decode-limits.ts";
import type { NumberForm } from "../../base/numbers/exact-number.ts";
import type { Decode } from "./raw-format.ts";

/** Creates a decoder of the text of a body. An empty body is `null`, as in JSON. */
export function decodeText(
  parse: (text: string, count: ValueCount, numbers: NumberForm) => unknown,
  options?: TextOptions,
): Decode {
  return (body, limits) =>
    body.bytes.length === 0 ? null : parse(bodyText(body, options), new ValueCount(limits), limits.numbers);
}
