import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { questions, scoreOf } from "../../../bench/search/score.mjs";
import { readCatalogue } from "../../../src/catalogue/catalogue.ts";
import { indexFiles, searchFiles } from "../../../src/catalogue/search/search-catalogue.ts";

/** Published files, which are no part of this project. The questions about them run where they stand beside it. */
const CORPUS = path.resolve(import.meta.dirname, "../../../../shared/corpus");

it.skipIf(!existsSync(CORPUS))(
  "finds what people ask for in the published files (needs ../shared/corpus)",
  async () => {
    const { files } = await readCatalogue({ folders: { deep: [CORPUS], dirs: [] }, importRoots: [] });
    const segment = indexFiles(files);
    const find = (question: string) =>
      searchFiles(segment, files, question, { methods: [], tags: [], isCapability: () => true }, 10).map(
        ({ operation }) => `${operation.method} ${operation.path}`,
      );
    const exact = [...questions.tuning, ...questions.holdout].filter(({ kind }) => kind === "exact name");
    expect(scoreOf(exact, find)).toEqual({ first: exact.length, three: exact.length, ten: exact.length });
    const { first, three, ten } = scoreOf(questions.holdout, find);
    expect([first >= 40, three >= 48, ten >= 56]).toEqual([true, true, true]);
  },
);
