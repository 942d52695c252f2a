import { appendFile, truncate, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { stringify } from "../../../src/base/numbers/exact-json.ts";
import type { BatchRow, UnreadableRow } from "../../../src/batch/row.ts";
import { openRows } from "../../../src/batch/rows/open-rows.ts";
import type { RowOrigin, RowSettings, RowSource } from "../../../src/batch/rows/row-source.ts";
import { WHOLE } from "../../../src/batch/shard.ts";
import { openTextRuntime, operationText } from "../../support/open-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const operation = (
  await openTextRuntime(
    operationText(
      `
inputParameters:
- { name: owner, in: path, type: string }
- { name: number, in: query, type: number, required: false }
- { name: count, in: query, type: integer, required: false }
- { name: open, in: query, type: boolean, required: false }
- { name: note, in: query, type: string, required: false }
- { name: tags, in: query, type: array, required: false }
- { name: body, in: body, type: object, required: false }
`,
      { method: "POST", path: "/{{owner}}" },
    ),
  )
).find("api.op");

const SETTINGS: RowSettings = { reference: "api.op", map: [], set: {}, key: undefined, shard: WHOLE, isKept: true };

/** Text or bytes of a file, whose name tells the form, and the rows: their inputs, or what is wrong. */
interface Case {
  readonly name: string;
  readonly file?: string;
  readonly text: string | Uint8Array;
  readonly settings?: Partial<RowSettings>;
  readonly rows: readonly (readonly [row: number, line: number, inputs: object | string])[];
  readonly notes?: readonly string[];
}

const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();
const FAILED = {
  row: 7,
  key: "k7",
  status: 503,
  outputs: null,
  attempts: 2,
  ms: 5,
  error: { code: "HTTP_STATUS", message: "m" },
};

