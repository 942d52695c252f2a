import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { decode, hex } from "./decode.ts";

const AVRO_SCHEMAS: Readonly<Record<string, unknown>> = {
  // The example of the Avro specification.
  "test.avsc": {
    type: "record",
    name: "test",
    fields: [
      { name: "a", type: "long" },
      { name: "b", type: "string" },
    ],
  },
  "all.avsc": {
    type: "record",
    name: "n.All",
    fields: [
      { name: "small", type: "long" },
      { name: "large", type: { type: "long", logicalType: "timestamp-micros" } },
      { name: "bytes", type: "bytes" },
      { name: "fixed", type: { type: "fixed", name: "Two", size: 2 } },
      { name: "suit", type: { type: "enum", name: "Suit", symbols: ["SPADE", "HEART"] } },
      { name: "again", type: ["null", "Suit"] },
      { name: "numbers", type: { type: "array", items: "int" } },
      { name: "names", type: { type: "map", values: "boolean" } },
      { name: "half", type: "float" },
      { name: "third", type: "double" },
      {
        name: "next",
        type: ["null", "All", { type: "record", name: "Other", fields: [{ name: "x", type: "int" }] }],
      },
    ],
  },
  "numbers.avsc": {
    type: "record",
    name: "Numbers",
    fields: [
      { name: "half", type: "float" },
      { name: "third", type: "double" },
      { name: "none", type: "double" },
    ],
  },
  "nulls.avsc": { type: "array", items: "null" },
  "nothing.avsc": { type: "record", name: "Nothing", fields: [] },
  "broken.avsc": { type: "record", name: "Broken" },
};

const PROTO_SCHEMAS: Readonly<Record<string, string>> = {
  // The examples of the Protocol Buffers encoding guide.
  "one.proto": 'syntax = "proto3"; message Test1 { int32 a = 1; string b = 2; }',
  "all.proto": `
    syntax = "proto3";
    package a.b;
    import "sub/dep.proto";
    import "google/protobuf/timestamp.proto";
    message All {
      string full_name = 1;
      repeated int32 packed = 2;
      map<string, int64> counts = 3;
      Kind kind = 4;
      optional int32 maybe = 5;
      oneof either { string left = 6; bytes right = 7; }
      Dep dep = 8;
      google.protobuf.Timestamp at = 9;
      All self = 10;
    }
    enum Kind { NONE = 0; SOME = 1; }
  `,
  "sub/dep.proto":
    'syntax = "proto2"; package a.b; message Dep { required sint32 n = 1; optional group G = 2 { optional bool ok = 1; } }',
  "no-message.proto": 'syntax = "proto3"; enum E { A = 0; }',
  "missing.proto": 'syntax = "proto3"; import "away.proto"; message A { }',
  "broken.proto": "message {",
};

let folder: string;

beforeAll(async () => {
  const avro = Object.entries(AVRO_SCHEMAS).map(([name, schema]) => [name, JSON.stringify(schema)] as const);
  folder = await temporaryFolder({
    "outside.avsc": JSON.stringify(AVRO_SCHEMAS["test.avsc"]),
    ...Object.fromEntries([...avro, ...Object.entries(PROTO_SCHEMAS)].map(([name, text]) => [`schemas/${name}`, text])),
    "schemas/not-json.avsc": "syntax",
  });
  folder = path.join(folder, "schemas");
  await symlink("../outside.avsc", path.join(folder, "link.avsc"));
  await symlink("test.avsc", path.join(folder, "inner-link.avsc"));
  await mkdir(path.join(folder, "folder.avsc"));
  await writeFile(path.join(folder, "huge.avsc"), " ".repeat(1024 * 1024 + 1));
});

interface Case {
  readonly what: string;
  readonly schema: string;
  readonly body: string;
}

const decoded: readonly (Case & { readonly value: unknown })[] = [
  { what: "a record", schema: "test.avsc", body: "36 06 66 6f 6f", value: { a: 27, b: "foo" } },
  {
    what: "a record by a link within the folder",
    schema: "inner-link.avsc",
    body: "36 06 66 6f 6f",
    value: { a: 27, b: "foo" },
  },
  {
    what: "a path with dots in it",
    schema: "./sub/../test.avsc",
    body: "36 06 66 6f 6f",
    value: { a: 27, b: "foo" },
  },
  {
    what: "every type",
    schema: "all.avsc",
    body: "01 feffffffffffffffff01 04 00ff 0102 02 02 00 03 04 02 04 02 06 00 02 02 61 01 00 0000003f 000000000000f83f 04 0a",
    value: {
      small: -1,
      large: 9223372036854775807n,
      bytes: "AP8=",
      fixed: "AQI=",
      suit: "HEART",
      again: "SPADE",
      numbers: [1, 2, 3],
      names: { a: true },
      half: 0.5,
      third: 1.5,
      next: { x: 5 },
    },
  },
  {
    what: "numbers that JSON lacks, as texts",
    schema: "numbers.avsc",
    body: "0000807f 000000000000f0ff 000000000000f87f",
    value: { half: "Infinity", third: "-Infinity", none: "NaN" },
  },
  { what: "a record without fields of no bytes", schema: "nothing.avsc", body: "", value: {} },
  { what: "items that take no bytes", schema: "nulls.avsc", body: "06 00", value: [null, null, null] },
  {
    what: "a message",
    schema: "one.proto",
    body: "08 96 01 12 07 74 65 73 74 69 6e 67",
    value: { a: 150, b: "testing" },
  },
  { what: "an empty message with its defaults", schema: "one.proto", body: "", value: { a: 0, b: "" } },
  {
    what: "every kind of field",
    schema: "all.proto",
    body: `0a 02 c3a9 12 03 01 02 03 1a 0d 0a 01 6b 10 ffffffffffffffff7f 20 01 28 00 3a 02 00ff
      42 06 08 03 13 08 01 14 4a 06 08 80e2cfaa06 52 02 0a 00 a8 06 01`,
    value: {
      full_name: "é",
      packed: [1, 2, 3],
      counts: { k: "9223372036854775807" },
      kind: "SOME",
      maybe: 0,
      right: "AP8=",
      dep: { n: -2, g: { ok: true } },
      at: "2023-11-14T22:13:20Z",
      self: { full_name: "", packed: [], counts: {}, kind: "NONE" },
    },
  },
];

