import type { ReadRecord, RecordReader } from "./record-reader.ts";
import { rowsInvalid } from "./rows-error.ts";
import { NotTextError, PieceDecoder } from "./text-decoder.ts";

/** Where records come from. */
interface RecordOrigin {
  readonly name: string;
  readonly pieces: AsyncIterator<Uint8Array>;
  /** Tells whether somebody is still writing: then a last line without its end is not whole. */
  isGrowing(): Promise<boolean>;
}

/** Records of bytes that arrive in pieces. */
export class RecordStream<Value> {
  readonly #origin: RecordOrigin;
  readonly #reader: RecordReader<Value>;
  readonly #decoder = new PieceDecoder();
  #isEnded = false;
  /** Whether what comes after the last line end is a part of a line. */
  #isTorn = false;

  constructor(origin: RecordOrigin, reader: RecordReader<Value>) {
    this.#origin = origin;
    this.#reader = reader;
  }

  /** Returns the next record of what has arrived, or `undefined` where {@link fill} has to be called. */
  next(isWanted: boolean): ReadRecord<Value> | undefined {
    const record = this.#reader.next(isWanted);
    if (record === undefined || !this.#isTorn) return record;
    return { line: record.line, problem: "was still being written when it was read" };
  }

  /**
   * Waits for more bytes.
   *
   * @returns whether there may be another record
   * @throws CapabilityError `ROW_INVALID` for bytes that are no text
   */
  async fill(): Promise<boolean> {
    if (this.#isEnded) return false;
    const { done, value } = await this.#origin.pieces.next();
    const isLast = done === true;
    this.#reader.push(this.#decode(isLast ? new Uint8Array() : value, isLast));
    this.#isEnded = isLast;
    if (isLast) {
      this.#isTorn = await this.#origin.isGrowing();
      this.#reader.end();
    }
    return true;
  }

  #decode(piece: Uint8Array, isLast: boolean): string {
    try {
      return this.#decoder.decode(piece, isLast);
    } catch (error) {
      if (!(error instanceof NotTextError)) throw error;
      const line = this.#lineAfter(error.before);
      throw rowsInvalid(this.#origin.name, `cannot be read: ${error.message} (line ${line})`, { line }, error);
    }
  }

  /** Returns the number of the line that the text has come to after `text`. */
  #lineAfter(text: string): number {
    // The character in place of the faulty one keeps the last line from being empty, so that it counts.
    this.#reader.push(`${text}?`);
    this.#reader.end();
    while (this.#reader.next(false) !== undefined);
    return this.#reader.line - 1;
  }
}
