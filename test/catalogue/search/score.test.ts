import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { questions, scoreOf } from "../../../bench/search/score.mjs";
import { readCatalogue } from "../../../src/catalogue/catalogue.ts";
import { openSearch } from "../../../src/catalogue/search/catalogue-index.ts";
import { searchCatalogue } from "../../../src/catalogue/search/search-catalogue.ts";

/** Published files, which are no part of this project. The questions about them run where they stand beside it. */
const CORPUS = path.resolve(import.meta.dirname, "../../../../shared/corpus");

it.skipIf(!existsSync(CORPUS))(
  "finds what people ask for in the published files (needs ../shared/corpus)",
  async () => {
    const catalogue = await readCatalogue({ folders: { roots: [], deep: [CORPUS], dirs: [] }, importRoots: [] });
    const searched = await openSearch(catalogue);
    const find = (question: string) =>
      searchCatalogue(searched, question, { methods: [], tags: [] }, 10).map(
        ({ operation }) => `${operation.method} ${operation.path}`,
      );
    const exact = [...questions.tuning, ...questions.holdout].filter(({ kind }) => kind === "exact name");
    expect(scoreOf(exact, find)).toEqual({ first: exact.length, three: exact.length, ten: exact.length });
    const { first, three, ten } = scoreOf(questions.holdout, find);
    expect([first >= 41, three >= 51, ten >= 56]).toEqual([true, true, true]);
    const agents = scoreOf(questions.agents, find);
    expect([agents.first >= 57, agents.three >= 65, agents.ten >= 70]).toEqual([true, true, true]);
  },
);
