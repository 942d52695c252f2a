import { expect, it } from "vitest";
import { shellWords } from "../../../src/language/calls/shell-words.ts";

it.each<{ what: string; text: string; words: string[] }>([
  { what: "white space", text: " a  b\tc\n", words: ["a", "b", "c"] },
  { what: "single quotes", text: `'a "b" \\n' ''`, words: ['a "b" \\n', ""] },
  { what: "double quotes", text: `"a 'b' \\"c\\" \\\\ \\x"`, words: [`a 'b' "c" \\ \\x`] },
  { what: "quotes within a word", text: `a'b c'"d"\\ e`, words: ["ab cd e"] },
  { what: "a quote in a word of single quotes", text: `'it'\\''s'`, words: ["it's"] },
  { what: "the escapes of bash", text: `$'a\\n\\'\\x41\\u00e9\\101\\\\'`, words: ["a\n'AéA\\"] },
  { what: "continued lines", text: "a \\\n  b \\\r\n c", words: ["a", "b", "c"] },
  { what: "no variables", text: `"$TOKEN" $HOME`, words: ["$TOKEN", "$HOME"] },
  { what: "another command behind", text: "a b | jq . > c; d", words: ["a", "b"] },
  { what: "cmd of Windows", text: 'a ^"b^\\^"c^\\^"^" ^\r\n  -H ^"d: ^%^"', words: ["a", 'b"c"', "-H", "d: %"] },
])("shellWords() reads $what", ({ text, words }) => {
  expect(shellWords(text)).toEqual(words);
});

it.each(["'a", '"a', "$'a\\'"])("shellWords() refuses %j", text => {
  expect(() => shellWords(text)).toThrow("a quote is not closed");
});

it("shellWords() reads a long text", () => {
  expect(shellWords(`curl ${"'a'\\'".repeat(100_000)}`)).toHaveLength(2);
});
