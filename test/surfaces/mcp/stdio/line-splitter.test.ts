import { describe, expect, it } from "vitest";
import { LineSplitter } from "../../../../src/surfaces/mcp/stdio/line-splitter.ts";

const cases: readonly (readonly [name: string, pieces: readonly string[], lines: readonly (string | undefined)[]])[] = [
  ["one line", ["abc\n"], ["abc"]],
  ["several lines in a piece", ["a\nb\nc\n"], ["a", "b", "c"]],
  ["a line in several pieces", ["a", "b", "c\nd", "\n"], ["abc", "d"]],
  ["line ends of Windows", ["a\r\nb\r", "\n"], ["a", "b"]],
  ["empty lines", ["\n\n \r\n\ta\n"], ["\ta"]],
  ["the longest line", ["12345678\n"], ["12345678"]],
  ["a line that is too long", ["123456789\na\n"], [undefined, "a"]],
  ["a line that is too long over pieces", ["12345", "6789", "0", "1\n", "a\n"], [undefined, "a"]],
  ["lines that are too long after each other", ["123456789\n", "123456789\n", "a\n"], [undefined, undefined, "a"]],
  ["a last line without an end", ["a\nb"], ["a", "b"]],
  ["a character in two pieces", ["\xc3", "\xa4\n"], ["ä"]],
];

describe("LineSplitter", () => {
  it.each(cases)("splits %s", (_, pieces, expected) => {
    const splitter = new LineSplitter(8);
    const lines = pieces.flatMap(piece => splitter.split(Buffer.from(piece, "latin1")));
    const rest = splitter.rest();
    const texts = [...lines, ...(rest === undefined ? [] : [rest])].map(line => line && Buffer.from(line).toString());
    expect(texts).toEqual(expected);
  });
});
