import { getOrSet } from "../../base/get-or-set.ts";
import type { SearchIndex } from "./search-index.ts";
import { findWord } from "./word-list.ts";

/** What indexes know of words. */
export interface Statistics {
  readonly operationCount: number;
  /** Returns how many operations have a stem. */
  frequencyOf(stem: string): number;
}

/** Returns the statistics of several indexes as if they were one. */
export function statisticsOf(indexes: readonly SearchIndex[]): Statistics {
  const known = new Map<string, number>();
  return {
    operationCount: indexes.reduce((sum, index) => sum + index.files.length, 0),
    frequencyOf: stem => getOrSet(known, stem, () => indexes.reduce((sum, index) => sum + frequencyIn(index, stem), 0)),
  };
}

function frequencyIn({ stems, postingStarts }: SearchIndex, stem: string): number {
  const number = findWord(stems, stem);
  return number === -1 ? 0 : (postingStarts[number + 1] ?? 0) - (postingStarts[number] ?? 0);
}
