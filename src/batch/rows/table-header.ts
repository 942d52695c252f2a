import { visibleLine } from "../../base/visible-text.ts";
import type { ReadRecord } from "./record-reader.ts";
import { rowsInvalid } from "./rows-error.ts";

/**
 * Returns the columns of a table.
 *
 * @param record the first record
 * @throws CapabilityError `ROW_INVALID` for a header that cannot be used
 */
export function requireHeader(
  source: string,
  record: ReadRecord<readonly string[]> | undefined,
  delimiter: string,
): readonly string[] {
  if (record === undefined) throw rowsInvalid(source, "is empty: it has neither a header nor rows");
  const { line } = record;
  if (record.problem !== undefined) throw rowsInvalid(source, `has a header that ${record.problem}`, { line });
  const header = record.value ?? [];
  const other = header.length === 1 ? otherDelimiter(header[0] ?? "", delimiter) : undefined;
  if (other !== undefined) throw rowsInvalid(source, `has cells that ${other}`, { line });
  const lines = new Map<string, number>();
  for (const [index, name] of header.entries()) {
    if (name.trim() === "") throw rowsInvalid(source, `has no name in its header for column ${index + 1}`, { line });
    const first = lines.get(name);
    if (first !== undefined) {
      const problem = `has two columns with the name ${visibleLine(JSON.stringify(name))}: ${first} and ${index + 1}`;
      throw rowsInvalid(source, problem, { line, columns: [name] });
    }
    lines.set(name, index + 1);
  }
  return header;
}

function otherDelimiter(header: string, delimiter: string): string | undefined {
  if (header.includes(";"))
    return "seem to be separated by semicolons: separate them by commas, or by tabs in a .tsv file";
  if (delimiter === "," && header.includes("\t")) return "seem to be separated by tabs: give the file the ending .tsv";
  if (delimiter === "\t" && header.includes(","))
    return "seem to be separated by commas: give the file the ending .csv";
  return undefined;
}
