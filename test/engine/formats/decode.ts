import { DEFAULT_DECODE_LIMITS, type DecodeLimits } from "../../../src/base/decode-limits.ts";
import { member } from "../../../src/base/json-object.ts";
import type { DeclaredFormat } from "../../../src/engine/formats/raw-format.ts";
import { rawFormats } from "../../../src/engine/formats/raw-formats.ts";

/** A body as a test has it: text is UTF-8. */
export type Body = string | Uint8Array;

/** Decodes a body as an operation of the format would. */
export async function decode(
  format: string,
  body: Body,
  { contentType, ...declared }: Partial<DeclaredFormat> & { readonly contentType?: string | undefined } = {},
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): Promise<unknown> {
  const row = member(rawFormats, format);
  if (row === undefined) throw new Error(`There is no format ${format}`);
  const read = await row.prepare({ outputSchema: undefined, folder: undefined, ...declared });
  return read({ bytes: typeof body === "string" ? Buffer.from(body) : body, contentType }, limits);
}

/** Reads bytes from hexadecimal digits, with spaces where they help to read. */
export function hex(digits: string): Uint8Array {
  return Buffer.from(digits.replaceAll(" ", ""), "hex");
}
