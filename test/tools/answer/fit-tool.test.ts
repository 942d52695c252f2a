import { decode } from "@toon-format/toon";
import { parse } from "csv-parse/sync";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import { describe, expect, test } from "vitest";
import { parseExact } from "../../../src/base/numbers/exact-json.ts";
import type { AnswerSettings } from "../../../src/tools/answer/answer-settings.ts";
import { Answers } from "../../../src/tools/answer/answers.ts";
import { fitTool } from "../../../src/tools/answer/fit-tool.ts";
import type { WholeAnswer, WholeTool } from "../../../src/tools/answer/whole-answer.ts";
import type { ToolAnswer } from "../../../src/tools/tool.ts";
import { QUIET_CONTEXT, textOf } from "../../support/tool-answers.ts";

const WHOLE = { form: "json", isStructured: false, isError: false, lead: undefined, notes: [] } as const;

interface Made {
  readonly answer?: Partial<WholeAnswer>;
  readonly settings?: Partial<AnswerSettings>;
  readonly tool?: Partial<WholeTool>;
  readonly listed?: "listed" | "hidden";
}

/** Makes a tool that gives a value, and a function that calls it. */
function toolOf(value: unknown, { answer, settings, tool, listed = "listed" }: Made = {}) {
  const calls: unknown[] = [];
  const whole: WholeTool = {
    name: "list",
    title: undefined,
    description: undefined,
    inputSchema: { type: "object", properties: { q: { type: "string" } }, additionalProperties: false },
    outputSchema: undefined,
    annotations: {},
    async call(given) {
      calls.push(given);
      return { ...WHOLE, ...answer, value };
    },
    ...tool,
  };
  const fitted = fitTool(whole, new Answers({ maxTokens: 1_000, format: "json", ...settings }), listed);
  const call = (given: unknown, caller = "") => fitted.call(given, { ...QUIET_CONTEXT, caller });
  return { fitted, calls, call };
}

const users = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    login: `user${index + 1}`,
    owner: { name: `owner ${index}`, site: "https://example.com" },
  }));

function jsonOf(answer: ToolAnswer): unknown {
  const [first] = answer.content;
  return JSON.parse(first?.type === "text" ? first.text : "");
}

function cursorOf(answer: ToolAnswer): string {
  return /"(?:answer_)?cursor": "([^"]+)"/.exec(textOf(answer))?.[1] ?? "";
}

test("a small answer is its compact JSON", async () => {
  const { call } = toolOf({ a: [1, "two"], large: 12345678901234567890n });
  expect(await call({})).toEqual({
    content: [{ type: "text", text: '{"a":[1,"two"],"large":12345678901234567890}' }],
    structured: undefined,
    isError: false,
  });
});

