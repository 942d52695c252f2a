import { suggest } from "../../../base/did-you-mean.ts";
import { getOrSet } from "../../../base/get-or-set.ts";
import type { CatalogueFile, CatalogueOperation } from "../../../catalogue/catalogue-file.ts";
import {
  exactOperations,
  type SearchedCatalogue,
  type SearchHit,
  searchCatalogue,
} from "../../../catalogue/search/search-catalogue.ts";
import { joinedName } from "../../../catalogue/search/words.ts";
import { hashedNames, LONGEST_NAME } from "../../../tools/tool-names.ts";
import { closestRequests, isRequest, readRequest } from "./written-request.ts";

/** Operations that a name alone is looked for in, where it is not exact. */
const MOST_LOOKED_AT = 50;

/** A catalogue whose operations are found by what agents call them. */
export class NamedCatalogue {
  readonly searched: SearchedCatalogue;
  /** Files by their names, without what separates words, for each length of such a name. */
  #byJoinedName: ReadonlyMap<number, ReadonlyMap<string, readonly CatalogueFile[]>> | undefined;

  constructor(searched: SearchedCatalogue) {
    this.searched = searched;
  }

  get files(): readonly CatalogueFile[] {
    return this.searched.files;
  }

  /** Finds operations by words, the best first. */
  search(question: string, limit: number): SearchHit[] {
    return searchCatalogue(this.searched, question, { methods: [], tags: [] }, limit);
  }

  /**
   * Finds operations by an id (`capability/operation`), or another way to write their names: `capability METHOD /path`,
   * `METHOD /path`, a name alone; in any case of letters, with anything between words.
   *
   * @returns several for an ambiguous one
   */
  find(text: string): SearchHit[] {
    const inCapability = this.findInCapability(text);
    if (inCapability.length > 0) return inCapability;
    const exact = this.findExact(text);
    if (exact.some(({ operation }) => isRequest(text, operation))) return exact;
    const odd = this.findOdd(text);
    if (odd.length > 0) return odd;
    if (exact.length > 0) return exact;
    const wanted = joinedName(text);
    const isMeant = ({ operation }: SearchHit) => spellingsOf(operation).some(name => joinedName(name) === wanted);
    return wanted === "" ? [] : this.#everywhere(this.search(text, MOST_LOOKED_AT).filter(isMeant));
  }

  /** Finds the operations whose name or request a text is. */
  findExact(text: string): SearchHit[] {
    const hits = exactOperations(this.searched, text);
    // "GET /user" is no operation that is called "getuser".
    const requested = hits.filter(({ operation }) => isRequest(text, operation));
    return requested.length > 0 ? requested : hits;
  }

  /** Finds the operations that a request with values in its path may mean, or the shortened name of a tool. */
  findOdd(text: string): SearchHit[] {
    const request = readRequest(text);
    if (request !== undefined) return this.#everywhere(closestRequests(request, this.search(text, MOST_LOOKED_AT)));
    return this.#findShortened(text.trim());
  }

  /** Finds an operation by the name of its tool that ends with a hash. */
  #findShortened(text: string): SearchHit[] {
    if (text.length > LONGEST_NAME) return [];
    const [, start] = /^([\w-]*?)_?[\da-f]{8}$/i.exec(text) ?? [];
    if (start === undefined) return [];
    const wanted = text.toLowerCase();
    const joined = joinedName(start);
    const hits: SearchHit[] = [];
    for (const file of this.files)
      for (const operation of file.operations) {
        const { reference } = operation;
        const isNear = [reference, `${file.name}${reference}`].some(name => joinedName(name).startsWith(joined));
        if (isNear && hashedNames({ capability: file.name, reference }).some(name => name.toLowerCase() === wanted))
          hits.push({ file, operation });
      }
    return hits;
  }

  /** Adds the operations of other capabilities that have the same requests: a search finds each request once. */
  #everywhere(hits: readonly SearchHit[]): SearchHit[] {
    return hits.flatMap(hit => {
      const { method, path } = hit.operation;
      const all = this.findExact(`${method} ${path}`).filter(other => other.operation.path === path);
      return all.length === 0 ? [hit] : all;
    });
  }

  /** Finds operations that a text may mean which is no name: those of the capability that it begins with, or by its words. */
  nearest(text: string): SearchHit[] {
    const slash = text.lastIndexOf("/");
    const [capability] = suggest(text.slice(0, Math.max(0, slash)), new Set(this.files.map(({ name }) => name)));
    const file = this.files.find(({ name }) => name === capability);
    if (file === undefined) return this.search(text, 3);
    const { operations } = file;
    const names = suggest(
      text.slice(slash + 1),
      operations.map(({ reference }) => reference),
    );
    const near = operations.filter(({ reference }) => names.includes(reference));
    return near.length === 0 ? this.search(text, 3) : near.map(operation => ({ file, operation }));
  }

  /** Returns the file that does not open, and whose operation a text would be. */
  brokenFile(text: string): CatalogueFile | undefined {
    const wanted = joinedName(text);
    return this.files.find(({ name, problem }) => problem !== undefined && wanted.startsWith(joinedName(name)));
  }

  /** Finds the operations that are called by a capability and a name in it. */
  findInCapability(text: string): SearchHit[] {
    const wanted = joinedName(text);
    const hits: SearchHit[] = [];
    for (const [length, files] of this.#joinedNames()) {
      if (length >= wanted.length) continue;
      const name = wanted.slice(length);
      for (const file of files.get(wanted.slice(0, length)) ?? [])
        for (const operation of file.operations)
          if (spellingsOf(operation).some(spelling => joinedName(spelling) === name)) hits.push({ file, operation });
    }
    return clearest(hits, text);
  }

  #joinedNames(): ReadonlyMap<number, ReadonlyMap<string, readonly CatalogueFile[]>> {
    if (this.#byJoinedName === undefined) {
      const lengths = new Map<number, Map<string, CatalogueFile[]>>();
      for (const file of this.files) {
        const name = joinedName(file.name);
        const names = getOrSet(lengths, name.length, () => new Map<string, CatalogueFile[]>());
        getOrSet(names, name, () => []).push(file);
      }
      lengths.delete(0);
      this.#byJoinedName = lengths;
    }
    return this.#byJoinedName;
  }
}

/** Returns the id of an operation. */
export function idOf({ file, operation }: SearchHit): string {
  return `${file.name}/${operation.reference}`;
}

/** Returns the ways to name an operation within its capability. */
function spellingsOf({ reference, name, resource, namespace, method, path }: CatalogueOperation): readonly string[] {
  return [
    reference,
    name,
    `${method} ${path}`,
    `${resource}.${name}`,
    `${namespace}.${name}`,
    `${namespace}.${resource}.${name}`,
  ];
}

/** Returns the operations that are called exactly so, or else by their references, or else all. */
function clearest(hits: readonly SearchHit[], text: string): SearchHit[] {
  const lowered = text.trim().toLowerCase();
  const tests: ((hit: SearchHit) => boolean)[] = [
    hit => idOf(hit) === text.trim(),
    hit => idOf(hit).toLowerCase() === lowered,
    ({ file, operation }) => isRequest(text.slice(file.name.length), operation),
    ({ file, operation }) => joinedName(file.name + operation.reference) === joinedName(text),
  ];
  for (const test of tests) {
    const clear = hits.filter(test);
    if (clear.length > 0) return clear;
  }
  return [...hits];
}
