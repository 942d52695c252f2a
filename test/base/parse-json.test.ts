import { describe, expect, it } from "vitest";
import { parseJson } from "../../src/base/parse-json.ts";

const wrong: readonly [text: string, reason: string][] = [
  ["", "it is empty"],
  [" \n", "it is empty"],
  ["{", "the text ends at line 1, column 2"],
  ['{"a":1', "the text ends at line 1, column 7"],
  ["[1,2", "the text ends at line 1, column 5"],
  ['"abc', "the text ends at line 1, column 5"],
  ["tru", "the text ends at line 1, column 4"],
  ["-", "the text ends at line 1, column 2"],
  ["{a:1}", 'unexpected "a" at line 1, column 2'],
  ["{'a':1}", 'unexpected "\'" at line 1, column 2'],
  ['{"a":}', 'unexpected "}" at line 1, column 6'],
  ['{"a":1,}', 'unexpected "}" at line 1, column 8'],
  ["[1,]", 'unexpected "]" at line 1, column 4'],
  ['{"a":1}}', 'unexpected "}" at line 1, column 8'],
  ["1 2", 'unexpected "2" at line 1, column 3'],
  ["01", 'unexpected "1" at line 1, column 2'],
  ["truex", 'unexpected "x" at line 1, column 5'],
  ["undefined", 'unexpected "u" at line 1, column 1'],
  ["NaN", 'unexpected "N" at line 1, column 1'],
  ["[object Object]", 'unexpected "o" at line 1, column 2'],
  ['"\\x"', 'unexpected "x" at line 1, column 3'],
  ['{"a": "b\nc"}', 'unexpected "\\n" at line 1, column 9'],
  ['{\n  "a": tru\n}', 'unexpected "\\n" at line 2, column 11'],
  ['{"a":1}\n\nx', 'unexpected "x" at line 3, column 1'],
  ["😀", 'unexpected "😀" at line 1, column 1'],
  ["at position 7 x", 'unexpected "a" at line 1, column 1'],
  ['{"x": at position 99}', 'unexpected "a" at line 1, column 7'],
  [`[${"1,".repeat(5_000)}x]`, 'unexpected "x" at line 1, column 10002'],
];

describe("parseJson()", () => {
  it.each(["null", " 1 ", '{"a":[1,"b",true]}', '"at position 3"'])("reads %s", text => {
    expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it.each(wrong)("says what is wrong in %s", (text, reason) => {
    expect(parseJson(text)).toEqual({ ok: false, reason });
  });

  it("quotes nothing of the text but the one character", () => {
    const result = parseJson('{"token": "hunter2hunter2", oops}');
    expect(result).toEqual({ ok: false, reason: 'unexpected "o" at line 1, column 29' });
  });
});
