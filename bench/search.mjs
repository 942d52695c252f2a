import { existsSync } from "node:fs";
import path from "node:path";
import { bundleModules } from "./bundle-modules.mjs";
import { row } from "./measure.mjs";
import { madeUpFiles } from "./search/made-up-files.mjs";
import { questions, scoreOf } from "./search/score.mjs";

// Searching 45,000 operations in one process, and how well questions in people's words are answered. The questions are about
// published files that are no part of the project: without them beside it, there is no score.

const CORPUS = path.resolve(import.meta.dirname, "../../shared/corpus");
const MODULES = [
  "catalogue/search/catalogue-index",
  "catalogue/search/search-catalogue",
  "catalogue/search/index-bytes",
  "catalogue/catalogue",
];
const ALL = { methods: [], tags: [] };

export async function benchSearch() {
  const modules = await import(await bundleModules("search", MODULES));
  const { openSearch, searchCatalogue, encodeIndex } = modules;
  const all = Object.values(questions).flat();
  const searched = await openSearch({ files: madeUpFiles(4_500), generation: "", place: undefined });
  const bytes = encodeIndex({ index: searched.indexes[0].index, contents: "" }).reduce(
    (sum, part) => sum + part.length,
    0,
  );
  const times = [];
  for (let round = 0; round < 3; round++) {
    for (const { question } of all) {
      const start = process.cpuUsage();
      searchCatalogue(searched, question, ALL, 10);
      const { user, system } = process.cpuUsage(start);
      if (round > 0) times.push((user + system) / 1_000);
    }
  }
  times.sort((a, b) => a - b);
  return [
    row("a search of 45,000 operations, median", times[times.length >> 1], "–", " ms"),
    row("a search of 45,000 operations, 95th percentile", times[Math.floor(times.length * 0.95)], "≤ 20", " ms"),
    row("the index of 45,000 operations", bytes / 1e6, "≤ 12", " MB"),
    ...(await scores(modules)),
  ];
}

async function scores({ openSearch, searchCatalogue, readCatalogue }) {
  if (!existsSync(CORPUS)) return [];
  const catalogue = await readCatalogue({ folders: { roots: [], deep: [CORPUS], dirs: [] }, importRoots: [] });
  const searched = await openSearch(catalogue);
  const find = question =>
    searchCatalogue(searched, question, ALL, 10).map(({ operation }) => `${operation.method} ${operation.path}`);
  return Object.entries(questions).map(([name, asked]) => {
    const { first, three, ten } = scoreOf(asked, find);
    const what = `${asked.length} questions (${name}): the answer is the first, among three, among ten`;
    return { what, value: `${first}, ${three}, ${ten}`, bound: name === "holdout" ? "–, ≥ 45, ≥ 53" : "–" };
  });
}
