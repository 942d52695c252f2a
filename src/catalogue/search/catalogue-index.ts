import type { CatalogueFile } from "../catalogue-file.ts";
import { buildIndex, type IndexedFile } from "./build-index.ts";
import type { SearchedCatalogue } from "./search-catalogue.ts";

/** Makes an index of all operations of files. */
export function indexCatalogue(files: readonly CatalogueFile[]): SearchedCatalogue {
  const index = buildIndex(files.map(indexedFile));
  return { files, indexes: [{ index, placeOf: file => file }] };
}

function indexedFile({ name, label, tags, adapters, operations }: CatalogueFile): IndexedFile {
  return {
    capability: { name, label, tags, baseUri: adapters[0]?.baseUri ?? "" },
    operations: operations.map(({ label = "", description = "", inputs, ...operation }) => ({
      ...operation,
      label,
      description,
      inputs: inputs.map(input => input.name),
    })),
  };
}
