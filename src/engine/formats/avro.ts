import { DEFAULT_DECODE_LIMITS, DecodeLimitError, ValueCount } from "../../base/decode-limits.ts";
import { jsonValue } from "./json.ts";
import type { RawFormat } from "./raw-format.ts";
import { readSchemaFile } from "./schema-file.ts";

/**
 * One binary Avro datum without a container (language chapter 5.8), read by `avsc` with the schema in the file
 * `outputSchema`. Bytes become base64, and a `long` beyond the safe integers of JavaScript a `bigint`.
 */
export const avro: RawFormat = {
  accept: "avro/binary, application/octet-stream",
  threadBytes: 64 * 1024,
  schema: "file",
  isBinary: true,
  async prepare(declared) {
    const [{ createAvroReader }, { text }] = await Promise.all([import("./avro-reader.ts"), readSchemaFile(declared)]);
    const read = createAvroReader(jsonValue(text, DEFAULT_DECODE_LIMITS));
    return ({ bytes }, limits) => {
      const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      try {
        return read(body, new ValueCount(limits), limits.numbers);
      } catch (error) {
        if (error instanceof RangeError || error instanceof DecodeLimitError) throw error;
        throw new Error(`it does not fit the schema: ${(error as Error).message}`);
      }
    };
  },
};
