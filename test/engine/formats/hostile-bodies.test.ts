import { describe, expect, it, vi } from "vitest";
import { AVSC, families, PROTO } from "../../../bench/answer-families.mjs";
import { DecodeLimitError, type DecodeLimits, ValueCount } from "../../../src/base/decode-limits.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { decode } from "./decode.ts";

const SIZE = 4_000;
const NO_LIMIT: DecodeLimits = { maxValues: Number.MAX_SAFE_INTEGER, numbers: "bigint" };
/** Bodies with values that their text does not spell out: rows without cells, items without bytes, repeated texts. */
const MULTIPLIES = /times rows|that are claimed|within tables|rows that are too short/;

const counted = families.filter(({ format }) => !/^(?:json|text|binary)$/.test(format));

async function decodeFamily(
  { format, schema, contentType }: (typeof families)[number],
  body: Uint8Array,
  limits: DecodeLimits,
): Promise<unknown> {
  const folder = await temporaryFolder({ "node.avsc": AVSC, "node.proto": PROTO });
  const file = { avro: "node.avsc", protobuf: "node.proto" }[format];
  return decode(format, body, { outputSchema: schema ?? file, folder, contentType }, limits);
}

/** Counts the values of a body, whether it is decoded or not. */
async function countValues(family: (typeof families)[number], size: number): Promise<number> {
  const add = vi.spyOn(ValueCount.prototype, "add");
  try {
    await decodeFamily(family, family.body(size), NO_LIMIT).catch(() => {});
    return add.mock.calls.reduce((sum, [values]) => sum + values, 0);
  } finally {
    add.mockRestore();
  }
}

describe("The values that are counted", () => {
  it.each(counted.filter(({ name }) => !MULTIPLIES.test(name)))(
    "of $format of the family '$name' at most double with the body",
    async family => {
      // Part of the slack is for what a smaller body is read without: plain YAML is not counted.
      const once = await countValues(family, SIZE);
      expect(await countValues(family, 2 * SIZE)).toBeLessThanOrEqual(2.5 * once + SIZE);
    },
  );

  it.each(counted.filter(({ name }) => MULTIPLIES.test(name)))(
    "of $format of the family '$name' end where the limit is",
    async family => {
      const add = vi.spyOn(ValueCount.prototype, "add");
      try {
        // Either is fine: what matters is that nothing is made beyond the limit.
        await decodeFamily(family, family.body(20_000), { maxValues: 20_000, numbers: "bigint" }).catch(() => {});
        const sizes = add.mock.calls.map(([values]) => values);
        const beforeLast = sizes.slice(0, -1).reduce((sum, values) => sum + values, 0);
        expect(beforeLast).toBeLessThanOrEqual(20_000);
      } finally {
        add.mockRestore();
      }
    },
  );
});

describe("Too many values are refused", () => {
  it.each([
    { what: "elements of XML", format: "xml", body: `<r>${"<a/>".repeat(100)}</r>` },
    { what: "attributes of XML", format: "xml", body: `<r ${attributes(100)}/>` },
    { what: "cells of CSV", format: "csv", body: `a,b\n${"1,2\n".repeat(50)}` },
    {
      what: "names of CSV columns",
      format: "csv",
      body: Array.from({ length: 101 }, (_, i) => `a${i}`).join(","),
    },
    { what: "pieces of YAML", format: "yaml", body: `[${"a,".repeat(100)}]` },
    { what: "elements of HTML", format: "html", body: "<p>".repeat(100) },
    {
      what: "columns times rows of HTML",
      format: "html",
      body: `<table><tr>${"<th>".repeat(10)}${"<tr>".repeat(10)}`,
    },
    {
      what: "text that tables in tables repeat",
      format: "html",
      body: `${"<table><tr><th>a<tr><td>".repeat(4)}${"x".repeat(800)}`,
    },
    { what: "lines of Markdown", format: "markdown", body: "\n".repeat(101) },
    { what: "blocks of Markdown", format: "markdown", body: "a\n\n".repeat(20) },
    { what: "marks of Markdown", format: "markdown", body: "*a* ".repeat(30) },
    {
      what: "columns times rows of Markdown",
      format: "markdown",
      body: `|a|b|c|d|\n|-|-|-|-|\n${"|\n".repeat(5)}`,
    },
    {
      what: "packed numbers of Protobuf",
      format: "protobuf",
      body: Buffer.from(`1a64${"01".repeat(100)}`, "hex"),
    },
    { what: "items of Avro that take no bytes", format: "avro", body: Buffer.from("cc01", "hex") },
  ])("$what", async ({ format, body }) => {
    const family = { format, name: "", body: () => Buffer.from(body) };
    const error = await decodeFamily(family, family.body(), { maxValues: 100, numbers: "bigint" }).catch(
      (found: unknown) => found,
    );
    expect(error).toBeInstanceOf(DecodeLimitError);
    expect(error).toMatchObject({ message: "it has more than 100 values", option: "maxResponseValues" });
  });

  it("of JSON before they are made, where it is long", async () => {
    const body = `[${"[],".repeat(1_400_001)}0]`;
    await expect(decode("json", body, {}, { maxValues: 350_000, numbers: "bigint" })).rejects.toThrow(
      "more than 1400000 values",
    );
    await expect(decode("json", body, {}, { maxValues: 350_001, numbers: "bigint" })).resolves.toHaveLength(1_400_002);
  });
});

describe("JSON is refused before it is parsed where it nests more than 1000 levels", () => {
  const deep = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);

  it.each([
    { what: "open arrays", body: "[".repeat(3_000), refused: true },
    { what: "arrays of 1001 levels", body: deep(1_001, "[", "]"), refused: true },
    { what: "objects of 1001 levels", body: `${'{"a":'.repeat(1_001)}0${"}".repeat(1_001)}`, refused: true },
    {
      what: "levels behind a text of brackets and quotes",
      body: `["\\"]]]\\\\",${deep(1_000, "[", "]")}]`,
      refused: true,
    },
    { what: "brackets in a text", body: `["${"[".repeat(3_000)}\\"[",0]`, refused: false },
    { what: "many arrays side by side", body: `[${"[],".repeat(3_000)}0]`, refused: false },
  ])("$what: $refused", async ({ body, refused }) => {
    const decoding = decode("json", body);
    if (refused) await expect(decoding).rejects.toThrow("it nests more than 1000 levels");
    else await expect(decoding).resolves.toEqual(JSON.parse(body));
  });
});

function attributes(count: number): string {
  return Array.from({ length: count }, (_, i) => `a${i}=''`).join(" ");
}
