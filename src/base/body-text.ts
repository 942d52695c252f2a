import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import { withoutByteOrderMark } from "./files/file-text.ts";

/** A body as received. */
export interface ReceivedBody {
  readonly bytes: Uint8Array;
  /** The header field of that name. */
  readonly contentType: string | undefined;
}

export interface TextOptions {
  /**
   * Whether bytes that are not text become replacement characters. Leave it off if a program reads the result, which
   * would take them for data.
   *
   * @default false
   */
  readonly lenient?: boolean;
  /** Finds the charset that a document itself names. Asked if the content type names none. */
  readonly declared?: (bytes: Uint8Array) => string | undefined;
}

const BYTE_ORDER_MARKS: readonly (readonly [charset: string, bytes: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * Decodes a body to text without its byte order mark. The byte order mark names the charset, else the content type,
 * else the document itself, else it is UTF-8 (WHATWG Encoding, 6; RFC 7303, 3).
 *
 * @throws Error for an unknown charset, and for bytes that are not text in the charset
 */
export function bodyText({ bytes, contentType }: ReceivedBody, options: TextOptions = {}): string {
  const charset = markedCharset(bytes) ?? charsetOf(contentType) ?? options.declared?.(bytes) ?? "utf-8";
  if (charset === "utf-8" || /^utf-?8$/i.test(charset)) return utf8Text(bytes, options.lenient ?? false);
  const decoder = decoderFor(charset, !options.lenient);
  try {
    const text = decoder.decode(bytes);
    // Node 20 takes windows-1252 for ISO-8859-1, for which the standard has no decoder.
    const isMistaken = decoder.encoding === "windows-1252" && CONTROLS.test(text);
    return isMistaken ? windows1252Text(bytes) : text;
  } catch {
    throw new Error(`it is not text in the charset ${JSON.stringify(charset)}`);
  }
}

/** Characters that windows-1252 has in place of the control characters 0x80 to 0x9f. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

const CONTROLS = /[\x80-\x9f]/;

function windows1252Text(bytes: Uint8Array): string {
  const units = Uint16Array.from(bytes, byte =>
    byte >= 0x80 && byte <= 0x9f ? WINDOWS_1252.charCodeAt(byte - 0x80) : byte,
  );
  return new TextDecoder("utf-16le").decode(units);
}

/** Returns the charset that a content type names. */
export function charsetOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !contentType.includes(";")) return undefined;
  // Most answers have this one: no need to parse it.
  if (contentType.endsWith("; charset=utf-8")) return "utf-8";
  return /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
}

/**
 * Returns the decoder of a charset.
 *
 * @throws Error for an unknown charset
 */
export function decoderFor(charset: string, fatal: boolean): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal });
  } catch {
    throw new Error(`its charset ${JSON.stringify(charset)} is not known`);
  }
}

/** Decodes UTF-8 to text without a byte order mark. */
export function utf8Text(bytes: Uint8Array, lenient = true): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  // A replacement character may also have been sent as such.
  if (!lenient && text.includes("\ufffd") && !isUtf8(bytes)) {
    throw new Error("it is not UTF-8 text, and the answer names no other charset");
  }
  return withoutByteOrderMark(text);
}

function markedCharset(bytes: Uint8Array): string | undefined {
  const first = bytes[0];
  // Almost every body starts with ASCII.
  if (first === undefined || first < 0xef) return undefined;
  return BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
}
