import { type Line, styled } from "./printed-text.ts";

/** Escapes of a terminal for the colours of JSON. */
const ESCAPES = { blue: "\u001b[34m", green: "\u001b[32m", yellow: "\u001b[33m", magenta: "\u001b[35m" } as const;
const END = "\u001b[39m";

/** Longest JSON that is coloured: nobody reads more on a terminal. */
const LONGEST = 4 * 1024 * 1024;

/** A string with the colon of a name, a number, or a word. Each is read once. */
const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|true|false|null/g;

/** Colours JSON for a terminal. Taking the escapes away gives the same text. */
export function colourJson(text: string): string {
  if (text.length > LONGEST) return text;
  return text.replace(TOKEN, (token: string, string: string | undefined, colon: string | undefined) => {
    return ESCAPES[colourOf(token, colon)] + (string ?? token) + END + (colon ?? "");
  });
}

/** Returns a line of JSON with its colours, for the lines of an error. */
export function colouredLine(text: string): Line {
  if (text.length > LONGEST) return text;
  const parts: (string | ReturnType<typeof styled>)[] = [];
  let end = 0;
  for (const { 0: token, 1: string = token, 2: colon, index } of text.matchAll(TOKEN)) {
    parts.push(text.slice(end, index), styled(colourOf(token, colon), string));
    end = index + string.length;
  }
  return [...parts, text.slice(end)];
}

/** @param colon what follows a name */
function colourOf(token: string, colon: string | undefined): keyof typeof ESCAPES {
  if (token.startsWith('"')) return colon === undefined ? "green" : "blue";
  return /^[tfn]/.test(token) ? "magenta" : "yellow";
}
