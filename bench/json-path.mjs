import { compile } from "json-p3";
import { JSONPath } from "jsonpath-plus";
import { compileJsonPath } from "../dist/index.js";
import { interleave, ratio, row } from "./measure.mjs";

// Paths on 100 items, compiled once, next to the same paths of jsonpath-plus and json-p3.

const document = {
  a: { b: [{ c: 1 }] },
  items: Array.from({ length: 100 }, (_, id) => ({ id, name: `n${id}`, price: id % 20, tags: ["a", "b"] })),
};

/** Paths as RFC 9535 and as jsonpath-plus write them, and how often one round runs them. */
const PATHS = [
  { path: "$.a.b[0].c", times: 20_000, wanted: "≥ 5" },
  { path: "$.items[*].id", times: 2_000, wanted: "≥ 5" },
  { path: "$.items[?@.price < 10].name", plus: "$.items[?(@.price < 10)].name", times: 1_000, wanted: "≥ 5" },
  { path: "$..id", times: 500, wanted: "≥ 2" },
];

export async function benchJsonPath({ rounds = 15 } = {}) {
  const rows = [];
  for (const { path, plus = path, times, wanted } of PATHS) {
    const read = compileJsonPath(path);
    const theirs = compile(path);
    const engine = new JSONPath({ path: plus, json: document, autostart: false, eval: "safe" });
    const candidates = {
      ours: () => read(document),
      plus: () => engine.evaluate(plus, document),
      p3: () => theirs.query(document).values(),
    };
    requireSame(path, candidates);
    const timed = Object.entries(candidates).map(([name, run]) => [name, () => time(run, times)]);
    const { ours, plus: ofPlus, p3 } = await interleave(Object.fromEntries(timed), { rounds, warmUp: 3 });
    rows.push(
      row(`\`${path}\`: jsonpath-plus / ours`, ratio(ofPlus, ours), wanted),
      row(`\`${path}\`: json-p3 / ours`, ratio(p3, ours), "≥ 5"),
    );
  }
  return rows;
}

/** Makes sure that the same is measured. */
function requireSame(path, candidates) {
  const texts = Object.values(candidates).map(run => JSON.stringify([run()].flat()));
  if (new Set(texts).size > 1) throw new Error(`${path}: the results differ: ${texts.join(" ")}`);
}

function time(run, times) {
  const start = performance.now();
  for (let count = 0; count < times; count++) run();
  return performance.now() - start;
}
