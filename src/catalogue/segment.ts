import { closeSync } from "node:fs";
import { version } from "../base/version.ts";
import type { CatalogueAdapter, CatalogueFile, CatalogueOperation, CatalogueProblem } from "./catalogue-file.ts";
import type { Entry, ImportedFile, ListedFolder } from "./entry.ts";
import { type OpenFile, openOwnFile, readPart, removeFile, writeOwnFile } from "./own-file.ts";
import { changedPlaces, isUnchanged, STAMP_LENGTH, type Stamp } from "./stamp.ts";

// A segment is a file with the entries of files. It begins with its heads: a description of its columns, stamps,
// places of operations and flags, and texts by column, of which a reader parses those that it uses. The heads are there
// twice: comparing them finds damage faster than a checksum. Operations follow, a piece for each entry.

/** Changes with the form of the file, and with what is kept of capability files. */
const FORMAT = `naftiko catalogue 2 ${version}\n`;
const START_LENGTH = 64;

/** Flags of an entry. */
const IS_DEEP = 1;
const IS_FOREIGN = 2;

/** What a segment says of itself. */
interface SegmentInfo {
  /** Folders and settings that it is for. */
  readonly key: string;
  /** Different for each segment that was ever written. */
  readonly id: string;
  /** The segment that this one changes, if it is no first one. */
  readonly base?: string;
  /** Rows of the base that no longer count. */
  readonly replaced: readonly number[];
  readonly folders: readonly ListedFolder[];
}

/** The columns of texts, with the type of a cell. */
interface Columns {
  readonly names: string;
  readonly files: string;
  readonly stamps: string;
  readonly labels: string;
  readonly descriptions: string;
  readonly tags: readonly string[];
  readonly counts: number;
  readonly adapters: readonly CatalogueAdapter[];
  readonly variables: readonly string[];
}

/** What few entries have, by their rows. */
interface Rare {
  readonly problems: Readonly<Record<number, CatalogueProblem>>;
  readonly imports: Readonly<Record<number, readonly ImportedFile[]>>;
}

interface Heads extends SegmentInfo {
  readonly rows: number;
  /** Bytes of the whole file. */
  readonly size: number;
  readonly rare: Rare;
  /** Places of the columns in the heads. */
  readonly columns: { readonly [Name in keyof Columns]: readonly [offset: number, length: number] };
}

/** Reports a part of an index that is read late, and damaged. Reading the catalogue again makes the index anew. */
export class DamagedIndexError extends Error {}

/** Closes the files of segments that nothing refers to any more. */
const descriptors = new FinalizationRegistry<number>(closeSync);

/** A segment that is open. It stays readable when another one takes its name. */
export class Segment {
  readonly info: Heads;
  /** Stamps of all rows, {@link STAMP_LENGTH} numbers each. */
  readonly kept: Float64Array;
  readonly #file: OpenFile;
  readonly #path: string;
  readonly #bytes: Buffer;
  readonly #spans: Float64Array;
  readonly #flags: Float64Array;
  readonly #columns = new Map<string, readonly unknown[]>();

  private constructor(path: string, file: OpenFile, bytes: Buffer, info: Heads, start: number) {
    descriptors.register(this, file.descriptor);
    this.#path = path;
    this.#file = file;
    this.#bytes = bytes;
    this.info = info;
    const numbers = (from: number, length: number) => new Float64Array(bytes.buffer, bytes.byteOffset + from, length);
    this.kept = numbers(start, info.rows * STAMP_LENGTH);
    this.#spans = numbers(start + this.kept.byteLength, info.rows * 2);
    this.#flags = numbers(start + this.kept.byteLength + this.#spans.byteLength, info.rows);
  }

  /** Opens a segment. Returns `undefined` if there is none for the key, or it is damaged or of another version. */
  static open(path: string, key: string): Segment | undefined {
    const file = openOwnFile(path);
    if (file === undefined) return undefined;
    const segment = Segment.#read(path, file, key);
    if (segment === undefined) closeSync(file.descriptor);
    return segment;
  }