const CASES: readonly Case[] = [
  { name: "columns by name", text: "owner,note\na,b\n", rows: [[1, 2, { owner: "a", note: "b" }]] },
  {
    name: "texts by the type of the input",
    text: 'owner,number,count,open,tags,body\n007,1.50,12,true,"[""a"",1]","{""b"":1.0}"\n',
    rows: [[1, 2, '{"body":{"b":1.0},"count":12,"number":1.50,"open":true,"owner":"007","tags":["a",1]}']],
  },
  {
    name: "cells that do not fit, which the check of inputs refuses",
    text: "owner,count,tags\na,abc,{\n",
    rows: [[1, 2, { owner: "a", count: "abc", tags: "{" }]],
  },
  {
    name: "TRUE and False, as spreadsheets and other programs write them",
    text: "owner,open\na,TRUE\nb,False\nTRUE,yes\n",
    rows: [
      [1, 2, { owner: "a", open: true }],
      [2, 3, { owner: "b", open: false }],
      [3, 4, { owner: "TRUE", open: "yes" }],
    ],
  },
  {
    name: "empty cells: absent, but the empty text where a text is required",
    text: "owner,count,note\n,,\n",
    rows: [[1, 2, { owner: "" }]],
  },
  {
    name: "--map and --set",
    text: "login,note\na,b\n",
    settings: { map: [["owner", "login"]], set: { count: 3 } },
    rows: [[1, 2, { owner: "a", note: "b", count: 3 }]],
  },
  {
    name: "one column for two inputs",
    text: "owner\na\n",
    settings: { map: [["note", "owner"]] },
    rows: [[1, 2, { owner: "a", note: "a" }]],
  },
  {
    name: "--set in place of a column",
    text: "owner,note\na,b\n",
    settings: { set: { note: "c" } },
    rows: [[1, 2, { owner: "a", note: "c" }]],
  },
  {
    name: "columns that nothing uses",
    text: "owner,x,y\na,b,c\n",
    rows: [[1, 2, { owner: "a" }]],
    notes: ['no input uses the columns "x", "y"'],
  },
  {
    name: "ragged rows",
    text: "owner,note\na\nb,c\nd,e,f\n",
    rows: [
      [1, 2, "has 1 of 2 cells"],
      [2, 3, { owner: "b", note: "c" }],
      [3, 4, "has 3 of 2 cells"],
    ],
  },
  { name: "a header alone", text: "owner\n", rows: [] },
  {
    name: "empty lines",
    text: "\nowner\n\na\n\n\nb",
    rows: [
      [1, 4, { owner: "a" }],
      [2, 7, { owner: "b" }],
    ],
  },
  { name: "tabs", file: "x.tsv", text: "owner\tnote\na\tb,c\n", rows: [[1, 2, { owner: "a", note: "b,c" }]] },
  { name: "a byte order mark", text: "\ufeffowner\nä\n", rows: [[1, 2, { owner: "ä" }]] },
  { name: "UTF-16 LE", text: Buffer.from("\ufeffowner\nä😀\n", "utf16le"), rows: [[1, 2, { owner: "ä😀" }]] },
  { name: "UTF-16 BE", text: utf16be("\ufeffowner\nä😀\n"), rows: [[1, 2, { owner: "ä😀" }]] },
  {
    name: "UTF-16 JSON lines",
    file: "x.jsonl",
    text: Buffer.from('\ufeff{"owner":"ä"}\r\n', "utf16le"),
    rows: [[1, 1, { owner: "ä" }]],
  },
  {
    name: "JSON lines",
    file: "x.jsonl",
    text: '{"owner":"a","count":3,"body":{"b":[1]}}\n\n \n{"owner":"b","count":"4","number":1.10,"note":null}\n',
    rows: [
      [1, 1, { owner: "a", count: 3, body: { b: [1] } }],
      [2, 4, '{"count":"4","note":null,"number":1.10,"owner":"b"}'],
    ],
  },
  {
    name: "large numbers of JSON lines with their digits",
    file: "x.ndjson",
    text: '{"owner":"a","number":12345678901234567890}',
    rows: [[1, 1, '{"number":12345678901234567890,"owner":"a"}']],
  },
  {
    name: "JSON lines that are none",
    file: "x.jsonl",
    text: '{"owner":"a"}\n{"owner"\n[1]\nnull\n{"owner":"b","owner":"c"}\n{"owner":"d","body":{"x":":","x":1}}\n{"owner":"e:"}\n',
    rows: [
      [1, 1, { owner: "a" }],
      [2, 2, "is not JSON: the text ends at column 9"],
      [3, 3, "is not a JSON object, but a list"],
      [4, 4, "is not a JSON object, but null"],
      [5, 5, 'has the member "owner" twice'],
      [6, 6, 'has the member "x" twice'],
      [7, 7, { owner: "e:" }],
    ],
  },
  {
    name: "JSON lines without one that can be read",
    file: "x.jsonl",
    text: "nothing\n",
    settings: { map: [["owner", "x"]], key: "id" },
    rows: [[1, 1, 'is not JSON: unexpected "o" at column 2']],
  },
  {
    name: "a member that only a late line has",
    file: "x.jsonl",
    text: `${'{"owner":"a"}\n'.repeat(1500)}{"owner":"b","late":"c"}\n`,
    settings: { map: [["note", "late"]], shard: { index: 1501, count: 1501 } },
    rows: [[1501, 1501, { owner: "b", note: "c" }]],
  },
  { name: "JSON lines under another name", file: "rows.txt", text: '{"owner":"a"}', rows: [[1, 1, { owner: "a" }]] },
  { name: "a table under another name", file: "rows", text: "owner\na", rows: [[1, 2, { owner: "a" }]] },
  {
    name: "names of members of every object",
    file: "x.jsonl",
    text: '{"owner":"a","__proto__":"b","constructor":"c"}',
    rows: [[1, 1, { owner: "a" }]],
    notes: ['no input uses the columns "__proto__", "constructor"'],
  },
  {
    name: "failed rows, with the options of the first run",
    file: "failed.jsonl",
    text: [
      { ...FAILED, inputs: { owner: "a", count: 1 }, idempotencyKey: "i-1" },
      { ...FAILED, status: 404, key: "k8", inputs: { owner: "b" } },
      { ...FAILED, key: null, inputs: null, line: 9, error: { code: "ROW_INVALID", message: "line 9 has 1 cell" } },
      { owner: "c" },
    ]
      .map(line => JSON.stringify(line))
      .join("\n"),
    settings: { map: [["owner", "login"]], set: { note: "n" }, key: "id" },
    rows: [
      [1, 1, { owner: "a", count: 1, note: "n" }],
      [2, 2, { owner: "b", note: "n" }],
      [3, 3, "has no inputs, since it could not be read before either: line 9 has 1 cell"],
      [4, 4, "is not a line of failed rows, as the first one is"],
    ],
  },
];

