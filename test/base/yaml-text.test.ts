import { describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { yamlText } from "../../src/base/yaml-text.ts";
import { seededRandom } from "../support/seeded-random.ts";

/** Values, and their text where it matters how they are written. */
const cases: readonly { readonly value: unknown; readonly text?: string }[] = [
  {
    value: { a: 1, b: [1, "two", null, true], c: { d: "e" } },
    text: "a: 1\nb:\n  - 1\n  - two\n  - null\n  - true\nc:\n  d: e\n",
  },
  { value: [{ a: 1, b: 2 }, [3, [4]], [], {}], text: "- a: 1\n  b: 2\n- - 3\n  - - 4\n- []\n- {}\n" },
  { value: { list: [], map: {} }, text: "list: []\nmap: {}\n" },
  { value: "text", text: "text\n" },
  { value: null, text: "null\n" },
  { value: [], text: "[]\n" },
  { value: "", text: '""\n' },
  { value: "two\nlines", text: "|-\n  two\n  lines\n" },
  { value: { a: "two\nlines\n", b: 1 }, text: "a: |\n  two\n  lines\nb: 1\n" },
  { value: ["two\n\n  lines"], text: "- |-\n  two\n\n    lines\n" },
  ...[
    "NO",
    "yes",
    "On",
    "off",
    "y",
    "N",
    "true",
    "Null",
    "~",
    "12:30:45",
    "2026-01-05",
    "0x1F",
    "1_000",
    "0o7",
    "1e3",
    ".inf",
    "-",
    "=",
    "<<",
    "0b1",
    "007",
    "+1",
    ".5",
    "190:20:30",
  ].map(value => ({ value, text: `${JSON.stringify(value)}\n` })),
  ...["https://a.test/b?c=d&e", "München", "Ann O'Hara", "a:b", "a b  c", "nothing", "None", "x#y"].map(value => ({
    value,
  })),
  ...[
    " a",
    "a ",
    "a: b",
    "a #b",
    "a:",
    "- a",
    "? a",
    "#a",
    "[a",
    "{a",
    "*a",
    "&a",
    "!a",
    "|a",
    ">a",
    "%a",
    "@a",
    "`a",
    "'a",
    '"a',
    "\ta",
    "a\tb",
    "a\r\nb",
    "a\n",
    "a\n\n",
    "\na",
    " a\nb",
    "a \nb",
    "a\n b\n ",
    "a\n\tb",
    "a\u0085b",
    "a\u2028b\nc",
    "a\u00a0\n",
    "\ufeffa",
    "a\u0000",
    "\u001b[31m",
    "a\u202eb",
    "\ud800",
    "😀\n😀",
    "---",
    "...",
    "---\na",
    "a\n---\nb",
    "a\n...\nb",
    "\\",
    "a\\n",
    "\u007f",
    "\u200b",
  ].map(value => ({ value })),
  ...[
    0,
    -0,
    1.5,
    1e21,
    1e-7,
    -2.5e300,
    9007199254740993n,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ].map(value => ({ value })),
  { value: 1e21, text: "1.0e+21\n" },
  {
    value: {
      "": 1,
      " ": 2,
      "a b": 3,
      "a: b": 4,
      "1": 5,
      true: 6,
      "<<": 7,
      no: 8,
      "#": 9,
      "two\nlines": 10,
      "?": 11,
      "-": 12,
    },
  },
  { value: { ["k".repeat(2_000)]: { ["l ".repeat(2_000)]: ["m"] }, n: 1 } },
  {
    value: Object.fromEntries([
      ["__proto__", 1],
      ["constructor", 2],
    ]),
  },
  { value: nested(200) },
  { value: { a: nested(60), b: "after" } },
];

/** Those that the package reads in YAML 1.1 as it does in 1.2. */
const plain = cases.filter(
  ({ value }) =>
    typeof value !== "bigint" && !(typeof value === "object" && value !== null && Object.hasOwn(value, "__proto__")),
);

describe("yamlText()", () => {
  it.each(cases)("is read back as it was: $value", ({ value, text }) => {
    const written = yamlText(value);
    if (text !== undefined) expect(written).toBe(text);
    const document = parseDocument(written, { intAsBigInt: typeof value === "bigint" });
    expect(document.errors).toEqual([]);
    expect(document.toJS()).toStrictEqual(value);
  });

  it.each(plain)("is read as the same by YAML 1.1: $value", ({ value }) => {
    expect(parse(yamlText(value), { version: "1.1", logLevel: "silent" })).toStrictEqual(value);
  });

  it.each(cases.filter(({ value }) => typeof value !== "bigint"))(
    "is an item of a list, and a member: $value",
    ({ value }) => {
      expect(parse(yamlText([value, { a: value, b: [value] }]))).toStrictEqual([value, { a: value, b: [value] }]);
    },
  );

  it("is read back whatever the characters are", () => {
    const pieces = [
      "a",
      " ",
      "\n",
      ":",
      "#",
      "-",
      "'",
      '"',
      "\\",
      "\t",
      "é",
      "1",
      ",",
      "[",
      "\u2028",
      "\u00a0",
      "😀",
      "\ufffd",
      "\r",
      "?",
      "|",
      "%",
      "no",
      "\u3000",
    ];
    for (let seed = 1; seed <= 20_000; seed++) {
      const random = seededRandom(seed);
      const text = Array.from({ length: seed % 9 }, () => pieces[random(pieces.length)]).join("");
      expect(parse(yamlText({ [text]: [text] })), JSON.stringify(text)).toStrictEqual({ [text]: [text] });
    }
  });

  it("is as long as what it writes, however deep that is", () => {
    const [once, twice] = [400, 800].map(levels => yamlText(nested(levels)).length) as [number, number];
    expect(twice).toBeLessThan(2.5 * once);
  });
});

function nested(levels: number): unknown {
  return Array.from({ length: levels }).reduce<unknown>(
    (inner, _, level) => (level % 2 === 0 ? [inner] : { a: inner, "b c": "d: e" }),
    "end",
  );
}
