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
  type SearchIndex,
  wordWeight,
} from "./search-index.ts";
import { costsOf, splitWords } from "./split-words.ts";
import type { Statistics } from "./statistics.ts";
import { STOP_WORDS } from "./stop-words.ts";
import { FIELDS, type Field, SATURATION } from "./weights.ts";
import { findWord, toWordList } from "./word-list.ts";
import { joinedName, stemOf } from "./words.ts";

/** A capability, and its operations in the order of the file. */
export interface IndexedFile {
  readonly capability: SearchedCapability;
  readonly operations: readonly SearchedOperation[];
}

export interface BuildOptions {
  /** What is known of other operations, if these are few. */
  readonly others?: Statistics | undefined;
  /** Called after each file, and awaited. */
  readonly onProgress?: ((done: number, all: number) => void | Promise<void>) | undefined;
}

/** Makes an index of the operations of files. Their numbers are their places. */
export async function buildIndex(
  files: readonly IndexedFile[],
  { others, onProgress }: BuildOptions = {},
): Promise<SearchIndex> {
  const split = splitter(files, others);
  const stems = new Map<string, Stem>();
  const words = new Map<string, string>();
  const documents: Document[] = [];
  for (const [file, { capability, operations }] of files.entries()) {
    const ofCapability = capabilityWords(capability);
    for (const [place, operation] of operations.entries()) {
      if (documents.length === MOST_OPERATIONS) break;
      const counted = countWords(operationWords(operation, ofCapability, split), words);
      const core: Stem[] = [];
      for (const [text, { weight, isCore }] of counted) {
        const stem = getOrSet(stems, text, () => ({ text, postings: [] }));
        const impact = Math.max(1, Math.round((HIGHEST_IMPACT * weight) / (weight + SATURATION)));
        stem.postings.push(packPosting(documents.length, isCore, impact));
        if (isCore && !STOP_WORDS.has(text)) core.push(stem);
      }
      documents.push({ file, place, operation, core });
    }
    const waiting = onProgress?.(file + 1, files.length);
    if (waiting !== undefined) await waiting;
  }
  const count = documents.length + (others?.operationCount ?? 0);
  const weightOf = ({ text, postings }: Stem) => wordWeight(postings.length + (others?.frequencyOf(text) ?? 0), count);
  return {
    files: Uint32Array.from(documents, ({ file }) => file),
    operations: Uint32Array.from(documents, ({ place }) => place),
    requests: Uint32Array.from(documents, ({ operation }) => hashRequest(operation.method, operation.path)),
    names: Uint32Array.from(documents, ({ operation }) => hashText(joinedName(operation.name))),
    methods: Uint8Array.from(documents, ({ operation }) => methodNumber(operation.method)),
    coreWeights: Float32Array.from(documents, ({ core }) => core.reduce((sum, stem) => sum + weightOf(stem), 0)),
    words: toWordList([...words.keys()].filter(word => /^[a-z]{4,24}$/.test(word))),
    ...listPostings(stems),
  };
}

interface Stem {
  readonly text: string;
  readonly postings: number[];
}

interface Document {
  readonly file: number;
  readonly place: number;
  readonly operation: SearchedOperation;
  /** Stems that the operation is called by. */
  readonly core: readonly Stem[];
}

/** Sums what the words of an operation count, by their stems. */
function countWords(
  fields: Readonly<Record<Field, readonly string[]>>,
  stems: Map<string, string>,
): ReadonlyMap<string, { readonly weight: number; readonly isCore: boolean }> {
  const counted = new Map<string, { weight: number; isCore: boolean }>();
  for (const [field, words] of Object.entries(fields) as [Field, readonly string[]][]) {
    const { weight, usualLength, lengthPenalty, isCore } = FIELDS[field];
    const share = weight / (1 - lengthPenalty + lengthPenalty * Math.max(0.5, words.length / usualLength));
    for (const word of words) {
      const entry = getOrSet(
        counted,
        getOrSet(stems, word, () => stemOf(word)),
        () => ({ weight: 0, isCore: false }),
      );
      entry.weight += share;
      entry.isCore ||= isCore;
    }
  }
  return counted;
}

function methodNumber(method: string): number {
  return METHODS.indexOf(method.toUpperCase() as (typeof METHODS)[number]);
}

function listPostings(stems: ReadonlyMap<string, Stem>): Pick<SearchIndex, "stems" | "postingStarts" | "postings"> {
  const list = toWordList(stems.keys());
  const inOrder: Stem[] = [];
  let total = 0;
  for (const stem of stems.values()) {
    inOrder[findWord(list, stem.text)] = stem;
    total += stem.postings.length;
  }
  const postings = new Uint32Array(total);
  const postingStarts = new Uint32Array(stems.size + 1);
  let place = 0;
  for (const [number, stem] of inOrder.entries()) {
    postings.set(stem.postings, place);
    place += stem.postings.length;
    postingStarts[number + 1] = place;
  }
  return { stems: list, postingStarts, postings };
}

/** Returns the function that splits what is written together into the words that the texts of the files write apart. */
function splitter(files: readonly IndexedFile[], others: Statistics | undefined): (word: string) => readonly string[] {
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
  const countOf = (word: string) => (counts.get(word) ?? 0) + (others?.frequencyOf(stemOf(word)) ?? 0);
  const costOf = costsOf(countOf, total + (others?.operationCount ?? 0));
  const known = new Map<string, readonly string[]>();
  return word =>
    getOrSet(known, word, () => (word.length > 5 && countOf(word) < 2 && splitWords(word, costOf)) || [word]);
}
