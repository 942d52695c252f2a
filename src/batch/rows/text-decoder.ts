import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";

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
  /** Decoder of UTF-16; `undefined` for UTF-8; `"unknown"` before the first bytes. */
  #utf16: TextDecoder | undefined | "unknown" = "unknown";
  /** Bytes at the end of a piece, of a character that is not complete. */
  #rest: Buffer = NOTHING;

  /** @throws NotTextError */
  decode(piece: Uint8Array, isLast: boolean): string {
    let bytes: Buffer = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    if (this.#rest.length > 0) bytes = Buffer.concat([this.#rest, bytes]);
    this.#rest = NOTHING;
    if (this.#utf16 === "unknown") {
      if (bytes.length < 3 && !isLast) {
        this.#rest = Buffer.from(bytes);
        return "";
      }
      bytes = this.#skipMark(bytes);
    }
    if (this.#utf16 instanceof TextDecoder) return decodeUtf16(this.#utf16, bytes, isLast);
    const end = isLast ? bytes.length : completeLength(bytes);
    this.#rest = Buffer.from(bytes.subarray(end));
    const complete = bytes.subarray(0, end);
    if (isUtf8(complete)) return complete.toString("utf8");
    const valid = validLength(complete);
    throw new NotTextError("it is not UTF-8 text: save it as UTF-8", complete.toString("utf8", 0, valid));
  }

  /** Finds out the coding, and drops the byte order mark. */
  #skipMark(bytes: Buffer): Buffer {
    const [first, second, third] = bytes;
    const isLittle = first === 0xff && second === 0xfe;
    if (isLittle || (first === 0xfe && second === 0xff)) {
      this.#utf16 = new TextDecoder(isLittle ? "utf-16le" : "utf-16be", { fatal: true });
      return bytes;
    }
    this.#utf16 = undefined;
    if (first === 0x50 && second === 0x4b && third === 0x03)
      throw new NotTextError("it is a ZIP archive, as workbooks of Excel are: save it as CSV (UTF-8)", "");
    if (first === 0x1f && second === 0x8b) throw new NotTextError("it is compressed by gzip: unpack it", "");
    if (first === 0 || second === 0)
      throw new NotTextError("it is probably UTF-16 without a byte order mark: save it as UTF-8", "");
    return first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes;
  }
}

function decodeUtf16(decoder: TextDecoder, bytes: Buffer, isLast: boolean): string {
  try {
    return decoder.decode(bytes, { stream: !isLast });
  } catch {
    throw new NotTextError("it is not UTF-16 text, though it has the byte order mark of UTF-16", "");
  }
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
