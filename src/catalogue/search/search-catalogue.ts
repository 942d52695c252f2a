import type { CatalogueFile, CatalogueOperation } from "../catalogue-file.ts";
import { buildSegment } from "./build-segment.ts";
import { frequencyOf, rank } from "./rank.ts";
import { readQuestion, type Vocabulary } from "./read-question.ts";
import { hashRequest, hashText, METHODS, type Segment } from "./segment.ts";
import { findWord, readWords } from "./word-list.ts";
import { joinedName } from "./words.ts";

/** What an operation must be, besides what is asked for. */
interface SearchFilters {
  /** Empty for any. */
  readonly methods: readonly (typeof METHODS)[number][];
  /** Tags of its capability, of which one is enough, in lower case. Empty for any. */
  readonly tags: readonly string[];
  /** Tells whether it may be an operation of a capability. */
  readonly isCapability: (name: string) => boolean;
}

/** An operation that is found. */
export interface SearchHit {
  readonly file: CatalogueFile;
  readonly operation: CatalogueOperation;
}

/** Makes an index of the operations of files. */
export function indexFiles(files: readonly CatalogueFile[]): Segment {
  return buildSegment(
    files.map(({ name, label, tags, adapters, operations }, number) => ({
      number,
      capability: { name, label, tags, baseUri: adapters[0]?.baseUri ?? "" },
      operations: operations.map(({ label = "", description = "", inputs, ...operation }) => ({
        ...operation,
        label,
        description,
        inputs: inputs.map(input => input.name),
      })),
    })),
  );
}

/**
 * Finds operations by words, the best first. A request that is published several times is found once.
 *
 * @param files those that the index was made of
 */
export function searchFiles(
  segment: Segment,
  files: readonly CatalogueFile[],
  question: string,
  filters: SearchFilters,
  limit: number,
): SearchHit[] {
  const methods = new Set(
    (filters.methods.length === 0 ? METHODS : filters.methods).map(name => METHODS.indexOf(name)),
  );
  const isWanted = files.map(file => isWantedFile(file, filters));
  const found = rank(
    segment,
    readQuestion(question, vocabularyOf(segment)),
    exactHashes(question),
    operation => methods.has(segment.methods[operation] ?? 0) && isWanted[segment.files[operation] ?? 0] === true,
    limit,
  );
  return found.flatMap(({ file, operation }) => {
    const of = files[file];
    const hit = of?.operations[operation];
    return of === undefined || hit === undefined ? [] : { file: of, operation: hit };
  });
}

function isWantedFile({ name, tags }: CatalogueFile, filters: SearchFilters): boolean {
  if (filters.tags.length > 0 && !tags.some(tag => filters.tags.includes(tag.toLowerCase()))) return false;
  return filters.isCapability(name);
}

function vocabularyOf(segment: Segment): Vocabulary {
  let words: readonly string[] | undefined;
  return {
    size: segment.files.length,
    frequencyOf(stem) {
      const number = findWord(segment.stems, stem);
      return number === -1 ? 0 : frequencyOf(segment, number);
    },
    words() {
      words ??= readWords(segment.words);
      return words;
    },
  };
}

function exactHashes(question: string): { readonly name: number; readonly request: number } {
  const [, method, path] = /^\s*([A-Za-z]+)\s+(\/\S*)\s*$/.exec(question) ?? [];
  return {
    name: hashText(joinedName(question)),
    request: method === undefined || path === undefined ? -1 : hashRequest(method, path),
  };
}
