import path from "node:path";
import { rowsInvalid } from "./rows-error.ts";
import { NotTextError, PieceDecoder } from "./text-decoder.ts";

/** Form of a source of rows. */
export type RowFormat = "csv" | "tsv" | "lines";

/** Form by the ending of the name, in lower case. */
const ENDINGS: Readonly<Record<string, RowFormat>> = {
  ".csv": "csv",
  ".tsv": "tsv",
  ".tab": "tsv",
  ".jsonl": "lines",
  ".ndjson": "lines",
};

/** Returns the form that the ending of a name tells. */
export function formatOfName(name: string): RowFormat | undefined {
  const ending = path.extname(name).toLowerCase();
  return Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
}

/**
 * Returns the form of bytes whose name does not tell it.
 *
 * @throws CapabilityError `ROW_INVALID` for JSON that is not lines
 */
export function formatOfBytes(name: string, bytes: Uint8Array): RowFormat {
  const start = startOf(bytes);
  if (start.startsWith("["))
    throw rowsInvalid(name, "is a JSON array, and not JSON lines: write one object a line, as jq -c '.[]' does");
  if (start.startsWith("{")) return "lines";
  const [header = ""] = start.split(/[\r\n]/, 1);
  return header.includes("\t") && !header.includes(",") ? "tsv" : "csv";
}

/** @throws CapabilityError `ROW_INVALID` for JSON lines that have the name of a table */
export function requireTable(name: string, bytes: Uint8Array): void {
  if (/^\{\s*"/.test(startOf(bytes)))
    throw rowsInvalid(name, "has JSON lines, though its name is that of a table: give it the ending .jsonl");
}

function startOf(bytes: Uint8Array): string {
  try {
    return new PieceDecoder().decode(bytes, false).trimStart();
  } catch (error) {
    // The reader tells it, with the line.
    if (error instanceof NotTextError) return error.before;
    throw error;
  }
}