const refused: readonly (Case & { readonly says: string })[] = [
  {
    what: "a datum that is cut short",
    schema: "test.avsc",
    body: "36 06 66",
    says: "does not fit the schema",
  },
  { what: "more than one datum", schema: "test.avsc", body: "36 06 66 6f 6f 36", says: "trailing data" },
  {
    what: "nothing at all",
    schema: "test.avsc",
    body: "",
    says: "does not fit the schema: it ends too early",
  },
  {
    what: "a body of another schema",
    schema: "all.avsc",
    body: "36 06 66 6f 6f",
    says: "does not fit the schema",
  },
  { what: "a page", schema: "all.avsc", body: "3c 68 74 6d 6c 3e", says: "does not fit the schema" },
  {
    what: "a list that claims more items than can be",
    schema: "nulls.avsc",
    body: "fe ff ff ff 0f 00",
    says: "it has more than 1000000 values",
  },
  { what: "a list that does not end", schema: "nulls.avsc", body: "02", says: "it ends too early" },
  {
    what: "a branch that a union does not have",
    schema: "all.avsc",
    body: "00 00 00 0000 00 0a",
    says: "a union of 2 types has no number 5",
  },
  {
    what: "deep records",
    schema: "all.avsc",
    body: `${"00 00 00 0000 00 00 00 00 00000000 0000000000000000 02".repeat(30_000)}`,
    says: "more than 100 levels",
  },
  { what: "a schema that is not JSON", schema: "not-json.avsc", body: "", says: "it is not JSON" },
  { what: "a schema that is not Avro", schema: "broken.avsc", body: "", says: "non-array record fields" },
  {
    what: "a message that is cut short",
    schema: "one.proto",
    body: "08 96 01 12 07 74 65",
    says: "it is not a message Test1: premature EOF",
  },
  {
    what: "a page for a message",
    schema: "one.proto",
    body: "3c 68 74 6d 6c 3e",
    says: "it is not a message Test1",
  },
  { what: "a message without a required field", schema: "all.proto", body: "42 00", says: "a.b.Dep" },
  { what: "a deep message", schema: "all.proto", body: nest(200), says: "maximum recursion depth" },
  {
    what: "a schema without a message",
    schema: "no-message.proto",
    body: "",
    says: "it declares no message",
  },
  { what: "a schema that is not Protobuf", schema: "broken.proto", body: "", says: "illegal" },
  {
    what: "a missing import",
    schema: "missing.proto",
    body: "",
    says: 'its import "away.proto" cannot be read: there is no file',
  },
  { what: "a missing schema", schema: "away.avsc", body: "", says: "there is no file" },
  {
    what: "a schema above the folder",
    schema: "../outside.avsc",
    body: "",
    says: "it is outside the folder of the capability file",
  },
  {
    what: "what is above the folder, whether it is there or not",
    schema: "../away.avsc",
    body: "",
    says: "it is outside the folder of the capability file",
  },
  {
    what: "a link out of the folder",
    schema: "link.avsc",
    body: "",
    says: "it is outside the folder of the capability file",
  },
  {
    what: "an absolute path",
    schema: "/etc/hostname",
    body: "",
    says: "it is not relative to the folder of the capability file",
  },
  { what: "a folder", schema: "folder.avsc", body: "", says: "it is not a file" },
  { what: "a schema of megabytes", schema: "huge.avsc", body: "", says: "it is larger than 1048576 bytes" },
];

describe("a decoder with a schema file", () => {
  it.each(decoded)("gives $what", async ({ schema, body, value }) => {
    expect(await decode(formatOf(schema), hex(body.replace(/\s/g, "")), { outputSchema: schema, folder })).toEqual(
      value,
    );
  });

  it.each(refused)("refuses $what", async ({ schema, body, says }) => {
    const decoding = decode(formatOf(schema), hex(body.replace(/\s/g, "")), { outputSchema: schema, folder });
    await expect(decoding).rejects.toThrow(says);
  });

  it.each(["avro", "protobuf"])("of %s needs the path of one, and a folder", async format => {
    await expect(decode(format, "", { folder })).rejects.toThrow("it needs an outputSchema");
    await expect(decode(format, "", { outputSchema: "test.avsc" })).rejects.toThrow("has no folder");
  });
});

function formatOf(schema: string): string {
  return schema.endsWith(".proto") ? "protobuf" : "avro";
}

/** Messages in messages, by the field `self`. */
function nest(levels: number): string {
  let body = Buffer.alloc(0);
  for (let level = 0; level < levels; level++) {
    const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
    body = Buffer.concat([Buffer.from([0x52, ...length]), body]);
  }
  return body.toString("hex");
}
