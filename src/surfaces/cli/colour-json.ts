/** Escapes of a terminal for the parts of JSON. */
const NAME = "\u001b[34m";
const STRING = "\u001b[32m";
const NUMBER = "\u001b[33m";
const WORD = "\u001b[35m";
const END = "\u001b[39m";

/** Longest JSON that is coloured: nobody reads more on a terminal. */
const LONGEST = 4 * 1024 * 1024;

/** A string with the colon of a name, a number, or a word. Each is read once. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|true|false|null/g;

/** Colours JSON for a terminal. Taking the escapes away gives the same text. */
export function colourJson(text: string): string {
  if (text.length > LONGEST) return text;
  return text.replace(TOKEN, (token: string, string: string | undefined, colon: string | undefined) => {
    if (string !== undefined) return colon === undefined ? STRING + string + END : NAME + string + END + colon;
    return (/^[tfn]/.test(token) ? WORD : NUMBER) + token + END;
  });
}
