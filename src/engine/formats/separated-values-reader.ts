import { parse } from "csv-parse/sync";
import type { ValueCount } from "../../base/decode-limits.ts";
import { decodeText } from "./decode-text.ts";
import type { Decode } from "./raw-format.ts";

/** Makes what reads rows with a delimiter, as the row of the format says. */
export function separatedValuesReader(delimiter: string): Decode {
  return decodeText((text, count) => {
    const name = rowNamer(count);
    // Quotes within a cell that does not start with one are characters like others: `5" disk`.
    const rows: object[] = [];
    parse(text, {
      delimiter,
      record_delimiter: ["\r\n", "\n", "\r"],
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // Each row at once, so that no two forms of all rows are in memory.
      on_record(row) {
        const named = name(row);
        if (named !== undefined) rows.push(named);
        return null;
      },
    });
    return rows;
  });
}

/** Makes objects of rows by the names in the first one, which itself is none. */
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
