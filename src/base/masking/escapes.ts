import { htmlEntity } from "./html-entities.ts";
import { type Reading, readReplaced } from "./reading.ts";

/** Removes one layer of escapes from a text. Returns `undefined` if there is none. */
export type Unescape = (source: Reading) => Reading | undefined;

/** Kind of escape. `decode` returns `undefined` for a text that only looks like one. */
interface Escape {
  readonly pattern: RegExp;
  readonly decode: (written: string) => string | undefined;
}

const PERCENT: Escape = {
  pattern: /%(?:[0-9a-fA-F]{2}|u[0-9a-fA-F]{4})/,
  decode: written => unitOf(written.replace(/^%u?/, ""), 16),
};

/** Escapes of JSON and JavaScript, and those that C, Python and YAML add. */
const BACKSLASH: Escape = {
  pattern:
    /\\(?:u[0-9a-fA-F]{4}|u\{[0-9a-fA-F]{1,6}\}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[0-3][0-7]{2}|[nrtbfv0]|[^0-9A-Za-z\0])/,
  decode: decodeBackslash,
};

const HTML: Escape = {
  // Browsers read numbers with zeros in front and without the semicolon, too.
  pattern: /&(?:#\d{1,20};?|#[xX][0-9a-fA-F]{1,20};?|[A-Za-z]{2,31}\d{0,2};)/,
  decode: decodeHtml,
};

/** A quote inside of quotes: CSV, SQL, YAML. */
const DOUBLED_QUOTE: Escape = { pattern: /""|''/, decode: written => written[0] };

/** RFC 2045, 6.7. */
const QUOTED_PRINTABLE: Escape = {
  pattern: /=(?:[0-9A-Fa-f]{2}|[ \t]*\r?\n)/,
  decode: written => (/^=[0-9A-Fa-f]/.test(written) ? unitOf(written.slice(1), 16) : ""),
};

/** Half of each character of ASCII in UTF-16. */
const ZERO: Escape = { pattern: /\0+/, decode: () => "" };

/** Removes escapes of the usual kinds together, since one text may mix them. */
export const decodeEscapes: Unescape = decoderOf(/[%\\&\0]/, {
  "%": PERCENT,
  "\\": BACKSLASH,
  "&": HTML,
  "\0": ZERO,
});

/** Decoders of each kind alone: text that looks like another kind may stand beside a secret by chance. */
export const decodersOfOneKind: readonly Unescape[] = [
  decoderOf(/[%\0]/, { "%": PERCENT, "\0": ZERO }),
  decoderOf(/[\\\0]/, { "\\": BACKSLASH, "\0": ZERO }),
  decoderOf(/&/, { "&": HTML }),
  decoderOf(/["']/, { '"': DOUBLED_QUOTE, "'": DOUBLED_QUOTE }),
  decoderOf(/=/, { "=": QUOTED_PRINTABLE }),
];

/** Reads UTF-16 that was read as bytes. */
export const decodeZeros: Unescape = source => readReplaced(source, /\0+/g, () => "");

/** @param escapes by the character that each begins with */
function decoderOf(mark: RegExp, escapes: Readonly<Record<string, Escape>>): Unescape {
  const kinds = new Map(Object.entries(escapes));
  const sources = new Set([...kinds.values()].map(({ pattern }) => pattern.source));
  const pattern = new RegExp([...sources].join("|"), "g");
  const decode = (written: string) => kinds.get(written.charAt(0))?.decode(written);
  return source => {
    const plain = mark.test(source.text) ? readReplaced(source, pattern, decode) : undefined;
    return readReplaced(plain ?? source, UTF8_AS_LATIN1, joinBytes) ?? plain;
  };
}

/** Bytes of UTF-8 that were read as Latin-1, as header fields are, and as other decoders give them. */
const UTF8_AS_LATIN1 =
  /[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}/g;

/** Decodes one character of UTF-8. By hand, because bytes that are not text have many of them. */
function joinBytes(bytes: string): string | undefined {
  const { length } = bytes;
  let code = bytes.charCodeAt(0) & (0x7f >> length);
  for (let index = 1; index < length; index++) code = (code << 6) | (bytes.charCodeAt(index) & 0x3f);
  const isShortest = code >= (length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000);
  return isShortest && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : undefined;
}

const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({ n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", 0: "\0" }),
);

function decodeBackslash(written: string): string | undefined {
  const escaped = written.slice(1);
  if (escaped.length === 1) return LETTERS.get(escaped) ?? escaped;
  if (/^\d/.test(escaped)) return unitOf(escaped, 8);
  return unitOf(escaped.replace(/^[uUx]\{?|\}$/g, ""), 16);
}

function decodeHtml(written: string): string | undefined {
  const name = written.slice(1).replace(/;$/, "");
  if (/^#[xX]/.test(name)) return unitOf(name.slice(2), 16);
  return name.startsWith("#") ? unitOf(name.slice(1), 10) : htmlEntity(name);
}

function unitOf(digits: string, radix: number): string | undefined {
  const code = Number.parseInt(digits, radix);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
