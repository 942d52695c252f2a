/**
 * Splits a command into its program and arguments at spaces. Quotes keep spaces inside an argument, as `'…'` or `"…"`.
 * There is no other syntax, and no shell reads it.
 *
 * @throws Error for an unclosed quote, or an empty command
 */
export function splitCommand(text: string): readonly [program: string, ...args: string[]] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (const character of text) {
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= "";
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== undefined) throw new Error(`the command has a ${quote} without its end`);
  if (word !== undefined) words.push(word);
  const [program, ...args] = words;
  if (!program) throw new Error("it names no command");
  return [program, ...args];
}