  static #read(path: string, file: OpenFile, key: string): Segment | undefined {
    if (file.size < START_LENGTH) return undefined;
    try {
      const start = readPart(file, 0, START_LENGTH);
      if (start.toString("latin1", 0, FORMAT.length) !== FORMAT) return undefined;
      const length = start.readUInt32LE(START_LENGTH - 8);
      const infoLength = start.readUInt32LE(START_LENGTH - 4);
      if (START_LENGTH + 2 * length > file.size || infoLength > length) return undefined;
      const both = readPart(file, START_LENGTH, 2 * length);
      if (both.compare(both, length, 2 * length, 0, length) !== 0) return undefined;
      const info = JSON.parse(both.toString("utf8", 0, infoLength)) as Heads;
      return info.size === file.size && info.key === key ? new Segment(path, file, both, info, infoLength) : undefined;
    } catch {
      return undefined;
    }
  }

  column<Name extends keyof Columns>(name: Name): readonly Columns[Name][] {
    let column = this.#columns.get(name);
    if (column === undefined) {
      const [offset, length] = this.info.columns[name];
      column = JSON.parse(this.#bytes.toString("utf8", offset, offset + length)) as readonly unknown[];
      this.#columns.set(name, column);
    }
    return column as readonly Columns[Name][];
  }

  /** Returns the rows whose files, or files that these import, have changed. */
  changedRows(): ReadonlySet<number> {
    const changed = new Set(changedPlaces(this.column("files"), this.kept));
    for (const [row, imports] of Object.entries(this.info.rare.imports)) {
      if (!imports.every(({ file, kept }) => isUnchanged(file, kept))) changed.add(Number(row));
    }
    return changed;
  }

  stampAt(row: number): Stamp {
    const [modified = 0, changed = 0, size = 0, inode = 0] = this.kept.subarray(row * STAMP_LENGTH);
    return [modified, changed, size, inode];
  }

  isDeep(row: number): boolean {
    return ((this.#flags[row] ?? 0) & IS_DEEP) !== 0;
  }

  isForeign(row: number): boolean {
    return ((this.#flags[row] ?? 0) & IS_FOREIGN) !== 0;
  }

  operationText(row: number): Buffer {
    return readPart(this.#file, this.#spans[2 * row] ?? 0, this.#spans[2 * row + 1] ?? 0);
  }

  /** @throws DamagedIndexError if they are damaged. The segment is then removed, and made anew at the next use */
  operations(row: number): readonly CatalogueOperation[] {
    try {
      return JSON.parse(this.operationText(row).toString("utf8")) as readonly CatalogueOperation[];
    } catch (cause) {
      removeFile(this.#path);
      throw new DamagedIndexError(`Cannot read ${this.#path}: it is damaged, and is made anew at the next use`, {
        cause,
      });
    }
  }
}

/** An entry of a segment. Its parts are read when they are asked for. */
export class SegmentEntry implements Entry {
  readonly segment: Segment;
  readonly row: number;
  readonly name: string;

  constructor(segment: Segment, row: number, name: string) {
    this.segment = segment;
    this.row = row;
    this.name = name;
  }

  get file(): string {
    return this.#cell("files");
  }

  get stamp(): string {
    return this.#cell("stamps");
  }

  get label(): string {
    return this.#cell("labels");
  }

  get description(): string {
    return this.#cell("descriptions");
  }

  get tags(): readonly string[] {
    return this.#cell("tags");
  }

  get operationCount(): number {
    return this.#cell("counts");
  }

  get adapters(): CatalogueFile["adapters"] {
    return this.#cell("adapters");
  }

  get variables(): readonly string[] {
    return this.#cell("variables");
  }

  get operations(): readonly CatalogueOperation[] {
    return this.segment.operations(this.row);
  }

  get problem(): CatalogueProblem | undefined {
    return this.segment.info.rare.problems[this.row];
  }

  get isDeep(): boolean {
    return this.segment.isDeep(this.row);
  }

  get isForeign(): boolean {
    return this.segment.isForeign(this.row);
  }

  get imports(): readonly ImportedFile[] {
    return this.segment.info.rare.imports[this.row] ?? [];
  }

  get kept(): Stamp {
    return this.segment.stampAt(this.row);
  }

  get operationText(): Uint8Array {
    return this.segment.operationText(this.row);
  }

  #cell<Name extends keyof Columns>(name: Name): Columns[Name] {
    return this.segment.column(name)[this.row] as Columns[Name];
  }
}

/** Writes a segment. Returns whether it is written. */
export function writeSegment(file: string, info: SegmentInfo, entries: readonly Entry[]): boolean {
  const operations = entries.map(entry => entry.operationText);
  const columns: { readonly [Name in keyof Columns]: (entry: Entry) => Columns[Name] } = {
    names: entry => entry.name,
    files: entry => entry.file,
    stamps: entry => entry.stamp,
    labels: entry => entry.label,
    descriptions: entry => entry.description,
    tags: entry => entry.tags,
    counts: entry => entry.operationCount,
    adapters: entry => entry.adapters,
    variables: entry => entry.variables,
  };
  const texts = Object.entries(columns).map(
    ([name, read]) => [name, Buffer.from(JSON.stringify(entries.map(entry => read(entry))))] as const,
  );
  const spansFrom = entries.length * STAMP_LENGTH;
  const flagsFrom = spansFrom + entries.length * 2;
  const numbers = new Float64Array(flagsFrom + entries.length);
  for (const [row, { kept, isDeep, isForeign }] of entries.entries()) {
    numbers.set(kept, row * STAMP_LENGTH);
    numbers[flagsFrom + row] = (isDeep ? IS_DEEP : 0) | (isForeign ? IS_FOREIGN : 0);
  }
  const stamps = Buffer.from(numbers.buffer);
  const textLength = texts.reduce((sum, [, { length }]) => sum + length, 0);
  const operationLength = operations.reduce((sum, { length }) => sum + length, 0);
  // The heads say how long they are: first as long as they may be, then as long as they are.
  const describe = (infoLength: number, size: number): Heads => {
    let offset = infoLength + stamps.length;
    const places = texts.map(([name, { length }]) => {
      offset += length;
      return [name, [offset - length, length]] as const;
    });
    return {
      ...info,
      rows: entries.length,
      size,
      rare: rareOf(entries),
      columns: Object.fromEntries(places) as Heads["columns"],
    };
  };
  const room = Buffer.byteLength(JSON.stringify(describe(2 ** 32, 2 ** 48)));
  const infoLength = Math.ceil(room / 8) * 8;
  const length = infoLength + stamps.length + textLength;
  const size = START_LENGTH + 2 * length + operationLength;
  let at = size - operationLength;
  for (const [index, { length: bytes }] of operations.entries()) {
    numbers[spansFrom + 2 * index] = at;
    numbers[spansFrom + 2 * index + 1] = bytes;
    at += bytes;
  }
  const heads = Buffer.concat([
    padded(JSON.stringify(describe(infoLength, size)), infoLength),
    stamps,
    ...texts.map(([, text]) => text),
  ]);
  const start = Buffer.alloc(START_LENGTH);
  start.write(FORMAT, "latin1");
  start.writeUInt32LE(length, START_LENGTH - 8);
  start.writeUInt32LE(infoLength, START_LENGTH - 4);
  return writeOwnFile(file, [start, heads, heads, ...operations]);
}

function rareOf(entries: readonly Entry[]): Rare {
  const byRow = <Value>(read: (entry: Entry) => Value | undefined) =>
    Object.fromEntries(
      entries.flatMap((entry, row) => {
        const value = read(entry);
        return value === undefined ? [] : [[row, value]];
      }),
    ) as Readonly<Record<number, Value>>;
  return {
    problems: byRow(entry => entry.problem),
    imports: byRow(entry => (entry.imports.length > 0 ? entry.imports : undefined)),
  };
}

function padded(text: string, length: number): Buffer {
  const bytes = Buffer.alloc(length, " ");
  bytes.write(text);
  return bytes;
}
