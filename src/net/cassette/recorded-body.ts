import { isUtf8 } from "node:buffer";
import { charsetOf } from "../../base/body-text.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { parseJson } from "../../base/parse-json.ts";
import type { RecordedBody } from "./cassette.ts";
import type { Redactor } from "./redactor.ts";

/** Returns a body as it is recorded, or an object without one if it is empty. */
export function recordBody(
  body: string | Uint8Array | undefined,
  contentType: string,
  redactor: Redactor,
): { readonly body?: RecordedBody } {
  if (body === undefined || body.length === 0) return {};
  if (typeof body === "string") return { body: recordText(redactor.text(body.toWellFormed(), contentType)) };
  const encoding = encodingOf(body, contentType);
  const kept = redactor.text(encoding.decode(body), contentType);
  if (encoding.isUtf8) return { body: recordText(kept) };
  return { body: { base64: encoding.encode(kept).toString("base64") } };
}

/** Depth limit of JSON values. Writing them recurses, so that deeper ones are recorded as text. */
const DEEPEST = 100;

/** Records a text, as a value if that gives the same bytes again: not for 1.0, nor for numbers with too many digits. */
function recordText(text: string): RecordedBody {
  const parsed = parseJson(text);
  const isValue = parsed.ok && isShallow(parsed.value, DEEPEST) && jsonText(parsed.value) === text;
  return isValue ? { json: parsed.value } : { text };
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every(member => isShallow(member, levels - 1));
}

/** Returns the JSON of a value, or `undefined` if it is nested too deeply for the stack. */
function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** An encoding that reads bytes as text and writes the same bytes again. */
interface Encoding {
  readonly isUtf8: boolean;
  decode(bytes: Uint8Array): string;
  encode(text: string): Buffer;
}

const UTF_8: Encoding = {
  isUtf8: true,
  decode: bytes => Buffer.from(bytes).toString("utf8"),
  encode: text => Buffer.from(text),
};

/** The encoding of other charsets and of binary data. Only ASCII matters: names and shapes of secrets consist of it. */
const BYTES: Encoding = {
  isUtf8: false,
  decode: bytes => Buffer.from(bytes).toString("latin1"),
  encode: text => Buffer.from(text, "latin1"),
};

const UTF_16_LE: Encoding = {
  isUtf8: false,
  decode: bytes => Buffer.from(bytes).toString("utf16le"),
  encode: text => Buffer.from(text, "utf16le"),
};

const UTF_16_BE: Encoding = {
  isUtf8: false,
  decode: bytes => UTF_16_LE.decode(swapped(bytes)),
  encode: text => swapped(UTF_16_LE.encode(text)),
};

function swapped(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes).swap16();
}

function encodingOf(bytes: Uint8Array, contentType: string): Encoding {
  const charset = charsetOf(contentType)?.toLowerCase() ?? "";
  if (bytes.length % 2 === 0) {
    const isBigEndian = (bytes[0] === 0xfe && bytes[1] === 0xff) || charset === "utf-16be";
    if (isBigEndian || hasZeros(bytes, 0)) return UTF_16_BE;
    const isLittleEndian = (bytes[0] === 0xff && bytes[1] === 0xfe) || charset.startsWith("utf-16");
    if (isLittleEndian || hasZeros(bytes, 1)) return UTF_16_LE;
  }
  return isUtf8(bytes) ? UTF_8 : BYTES;
}

/** Returns whether bytes look like ASCII in UTF-16, which has a zero in every other byte. */
function hasZeros(bytes: Uint8Array, offset: number): boolean {
  const sample = bytes.subarray(0, 64);
  if (sample.length < 4) return false;
  return sample.every((byte, index) => (index % 2 === offset ? byte === 0 : byte !== 0));
}

/** Returns a body as text, to compare it. Binary data has one character for each byte. */
export function textOfBody(bytes: Uint8Array, contentType: string): string {
  return encodingOf(bytes, contentType).decode(bytes);
}

/** Returns the bytes of a recorded body. */
export function bodyBytes(body: RecordedBody | undefined): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if ("base64" in body) return Buffer.from(body.base64, "base64");
  return Buffer.from("text" in body ? body.text : (stringify(body.json) ?? ""));
}
