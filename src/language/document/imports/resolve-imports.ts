import path from "node:path";
import { isJsonObject, type JsonObject, member } from "../../../base/json-object.ts";
import { withoutLinks } from "../../../base/path-within.ts";
import type { Normalised } from "../dialect/normalise.ts";
import type { Document } from "../document.ts";
import { type Origin, Origins } from "../origins.ts";
import { conflictingBinds } from "./conflicting-binds.ts";
import { findImported, readImportEntry } from "./import-entry.ts";
import { ImportProblems } from "./import-problems.ts";
import { type ImportOptions, ImportReader, type ImportSource } from "./import-reader.ts";
import { isImportEntry, SECTIONS, type Section, sectionLists } from "./import-sections.ts";

/**
 * Puts everything that a document imports in its place: the entries of other files that its sections name (language
 * chapters 10.1 and 12), and the adapters and binds of the files that its root `imports` lists (10.3).
 *
 * @throws CapabilityError `CAPABILITY_INVALID` with every import that cannot be resolved
 */
export async function resolveImports(
  document: Document,
  normalised: Normalised,
  { importRoots = [], onImport }: ImportOptions,
): Promise<Normalised> {
  const roots = document.file === undefined ? importRoots : [path.dirname(document.file), ...importRoots];
  const problems = new ImportProblems(document);
  const resolver = new ImportResolver(new ImportReader(roots, problems, onImport), problems);
  const resolved = await resolver.resolve({ document, ...normalised }, []);
  await problems.requireNone();
  return resolved;
}

/** Imported entries that no entry of the document stands for, each once. */
interface Brought {
  readonly consumes: Set<unknown>;
  readonly binds: Set<unknown>;
}

class ImportResolver {
  readonly #reader: ImportReader;
  readonly #problems: ImportProblems;
  /**
   * A file that many import is resolved once: the number of ways through files grows much faster than that of files.
   */
  readonly #resolved = new Map<ImportSource, Normalised>();

  constructor(reader: ImportReader, problems: ImportProblems) {
    this.#reader = reader;
    this.#problems = problems;
  }

  /** @param chain the files that lead to this document */
  async resolve(source: ImportSource, chain: readonly string[]): Promise<Normalised> {
    const { document, value } = source;
    if (!isJsonObject(value)) return source;
    const origins = new Origins(document);
    origins.addAll(source.origins);
    // Named like imported files, so that a file that imports itself is recognised.
    const way = document.file === undefined ? chain : [...chain, withoutLinks(document.file)];
    const brought: Brought = { consumes: new Set(), binds: new Set() };
    const lists = await this.#resolveLists(source, way, brought, origins);
    await this.#bringFiles(source, way, brought, origins);
    this.#refuseConflicts(source, brought, origins);
    return { value: withImported(source, value, lists, brought, origins), origins };
  }

