import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, parseDocument } from "yaml";
import { parseBlockYaml } from "../../../src/language/document/parse-block-yaml.ts";
import { searchedCharacters } from "../../support/searched-characters.ts";

const seed = readFileSync(new URL("../../../capabilities/clerk-backend-api-api-keys.yaml", import.meta.url), "utf8");

/** Texts that are read without the package `yaml`. */
const common: readonly string[] = [
  "a: b\n",
  "a: b",
  "---\na: b\n",
  "# one\n\na: b # two\n# three\nc: d\n",
  "a:\n  b:\n    c: d\n  e: f\n",
  "a:\n- b\n- c: d\n  e: f\n",
  "a:\n  - b\n  - - c\n    - d\n  -\n    e: f\n",
  "- a\n-\n- b: c\n",
  "a:\nb:\n  c:\nd: e\n",
  "a: 'it''s'\nb: ' x '\n'c d': e\n\"f\": g\n",
  'a: "q\\"\\\\ \\u00e9\\x41\\U0001F600\\n\\t\\/"\n',
  'a: "one \\\n  two\\\n  \\ three"\nb: c\n',
  'a: "one\n  two\n\n  three "\n',
  "a: 'one\n  two\n\n  three '\n",
  "a: one\n  two\n\n\n  three\nb: c\n",
  "- one\n  two\n- three\n",
  "a: |\n  one\n    two\n\n  three\n\n\nb: |-\n  x\n\nc: d\n",
  "a: |\nb: c\n",
  "a: >\n  one\n  two  \n\n  three\n\n\n  four\n\n\nb: >-\n\n\n  x\n  y\n\nc: d\n",
  "a: >-\nb: c\n",
  "- >-\n  one: # two\n  - three\n- >\n  four",
  "a: [ b, c d, 1, true ]\nb: []\nc: {}\n",
  "a: 1\nb: -0\nc: 0o17\nd: 0x1F\ne: 1.5e3\nf: .5\ng: .inf\nh: -.INF\ni: .nan\nj: +12\nk: 007\nl: 1_000\nm: 0b1\n",
  "a: true\nb: False\nc: ~\nd: null\ne: NULL\nf: yes\ng: trueish\nh: 2026-01-05\ni: 12:30\n",
  "a: x:y\nb: http://h/p?q#f\nc: a#b\nd: -x\ne: ?x\nf: :x\n",
  "a-b.c $d @e: f\n",
  "a: é 😀 \u00a0\n",
  `${"k".repeat(1_000)}: a\n`,
  `"${"k".repeat(998)}": a\n`,
  `a:\n- ${"k".repeat(1_000)}: a\n`,
  `- ${"long ".repeat(1_000)}text\n- b\n`,
  `${"- ".repeat(100)}a\n`,
  `${"- ".repeat(99)}[]\n`,
  "a: >\n  b\n    c\n  d\n",
  "a: >+\n  b\n\n",
  "a: >2\n  b\n",
  "a: |2\n   b\n",
  "a: |+\n  b\n\n",
  "1: a\n",
  "a: >\n  b\n\n    c\n\n\n  d\n    e\n  f\n",
  "a: >-\n\n\n  b\n  c\n",
  "a: |+\n\n\nb: c\n",
  "a: >+\n  b\n\n\n# c\nd: e\n",
  "a: |1-\n   b\n  c\n\nd: e\n",
  "- |-2\n    b\n   c\n- d\n",
  "a:\n  - >+2\n      b\n     c\n",
  '200: a\n"404": b\n0: c\n',
  nestedMaps(100),
];

