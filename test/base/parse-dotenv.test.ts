import { describe, expect, it } from "vitest";
import { parseDotenv } from "../../src/base/parse-dotenv.ts";

/** The values that the package dotenv 18.0.10 gives: of its own test files, and of further texts. */
const cases: readonly (readonly [text: string, values: Readonly<Record<string, string>>])[] = [
  ["BASIC=basic\n\n# a comment\nAFTER_LINE=after_line\n", { BASIC: "basic", AFTER_LINE: "after_line" }],
  [
    "EMPTY=\nEMPTY_SINGLE=''\nEMPTY_DOUBLE=\"\"\nEMPTY_BACK=``",
    { EMPTY: "", EMPTY_SINGLE: "", EMPTY_DOUBLE: "", EMPTY_BACK: "" },
  ],
  [
    "A='    single quotes    '\nB=\"    double quotes    \"\nC=`    back    `",
    { A: "    single quotes    ", B: "    double quotes    ", C: "    back    " },
  ],
  [
    "A='double \"quotes\" within'\nB=\"single 'quotes' within\"\nC=`both \"of\" 'them'`",
    { A: 'double "quotes" within', B: "single 'quotes' within", C: "both \"of\" 'them'" },
  ],
  [
    "A=\"expand\\nnew\\nlines\\r\"\nB=dont\\nexpand\nC='dont\\nexpand'",
    { A: "expand\nnew\nlines\r", B: "dont\\nexpand", C: "dont\\nexpand" },
  ],
  [
    "A=inline comments # work #very #well\nB='outside #quotes' # work\nC=\"outside #quotes\"#work\nD=with a#no space",
    { A: "inline comments", B: "outside #quotes", C: "outside #quotes", D: "with a" },
  ],
  ['A=equals==\nB={"foo": "bar"}\nC=\'{"foo": "bar"}\'', { A: "equals==", B: '{"foo": "bar"}', C: '{"foo": "bar"}' }],
  [
    "A=    some spaced out string   \n    SPACED_KEY = parsed\nB= \u00a0x\u00a0",
    { A: "some spaced out string", SPACED_KEY: "parsed", B: "x" },
  ],
  [
    "A=\"THIS\nIS\nA\nMULTILINE\nSTRING\"\nB='THIS\nTOO'\nC=`AND\nTHIS`",
    { A: "THIS\nIS\nA\nMULTILINE\nSTRING", B: "THIS\nTOO", C: "AND\nTHIS" },
  ],
  ["A=1\rB=2\r\nC=3\n", { A: "1", B: "2", C: "3" }],
  ['T="ab\\"cd"\nU=\'a\\\'b\'\nV="x\\"', { T: 'ab\\"cd', U: "a\\'b", V: "x\\" }],
  ["\ufeffA=1\nB=2", { A: "1", B: "2" }],
  [
    "export A=1\n  export\tB=2\nexport=3\nexported=4\nexport\nC=5",
    { A: "1", B: "2", export: "3", exported: "4", C: "5" },
  ],
  ["A: yaml\nB: 'in quotes' # why\nC:no\nD : no", { A: "yaml", B: "in quotes" }],
  ["A=\"open\nB=2\nC='open", { A: '"open', B: "2", C: "'open" }],
  ['A="a"b\nB="a" \'b\'\nC=a"b"\nD=it\'s', { A: '"a"b', B: "\"a\" 'b'", C: 'a"b"', D: "it's" }],
  ["# A=1\n #B=2\nno variable\n=x\na b=c\nC=3", { C: "3" }],
  ["A=1\nA=2\na.b-c=3\n1X=4\nA=$B", { A: "$B", "a.b-c": "3", "1X": "4" }],
  ["constructor=1\ntoString=2", { constructor: "1", toString: "2" }],
];

describe("parseDotenv()", () => {
  it.each(cases)("reads %j as dotenv does", (text, values) => {
    expect([...parseDotenv(text)].sort()).toEqual(Object.entries(values).sort());
  });

  it("keeps a variable called __proto__ for itself", () => {
    expect([...parseDotenv("__proto__=1")]).toEqual([["__proto__", "1"]]);
  });

  it.each([
    ["empty lines", "\n"],
    ["spaces", " "],
    ["quotes that are not closed", "A='\n"],
    ["escaped quotes", "\\'"],
    ["names", "export "],
    ["names on lines of their own", "A\n\n"],
  ])("reads many %s in one go", (_, piece) => {
    expect(parseDotenv(`A='${piece.repeat(200_000)}`).size).toBeLessThan(3);
  });
});
