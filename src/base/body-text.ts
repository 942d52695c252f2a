import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";

/** A body as received. */
export interface ReceivedBody {
  readonly bytes: Uint8Array;
  /** The header field of that name. */
  readonly contentType: string | undefined;
}

export interface TextOptions {
  /**
   * Whether bytes that are no text become replacement characters. Not where a program reads the result: it would take
   * them for data.
   *
   * @default false
   */
  readonly lenient?: boolean;
  /** The charset that a document names itself, asked for where the content type names none. */
  readonly declared?: (bytes: Uint8Array) => string | undefined;
}

const BYTE_ORDER_MARKS: readonly (readonly [charset: string, bytes: readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/**
 * A body as text, without its byte order mark. A byte order mark names the charset, else the content type does, else the
 * document itself, else it is UTF-8 (WHATWG Encoding, 6; RFC 7303, 3).
 *
 * @throws Error for a charset that is not known, and for bytes that are no text in it
 */
export function bodyText({ bytes, contentType }: ReceivedBody, options: TextOptions = {}): string {
  const charset = markedCharset(bytes) ?? charsetOf(contentType) ?? options.declared?.(bytes) ?? "utf-8";
  if (charset === "utf-8" || /^utf-?8$/i.test(charset)) return utf8Text(bytes, options.lenient ?? false);
  const decoder = decoderFor(charset, !options.lenient);
  try {
    const text = decoder.decode(bytes);
    // Node 20 takes it for ISO-8859-1, which the standard has no decoder for.
    const isMistaken = decoder.encoding === "windows-1252" && CONTROLS.test(text);
    return isMistaken ? windows1252Text(bytes) : text;
  } catch {
    throw new Error(`it is not text in the charset ${JSON.stringify(charset)}`);
  }
}

/** What windows-1252 has in the place of the control characters 0x80 to 0x9f. */
const WINDOWS_1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

const CONTROLS = /[\x80-\x9f]/;

function windows1252Text(bytes: Uint8Array): string {
  const units = Uint16Array.from(bytes, byte =>
    byte >= 0x80 && byte <= 0x9f ? WINDOWS_1252.charCodeAt(byte - 0x80) : byte,
  );
  return new TextDecoder("utf-16le").decode(units);
}

/** The charset that a content type names. */
export function charsetOf(contentType: string | undefined): string | undefined {
  if (contentType === undefined || !contentType.includes(";")) return undefined;
  // What most answers have, told without taking it apart.
  if (contentType.endsWith("; charset=utf-8")) return "utf-8";
  return /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1];
}

/** @throws Error for a charset that is not known */
export function decoderFor(charset: string, fatal: boolean): TextDecoder {
  try {
    return new TextDecoder(charset, { fatal });
  } catch {
    throw new Error(`its charset ${JSON.stringify(charset)} is not known`);
  }
}

/** UTF-8 as text without a byte order mark. */
export function utf8Text(bytes: Uint8Array, lenient = true): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  // A replacement character may also have been sent as such.
  if (!lenient && text.includes("\ufffd") && !isUtf8(bytes)) {
    throw new Error("it is not UTF-8 text, and the answer names no other charset");
  }
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function markedCharset(bytes: Uint8Array): string | undefined {
  const first = bytes[0];
  // Almost every body starts with ASCII.
  if (first === undefined || first < 0xef) return undefined;
  return BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
}
