import type { RawFormat } from "./raw-format.ts";

export const csv: RawFormat = separatedValues(",", "text/csv");
export const tsv: RawFormat = separatedValues("\t", "text/tab-separated-values");
export const psv: RawFormat = separatedValues("|", "text/plain, text/csv");

/**
 * Rows of separated values (RFC 4180), read by `csv-parse`, as objects by the names in the first row. All values are texts
 * (language chapter 5.8). A row that is too short lacks its last members. One that is too long is refused, because its
 * last values have no names.
 */
function separatedValues(delimiter: string, accept: string): RawFormat {
  return {
    accept,
    threadBytes: 256 * 1024,
    async prepare() {
      const { separatedValuesReader } = await import("./separated-values-reader.ts");
      return separatedValuesReader(delimiter);
    },
  };
}
