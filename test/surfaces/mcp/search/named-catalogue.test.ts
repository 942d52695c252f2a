import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { readCatalogue } from "../../../../src/catalogue/catalogue.ts";
import { openSearch } from "../../../../src/catalogue/search/catalogue-index.ts";
import { idOf, NamedCatalogue } from "../../../../src/surfaces/mcp/search/named-catalogue.ts";

/** Published files, which are no part of this project. */
const SLACK = path.resolve(import.meta.dirname, "../../../../../shared/corpus/slack");

it.skipIf(!existsSync(SLACK))(
  "finds each published operation by its id, its request and its name (needs ../shared/corpus)",
  async () => {
    const folders = { roots: [SLACK], deep: [], dirs: [] };
    const catalogue = new NamedCatalogue(await openSearch(await readCatalogue({ folders, importRoots: [] })));
    const lost: string[] = [];
    for (const file of catalogue.files)
      for (const operation of file.operations) {
        const id = idOf({ file, operation });
        const request = `${operation.method} ${operation.path}`;
        if (catalogue.find(id).map(idOf).join() !== id) lost.push(id);
        for (const name of [request, operation.name, `${file.name} ${request}`])
          if (!catalogue.find(name).map(idOf).includes(id)) lost.push(name);
        const [first] = catalogue.search(request, 1);
        if (first?.operation.path !== operation.path) lost.push(`search ${request}`);
      }
    expect(lost).toEqual([]);
  },
);