describe("openRows()", () => {
  it.each(CASES)("reads $name", async ({ file = "x.csv", text, settings, rows, notes = [] }) => {
    const source = await open(file, text, settings);
    const read = await all(source);
    expect(read.map(told)).toEqual(rows.map(([row, line, inputs]) => [row, line, textOf(inputs)]));
    expect(source.total).toBe(rows.length);
    expect(source.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(source.notes).toEqual(notes.map(note => `Of ${source.name}, ${note}`));
    // A second reading gives the same.
    expect(await all(source)).toEqual(read);
  });

  /** Settings or texts that are refused: code, and a part of the message. */
  const REFUSED: readonly (readonly [string, string, string | Uint8Array, Partial<RowSettings>, string, RegExp])[] = [
    ["an empty file", "x.csv", "", {}, "ROW_INVALID", /x\.csv is empty/],
    ["a file of empty lines", "x.jsonl", "\n \n", {}, "ROW_INVALID", /x\.jsonl is empty/],
    [
      "a duplicate column",
      "x.csv",
      "owner,note,owner\n",
      {},
      "ROW_INVALID",
      /two columns with the name "owner": 1 and 3/,
    ],
    ["a column without a name", "x.csv", "owner,,note\n", {}, "ROW_INVALID", /no name in its header for column 2/],
    ["a faulty header", "x.csv", 'owner,"a"b\n', {}, "ROW_INVALID", /has a header that has text after a closing quote/],
    ["semicolons", "x.csv", "owner;note\na;b\n", {}, "ROW_INVALID", /separated by semicolons/],
    ["tabs in .csv", "x.csv", "owner\tnote\n", {}, "ROW_INVALID", /separated by tabs: give the file the ending \.tsv/],
    ["commas in .tsv", "x.tsv", "owner,note\n", {}, "ROW_INVALID", /separated by commas/],
    [
      "an unknown column",
      "x.csv",
      "owner,login\n",
      { map: [["note", "logn"]] },
      "ROW_INVALID",
      /no column "logn", which --map names; did you mean "login"\?/,
    ],
    [
      "an unknown member",
      "x.jsonl",
      '{"owner":"a"}',
      { map: [["note", "x"]] },
      "ROW_INVALID",
      /no column "x".*its columns are "owner"/,
    ],
    [
      "an unknown input of --map",
      "x.csv",
      "owner\n",
      { map: [["nots", "owner"]] },
      "INPUT_UNKNOWN",
      /no input "nots"; did you mean "note"/,
    ],
    [
      "an unknown input of --set",
      "x.csv",
      "owner\n",
      { set: { ownr: 1 } },
      "INPUT_UNKNOWN",
      /no input "ownr"; did you mean "owner"/,
    ],
    [
      "an unknown input of --set for failed rows",
      "x.jsonl",
      JSON.stringify({ ...FAILED, inputs: {} }),
      { set: { ownr: 1 } },
      "INPUT_UNKNOWN",
      /"ownr"/,
    ],
    [
      "a value of --set that does not fit",
      "x.csv",
      "owner\n",
      { set: { count: "abc" } },
      "INPUT_INVALID",
      /input "count" must be an integer, found "abc"/,
    ],
    ["two values of --set for a text", "x.csv", "owner\n", { set: { note: ["a", "b"] } }, "INPUT_INVALID", /"note"/],
    [
      "a value of --set for failed rows that does not fit",
      "x.jsonl",
      JSON.stringify({ ...FAILED, inputs: {} }),
      { set: { number: "1,5" } },
      "INPUT_INVALID",
      /input "number" must be a number/,
    ],
    [
      "an input that is mapped twice",
      "x.csv",
      "owner,a,b\n",
      {
        map: [
          ["note", "a"],
          ["note", "b"],
        ],
      },
      "USAGE",
      /gives the input "note" twice/,
    ],
    [
      "an input that is mapped and set",
      "x.csv",
      "owner,a\n",
      { map: [["note", "a"]], set: { note: 1 } },
      "USAGE",
      /--map and --set both/,
    ],
    [
      "an input that nothing gives",
      "x.csv",
      "ownr,note\n",
      {},
      "INPUT_MISSING",
      /nothing gives the input "owner".*did you mean "ownr".*--map owner=<column>/,
    ],
    [
      "a key that is nothing",
      "x.csv",
      "owner\n",
      { key: "ownr" },
      "USAGE",
      /--key "ownr" is no column.*did you mean "owner"/,
    ],
    [
      "a key of an unknown column",
      "x.csv",
      "owner\n",
      { key: "{{ownr}}-1" },
      "ROW_INVALID",
      /no column "ownr", which --key names/,
    ],
    [
      "a key of an unknown column in a JSONPath",
      "x.csv",
      "owner\n",
      { key: "$.ownr" },
      "ROW_INVALID",
      /no column "ownr"/,
    ],
    [
      "a key of a member that no line has",
      "x.jsonl",
      '{"owner":{"id":1}}\n',
      { key: "$['ownr'].id" },
      "ROW_INVALID",
      /no column "ownr", which --key names; did you mean "owner"\?/,
    ],
    ["a key that is never closed", "x.csv", "owner\n", { key: "a-{{owner" }, "USAGE", /"a-\{\{owner" names no column/],
    ["a key of braces alone", "x.csv", "owner\n", { key: "{{" }, "USAGE", /names no column/],
    ["a key that is no JSONPath", "x.csv", "owner\n", { key: "$.[" }, "USAGE", /as JSONPath/],
    [
      "bytes that are no text",
      "x.csv",
      Buffer.from("owner\na\nb\xe4\n", "latin1"),
      {},
      "ROW_INVALID",
      /not UTF-8 text: save it as UTF-8 \(line 3\)/,
    ],
    [
      "bytes that are no text at the end",
      "x.csv",
      Buffer.from("owner\na\xe4", "latin1"),
      {},
      "ROW_INVALID",
      /\(line 2\)/,
    ],
    [
      "half a character of UTF-16",
      "x.csv",
      Buffer.concat([Buffer.from("\ufeffowner\n", "utf16le"), Buffer.of(0)]),
      {},
      "ROW_INVALID",
      /not UTF-16 text/,
    ],
    [
      "half of a pair of UTF-16",
      "x.csv",
      Buffer.from("\ufeffowner\na\n\ud800b\n", "utf16le"),
      {},
      "ROW_INVALID",
      /not UTF-16 text.*\(line 3\)/,
    ],
    ["half of a pair of UTF-16 BE", "x.csv", utf16be("\ufeffowner\na\nb\udc00"), {}, "ROW_INVALID", /\(line 3\)/],
    ["UTF-32", "x.csv", Buffer.from("fffe000061000000", "hex"), {}, "ROW_INVALID", /is UTF-32 text/],
    ["JSON lines in .csv", "x.csv", '{"owner":"a","note":"b"}\n', {}, "ROW_INVALID", /has JSON lines.*ending \.jsonl/],
    ["UTF-16 without a mark", "x.csv", Buffer.from("owner\n", "utf16le"), {}, "ROW_INVALID", /probably UTF-16/],
    ["a workbook", "x.xlsx", Buffer.from("PK\x03\x04"), {}, "ROW_INVALID", /save it as CSV/],
    ["a JSON array", "x.json", '[{"owner":"a"}]', {}, "ROW_INVALID", /one object a line/],
  ];

  it.each(REFUSED)("refuses %s", async (_, file, text, settings, code, message) => {
    await expect(open(file, text, settings)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("refuses a folder and a file that is not there", async () => {
    const folder = await temporaryFolder({});
    for (const [file, message] of [
      [folder, /is a folder/],
      [path.join(folder, "x.csv"), /no such file/],
    ] as const) {
      const opened = openRows({ kind: "file", path: file }, operation, SETTINGS);
      await expect(opened).rejects.toMatchObject({ code: "ROW_INVALID", message: expect.stringMatching(message) });
    }
  });

  it("tells all inputs that nothing gives", async () => {
    const { inputs } = operation;
    const needy = {
      ...operation,
      inputs: new Map([...inputs].map(([key, input]) => [key, { ...input, required: true }])),
    };
    const folder = await temporaryFolder({ "x.csv": "owner\n" });
    const opened = openRows({ kind: "file", path: path.join(folder, "x.csv") }, needy, SETTINGS);
    await expect(opened).rejects.toMatchObject({
      code: "INPUT_MISSING",
      details: { inputs: ["number", "count", "open", "note", "tags", "body"] },
    });
  });

  /** `--key`, and the keys of two rows. */
  const KEYS: readonly (readonly [string, string | undefined, readonly (string | undefined)[]])[] = [
    ["a column", "id", ["1", "x"]],
    ["a column that inputs use", "owner", ["a", "b"]],
    ["a template", "{{owner}}-{{ id }}", ["a-1", "b-x"]],
    ["a JSONPath", "$.id", ["1", "x"]],
    ["a column that is empty in a row", "note", ["n", undefined]],
    ["a template with a column that is empty in a row", "{{owner}}{{note}}", ["an", undefined]],
  ];

  it.each(KEYS)("takes the key of %s", async (_, key, expected) => {
    const table = await open("x.csv", "id,owner,note\n1,a,n\nx,b,\n", { key });
    const lines = await open("x.jsonl", '{"id":1,"owner":"a","note":"n"}\n{"id":"x","owner":"b"}\n', { key });
    for (const source of [table, lines]) {
      const rows = await all(source);
      expect(rows.map(row => ("problem" in row ? undefined : row.key))).toEqual(expected);
    }
  });

  it("makes keys of equal inputs equal, whatever they were read from", async () => {
    const settings = { set: { note: "n" } };
    const sources = [
      await open("x.csv", "owner,count\na,1\n", settings),
      await open("x.csv", "x,count,owner\n9,1,a\n", settings),
      await open("x.jsonl", '{"count":1,"owner":"a"}', settings),
    ];
    const keys = await Promise.all(
      sources.map(async source => (await all(source)).map(row => "key" in row && row.key)),
    );
    expect(new Set(keys.flat())).toEqual(new Set([expect.stringMatching(/^[\w-]{22}$/)]));
    expect(new Set(keys.flat()).size).toBe(1);
  });

  it("keeps keys of failed rows, and the Idempotency-Key of one whose outcome is unknown", async () => {
    const lines = [
      { ...FAILED, inputs: { owner: "a" }, idempotencyKey: "i-1" },
      { ...FAILED, key: "k8", inputs: { owner: "b" }, idempotencyKey: "a\nb" },
    ];
    const source = await open("x.jsonl", lines.map(line => JSON.stringify(line)).join("\n"));
    expect(await all(source)).toMatchObject([
      { key: "k7", idempotencyKey: "i-1" },
      { key: "k8", idempotencyKey: undefined },
    ]);
  });

  it("deals rows to shards evenly, under their own numbers", async () => {
    const text = `owner\n${Array.from({ length: 10 }, (_, index) => `${index + 1}\n`).join("")}`;
    const numbers = [];
    for (const index of [1, 2, 3]) {
      const source = await open("x.csv", text, { shard: { index, count: 3 } });
      const rows = await all(source);
      expect(source.total).toBe(rows.length);
      numbers.push(rows.map(({ row }) => row));
    }
    expect(numbers).toEqual([
      [1, 4, 7, 10],
      [2, 5, 8],
      [3, 6, 9],
    ]);
  });

  it("passes over rows that are not wanted", async () => {
    const source = await open("x.jsonl", '{"owner":"a"}\nbad\n{"owner":"c"}\n');
    const rows = [];
    for await (const row of source.read(number => number === 3)) rows.push(told(row));
    expect(rows).toEqual([[3, 3, textOf({ owner: "c" })]]);
  });

  it("goes on after a cell of 100 MB, which it does not keep", async () => {
    for (const [megabytes, file, before, after] of [
      [100, "x.csv", "owner\na\n", ",b\nc\n"],
      [20, "x.csv", 'owner\na\n"', '"\nc\n'],
      [20, "x.jsonl", '{"owner":"a"}\n{"owner":"', '"}\n{"owner":"c"}\n'],
    ] as const) {
      const cell = Buffer.alloc(megabytes * 1024 * 1024, "x");
      const source = await open(file, Buffer.concat([Buffer.from(before), cell, Buffer.from(after)]));
      const heapUsed = process.memoryUsage().heapUsed;
      const rows = (await all(source)).map(row => ("problem" in row ? row.problem : row.inputs["owner"]));
      expect(rows).toEqual(["a", "is longer than 16 MiB", "c"]);
      expect(process.memoryUsage().heapUsed - heapUsed).toBeLessThan(80 * 1024 * 1024);
    }
  });

  it("reads many pieces as it reads one", async () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `ä${index},"n ""${index}""\nb"`);
    const source = await open("x.csv", `owner,note\n${lines.join("\r\n")}`);
    const rows = await all(source);
    expect(source.total).toBe(60_000);
    expect(rows.map(told)).toEqual(
      lines.map((_, index) => [index + 1, index * 2 + 2, textOf({ owner: `ä${index}`, note: `n "${index}"\nb` })]),
    );
  });

  it("tells a file that has grown, and does not read a line that is still being written", async () => {
    const folder = await temporaryFolder({ "x.csv": "owner\na\nhalf" });
    const file = path.join(folder, "x.csv");
    const source = await openRows({ kind: "file", path: file }, operation, SETTINGS);
    await appendFile(file, " a line\nb\n");
    expect((await all(source)).map(told)).toEqual([
      [1, 2, textOf({ owner: "a" })],
      [2, 3, "was still being written when it was read"],
    ]);
    expect(source.notes).toEqual([`${file} has grown by 10 bytes since it was opened: they were not read`]);
    await source.close();
  });

  it.each([
    ["in the middle", async (file: string, text: string) => writeFile(file, text.replace("x299999", "y299999"))],
    ["and is shorter", async (file: string, text: string) => truncate(file, text.length / 2)],
    ["and is empty", async (file: string) => truncate(file, 0)],
  ])("refuses a file that is changed %s, before it gives rows of the change", async (_, change) => {
    const text = `owner\n${Array.from({ length: 300_000 }, (_line, index) => `x${index}\n`).join("")}`;
    const folder = await temporaryFolder({ "x.csv": text });
    const file = path.join(folder, "x.csv");
    const source = await openRows({ kind: "file", path: file }, operation, SETTINGS);
    await change(file, text);
    const given: string[] = [];
    const reading = (async () => {
      for await (const row of source) given.push("inputs" in row ? String(row.inputs["owner"]) : "");
    })();
    await expect(reading).rejects.toMatchObject({ code: "ROW_INVALID", message: /was changed while it was read/ });
    expect(given.every((owner, index) => owner === `x${index}`)).toBe(true);
    await source.close();
  });

  describe("of standard input", () => {
    it.each([[true], [false]])("reads JSON lines (kept: %s)", async isKept => {
      const source = await openRows(stdin(['{"own', 'er":"a"}\n{"ow', 'ner":"b"}']), operation, {
        ...SETTINGS,
        isKept,
      });
      expect((await all(source)).map(told)).toEqual([
        [1, 1, textOf({ owner: "a" })],
        [2, 2, textOf({ owner: "b" })],
      ]);
      expect([source.hash !== undefined, source.total]).toEqual([isKept, isKept ? 2 : undefined]);
      await source.close();
    });

    it("gives rows before the last one has come", async () => {
      let more = () => {};
      const origin = stdinOf(async function* () {
        yield Buffer.from('bad\n{"owner":"a"}\n');
        await new Promise<void>(resolve => {
          more = resolve;
        });
        yield Buffer.from('{"owner":"b"}\n');
      });
      const source = await openRows(origin, operation, { ...SETTINGS, isKept: false });
      const rows = source[Symbol.asyncIterator]();
      expect((await rows.next()).value).toMatchObject({ row: 1, problem: expect.stringMatching("not JSON") });
      expect((await rows.next()).value).toMatchObject({ row: 2, inputs: { owner: "a" } });
      const third = rows.next();
      more();
      expect((await third).value).toMatchObject({ row: 3, inputs: { owner: "b" } });
      expect(await rows.next()).toEqual({ done: true, value: undefined });
    });

    it("refuses nothing, and a member that the first object lacks", async () => {
      for (const [text, code] of [
        ["", "ROW_INVALID"],
        ['{"owner":"a"}\n', "ROW_INVALID"],
      ] as const) {
        const settings: RowSettings = { ...SETTINGS, isKept: false, map: [["note", "x"]] };
        await expect(openRows(stdin([text]), operation, settings)).rejects.toMatchObject({ code });
      }
    });
  });
});

const opened: RowSource[] = [];

afterEach(async () => {
  for (const source of opened.splice(0)) await source.close();
});

async function open(name: string, text: string | Uint8Array, settings: Partial<RowSettings> = {}): Promise<RowSource> {
  const folder = await temporaryFolder({ [name]: text });
  const origin: RowOrigin = { kind: "file", path: path.join(folder, name) };
  const source = await openRows(origin, operation, { ...SETTINGS, ...settings });
  opened.push(source);
  return source;
}

function stdin(pieces: readonly string[]): RowOrigin {
  return stdinOf(async function* () {
    for (const piece of pieces) yield Buffer.from(piece);
  });
}

function stdinOf(generate: () => AsyncGenerator<Uint8Array>): RowOrigin {
  return { kind: "standard input", stream: generate() };
}

async function all(source: AsyncIterable<BatchRow | UnreadableRow>): Promise<(BatchRow | UnreadableRow)[]> {
  const rows = [];
  for await (const row of source) rows.push(row);
  return rows;
}

function told(row: BatchRow | UnreadableRow): unknown[] {
  return [row.row, row.line, "problem" in row ? row.problem : textOf(row.inputs)];
}

/** Writes inputs with their names in order, numbers with their digits. */
function textOf(inputs: object | string): string | undefined {
  if (typeof inputs === "string") return inputs;
  return stringify(Object.fromEntries(Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1))));
}
