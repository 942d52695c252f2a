import type { JsonObject } from "../../base/json-object.ts";
import { CsvReader } from "./csv-reader.ts";
import { isFedBack } from "./fed-back-row.ts";
import { JsonLinesReader } from "./json-lines-reader.ts";
import { nextRecord, OpenedRows } from "./opened-rows.ts";
import type { ReadRecord, RecordReader } from "./record-reader.ts";
import { RecordStream } from "./record-stream.ts";
import { openBytes, type RowBytes } from "./row-bytes.ts";
import { linesForm, type RowForm, tableForm } from "./row-form.ts";
import { formatOfBytes, formatOfName, type RowFormat, requireTable } from "./row-format.ts";
import { fedBackMaker, type RowMaker, rowMaker } from "./row-maker.ts";
import { requireFitting, unusedNote } from "./row-plan.ts";
import type { RowOperation, RowOrigin, RowSettings, RowSource } from "./row-source.ts";
import { rowsInvalid } from "./rows-error.ts";
import { requireHeader } from "./table-header.ts";

/** Lines whose members are the columns of a file, unless one is looked for that they do not have. */
const LINES_LOOKED_AT = 1_000;

/** Source whose form is known, and whose bytes are read for the first time. */
interface Opening {
  readonly bytes: RowBytes;
  readonly format: RowFormat;
  readonly pieces: AsyncIterator<Uint8Array>;
  readonly operation: RowOperation;
  readonly settings: RowSettings;
}

/**
 * Opens rows, and checks everything that concerns all of them. A file is read to its end once, for its hash and the
 * number of its rows.
 *
 * @throws CapabilityError `ROW_INVALID`, `INPUT_UNKNOWN`, `INPUT_INVALID`, `INPUT_MISSING`, `USAGE`, `IO_FAILED`
 */
export async function openRows(origin: RowOrigin, operation: RowOperation, settings: RowSettings): Promise<RowSource> {
  await requireFitting(operation, settings.set);
  const bytes = await openBytes(origin, settings.isKept);
  try {
    const pieces = bytes.kind === "kept" ? bytes.first() : bytes.pieces[Symbol.asyncIterator]();
    const first = await pieces.next();
    const start = first.done === true ? new Uint8Array() : first.value;
    const named = origin.kind === "file" ? formatOfName(origin.path) : "lines";
    const format = named ?? formatOfBytes(bytes.name, start);
    if (format !== "lines") requireTable(bytes.name, start);
    const opening: Opening = { bytes, format, pieces: resumed(start, pieces), operation, settings };
    return await (format === "lines" ? openLines(opening) : openTable(opening, format === "csv" ? "," : "\t"));
  } catch (error) {
    await bytes.close();
    throw error;
  }
}

async function* resumed(first: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
}

async function openTable(opening: Opening, delimiter: "," | "\t"): Promise<RowSource> {
  const { bytes, operation, settings } = opening;
  const newReader = () => new CsvReader(delimiter);
  const stream = streamOf(opening, newReader());
  const columns = requireHeader(bytes.name, await nextRecord(stream, true), delimiter);
  const form = tableForm(columns, operation, settings.set);
  const toRow = rowMaker(operation, form, bytes.name, settings);
  const rows = bytes.kind === "kept" ? await countRest(stream) : undefined;
  return new OpenedRows({
    bytes,
    started: { held: [], stream },
    newReader,
    headers: 1,
    rows,
    toRow,
    shard: settings.shard,
    notes: notesOf(form, opening),
  });
}

async function openLines(opening: Opening): Promise<RowSource> {
  const { bytes, settings } = opening;
  const newReader = () => new JsonLinesReader();
  const stream = streamOf(opening, newReader());
  const held = await firstLines(stream, bytes);
  if (held.length === 0) throw rowsInvalid(bytes.name, "is empty: it has no rows");
  const rows = bytes.kind === "kept" ? held.length + (await countRest(stream)) : undefined;
  const { toRow, notes } = await linesMaker(opening, held, rows);
  return new OpenedRows({
    bytes,
    started: { held, stream },
    newReader,
    headers: 0,
    rows,
    toRow,
    shard: settings.shard,
    notes,
  });
}

function streamOf<Value>({ bytes: { name }, pieces }: Opening, reader: RecordReader<Value>): RecordStream<Value> {
  return new RecordStream<Value>({ name, pieces, isGrowing: async () => false }, reader);
}

/** Reads the lines that tell the columns: of a stream those up to the first object, since more may not come for long. */
async function firstLines(
  stream: RecordStream<JsonObject>,
  { kind, name }: RowBytes,
): Promise<ReadRecord<JsonObject>[]> {
  const lines: ReadRecord<JsonObject>[] = [];
  while (lines.length < LINES_LOOKED_AT) {
    const line = await nextRecord(stream, true);
    if (line === undefined) return lines;
    lines.push(line);
    if (kind === "streamed" && line.problem === undefined) return lines;
  }
  if (kind === "streamed") throw rowsInvalid(name, `has no JSON object in its first ${LINES_LOOKED_AT} lines`);
  return lines;
}

async function countRest(stream: RecordStream<unknown>): Promise<number> {
  let count = 0;
  for (;;) {
    if (stream.next(false) !== undefined) count++;
    else if (!(await stream.fill())) return count;
  }
}

interface LinesMaker {
  readonly toRow: RowMaker<JsonObject>;
  readonly notes: string[];
}

async function linesMaker(
  opening: Opening,
  held: readonly ReadRecord<JsonObject>[],
  rows: number | undefined,
): Promise<LinesMaker> {
  const { bytes, operation, settings } = opening;
  const first = held.find(({ value }) => value !== undefined)?.value;
  // None of the lines can be read: each of them tells why.
  if (first === undefined) return { toRow: (_, row, line) => ({ row, line, problem: "has no columns" }), notes: [] };
  if (isFedBack(first)) return { toRow: fedBackMaker(settings), notes: [] };
  const make = (columns: readonly string[]): LinesMaker => {
    const form = linesForm(columns);
    return { toRow: rowMaker(operation, form, bytes.name, settings), notes: notesOf(form, opening) };
  };
  try {
    return make(membersOf(held));
  } catch (error) {
    if (bytes.kind === "streamed" || rows === held.length) throw error;
    // A member that few lines have may stand further down.
    return make(await membersOfAll(bytes));
  }
}

function notesOf<Value>(form: RowForm<Value>, { bytes, operation, settings }: Opening): string[] {
  const note = unusedNote(operation, form, bytes.name, settings);
  return note === undefined ? [] : [note];
}

function membersOf(records: readonly ReadRecord<JsonObject>[]): string[] {
  const names = new Set<string>();
  for (const record of records) {
    for (const name of Object.keys(record.value ?? {})) names.add(name);
  }
  return [...names];
}

async function membersOfAll(bytes: Extract<RowBytes, { kind: "kept" }>): Promise<string[]> {
  const names = new Set<string>();
  const { name } = bytes;
  const stream = new RecordStream({ name, pieces: bytes.again(), isGrowing: async () => false }, new JsonLinesReader());
  for (let line = await nextRecord(stream, true); line !== undefined; line = await nextRecord(stream, true)) {
    for (const member of membersOf([line])) names.add(member);
  }
  return [...names];
}