/** Texts that are left to the package `yaml`: read by it, or refused. */
const unusual: readonly string[] = [
  "a: &x b\nc: *x\n",
  "a: !!str 1\n",
  "? a\n: b\n",
  "a: {b: c}\n",
  "a: [b, [c]]\n",
  "a: >\n    b\n  c\n",
  "01: a\n",
  "1.0: a\n",
  "a: |2+\n   b\n   \n\nc: d\n",
  "-1: a\n",
  "1234567890123456789: a\n",
  "a: |+\n  b",
  "a: |0\n  b\n",
  "a: |3\n  b\n",
  "null: a\n",
  "<<: a\n",
  "__proto__: a\n",
  "a:\tb\n",
  "a: b\r\n",
  "\ufeffa: b\n",
  "a: b\n---\nc: d\n",
  "a: b\n...\n",
  "%YAML 1.2\n---\na: b\n",
  "a: b\na: c\n",
  "a: b: c\n",
  "a: 'b\n",
  "a: 'b\nc'\n",
  "a: b\n c: d\n",
  "a:\n  b: c\n d: e\n",
  "- a\nb: c\n",
  "a: - b\n",
  "a: @b\n",
  "a: `b\n",
  'a: "\\q"\n',
  "a: b # c\n  d\n",
  "just text\n",
  "a\n",
  `${"k".repeat(1_025)}: a\n`,
  `"${"k".repeat(1_023)}": a\n`,
  `'${"k".repeat(1_023)}': a\n`,
  `a:\n- ${"k".repeat(1_025)}: a\n`,
  `${"k ".repeat(512)} : a\n`,
  `${"- ".repeat(101)}a\n`,
  `${"- ".repeat(100)}[]\n`,
  nestedMaps(101),
  "a: b\u2028c\n\td: e\n",
  "a: b\rc: d\n",
  "a: b\u0085c\n",
  "\ufeff---\na: b\n",
  "a: b\n\ufeffc: d\n",
  "%TAG ! tag:e,2000:\n---\na: b\n",
  "---\na: b\n---\n",
  "--- a: b\n",
  "a: b\n...\nc: d\n",
];

describe("parseBlockYaml()", () => {
  it.each(common.map(text => ({ text })))("reads $text as the package yaml does", ({ text }) => {
    expect(parseBlockYaml(text)).toStrictEqual({ ok: true, value: parse(text), isExact: false });
  });

  it.each(unusual.map(text => ({ text })))("gives up on $text", ({ text }) => {
    expect(parseBlockYaml(text)).toMatchObject({ ok: false });
  });

  it("reads the seed as the package yaml does", () => {
    expect(parseBlockYaml(seed)).toStrictEqual({ ok: true, value: parse(seed), isExact: false });
  });

  it("never differs from the package yaml on damaged texts", () => {
    const random = randomNumbers(20_261_123);
    let read = 0;
    for (let round = 0; round < 6_000; round++) {
      const text = damage(pick([...common, seed.slice(0, 1_200)], random), random);
      const result = parseBlockYaml(text);
      if (!result.ok) continue;
      read++;
      const document = parseDocument(text, { logLevel: "silent" });
      expect(document.errors, text).toEqual([]);
      expect(result.value, text).toStrictEqual(document.toJS());
    }
    // Most damage must leave something to compare, or the test checks nothing.
    expect(read).toBeGreaterThan(1_500);
  });

  it.each([
    { what: "dashes", text: "- ".repeat(100_000) },
    { what: "lines", text: nestedMaps(5_000) },
    { what: "dashes and names", text: "- - a:\n".replace("a:", "- ".repeat(50_000)) },
  ])("gives up on $what that nest deeper than the stack", ({ text }) => {
    expect(parseBlockYaml(text)).toMatchObject({ ok: false });
  });

  it("never differs from the package yaml on texts of long, deep and odd pieces", () => {
    const random = randomNumbers(7_102_026);
    let read = 0;
    for (let round = 0; round < 4_000; round++) {
      const text = randomBlock(random);
      const result = parseBlockYaml(text);
      if (!result.ok) continue;
      read++;
      const document = parseDocument(text, { logLevel: "silent" });
      expect(document.errors, text).toEqual([]);
      expect(result.value, text).toStrictEqual(document.toJS());
    }
    expect(read).toBeGreaterThan(250);
  });

  const growing: readonly { readonly what: string; readonly text: (size: number) => string }[] = [
    { what: "items without a colon", text: size => "- a\n".repeat(size) },
    { what: "items and one colon behind them", text: size => `${"- a\n".repeat(size)}- b: c\n` },
    { what: "quoted items", text: size => "- 'a'\n- \"b\"\n".repeat(size) },
    { what: "items that only one quote follows", text: size => `${"- a\n".repeat(size)}- "b"\n` },
    { what: "comments between items", text: size => "# c\n- a # d\n".repeat(size) },
    { what: "names", text: size => Array.from({ length: size }, (_, index) => `k${index}:\n`).join("") },
    { what: "lines of a text", text: size => `a: |\n${"  b\n\n".repeat(size)}` },
    { what: "lines of a quoted text", text: size => `a: "b\n${"  c\n".repeat(size)}  d"\n` },
    { what: "flow lists", text: size => "- [a, b]\n- []\n".repeat(size) },
  ];

  it.each(growing)("searches twice the characters for twice the $what", ({ text }) => {
    const [once, twice] = [2_000, 4_000].map(size => {
      const written = text(size);
      return searchedCharacters(() => expect(parseBlockYaml(written).ok).toBe(true));
    }) as [number, number];
    expect(twice).toBeLessThan(2.5 * once + 1_000);
  });
});

