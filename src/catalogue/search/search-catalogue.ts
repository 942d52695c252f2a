import { getOrSet } from "../../base/get-or-set.ts";
import type { CatalogueFile, CatalogueOperation } from "../catalogue-file.ts";
import { bestOperations } from "./best-operations.ts";
import { readQuestion, type Vocabulary } from "./read-question.ts";
import { scoreOperations } from "./score-operations.ts";
import { hashRequest, hashText, METHODS, type SearchIndex } from "./search-index.ts";
import { statisticsOf } from "./statistics.ts";
import { weighTerms } from "./weigh-terms.ts";
import { readWords } from "./word-list.ts";
import { joinedName } from "./words.ts";

/** A catalogue that can be searched. */
export interface SearchedCatalogue {
  readonly files: readonly CatalogueFile[];
  readonly indexes: readonly SearchedIndex[];
}

interface SearchedIndex {
  readonly index: SearchIndex;
  /**
   * Places in the catalogue of the files of the index, -1 for one that is no longer there or has changed. Absent if all
   * files are where they were.
   */
  readonly places?: ArrayLike<number> | undefined;
}

/** What an operation must be, besides what is asked for. */
interface SearchFilters {
  /** Empty for any. */
  readonly methods: readonly (typeof METHODS)[number][];
  /** Tags of its capability, of which one is enough, in lower case. Empty for any. */
  readonly tags: readonly string[];
  /** Tells whether it may be an operation of a capability. Absent: of any. */
  readonly isCapability?: ((name: string) => boolean) | undefined;
}

/** An operation that is found. */
export interface SearchHit {
  readonly file: CatalogueFile;
  readonly operation: CatalogueOperation;
}

/** Finds operations by words, the best first. A request that is published several times is found once. */
export function searchCatalogue(
  { files, indexes }: SearchedCatalogue,
  text: string,
  filters: SearchFilters,
  limit: number,
): SearchHit[] {
  const vocabulary = vocabularyOf(indexes.map(({ index }) => index));
  const question = { terms: weighTerms(readQuestion(text, vocabulary), vocabulary), ...exactHashes(text) };
  const { methods, tags, isCapability } = filters;
  const wantedMethods = new Set(methods.map(name => METHODS.indexOf(name)));
  const isFiltered = tags.length > 0 || isCapability !== undefined;
  const wantedFiles = isFiltered ? files.map(file => isWantedFile(file, filters)) : undefined;
  const found = indexes.flatMap(({ index, places }) => {
    const { operations, scores } = scoreOperations(index, question);
    const placeOf = (operation: number) => {
      const file = index.files[operation] ?? 0;
      return places === undefined ? file : (places[file] ?? -1);
    };
    const isWanted = (operation: number) => {
      const place = placeOf(operation);
      if (place === -1 || (methods.length > 0 && !wantedMethods.has(index.methods[operation] ?? 0))) return false;
      return wantedFiles === undefined || wantedFiles[place] === true;
    };
    const isAny = places === undefined && methods.length === 0 && wantedFiles === undefined;
    const wanted = isAny ? operations : operations.filter(isWanted);
    return bestOperations(wanted, scores, index.requests, limit).map(operation => ({
      request: index.requests[operation] ?? 0,
      score: scores[operation] ?? 0,
      place: placeOf(operation),
      operation: index.operations[operation] ?? 0,
    }));
  });
  const requests = new Set<number>();
  const best = found
    .sort((a, b) => b.score - a.score || a.place - b.place || a.operation - b.operation)
    .filter(({ request }) => !requests.has(request) && requests.add(request))
    .slice(0, limit);
  const operationsOf = new Map<number, readonly CatalogueOperation[]>();
  return best.flatMap(({ operation, place }) => {
    const file = files[place];
    if (file === undefined) return [];
    const hit = getOrSet(operationsOf, place, () => file.operations)[operation];
    return hit === undefined ? [] : { file, operation: hit };
  });
}

/** Finds the operations whose name or request a text is, in any spelling of the name. */
export function exactOperations({ files, indexes }: SearchedCatalogue, text: string): SearchHit[] {
  const { name, request } = exactHashes(text);
  const joined = joinedName(text);
  if (joined === "") return [];
  return indexes.flatMap(({ index, places }) => {
    const found = [...placesOf(index.names, name), ...(request === undefined ? [] : placesOf(index.requests, request))];
    return found.flatMap(number => {
      const ofIndex = index.files[number] ?? 0;
      const file = files[places === undefined ? ofIndex : (places[ofIndex] ?? -1)];
      const operation = file?.operations[index.operations[number] ?? 0];
      if (file === undefined || operation === undefined) return [];
      const isMeant = [operation.name, `${operation.method} ${operation.path}`].some(one => joinedName(one) === joined);
      return isMeant ? [{ file, operation }] : [];
    });
  });
}

function placesOf(hashes: Uint32Array, wanted: number): number[] {
  const places: number[] = [];
  for (let place = hashes.indexOf(wanted); place !== -1; place = hashes.indexOf(wanted, place + 1)) places.push(place);
  return places;
}

function isWantedFile({ name, tags }: CatalogueFile, { tags: wanted, isCapability }: SearchFilters): boolean {
  if (wanted.length > 0 && !tags.some(tag => wanted.includes(tag.toLowerCase()))) return false;
  return isCapability === undefined || isCapability(name);
}

function vocabularyOf(indexes: readonly SearchIndex[]): Vocabulary {
  let words: readonly string[] | undefined;
  return {
    ...statisticsOf(indexes),
    words() {
      words ??= [...new Set(indexes.flatMap(index => readWords(index.words)))];
      return words;
    },
  };
}

function exactHashes(text: string): { readonly name: number; readonly request: number | undefined } {
  const [, method, path] = /^\s*([A-Za-z]{1,10})\s+(\/\S*)\s*$/.exec(text) ?? [];
  return {
    name: hashText(joinedName(text)),
    request: method === undefined || path === undefined ? undefined : hashRequest(method, path),
  };
}
