import { parse } from "csv-parse/sync";
import type { ValueCount } from "../../base/decode-limits.ts";
import { decodeText } from "./decode-text.ts";
import type { Decode } from "./raw-format.ts";

/** Creates a reader of rows with a delimiter. */
export function separatedValuesReader(delimiter: string): Decode {
  return decodeText((text, count) => {
    const name = rowNamer(count);
    // Quotes in a cell that does not start with one are ordinary characters: `5" disk`.
    const rows: object[] = [];
    parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // Each row at once, so that memory has only one form of all rows.
      on_record(row) {
        const named = name(row);
        if (named !== undefined) rows.push(named);
        return null;
      },
    });
    return rows;
  });
}

/** Creates a function that makes objects of rows by the names in the first one. That row gives `undefined`. */
function rowNamer(count: ValueCount): (row: readonly string[]) => object | undefined {
  let header: readonly string[] | undefined;
  let rows = 0;
  return row => {
    count.add(row.length);
    rows++;
    if (header === undefined) {
      header = requireDistinct(row);
      return undefined;
    }
    if (row.length > header.length) {
      throw new Error(`row ${rows} has ${row.length} values, but the header has ${header.length} names`);
    }
    const names = header;
    return Object.fromEntries(row.map((value, column) => [names[column], value]));
  };
}

function requireDistinct(header: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  for (const name of header) {
    if (seen.has(name)) throw new Error(`two of its columns are called ${JSON.stringify(name)}`);
    seen.add(name);
  }
  return header;
}
