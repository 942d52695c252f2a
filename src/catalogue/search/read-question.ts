import { ACTION_WORDS, ORDERS } from "./actions.ts";
import { nearestWords } from "./nearest-words.ts";
import { productStem, withPairs } from "./operation-words.ts";
import { costsOf, splitWords } from "./split-words.ts";
import type { Statistics } from "./statistics.ts";
import { STOP_WORDS } from "./stop-words.ts";
import { PHRASES, SYNONYMS } from "./synonyms.ts";
import { WAY_WEIGHTS } from "./weights.ts";
import { joinedName, stemOf, wordsOf } from "./words.ts";

/** One thing that is asked for, in all the ways to say it. */
export interface Term {
  readonly alternatives: readonly Alternative[];
  /** How much it counts beside the others. */
  readonly weight: number;
  /** Whether it ranks what the others find, and finds nothing itself. */
  readonly isHint?: boolean;
}

interface Alternative {
  /** Stems, all of which an operation has. */
  readonly stems: readonly string[];
  /** How much it counts beside what was written itself. */
  readonly weight: number;
}

/** Words that an index has. */
export interface Vocabulary extends Statistics {
  /** Returns all words as the texts have them. */
  words(): readonly string[];
}

/** Longest part of a question that is read, and its most words. Beyond, it takes longer and says nothing. */
const LONGEST_QUESTION = 1_000;
const MOST_WORDS = 24;

/** Reads what is asked for. */
export function readQuestion(text: string, vocabulary: Vocabulary): Term[] {
  const written = text
    .slice(0, LONGEST_QUESTION)
    .split(/\s+/)
    .flatMap(run => {
      // "GitHub" is one word where an API is called so.
      const joined = joinedName(run);
      return vocabulary.frequencyOf(productStem(joined)) > 0 ? joined : wordsOf(run);
    })
    .slice(0, MOST_WORDS);
  const { phrases, rest } = takePhrases(written);
  const terms: Term[] = phrases.map(alternatives => ({ weight: 1, alternatives }));
  const telling = rest.filter(word => !STOP_WORDS.has(word));
  const words = telling.length + terms.length > 0 ? telling : rest;
  for (const word of new Set(words)) {
    for (const part of knownParts(word, vocabulary)) {
      const product = productStem(part);
      if (vocabulary.frequencyOf(product) > 0)
        terms.push({ weight: WAY_WEIGHTS.product, alternatives: [{ stems: [product], weight: 1 }] });
      else terms.push({ weight: 1, alternatives: alternativesTo(part, vocabulary) });
    }
  }
  const hasAction = terms.some(({ alternatives }) => alternatives.some(({ stems: [stem] }) => stem?.startsWith("@")));
  if (!hasAction && terms.length > 0)
    terms.push(isOrder(text.slice(0, LONGEST_QUESTION)) ? { ...DOING, isHint: true } : { ...LOOKING, isHint: true });
  return terms;
}

/** Things that are named with nothing to do are looked at. */
const LOOKING: Term = {
  weight: WAY_WEIGHTS.listing,
  alternatives: [
    { stems: ["@list"], weight: 1 },
    { stems: ["@get"], weight: 0.6 },
  ],
};

/** What is asked for by a verb that is no word for an action is done, mostly by POST. */
const DOING: Term = {
  weight: WAY_WEIGHTS.doing,
  alternatives: [
    { stems: ["@post"], weight: 1 },
    { stems: ["@update"], weight: 0.6 },
    { stems: ["@delete"], weight: 0.3 },
  ],
};

/** What people put before the verb of an order. */
const REQUEST = /^\W*(?:(?:how (?:do|can|to)|can|could|please|i|you|we|want|need|would|like|to)\s+)*/i;

/** Words that follow a verb: "refund a payment", "comment on an issue". */
const AFTER_VERB =
  /^(?:an?|the|my|our|your|this|that|these|some|some(?:one|body|thing)|it|him|her|them|on|onto|into)$/i;

/** Tells whether a question begins with a verb: one of the table, or a word before one that follows verbs. */
function isOrder(text: string): boolean {
  const [verb = "", next = ""] = text.replace(REQUEST, "").split(/\s+/, 2);
  return ORDERS.has(verb.toLowerCase()) || (/^[a-z]+$/i.test(verb) && AFTER_VERB.test(next));
}