  /** Resolves the lists of all sections, by pointer. Imported entries replace those that name them. */
  async #resolveLists(
    source: ImportSource,
    way: readonly string[],
    brought: Brought,
    origins: Origins,
  ): Promise<ReadonlyMap<string, readonly unknown[]>> {
    const lists = new Map<string, readonly unknown[]>();
    const sources = new Set<ImportSource>();
    for (const section of SECTIONS) {
      for (const { pointer, entries } of sectionLists(source.value, section)) {
        const resolved: unknown[] = [];
        for (const [index, entry] of entries.entries()) {
          if (!isJsonObject(entry) || !isImportEntry(section, entry)) {
            resolved.push(entry);
            continue;
          }
          if (this.#problems.isFull) break;
          const place = { document: source.document, pointer: `${pointer}/${index}` };
          const imported = await this.#import(section, entry, place, way);
          if (imported === undefined) continue;
          resolved.push(imported.entry);
          origins.addAll(imported.from.origins);
          origins.add(imported.entry, imported.origin);
          if (section !== "binds") sources.add(imported.from);
        }
        lists.set(pointer, resolved);
      }
    }
    // The file of an imported adapter may bind the variables of the adapter.
    for (const from of sources) bring("binds", from, from.document, brought, origins);
    return lists;
  }

  async #import(
    section: Section,
    entry: JsonObject,
    place: Origin,
    way: readonly string[],
  ): Promise<{ readonly entry: JsonObject; readonly origin: Origin; readonly from: ImportSource } | undefined> {
    const request = readImportEntry(entry);
    if (typeof request === "string") return this.#problems.add(place, request);
    const from = await this.#reader.open(request.location, place, way);
    if (from === undefined) return undefined;
    const found = findImported(section, request, from);
    return typeof found === "string" ? this.#problems.add(place, found) : { ...found, from };
  }

  /** Brings in the adapters and binds of the files that `imports` lists, each with its own imports. */
  async #bringFiles(
    { document, value }: ImportSource,
    way: readonly string[],
    brought: Brought,
    origins: Origins,
  ): Promise<void> {
    const locations = isJsonObject(value) ? member(value, "imports") : undefined;
    if (locations === undefined || locations === null) return;
    if (!Array.isArray(locations))
      return this.#problems.add({ document, pointer: "/imports" }, '"imports" must be a list of files');
    for (const [index, location] of (locations as readonly unknown[]).entries()) {
      if (this.#problems.isFull) break;
      const place = { document, pointer: `/imports/${index}` };
      if (typeof location !== "string" || location === "") {
        this.#problems.add(place, 'An entry of "imports" must be the path of a file');
        continue;
      }
      const from = await this.#reader.open(location, place, way);
      if (from === undefined) continue;
      const resolved = this.#resolved.get(from) ?? (await this.resolve(from, way));
      this.#resolved.set(from, resolved);
      origins.addAll(resolved.origins);
      bring("consumes", resolved, from.document, brought, origins);
      bring("binds", resolved, from.document, brought, origins);
    }
  }

  #refuseConflicts({ document, value }: ImportSource, { binds }: Brought, origins: Origins): void {
    const own = sectionLists(value, "binds").flatMap(({ entries }) => entries);
    for (const { variable, files } of conflictingBinds(own, [...binds], origins)) {
      this.#problems.add(
        { document, pointer: "" },
        `${files.join(" and ")} bind ${variable} to different values: bind it in this file, to say which is meant`,
      );
    }
  }
}

function bring(
  section: "consumes" | "binds",
  { value, origins }: Normalised,
  document: Document,
  brought: Brought,
  into: Origins,
): void {
  for (const { pointer, entries } of sectionLists(value, section)) {
    for (const [index, entry] of entries.entries()) {
      if (!isJsonObject(entry) || isImportEntry(section, entry)) continue;
      brought[section].add(entry);
      into.add(entry, origins.placeOf(entry) ?? { document, pointer: `${pointer}/${index}` });
    }
  }
}

/** Returns the document with its resolved lists, and the entries of whole files at their end. */
function withImported(
  { document, origins: before }: ImportSource,
  value: JsonObject,
  lists: ReadonlyMap<string, readonly unknown[]>,
  brought: Brought,
  origins: Origins,
): JsonObject {
  const { imports: _, ...root } = value as Record<string, unknown>;
  const capability: Record<string, unknown> | undefined = isJsonObject(root["capability"])
    ? { ...root["capability"] }
    : undefined;
  for (const [pointer, entries] of lists) {
    const owner = pointer.startsWith("/capability/") ? capability : root;
    if (owner !== undefined) owner[pointer.slice(pointer.lastIndexOf("/") + 1)] = entries;
  }
  append(capability ?? root, "consumes", brought.consumes);
  append(root, "binds", brought.binds);
  if (capability !== undefined) {
    root["capability"] = capability;
    origins.add(capability, before.placeOf(value["capability"]) ?? { document, pointer: "/capability" });
  }
  origins.add(root, before.placeOf(value) ?? { document, pointer: "" });
  return root;
}

function append(owner: Record<string, unknown>, name: string, entries: ReadonlySet<unknown>): void {
  if (entries.size === 0) return;
  const before = member(owner, name);
  owner[name] = [...(Array.isArray(before) ? (before as readonly unknown[]) : []), ...entries];
}
