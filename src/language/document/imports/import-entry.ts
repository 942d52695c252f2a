import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { isJsonObject, type JsonObject, member } from "../../../base/json-object.ts";
import type { Origin } from "../origins.ts";
import { keepWrittenNamespace } from "../own-namespaces.ts";
import type { ImportSource } from "./import-reader.ts";
import { isImportEntry, type Section, sectionLists } from "./import-sections.ts";

/** Request of an import entry: `import`, `location` (newer: `from`) and `as` (language chapter 10.1). */
interface ImportRequest {
  readonly location: string;
  readonly namespace: string;
  /** Its namespace in the importing document. */
  readonly localNamespace: string;
}

/** Reads an import entry. Returns the problem as a text if it is malformed. */
export function readImportEntry(entry: JsonObject): ImportRequest | string {
  const location = member(entry, "location") ?? member(entry, "from");
  const namespace = member(entry, "import");
  const localNamespace = member(entry, "as") ?? namespace;
  if (!isName(namespace)) return 'The import has no "import", which names the namespace to take';
  if (!isName(location)) return 'The import has no "location" (or "from"), which names the file';
  if (!isName(localNamespace)) return 'The "as" of the import must be a namespace';
  return { location, namespace, localNamespace };
}

/** Finds the entry of a file that an import asks for, and its place. Returns the problem as a text if there is none. */
export function findImported(
  section: Section,
  { namespace, localNamespace }: ImportRequest,
  from: ImportSource,
): { readonly entry: JsonObject; readonly origin: Origin } | string {
  const { document, value, origins } = from;
  const entries = namedEntries(section, value);
  const found = entries.get(namespace);
  if (found === undefined) {
    const known = [...entries.keys()];
    const shown = known.slice(0, MOST_NAMES).join(", ");
    const has = known.length === 0 ? "it has none" : `it has ${shown}${known.length > MOST_NAMES ? ", …" : ""}`;
    return `${document.file} has no "${namespace}" in its ${section}${didYouMean(suggest(namespace, known))} (${has})`;
  }
  if (found.importedFrom !== undefined)
    return `${document.file} imports "${namespace}" itself, and imports are not followed: import it from ${JSON.stringify(found.importedFrom)}`;
  const origin = origins.placeOf(found.entry) ?? { document, pointer: found.pointer };
  const entry = { ...found.entry, namespace: localNamespace };
  if (localNamespace !== namespace) keepWrittenNamespace(entry, namespace);
  return { entry, origin };
}

/** Most namespaces that a message lists. */
const MOST_NAMES = 20;

interface NamedEntry {
  readonly entry: JsonObject;
  readonly pointer: string;
  /** Location that the file imports it from. */
  readonly importedFrom?: string;
}

const known = new WeakMap<object, Map<Section, ReadonlyMap<string, NamedEntry>>>();

/**
 * Returns the entries of a section by namespace, the first of each. Computed once for each file, which many entries may
 * import from.
 */
function namedEntries(section: Section, value: unknown): ReadonlyMap<string, NamedEntry> {
  const sections = known.get(value as object) ?? new Map<Section, ReadonlyMap<string, NamedEntry>>();
  const worked = sections.get(section);
  if (worked !== undefined) return worked;
  const named = new Map<string, NamedEntry>();
  for (const { pointer, entries } of sectionLists(value, section)) {
    for (const [index, entry] of entries.entries()) {
      if (!isJsonObject(entry)) continue;
      const place = { entry, pointer: `${pointer}/${index}` };
      const request = isImportEntry(section, entry) ? readImportEntry(entry) : undefined;
      if (typeof request === "string") continue;
      const name = request === undefined ? member(entry, "namespace") : request.localNamespace;
      if (typeof name !== "string" || named.has(name)) continue;
      named.set(name, request === undefined ? place : { ...place, importedFrom: request.location });
    }
  }
  known.set(value as object, sections.set(section, named));
  return named;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
