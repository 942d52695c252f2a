import { ValueCount } from "../../base/decode-limits.ts";
import type { RawFormat } from "./raw-format.ts";

/**
 * One Protobuf message (language chapter 5.8): the first in the file `outputSchema`. The value is ProtoJSON with the field
 * names of the file: 64-bit integers are texts, bytes base64, enum values names, and missing fields without presence have
 * their default.
 */
export const protobuf: RawFormat = {
  accept: "application/x-protobuf, application/octet-stream",
  threadBytes: 32 * 1024,
  schema: "file",
  isBinary: true,
  async prepare(declared) {
    const { createProtobufReader } = await import("./protobuf-reader.ts");
    const read = await createProtobufReader(declared);
    return ({ bytes }, limits) => read(bytes, new ValueCount(limits));
  },
};
