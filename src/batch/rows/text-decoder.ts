import { isUtf8 } from "node:buffer";

/** Bytes of a source are no text. The message continues "it cannot be read: …". */
export class NotTextError extends Error {
  /** The text before the first byte that is none. */
  readonly before: string;

  constructor(message: string, before: string) {
    super(message);
    this.before = before;
  }
}

const NOTHING = Buffer.alloc(0);

/**
 * Decodes bytes that arrive in pieces: UTF-8, or UTF-16 with a byte order mark, as editors and spreadsheets of Windows
 * write it. No byte is replaced in silence.
 */
export class PieceDecoder {
  #coding: "unknown" | "UTF-8" | "UTF-16 LE" | "UTF-16 BE" = "unknown";
  /** Bytes at the end of a piece, of a character that is not complete. */
  #rest: Buffer = NOTHING;

  /** @throws NotTextError */
  decode(piece: Uint8Array, isLast: boolean): string {
    let bytes: Buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (this.#rest.length > 0) bytes = Buffer.concat([this.#rest, bytes]);
    this.#rest = NOTHING;
    if (this.#coding === "unknown") {
      if (bytes.length < 3 && !isLast) {
        this.#rest = Buffer.from(bytes);
        return "";
      }
      bytes = this.#skipMark(bytes);
    }
    return this.#coding === "UTF-8" ? this.#utf8(bytes, isLast) : this.#utf16(bytes, isLast);
  }

  /** Finds out the coding, and drops the byte order mark. */
  #skipMark(bytes: Buffer): Buffer {
    const [first, second, third, fourth] = bytes;
    const isLittle = first === 0xff && second === 0xfe;
    if (isLittle && third === 0 && fourth === 0) throw new NotTextError("it is UTF-32 text: save it as UTF-8", "");
    if (isLittle || (first === 0xfe && second === 0xff)) {
      this.#coding = isLittle ? "UTF-16 LE" : "UTF-16 BE";
      return bytes.subarray(2);
    }
    this.#coding = "UTF-8";
    if (first === 0x50 && second === 0x4b && third === 0x03)
      throw new NotTextError("it is a ZIP archive, as workbooks of Excel are: save it as CSV (UTF-8)", "");
    if (first === 0x1f && second === 0x8b) throw new NotTextError("it is compressed by gzip: unpack it", "");
    if (first === 0 || second === 0)
      throw new NotTextError("it is probably UTF-16 without a byte order mark: save it as UTF-8", "");
    return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
  }

  #utf8(bytes: Buffer, isLast: boolean): string {
    const end = isLast ? bytes.length : completeLength(bytes);
    this.#rest = Buffer.from(bytes.subarray(end));
    const complete = bytes.subarray(0, end);
    if (isUtf8(complete)) return complete.toString("utf8");
    const valid = validLength(complete);
    throw new NotTextError("it is not UTF-8 text: save it as UTF-8", complete.toString("utf8", 0, valid));
  }

  #utf16(bytes: Buffer, isLast: boolean): string {
    const isOdd = bytes.length % 2 === 1;
    const units = bytes.subarray(0, isOdd ? -1 : undefined);
    const text = (this.#coding === "UTF-16 BE" ? Buffer.from(units).swap16() : units).toString("utf16le");
    const end = !isLast && isFirstOfPair(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length;
    if (!isLast) this.#rest = Buffer.from(bytes.subarray(2 * end));
    const complete = text.slice(0, end);
    const isWhole = !(isLast && isOdd);
    if (isWhole && complete.isWellFormed()) return complete;
    const faulty = complete.search(/\p{Surrogate}/u);
    const before = faulty < 0 ? complete : complete.slice(0, faulty);
    throw new NotTextError("it is not UTF-16 text, though it has the byte order mark of UTF-16", before);
  }
}

/** Tells whether a unit of UTF-16 is the first one of the two that make a character. */
function isFirstOfPair(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** Returns the length of the bytes without those of a last character that is not complete. */
function completeLength(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}

/** Returns the length of the longest part from the start that is UTF-8. */
function validLength(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const part = bytes.subarray(0, middle);
    if (isUtf8(part.subarray(0, completeLength(part)))) low = middle;
    else high = middle - 1;
  }
  return completeLength(bytes.subarray(0, low));
}