/** Takes the phrases out of a question. Words like "off" may stand apart: "turn the light off". */
function takePhrases(words: readonly string[]): { phrases: Alternative[][]; rest: readonly string[] } {
  const phrases: Alternative[][] = [];
  const taken = new Set<number>();
  for (let start = 0; start < words.length; start++) {
    for (const phrase of PHRASE_LIST.filter(({ words: [first = ""] }) => isForm(words[start], first))) {
      const places = placesOf(phrase.words, words, start);
      if (places === undefined || places.some(place => taken.has(place))) continue;
      for (const place of places) taken.add(place);
      phrases.push([
        { stems: phrase.words.map(stemOf), weight: WAY_WEIGHTS.phrase },
        ...phrase.meanings.map(meaning => ({ stems: meaning.split(" ").map(stemOf), weight: WAY_WEIGHTS.phrase })),
        ...phrase.meanings.flatMap(meaning => actionsOf(meaning)),
      ]);
      break;
    }
  }
  return { phrases, rest: withPairs(words.filter((_, index) => !taken.has(index))) };
}

/** Returns where the words of a phrase stand: side by side, or the last up to three words later. */
function placesOf(phrase: readonly string[], words: readonly string[], start: number): number[] | undefined {
  const places: number[] = [];
  let at = start;
  for (const [index, word] of phrase.entries()) {
    const isParticle = phrase.length === 2 && index === 1 && /^(?:off|on|out|up|back|away|down|in)$/.test(word);
    const limit = isParticle ? at + 3 : at;
    while (at < limit && !isForm(words[at], word)) at++;
    if (!isForm(words[at], word)) return undefined;
    places.push(at++);
  }
  return places;
}

/** Tells whether a word is one of a phrase, in any form. */
function isForm(written: string | undefined, word: string): boolean {
  return written === word || (written !== undefined && hasStem(word, stemOf(written)));
}

/** The longest first. */
const PHRASE_LIST = Object.entries(PHRASES)
  .map(([text, meanings]) => ({ words: text.split(" "), meanings }))
  .sort((a, b) => b.words.length - a.words.length);

/** Splits a word that no text has into those that texts have. */
function knownParts(word: string, vocabulary: Vocabulary): readonly string[] {
  if (word.length < 6 || vocabulary.frequencyOf(stemOf(word)) > 0 || synonymsOf(stemOf(word)).length > 0) return [word];
  const costOf = costsOf(part => vocabulary.frequencyOf(stemOf(part)), vocabulary.operationCount);
  return splitWords(word, costOf) ?? [word];
}

function alternativesTo(word: string, vocabulary: Vocabulary): Alternative[] {
  const stem = stemOf(word);
  const alternatives = [{ stems: [stem], weight: 1 }, ...synonymsOf(stem), ...actionsOf(word)];
  if (alternatives.some(({ stems }) => stems.every(part => vocabulary.frequencyOf(part) > 0))) return alternatives;
  for (const near of correctionsOf(word, vocabulary)) {
    const nearStem = stemOf(near.word);
    alternatives.push({ stems: [nearStem], weight: near.weight });
    for (const other of [...synonymsOf(nearStem), ...actionsOf(near.word)])
      alternatives.push({ ...other, weight: other.weight * near.weight });
  }
  return alternatives;
}

/** Most words that a misspelt one is taken for. */
const MOST_CORRECTIONS = 4;

function correctionsOf(word: string, vocabulary: Vocabulary): { word: string; weight: number }[] {
  const words = vocabulary.words();
  const near = nearestWords(word, words).map(({ word, distance }) => ({
    word,
    weight: distance === 1 ? WAY_WEIGHTS.typo : WAY_WEIGHTS.secondTypo,
  }));
  if (word.length >= 3)
    for (const longer of words)
      if (longer.startsWith(word) && longer.length > word.length)
        near.push({ word: longer, weight: WAY_WEIGHTS.prefix });
  const frequency = (text: string) => vocabulary.frequencyOf(stemOf(text));
  return near.sort((a, b) => b.weight - a.weight || frequency(b.word) - frequency(a.word)).slice(0, MOST_CORRECTIONS);
}

function synonymsOf(stem: string): Alternative[] {
  const others = new Set<string>();
  for (const row of SYNONYMS) {
    if (row.some(word => hasStem(word, stem))) for (const word of row) if (!hasStem(word, stem)) others.add(word);
  }
  return Array.from(others, other => ({ stems: other.split(" ").map(stemOf), weight: WAY_WEIGHTS.synonym }));
}

function actionsOf(word: string): Alternative[] {
  const stem = stemOf(word);
  return Object.entries(ACTION_WORDS)
    .filter(([, words]) => words.some(one => hasStem(one, stem)))
    .map(([action]) => ({ stems: [`@${action}`], weight: WAY_WEIGHTS.action }));
}

/** Tells whether a word has a stem. Computing the stems of all words of the tables would take longer than a search. */
function hasStem(word: string, stem: string): boolean {
  return word.startsWith(stem.slice(0, 2)) && stemOf(word) === stem;
}
