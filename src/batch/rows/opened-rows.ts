import { countOf } from "../../base/count-of.ts";
import type { BatchRow, UnreadableRow } from "../row.ts";
import { isInShard, type Shard, sizeOfShard } from "../shard.ts";
import type { ReadRecord, RecordReader } from "./record-reader.ts";
import { RecordStream } from "./record-stream.ts";
import type { RowBytes } from "./row-bytes.ts";
import type { RowMaker } from "./row-maker.ts";
import type { RowSource } from "./row-source.ts";

/** What rows are read with. */
interface Opened<Value> {
  readonly bytes: RowBytes;
  /** Records that were read to open the rows, and the rest of them: bytes that are not kept are read once. */
  readonly started: { readonly held: readonly ReadRecord<Value>[]; readonly stream: RecordStream<Value> };
  newReader(): RecordReader<Value>;
  /** Records before the first row. */
  readonly headers: number;
  /** Number of rows of all shards, where it is known. */
  readonly rows: number | undefined;
  readonly toRow: RowMaker<Value>;
  readonly shard: Shard;
  readonly notes: string[];
}

/** Rows whose header was read. */
export class OpenedRows<Value> implements RowSource {
  readonly name: string;
  readonly hash: string | undefined;
  readonly total: number | undefined;
  readonly notes: string[];
  readonly #opened: Opened<Value>;

  constructor(opened: Opened<Value>) {
    const { bytes, rows, shard, notes } = opened;
    this.#opened = opened;
    this.name = bytes.name;
    this.hash = bytes.kind === "kept" ? bytes.hash : undefined;
    this.total = rows === undefined ? undefined : sizeOfShard(shard, rows);
    this.notes = notes;
  }

  [Symbol.asyncIterator](): AsyncGenerator<BatchRow | UnreadableRow, void, undefined> {
    return this.read(() => true);
  }

  async *read(isWanted: (row: number) => boolean): AsyncGenerator<BatchRow | UnreadableRow, void, undefined> {
    const { toRow, shard } = this.#opened;
    const { held, stream } = await this.#start();
    let row = 1;
    let isAsked = isInShard(shard, row) && isWanted(row);
    for (let index = 0; ; ) {
      const record = index < held.length ? held[index++] : stream.next(isAsked);
      if (record === undefined) {
        if (await stream.fill()) continue;
        break;
      }
      if (isAsked) {
        if (record.problem !== undefined) yield { row, line: record.line, problem: record.problem };
        else if (record.value !== undefined) yield toRow(record.value, row, record.line);
      }
      row++;
      isAsked = isInShard(shard, row) && isWanted(row);
    }
    await this.#noteGrowth();
  }

  async close(): Promise<void> {
    await this.#opened.bytes.close();
  }

  async #start(): Promise<Opened<Value>["started"]> {
    const { bytes, newReader, headers, started } = this.#opened;
    if (bytes.kind === "streamed") return started;
    const { name } = bytes;
    const origin = { name, pieces: bytes.again(), isGrowing: async () => (await bytes.grown()) > 0 };
    const stream = new RecordStream<Value>(origin, newReader());
    for (let left = headers; left > 0; left--) await nextRecord(stream, false);
    return { held: [], stream };
  }

  async #noteGrowth(): Promise<void> {
    const { bytes } = this.#opened;
    const grown = bytes.kind === "kept" ? await bytes.grown() : 0;
    if (grown > 0)
      this.notes.push(`${this.name} has grown by ${countOf(grown, "byte")} since it was opened: they were not read`);
  }
}

/** Returns the next record, or `undefined` after the last one. */
export async function nextRecord<Value>(
  stream: RecordStream<Value>,
  isWanted: boolean,
): Promise<ReadRecord<Value> | undefined> {
  for (;;) {
    const record = stream.next(isWanted);
    if (record !== undefined || !(await stream.fill())) return record;
  }
}
