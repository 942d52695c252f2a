import { didYouMean, suggest } from "../../error/did-you-mean.ts";
import { isJsonObject, type JsonObject, member } from "../json-object.ts";
import type { Origin } from "../origins.ts";
import type { ImportSource } from "./import-reader.ts";
import { isImportEntry, type Section, sectionLists } from "./import-sections.ts";

/** What an import entry asks for: `import`, `location` (newer: `from`) and `as` (language chapter 10.1). */
export interface ImportRequest {
  readonly location: string;
  readonly namespace: string;
  /** What it is called in the importing document. */
  readonly localNamespace: string;
}

/** Reads an import entry; a text says what is wrong with it. */
export function readImportEntry(entry: JsonObject): ImportRequest | string {
  const location = member(entry, "location") ?? member(entry, "from");
  const namespace = member(entry, "import");
  const localNamespace = member(entry, "as") ?? namespace;
  if (!isName(namespace)) return 'The import has no "import", which names the namespace to take';
  if (!isName(location)) return 'The import has no "location" (or "from"), which names the file';
  if (!isName(localNamespace)) return 'The "as" of the import must be a namespace';
  return { location, namespace, localNamespace };
}

/** The entry of a file that an import asks for, and where it stands; a text says why there is none. */
export function findImported(
  section: Section,
  { namespace, localNamespace }: ImportRequest,
  from: ImportSource,
): { readonly entry: JsonObject; readonly origin: Origin } | string {
  const { document, value, origins } = from;
  const known: string[] = [];
  for (const { pointer, entries } of sectionLists(value, section)) {
    for (const [index, candidate] of entries.entries()) {
      if (!isJsonObject(candidate)) continue;
      if (isImportEntry(section, candidate)) {
        const further = readImportEntry(candidate);
        if (typeof further === "string" || further.localNamespace !== namespace) continue;
        return `${document.file} imports "${namespace}" itself, and imports are not followed: import it from ${JSON.stringify(further.location)}`;
      }
      const found = member(candidate, "namespace");
      if (found === namespace) {
        const origin = origins.placeOf(candidate) ?? { document, pointer: `${pointer}/${index}` };
        return { entry: { ...candidate, namespace: localNamespace }, origin };
      }
      known.push(String(found));
    }
  }
  const has = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
  return `${document.file} has no "${namespace}" in its ${section}${didYouMean(suggest(namespace, known))} (${has})`;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
