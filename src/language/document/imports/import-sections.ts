import { isJsonObject, type JsonObject, member } from "../../../base/json-object.ts";

/** The sections whose entries may be imports (language chapters 10.1 and 12). */
export type Section = "consumes" | "exposes" | "aggregates" | "binds";

export const SECTIONS: readonly Section[] = ["consumes", "exposes", "aggregates", "binds"];

/** The members of an import entry. Only a bind has a `location` of its own. */
const IMPORT_MEMBERS: Readonly<Record<Section, readonly string[]>> = {
  consumes: ["import", "from", "location"],
  exposes: ["import", "from"],
  aggregates: ["import", "from"],
  binds: ["import", "from"],
};

/** Tells an import entry from a declaration. */
export function isImportEntry(section: Section, entry: JsonObject): boolean {
  return IMPORT_MEMBERS[section].some(name => Object.hasOwn(entry, name));
}

/** One list of a section: the root's or the capability's. */
interface SectionList {
  readonly pointer: string;
  readonly entries: readonly unknown[];
}

/** Returns the lists of a section that a document has, the capability's first. */
export function sectionLists(value: unknown, section: Section): SectionList[] {
  if (!isJsonObject(value)) return [];
  return [
    { pointer: `/capability/${section}`, owner: member(value, "capability") },
    { pointer: `/${section}`, owner: value },
  ].flatMap(({ pointer, owner }) => {
    const entries = isJsonObject(owner) ? member(owner, section) : undefined;
    return Array.isArray(entries) ? [{ pointer, entries: entries as readonly unknown[] }] : [];
  });
}

/** Tells whether anything in a document is to be imported. */
export function hasImports(value: unknown): boolean {
  if (!isJsonObject(value)) return false;
  if (Object.hasOwn(value, "imports")) return true;
  return SECTIONS.some(section =>
    sectionLists(value, section).some(({ entries }) =>
      entries.some(entry => isJsonObject(entry) && isImportEntry(section, entry)),
    ),
  );
}