/** Maps in maps, on a line each. */
function nestedMaps(levels: number): string {
  return Array.from({ length: levels }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n");
}

/** Returns lines of all kinds below one another, most of them well-formed. */
function randomBlock(random: () => number): string {
  const lines: string[] = [];
  let indent = "";
  for (let count = 1 + Math.floor(random() * 8); count > 0; count--) {
    const key = pick(oddKeys, random);
    const value = pick(oddValues, random);
    const step = random();
    if (step < 0.3) indent += "  ";
    else if (step < 0.5) indent = indent.slice(2);
    lines.push(`${indent}${random() < 0.3 ? "- ".repeat(1 + Math.floor(random() * 3)) : ""}${key}:${value}`);
  }
  return pick(oddStarts, random) + lines.join(random() < 0.97 ? "\n" : pick(["\r\n", "\r", "\n\n", "\n\t"], random));
}

const oddKeys = [
  "a",
  "b c",
  "'q'",
  '"d"',
  "k".repeat(1_023),
  "k".repeat(1_024),
  "k".repeat(1_025),
  "é",
  "x:y",
  "-1",
  "a#b",
];
const oddValues = [
  "",
  " v",
  "  v  ",
  " 'a''b'",
  ' "\\u0041"',
  " |\n      t",
  " # c",
  " v # c",
  " http://h",
  " []",
  ` ${"v".repeat(2_000)}`,
  " - v",
  "\tv",
];
const oddStarts = [
  "",
  "",
  "",
  "",
  "---\n",
  "# c\n",
  "\n",
  "\ufeff",
  "%YAML 1.2\n---\n",
  "--- \n",
  `${"- ".repeat(97)}`,
];

const scraps = [
  "'",
  '"',
  ": ",
  ":",
  "- ",
  "-",
  "#",
  " #",
  "\n",
  "\n\n",
  "  ",
  " ",
  "|",
  ">",
  "[",
  "]",
  "{",
  "}",
  "&a ",
  "*a",
  "!",
  "? ",
  "~",
  "null",
  "1",
  ".5",
  "...",
  "---",
  "\\",
  "%",
  "@",
  "`",
  ",",
  "é",
  "''",
  "<<",
  "=",
  "\t",
];

function damage(text: string, random: () => number): string {
  let damaged = text;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) {
    const place = Math.floor(random() * damaged.length);
    const kind = random();
    if (kind < 0.45) damaged = damaged.slice(0, place) + pick(scraps, random) + damaged.slice(place);
    else if (kind < 0.65) damaged = damaged.slice(0, place) + damaged.slice(place + 1 + Math.floor(random() * 4));
    else {
      const lines = damaged.split("\n");
      const line = Math.floor(random() * lines.length);
      if (kind < 0.8) lines.splice(line, 1);
      else lines[line] = kind < 0.9 ? ` ${lines[line]}` : (lines[line] ?? "").replace(/^ {1,2}/, "");
      damaged = lines.join("\n");
    }
  }
  return damaged;
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** A small generator with a fixed seed (xorshift): the same texts in every run. */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
