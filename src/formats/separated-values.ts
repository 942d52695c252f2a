import { decodeText } from "./decode-text.ts";
import type { RawFormat } from "./raw-format.ts";

export const csv: RawFormat = separatedValues(",", "text/csv");
export const tsv: RawFormat = separatedValues("\t", "text/tab-separated-values");
export const psv: RawFormat = separatedValues("|", "text/plain, text/csv");

/**
 * Rows of separated values (RFC 4180), read by `csv-parse`, as objects by the names in the first row; all values are
 * texts (language chapter 5.8). A row that is too short lacks its last members; one that is too long is refused, for
 * its values have no name.
 */
function separatedValues(delimiter: string, accept: string): RawFormat {
  return {
    accept,
    async prepare() {
      const { parse } = await import("csv-parse/sync");
      return decodeText(text => {
        // Quotes within a cell that does not start with one are characters like others: `5" disk`.
        const rows: string[][] = parse(text, {
          delimiter,
          record_delimiter: ["\r\n", "\n", "\r"],
          relax_quotes: true,
          relax_column_count: true,
          skip_empty_lines: true,
        });
        return namedRows(rows);
      });
    },
  };
}

function namedRows([header = [], ...rows]: readonly (readonly string[])[]): object[] {
  const repeated = header.find((name, index) => header.indexOf(name) < index);
  if (repeated !== undefined) throw new Error(`two of its columns are called ${JSON.stringify(repeated)}`);
  return rows.map((row, index) => {
    if (row.length > header.length) {
      throw new Error(`row ${index + 2} has ${row.length} values, but the header has ${header.length} names`);
    }
    return Object.fromEntries(row.map((value, column) => [header[column], value]));
  });
}
