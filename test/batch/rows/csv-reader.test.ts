import { describe, expect, it } from "vitest";
import { CsvReader } from "../../../src/batch/rows/csv-reader.ts";
import { seededRandom } from "../../support/seeded-random.ts";

type Told = readonly [line: number, cells: readonly string[] | string];

/** Text, and its records with the lines that they begin at; a problem is a text. */
const CASES: readonly (readonly [string, string, readonly Told[]])[] = [
  [
    "cells",
    "a,b\n1,2\n",
    [
      [1, ["a", "b"]],
      [2, ["1", "2"]],
    ],
  ],
  [
    "a last line without an end",
    "a\n1",
    [
      [1, ["a"]],
      [2, ["1"]],
    ],
  ],
  [
    "CR LF",
    "a,b\r\n1,2\r\n",
    [
      [1, ["a", "b"]],
      [2, ["1", "2"]],
    ],
  ],
  [
    "CR",
    "a,b\r1,2\r",
    [
      [1, ["a", "b"]],
      [2, ["1", "2"]],
    ],
  ],
  [
    "different line ends",
    "a\r\nb\nc\rd",
    [
      [1, ["a"]],
      [2, ["b"]],
      [3, ["c"]],
      [4, ["d"]],
    ],
  ],
  [
    "empty lines",
    "\n\na\n\r\n  \nb\n\n",
    [
      [3, ["a"]],
      [6, ["b"]],
    ],
  ],
  ["empty cells", ",,\n", [[1, ["", "", ""]]]],
  ["blanks", " a , b\n", [[1, [" a ", " b"]]]],
  ["quotes", '"a","b"\n', [[1, ["a", "b"]]]],
  ["a delimiter in quotes", '"a,b",c\n', [[1, ["a,b", "c"]]]],
  [
    "a line end in quotes",
    '"a\nb",c\nd,e\n',
    [
      [1, ["a\nb", "c"]],
      [3, ["d", "e"]],
    ],
  ],
  [
    "CR LF in quotes",
    '"a\r\nb"\r\nc\r\n',
    [
      [1, ["a\r\nb"]],
      [3, ["c"]],
    ],
  ],
  ["quotes in quotes", '"a ""b""","""",""""""\n', [[1, ['a "b"', '"', '""']]]],
  [
    "an empty cell in quotes",
    '""\n"",\n',
    [
      [1, [""]],
      [2, ["", ""]],
    ],
  ],
  ["a quote in a cell", '5" disk,b\n', [[1, ['5" disk', "b"]]]],
  ["a quoted cell at the end", 'a,"b"', [[1, ["a", "b"]]]],
  ["a delimiter at the end", '"a",', [[1, ["a", ""]]]],
  ["characters beyond ASCII", "ä,😀\n", [[1, ["ä", "😀"]]]],
  [
    "text after a closing quote",
    'a\n"b"c,d\ne\n',
    [
      [1, ["a"]],
      [2, "has text after a closing quote: write a quote within a cell twice"],
      [3, ["e"]],
    ],
  ],
  [
    "text after a quote that was closed by another row's",
    'a,"b\nc,d\ne,"f"\ng,h\n',
    [
      [1, "has text after a closing quote in line 3: write a quote within a cell twice; it ends in line 3"],
      [4, ["g", "h"]],
    ],
  ],
  [
    "a quote that is never closed",
    'a,b\n1,"2\n3,4\n5,6\n',
    [
      [1, ["a", "b"]],
      [2, "opens a quote that is never closed; it takes in 3 lines after it, to line 5"],
    ],
  ],
  [
    "a quote that is never closed on the last line",
    'a\n"b',
    [
      [1, ["a"]],
      [2, "opens a quote that is never closed"],
    ],
  ],
  [
    "a quote that is never closed after one with lines",
    '"a\nb","c\nd',
    [[1, "opens a quote in line 2 that is never closed; it takes in 2 lines after it, to line 3"]],
  ],
  ["nothing", "", []],
];

describe("CsvReader", () => {
  it.each(CASES)("reads %s", (_, text, expected) => {
    expect(read(text, text.length)).toEqual(expected);
  });

  it.each(CASES)("reads %s in any pieces", (_, text, expected) => {
    for (const length of [1, 2, 3, 5]) expect([length, read(text, length)]).toEqual([length, expected]);
  });

  it.each(CASES)("passes over %s", (_, text, expected) => {
    const lines = expected.map(([line]) => line);
    expect(read(text, 3, false).map(([line]) => line)).toEqual(lines);
  });

  it("reads any text in any pieces as it reads it at once", () => {
    const random = seededRandom(16);
    const characters = ["a", ",", '"', '""', "\n", "\r", "\r\n", " "];
    for (let count = 0; count < 3_000; count++) {
      const text = Array.from({ length: random(20) }, () => characters[random(characters.length)]).join("");
      const whole = read(text, 100);
      for (const length of [1, 2, 3, 7]) expect([text, length, read(text, length)]).toEqual([text, length, whole]);
      expect([text, read(text, 2, false).map(([line]) => line)]).toEqual([text, whole.map(([line]) => line)]);
    }
  });

  it("separates by tabs", () => {
    expect(read('a\tb,c\n"d\te"\tf\n', 4, true, "\t")).toEqual([
      [1, ["a", "b,c"]],
      [2, ["d\te", "f"]],
    ]);
  });

  it.each([
    ["a cell", "x", "x"],
    ["a cell in quotes", '"x', 'x"'],
    ["a cell in quotes with lines", '"x', '\ny""\n"'],
  ])("keeps nothing of %s of more than 16 MiB", (_, start, end) => {
    const reader = new CsvReader(",");
    reader.push("a,b\n");
    reader.push(start);
    const piece = "x".repeat(1024 * 1024);
    for (let count = 0; count < 20; count++) {
      reader.push(piece);
      reader.next(true);
    }
    reader.push(`${end},1\n2,3\n`);
    reader.end();
    const lines = end.split("\n").length;
    const problem = lines === 1 ? "is longer than 16 MiB" : `is longer than 16 MiB; it ends in line ${lines + 1}`;
    expect([reader.next(true), reader.next(true), reader.next(true)]).toEqual([
      { line: 2, problem },
      { line: 2 + lines, value: ["2", "3"] },
      undefined,
    ]);
  });
});

function read(text: string, length: number, isWanted = true, delimiter: "," | "\t" = ","): Told[] {
  const reader = new CsvReader(delimiter);
  const told: Told[] = [];
  const drain = () => {
    for (let record = reader.next(isWanted); record !== undefined; record = reader.next(isWanted)) {
      told.push([record.line, record.problem ?? record.value ?? "passed"]);
    }
  };
  for (let at = 0; at < text.length; at += length) {
    reader.push(text.slice(at, at + length));
    drain();
  }
  reader.end();
  drain();
  return told;
}
