import { type Normalised, normalise } from "./dialect/normalise.ts";
import type { Document } from "./document.ts";
import type { ImportOptions } from "./imports/import-reader.ts";
import { hasImports } from "./imports/import-sections.ts";

/** Document as later stages read it: in one form for both generations, with its imports in place. */
export interface ResolvedDocument extends Normalised {
  /** The document that was opened, as written. */
  readonly source: Document;
}

/**
 * Brings a document to the form that validation and compilation read.
 *
 * @throws CapabilityError `CAPABILITY_INVALID` with every import that cannot be resolved
 */
export async function resolveDocument(source: Document, options: ImportOptions = {}): Promise<ResolvedDocument> {
  const normalised = normalise(source);
  if (!hasImports(normalised.value)) return { source, ...normalised };
  // Few documents import anything.
  const { resolveImports } = await import("./imports/resolve-imports.ts");
  return { source, ...(await resolveImports(source, normalised, options)) };
}