describe("an answer that is too large", () => {
  test("is cut, says how much is left, and is continued without another call", async () => {
    const { call, calls } = toolOf({ total: 300, data: users(300) });
    const answers = [await call({ q: "x" })];
    for (
      let cursor = cursorOf(answers[0] as ToolAnswer);
      cursor !== "";
      cursor = cursorOf(answers.at(-1) as ToolAnswer)
    )
      answers.push(await call({ cursor }));
    const ids = answers.flatMap(answer => (jsonOf(answer) as { data: { id: number }[] }).data.map(({ id }) => id));
    expect(ids).toEqual(users(300).map(({ id }) => id));
    expect(calls).toEqual([{ q: "x" }]);
    for (const answer of answers) expect(countTokens(textOf(answer))).toBeLessThanOrEqual(1_000);
    const [first, last] = [answers[0], answers.at(-1)] as ToolAnswer[];
    expect(first?.content[1]).toMatchObject({
      text: expect.stringMatching(/^Cut to 1,000 tokens: items 1-\d+ of 300 in \$\.data\. Call again with "cursor": "/),
    });
    expect(textOf(last as ToolAnswer)).toMatch(/items \d+-300 of 300 in \$\.data\. This is the last part\.$/);
  });

  test("gives the same part for the same cursor", async () => {
    const { call } = toolOf(users(300));
    const cursor = cursorOf(await call({}));
    expect(await call({ cursor, q: 5 })).toEqual(await call({ cursor }));
  });

  test("that is a text is cut too", async () => {
    const { call } = toolOf("Lorem ipsum dolor. ".repeat(2_000), { answer: { form: "text" } });
    const answer = await call({});
    expect(textOf(answer)).toMatch(/^Lorem ipsum/);
    expect(textOf(answer)).toMatch(/characters 1-[\d,]+ of 38,000 in \$/);
    expect(textOf(await call({ cursor: cursorOf(answer) }))).toContain("dolor");
  });

  test("of an error is cut, behind its status", async () => {
    const { call } = toolOf({ errors: users(300) }, { answer: { isError: true, lead: "HTTP 422" } });
    const answer = await call({ select: "$.x" });
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(/^HTTP 422\n\{"errors":\[\{"id":1,/);
    expect(await call({ cursor: cursorOf(answer) })).toMatchObject({ isError: true });
  });

  test("has structured content of the same form", async () => {
    const { call } = toolOf({ total: 300, data: users(300) }, { answer: { isStructured: true } });
    const first = await call({});
    const second = await call({ cursor: cursorOf(first) });
    for (const answer of [first, second]) expect(JSON.parse(answer.structured ?? "")).toEqual(jsonOf(answer));
    expect(JSON.parse(second.structured ?? "")).toMatchObject({ total: 300 });
  });

  test("of a tool whose schema stays as it is accepts a cursor", async () => {
    const { call, fitted, calls } = toolOf(users(300), { listed: "hidden" });
    expect(fitted.inputSchema).toEqual({
      type: "object",
      properties: { q: { type: "string" } },
      additionalProperties: false,
    });
    const answer = await call({ select: "$" });
    expect(calls).toEqual([{ select: "$" }]);
    expect(textOf(answer)).not.toContain("select");
    expect((jsonOf(await call({ cursor: cursorOf(answer) })) as unknown[]).length).toBeGreaterThan(10);
  });
});

describe("a cursor", () => {
  test("of another caller continues nothing", async () => {
    const { call } = toolOf(users(300));
    const cursor = cursorOf(await call({}, "one"));
    expect(await call({ cursor }, "another")).toMatchObject({ isError: true });
    expect(await call({ cursor }, "one")).toMatchObject({ isError: false });
  });

  test.each(["unknown.1", "", "x", 5, null, "__proto__.1", "a.length"])(
    "that is %j continues nothing",
    async cursor => {
      const { call, calls } = toolOf(users(300));
      const answer = await call({ cursor });
      if (cursor === null || cursor === "") return expect(calls).toEqual([{}]);
      expect(answer).toMatchObject({ isError: true });
      expect(textOf(answer)).toMatch(/continues no answer; answers are kept for 10 minutes\. Call again without it$/);
      expect(calls).toEqual([]);
    },
  );

  test("of a part that was not given yet continues nothing", async () => {
    const { call } = toolOf(users(300));
    const cursor = cursorOf(await call({}));
    for (const part of ["2", "-1", "length", "0.5", "constructor"])
      expect(await call({ cursor: cursor.replace(/\d+$/, part) })).toMatchObject({ isError: true });
  });

  test("is forgotten when many later answers are kept", async () => {
    const { call } = toolOf(users(300));
    const cursor = cursorOf(await call({}));
    for (let count = 0; count < 16; count++) await call({});
    expect(await call({ cursor })).toMatchObject({ isError: true });
  });

  test("is none of an answer that is too large to be kept", async () => {
    const { call } = toolOf(Array.from({ length: 80 }, () => "x".repeat(1_000_000)));
    expect(textOf(await call({}))).toMatch(
      /The rest is too large to be kept\. "select" or "fields" give less of it\.$/,
    );
  });
});

const WRONG_VIEWS = [
  { given: { select: "$.data[" }, says: /^Cannot read "select" "\$\.data\[" as JSONPath: .*; nothing was sent$/ },
  { given: { select: 5 }, says: /"select" 5 as JSONPath: it is not a text; nothing was sent$/ },
  { given: { fields: [1] }, says: /"fields" \[1\]: it is a list of names/ },
  { given: { fields: { id: true } }, says: /it is a list of names such as \["id", "owner\.name"\]; nothing was sent$/ },
];

const MISFITS = [
  {
    given: { select: "$.dta" },
    says: /^"select" "\$\.dta" finds nothing: there is no member "dta"; did you mean "data"\?/,
  },
  { given: { select: "$.data[*].logn" }, says: /there is no member "logn"; did you mean "login"\?/ },
  { given: { select: "$.data.login" }, says: /member "login" is asked of a list: write \[\*\] before it/ },
  { given: { fields: ["logn", "sit"] }, says: /^"fields": no object has the member "logn"; did you mean "login"\?/ },
  { given: { select: "$.data", fields: ["zzz"] }, says: /"zzz"; there are "id", "login", "owner"/ },
];

const VIEWS = [
  { given: { select: "", fields: [], cursor: "" }, value: { total: 3, none: null, data: users(3) } },
  { given: { select: "$.data[0].login" }, value: "user1" },
  { given: { select: "data[*].id" }, value: [1, 2, 3] },
  { given: { select: "$.data[?@.id > 5]" }, value: [] },
  { given: { select: "$.none" }, value: null },
  { given: { fields: ["id"] }, value: { total: 3, none: null, data: [{ id: 1 }, { id: 2 }, { id: 3 }] } },
  { given: { fields: "id" }, value: { total: 3, none: null, data: [{ id: 1 }, { id: 2 }, { id: 3 }] } },
  { given: { select: "$.data[1]", fields: ["owner.name", "id"] }, value: { owner: { name: "owner 1" }, id: 2 } },
  { given: { fields: ["total", "data.id"] }, value: { total: 3, data: [{ id: 1 }, { id: 2 }, { id: 3 }] } },
];

describe("select and fields", () => {
  const answered = { total: 3, none: null, data: users(3) };

  test.each(VIEWS)("give a part: $given", async ({ given, value }) => {
    expect(jsonOf(await toolOf(answered).call(given))).toEqual(value);
  });

  test.each(WRONG_VIEWS)("that cannot be read send nothing: $given", async ({ given, says }) => {
    const { call, calls } = toolOf(answered);
    const answer = await call(given);
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(says);
    expect(calls).toEqual([]);
  });

  test.each(MISFITS)("that find nothing name the nearest members: $given", async ({ given, says }) => {
    const { call, calls } = toolOf(answered);
    const answer = await call(given);
    expect(answer.isError).toBe(true);
    expect(textOf(answer)).toMatch(says);
    const cursor = /"cursor" "([^"]+)" reads it/.exec(textOf(answer))?.[1];
    expect(jsonOf(await call({ cursor, select: "$.total" }))).toBe(3);
    expect(jsonOf(await call({ cursor }))).toEqual(answered);
    expect(calls.length).toBe(1);
  });

  test("a field that some objects lack is no mistake, one that all lack is told", async () => {
    const { call } = toolOf([{ id: 1, note: "x" }, { id: 2 }]);
    expect(await call({ fields: ["id", "note"] })).toMatchObject({ content: { length: 1 }, isError: false });
    expect(textOf(await call({ fields: ["id", "nte"] }))).toMatch(
      /no object has the member "nte"; did you mean "note"\?/,
    );
  });

  test("a path that takes too many steps is refused", async () => {
    const { call } = toolOf(Array.from({ length: 90 }).reduce(inner => ({ inner }), 1));
    expect(textOf(await call({ select: "$..*..*..*..*..*..*" }))).toMatch(/takes more than .* steps/);
  });

  test("keep large numbers", async () => {
    const { call } = toolOf(parseExact('{"ids":[12345678901234567890,1.10]}', "written"));
    expect(textOf(await call({ select: "$.ids" }))).toBe("[12345678901234567890,1.10]");
  });

  test("inputs of the tool keep their names", async () => {
    const properties = { select: { type: "string" }, cursor: { type: "string" } };
    const tool = { inputSchema: { type: "object", properties } };
    const { call, fitted, calls } = toolOf(users(300), { tool });
    expect(Object.keys(fitted.inputSchema["properties"] as object)).toEqual([
      "select",
      "cursor",
      "answer_select",
      "fields",
      "answer_cursor",
    ]);
    const answer = await call({ select: "mine", cursor: "mine too", answer_select: "$[?@.id > 9]" });
    expect(calls).toEqual([{ select: "mine", cursor: "mine too" }]);
    expect((jsonOf(await call({ answer_cursor: cursorOf(answer) })) as unknown[]).length).toBeGreaterThan(10);
  });

  test("give structured content that the output schema has a name for", async () => {
    const outputSchema = { type: "object", properties: { data: {} }, required: ["data"], additionalProperties: false };
    const { call, fitted } = toolOf(answered, { answer: { isStructured: true }, tool: { outputSchema } });
    expect(fitted.outputSchema).toEqual({ type: "object", properties: { data: {}, selected: {} } });
    expect((await call({ select: "$.data[*].id" })).structured).toBe('{"selected":[1,2,3]}');
  });
});

describe("formats", () => {
  const rows = [
    { id: 12345678901234567890n, name: 'a "quoted", name', tags: ["x", 1], note: null },
    { id: 2, name: "two\nlines", tags: [], more: true },
  ];

  test("csv is a table of a list of objects", async () => {
    const answer = await toolOf(rows, { settings: { format: "csv" } }).call({});
    expect(parse(textOf(answer))).toEqual([
      ["id", "name", "tags", "note", "more"],
      ["12345678901234567890", 'a "quoted", name', '["x",1]', "", ""],
      ["2", "two\nlines", "[]", "", "true"],
    ]);
  });

  test("csv says what stands beside the list", async () => {
    const answer = await toolOf({ has_more: false, data: users(2) }, { settings: { format: "csv" } }).call({});
    expect(answer.content.map(item => item.type === "text" && item.text)).toEqual([
      'id,login,owner\r\n1,user1,"{""name"":""owner 0"",""site"":""https://example.com""}"\r\n2,user2,"{""name"":""owner 1"",""site"":""https://example.com""}"',
      'The table is "data". Beside it: {"has_more":false}',
    ]);
  });

  test.each([{ a: 1 }, "text", [1, 2], { a: [{ b: 1 }], c: [{ d: 1 }] }, []])(
    "csv of %j is JSON, and says so",
    async value => {
      const answer = await toolOf(value, { settings: { format: "csv" } }).call({});
      expect(jsonOf(answer)).toEqual(value);
      expect(textOf(answer)).toMatch(/This answer cannot be written as csv: it is JSON$/);
    },
  );

  test("toon can be read back, with all digits", async () => {
    const answer = await toolOf(
      { data: users(20), large: 12345678901234567890n },
      { settings: { format: "toon" } },
    ).call({});
    expect(textOf(answer)).toContain("large: 12345678901234567890");
    expect(decode(textOf(answer))).toMatchObject({ data: users(20) });
  });

  test.each(["toon", "csv"] as const)("%s of a list takes fewer tokens than JSON", async format => {
    const flat = Array.from({ length: 20 }, (_, index) => ({ id: index, name: `user ${index}`, open: true }));
    const inFormat = textOf(await toolOf(flat, { settings: { format } }).call({}));
    expect(countTokens(inFormat)).toBeLessThan(0.75 * countTokens(JSON.stringify(flat)));
  });

  test("structured content is JSON in each", async () => {
    const made: Made = { settings: { format: "toon" }, answer: { isStructured: true } };
    expect((await toolOf({ data: users(2) }, made).call({})).structured).toBe(JSON.stringify({ data: users(2) }));
  });
});
