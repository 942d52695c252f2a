import type { WordList } from "./word-list.ts";

/** The methods that a request can have. */
export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"] as const;

/** An index of operations, all of it numbers and bytes: what is not asked for costs nothing. */
export interface SearchIndex {
  /** Number of the file of each operation. */
  readonly files: Uint32Array;
  /** Number of each operation in its file. */
  readonly operations: Uint32Array;
  /** Hash of method and path: equal for one request that is published twice. */
  readonly requests: Uint32Array;
  /** Hash of the name, without what separates its words. */
  readonly names: Uint32Array;
  /** Number of each method in {@link METHODS}. */
  readonly methods: Uint8Array;
  /** Sum of the weights of the words that an operation is called by. */
  readonly coreWeights: Float32Array;
  /** Stems in the order of their bytes. The number of a stem is its place. */
  readonly stems: WordList;
  /** Words as the texts have them. */
  readonly words: WordList;
  /** Where the postings of a stem begin; one more for the end. */
  readonly postingStarts: Uint32Array;
  /** Operations that have a stem: see {@link packPosting}. */
  readonly postings: Uint32Array;
}

/** Most operations of an index: their numbers have 23 bits in a posting. */
export const MOST_OPERATIONS: number = 2 ** 23;
/** Highest impact of a posting. */
export const HIGHEST_IMPACT = 255;

/**
 * Writes a posting into one number.
 *
 * @param isCore whether the operation is called by the word
 * @param impact how much the word counts for the operation, up to {@link HIGHEST_IMPACT}
 */
export function packPosting(operation: number, isCore: boolean, impact: number): number {
  return operation * 512 + (isCore ? 256 : 0) + impact;
}

/** Returns how much a word tells that `frequency` of `count` operations have (BM25). */
export function wordWeight(frequency: number, count: number): number {
  return Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
}

/** Returns a number of 32 bits for a text: FNV-1a. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

/** Returns the hash of a request. */
export function hashRequest(method: string, path: string): number {
  return hashText(`${method.toUpperCase()} ${path}`);
}
