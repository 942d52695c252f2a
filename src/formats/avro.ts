import { jsonValue } from "./json.ts";
import type { RawFormat } from "./raw-format.ts";
import { readSchemaFile } from "./schema-file.ts";

/** Items that a body may hold beyond one a byte: an item may take no byte at all. */
const MOST_EMPTY_ITEMS = 100_000;

/**
 * One binary Avro datum, without a container (language chapter 5.8), read by `avsc` by the schema in the file
 * `outputSchema`. Bytes become base64; a `long` beyond the integers of JavaScript becomes a text.
 */
export const avro: RawFormat = {
  accept: "avro/binary, application/octet-stream",
  schema: "file",
  isBinary: true,
  async prepare(declared) {
    const [{ createAvroReader }, { text }] = await Promise.all([
      import("./avro-reader.ts"),
      readSchemaFile(declared),
    ]);
    const read = createAvroReader(jsonValue(text));
    return ({ bytes }) => {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      try {
        return read(body, body.length + MOST_EMPTY_ITEMS);
      } catch (error) {
        if (error instanceof RangeError) throw error;
        throw new Error(`it is not of the schema: ${(error as Error).message}`);
      }
    };
  },
};
