import type { RawFormat } from "./raw-format.ts";

/** Text as it is. */
export const text: RawFormat = { decode: utf8Text };

/** A body as UTF-8 text without a byte order mark. */
export function utf8Text(body: Uint8Array): string {
  const decoded = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  return decoded.charCodeAt(0) === 0xfeff ? decoded.slice(1) : decoded;
}
