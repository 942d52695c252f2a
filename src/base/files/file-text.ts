import { isUtf8 } from "node:buffer";

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Returns the text of a file, without its byte order mark: UTF-8, or UTF-16 with a mark, as PowerShell and editors of
 * Windows write it.
 *
 * @throws Error with the reason if it is no such text
 */
export function fileText(bytes: Uint8Array): string {
  return withoutByteOrderMark(markedFileText(bytes));
}

/**
 * Returns the text of a file with its byte order mark, for callers that write it back.
 *
 * @throws Error as {@link fileText}
 */
export function markedFileText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return utf16Text(bytes, "utf-16le");
  if (first === 0xfe && second === 0xff) return utf16Text(bytes, "utf-16be");
  if (first === 0 || second === 0)
    throw new Error("it is not UTF-8 text, but probably UTF-16 without a byte order mark: save it as UTF-8");
  if (!isUtf8(bytes)) throw new Error("it is not UTF-8 text");
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/**
 * Returns what a file holds after its text was changed, in the coding that it has.
 *
 * @param before the content that the text was read from
 * @param text with the byte order mark, as {@link markedFileText} returns it
 */
export function rewrittenFile(before: Uint8Array, text: string): Uint8Array | string {
  const [first, second] = before;
  if (first === 0xff && second === 0xfe) return Buffer.from(text, "utf16le");
  if (first === 0xfe && second === 0xff) return Buffer.from(text, "utf16le").swap16();
  return text;
}

/** Removes the byte order mark in front of a text. */
export function withoutByteOrderMark(text: string): string {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}

function utf16Text(bytes: Uint8Array, charset: "utf-16le" | "utf-16be"): string {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-16 text, though it has the byte order mark of UTF-16");
  }
}
