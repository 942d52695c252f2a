import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { FILTER_FUNCTIONS, JSON_PATH_FUNCTIONS } from "./json-path-steps.ts";

/** Words that other languages have in filters, and the way to write them. */
const WORDS: Readonly<Record<string, string>> = {
  and: "&&",
  or: "||",
  not: "!",
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
  "&": "&&",
  "|": "||",
  "<>": "!=",
  "=": "==",
  "=>": ">=",
  "=<": "<=",
  "=!": "!=",
  is: "==",
  none: "null",
  nil: "null",
  null: "null",
  true: "true",
  false: "false",
  contains: "search(@.name, 'text')",
  like: "search(@.name, 'text')",
  matches: "match(@.name, 'text.*')",
  startswith: "match(@.name, 'text.*')",
  endswith: "match(@.name, '.*text')",
};

/** Says how to write a word of other languages, as the end of a sentence. Returns an empty text for any other word. */
export function wordHint(word: string): string {
  const name = word.toLowerCase();
  return Object.hasOwn(WORDS, name) && WORDS[name] !== word ? `: write ${quoted(WORDS[name] as string)}` : "";
}

/** Says how to write what stands where a value or a path does in a filter. */
export function operandHint(word: string): string {
  if (/^[-+.]?\d/.test(word)) return ": numbers are written as in JSON";
  if (!/^[A-Za-z_][\w-]*$/.test(word)) return "";
  return wordHint(word) || `: a member is ${quoted(`@.${word}`)}, a text '${word}'`;
}

/** Says how to write what stands where an operator does in a filter. */
export function operatorHint(word: string): string {
  return /^[-+*/%]/.test(word) ? ": filters do not calculate" : wordHint(word);
}

/** Names of functions elsewhere, by ours. */
const STEPS: Readonly<Record<string, string>> = { count: "length", average: "avg", mean: "avg", total: "sum" };

/** Says which function behind a path is meant. */
export function stepHint(name: string): string {
  if (Object.hasOwn(STEPS, name)) return `; did you mean "${STEPS[name]}"?`;
  if (Object.hasOwn(FILTER_FUNCTIONS, name))
    return `: in a filter it stands before the path, ${quoted(`${name}(@.name)`)}`;
  return didYouMean(suggest(name, JSON_PATH_FUNCTIONS));
}

/** Says which function of a filter is meant. */
export function callHint(name: string): string {
  if (JSON_PATH_FUNCTIONS.some(known => known === name))
    return `: it stands behind the path, ${quoted(`@.name.${name}()`)}`;
  return wordHint(name) || didYouMean(suggest(name, Object.keys(FILTER_FUNCTIONS)));
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
