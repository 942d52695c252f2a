import { unitCost } from "./script-cost.ts";

/**
 * Returns about how many tokens a text costs, rather too many than too few. The weights are measured against the
 * vocabularies of GPT (`o200k`, `cl100k`): a tokenizer would bring one of several megabytes, and take much longer.
 *
 * @param limit the count stops beyond it
 */
export function tokenCost(text: string, limit: number = Number.POSITIVE_INFINITY): number {
  let cost = 0;
  let end = 0;
  while (end < text.length && cost <= limit) {
    const start = end;
    const kind = kindAt(text, start);
    // A run may be the whole text: it is measured in parts, so that the limit holds.
    const last = Math.min(text.length, start + LONGEST_RUN);
    do end++;
    while (end < last && kindAt(text, end) === kind);
    cost += costOfRun(kind, text, start, end);
  }
  return cost;
}

const LONGEST_RUN = 1_000;

// Numbers in place of words: this runs for each character.
const LETTERS = 0;
const DIGITS = 1;
const MARKS = 2;
const BLANKS = 3;
const OTHERS = 4;

const KINDS: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[a-z]/i.test(character)) return LETTERS;
  if (/\d/.test(character)) return DIGITS;
  return /\s/.test(character) ? BLANKS : MARKS;
});

function kindAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? (KINDS[code] as number) : OTHERS;
}

function costOfRun(kind: number, text: string, start: number, end: number): number {
  if (kind === LETTERS) return costOfLetters(text, start, end);
  if (kind === DIGITS) return Math.ceil((end - start) / 3);
  if (kind === MARKS) return costOfMarks(text, start, end);
  return kind === BLANKS ? costOfBlanks(text, start, end) : costOfOthers(text, start, end);
}

const SPACE = 32;
const FIRST_SMALL = 97;

/** Divides letters into words: `userAccount` has two. */
function costOfLetters(text: string, start: number, end: number): number {
  let cost = 0;
  let index = start;
  while (index < end) {
    const small = firstSmall(text, index, end);
    const next = firstCapital(text, small, end);
    const capitals = small - index;
    const smalls = next - small;
    if (capitals > 1 || smalls === 0) cost += 0.5 + 0.5 * (smalls === 0 ? capitals : capitals - 1);
    if (smalls > 0) cost += costOfWord(text, small, next);
    // Capitals in the middle of a word are those of base64.
    if (index > start && smalls > 0 && smalls <= 2) cost += 0.25;
    index = next;
  }
  return cost;
}

function firstSmall(text: string, start: number, end: number): number {
  let index = start;
  while (index < end && text.charCodeAt(index) < FIRST_SMALL) index++;
  return index;
}

function firstCapital(text: string, start: number, end: number): number {
  let index = start;
  while (index < end && text.charCodeAt(index) >= FIRST_SMALL) index++;
  return index;
}

/** Returns the cost of small letters. A pair of letters that words do not have costs most of a token: the letters are random. */
function costOfWord(text: string, start: number, end: number): number {
  let odd = 0;
  for (let index = start + 1; index < end; index++) {
    if (USUAL_PAIRS[pairAt(text, index - 1)] !== 1) odd++;
  }
  return 1 + 0.75 * odd + 0.1 * Math.max(0, end - start - 5);
}

function pairAt(text: string, index: number): number {
  return (text.charCodeAt(index) - FIRST_SMALL) * 26 + text.charCodeAt(index + 1) - FIRST_SMALL;
}

/** The second letters that stand behind each letter in words. */
const FOLLOWERS: Readonly<Record<string, string>> = {
  a: "bcdfgiklmnprstuvwy",
  b: "abeiloprsuy",
  c: "acehikloqrtuy",
  d: "adeilorsuy",
  e: "abcdefgiklmnopqrstuvwxy",
  f: "aefilortu",
  g: "aeghilnorsuy",
  h: "aeioruty",
  i: "abcdefgiklmnoprstuvz",
  j: "aeou",
  k: "einsy",
  l: "adefilmopstuvy",
  m: "abeimopsuy",
  n: "acdefgiklnostuvy",
  o: "abcdefgiklmnoprstuvw",
  p: "aehiloprstuy",
  q: "u",
  r: "acdefgiklmnoprstuvy",
  s: "acehiklmopstuwy",
  t: "aefhilorstuwy",
  u: "abcdefgilmnprst",
  v: "aeio",
  w: "aehinors",
  x: "acept",
  y: "mops",
  z: "eo",
};

const USUAL_PAIRS = new Uint8Array(26 * 26);
for (const [first, seconds] of Object.entries(FOLLOWERS)) {
  for (const second of seconds) USUAL_PAIRS[pairAt(first + second, 0)] = 1;
}

/** Marks of ASCII: those between values of JSON share tokens, such as `","`; some share one with the word behind them. */
const JSON_MARKS: Uint8Array = marksOf('",:[]{}');
const JOINING_MARKS: Uint8Array = marksOf("_-./");

function marksOf(marks: string): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => (marks.includes(String.fromCharCode(code)) ? 1 : 0));
}

function costOfMarks(text: string, start: number, end: number): number {
  let before = text.charCodeAt(start);
  if (end - start === 1)
    return JOINING_MARKS[before] === 1 && end < text.length && kindAt(text, end) === LETTERS ? 0.75 : 1;
  let cost = 1;
  for (let index = start + 1; index < end; index++) {
    const mark = text.charCodeAt(index);
    const isOfJson = JSON_MARKS[mark] === 1;
    if (mark === before) cost += isOfJson ? 0.6 : 0.25;
    else cost += isOfJson && JSON_MARKS[before] === 1 ? 0.38 : 0.7;
    before = mark;
  }
  return cost;
}

function costOfBlanks(text: string, start: number, end: number): number {
  const isOne = end - start === 1;
  if (isOne && text.charCodeAt(start) === SPACE) return 0.1;
  let cost = isOne ? 0.1 : 0.5;
  for (let index = start; index < end; index++) cost += text.charCodeAt(index) === SPACE ? 0.06 : 0.9;
  return cost;
}

function costOfOthers(text: string, start: number, end: number): number {
  // A blank is one token with a letter behind it, unless the letter is itself of several.
  let cost = start > 0 && text.charCodeAt(start - 1) === SPACE && unitCost(text.charCodeAt(start)) > 1 ? 0.8 : 0;
  for (let index = start; index < end; index++) cost += unitCost(text.charCodeAt(index));
  return cost;
}
