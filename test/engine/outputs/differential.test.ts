import { JSONPath } from "jsonpath-plus";
import { expect, it } from "vitest";
import { compileJsonPath } from "../../../src/engine/outputs/compile-json-path.ts";
import { parseJsonPath } from "../../../src/language/expression/json-path.ts";
import { type Random, seededRandom } from "../../support/seeded-random.ts";

// Whatever path of the common part of the dialects is asked for, and of whatever document, jsonpath-plus finds the same.

const NAMES = ["a", "b", "list", "x-y"];
const ROUNDS = 3_000;

it("compileJsonPath() finds what jsonpath-plus finds, on generated documents and paths", async () => {
  const random = seededRandom(20_261_130);
  let hits = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const document = { a: value(random, 4), list: list(random, 3), b: value(random, 3) };
    const path = `$${Array.from({ length: 1 + random(3) }, () => step(random)).join("")}`;
    const parsed = parseJsonPath(path);
    if (!parsed.ok) throw new Error(`${path}: ${parsed.reason}`);
    const read = await compileJsonPath(parsed.path);
    const ours = found(read(document), path);
    const theirs = JSONPath({ path, json: document, wrap: true, eval: "safe", ignoreEvalErrors: true });
    expect(texts(ours), `${path} of ${JSON.stringify(document)}`).toEqual(texts(theirs as unknown[]));
    hits += ours.length;
  }
  expect(hits).toBeGreaterThan(1_000);
});

/** Returns the hits as a list: a definite path gives one value, and `null` both for no hit and for a `null`. */
function found(result: unknown, path: string): unknown[] {
  const isDefinite = !/\.\.|[*?:]/.test(path);
  if (isDefinite) return result === null ? [] : [result];
  return (result as unknown[] | null) ?? [];
}

/** Sorts the values: engines descend into lists and objects in different orders. */
function texts(values: readonly unknown[]): string[] {
  return values.map(item => JSON.stringify(item)).sort();
}

function value(random: Random, depth: number): unknown {
  const kind = depth === 0 ? 2 + random(2) : random(4);
  if (kind === 0) return list(random, depth - 1);
  if (kind === 1) return Object.fromEntries(some(random, NAMES).map(name => [name, value(random, depth - 1)]));
  // No text: jsonpath-plus goes into its characters.
  return kind === 2 ? random(20) : random(2) === 0;
}

function list(random: Random, depth: number): unknown[] {
  return Array.from({ length: random(4) }, () => value(random, depth));
}

function some(random: Random, names: readonly string[]): string[] {
  return names.filter(() => random(2) === 0);
}

function step(random: Random): string {
  const name = NAMES[random(NAMES.length)] ?? "a";
  switch (random(7)) {
    case 0:
      return `['${name}']`;
    case 1:
      return "[*]";
    case 2:
      return `[${random(3)}]`;
    case 3:
      return `[${random(2)}:${1 + random(3)}]`;
    case 4:
      return name === "x-y" ? ".*" : `..${name}`;
    case 5:
      // The other comparisons convert as JavaScript does there.
      return `[?(@.a === ${random(20)})]`;
    default:
      return `.${name}`;
  }
}
