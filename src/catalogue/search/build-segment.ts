import { getOrSet } from "../../base/get-or-set.ts";
import {
  capabilityWords,
  clearWords,
  operationWords,
  type SearchedCapability,
  type SearchedOperation,
} from "./operation-words.ts";
import {
  HIGHEST_IMPACT,
  hashRequest,
  hashText,
  METHODS,
  MOST_OPERATIONS,
  packPosting,
  type Segment,
  wordWeight,
} from "./segment.ts";
import { splitWords } from "./split-words.ts";
import { STOP_WORDS } from "./stop-words.ts";
import { FIELDS, type Field, SATURATION } from "./weights.ts";
import { findWord, toWordList } from "./word-list.ts";
import { joinedName, stemOf } from "./words.ts";

/** A capability with the number of its file, and its operations in the order of the file. */
interface SegmentFile {
  readonly number: number;
  readonly capability: SearchedCapability;
  readonly operations: readonly SearchedOperation[];
}

/** Makes an index of the operations of files. */
export function buildSegment(files: readonly SegmentFile[]): Segment {
  const split = splitter(files);
  const stems = new Map<string, Stem>();
  const words = new Map<string, string>();
  const places: number[] = [];
  const methods: number[] = [];
  const operations: number[] = [];
  const requests: number[] = [];
  const names: number[] = [];
  const cores: Stem[][] = [];
  for (const file of files) {
    const ofCapability = capabilityWords(file.capability);
    for (const [index, operation] of file.operations.entries()) {
      const document = places.length;
      if (document >= MOST_OPERATIONS) break;
      places.push(file.number);
      operations.push(index);
      methods.push(METHODS.indexOf(operation.method.toUpperCase() as (typeof METHODS)[number]));
      requests.push(hashRequest(operation.method, operation.path));
      names.push(hashText(joinedName(operation.name)));
      const weights = new Map<string, { weight: number; isCore: boolean }>();
      for (const [field, list] of Object.entries(operationWords(operation, ofCapability, split)) as [
        Field,
        readonly string[],
      ][]) {
        const { weight, usualLength, lengthPenalty, isCore } = FIELDS[field];
        const counted = weight / (1 - lengthPenalty + lengthPenalty * Math.max(0.5, list.length / usualLength));
        for (const word of list) {
          const stem = getOrSet(words, word, () => stemOf(word));
          const entry = weights.get(stem);
          if (entry === undefined) weights.set(stem, { weight: counted, isCore });
          else {
            entry.weight += counted;
            entry.isCore ||= isCore;
          }
        }
      }
      const core: Stem[] = [];
      for (const [text, { weight, isCore }] of weights) {
        const stem = getOrSet(stems, text, () => ({ postings: [] }));
        const impact = Math.max(1, Math.round((HIGHEST_IMPACT * weight) / (weight + SATURATION)));
        stem.postings.push(packPosting(document, isCore, impact));
        if (isCore && !STOP_WORDS.has(text)) core.push(stem);
      }
      cores.push(core);
    }
  }
  const list = toWordList(stems.keys());
  const postingStarts = new Uint32Array(stems.size + 1);
  let total = 0;
  for (const { postings } of stems.values()) total += postings.length;
  const postings = new Uint32Array(total);
  const numbered = [...stems]
    .map(([text, stem]) => ({ number: findWord(list, text), stem }))
    .sort((a, b) => a.number - b.number);
  let place = 0;
  for (const { number, stem } of numbered) {
    postings.set(stem.postings, place);
    place += stem.postings.length;
    postingStarts[number + 1] = place;
  }
  const coreWeights = Float32Array.from(cores, core => {
    let sum = 0;
    for (const stem of core) sum += wordWeight(stem.postings.length, places.length);
    return sum;
  });
  return {
    files: Uint32Array.from(places),
    operations: Uint32Array.from(operations),
    requests: Uint32Array.from(requests),
    names: Uint32Array.from(names),
    methods: Uint8Array.from(methods),
    coreWeights,
    stems: list,
    words: toWordList([...words.keys()].filter(word => /^[a-z]{4,24}$/.test(word))),
    postingStarts,
    postings,
  };
}

interface Stem {
  readonly postings: number[];
}

/** Cost of each word besides its rareness: few long words are likelier than many short ones. */
const COST_OF_A_WORD = 2;
const SHORT_WORDS: ReadonlySet<string> = new Set("a an by to of in on or id ip as at up is my me v2 v3 if".split(" "));

/** Returns the function that splits what is written together into the words that the texts of the files write apart. */
function splitter(files: readonly SegmentFile[]): (word: string) => readonly string[] {
  const counts = new Map<string, number>();
  let total = 0;
  for (const file of files) {
    for (const operation of file.operations) {
      for (const word of clearWords(operation)) {
        counts.set(word, (counts.get(word) ?? 0) + 1);
        total++;
      }
    }
  }
  const costOf = (word: string) => {
    if (word.length < 3 && !SHORT_WORDS.has(word)) return undefined;
    const count = counts.get(word);
    return count === undefined ? undefined : COST_OF_A_WORD + Math.log(total / count);
  };
  const known = new Map<string, readonly string[]>();
  return word => {
    let parts = known.get(word);
    if (parts === undefined) {
      parts = (word.length > 5 && (counts.get(word) ?? 0) < 2 && splitWords(word, costOf)) || [word];
      known.set(word, parts);
    }
    return parts;
  };
}
