import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { pointerSegments } from "../../../../src/base/json-pointer.ts";
import { findDepartures } from "../../../../src/language/validation/published/find-departures.ts";

const BASES = ["naftiko", "naftiko-shared", "ikanos", "ikanos-shared"];

interface Mutation {
  readonly line: string;
  readonly base: string;
  readonly pointer: string;
  readonly change: string;
  /** Rules of what is found, sorted. */
  readonly expected: readonly string[];
}

const mutations = text("mutations.txt")
  .split("\n")
  .filter(line => line !== "" && !line.startsWith("#"))
  .map((line): Mutation => {
    const [base = "", pointer = "", change = "", arrow, rules = ""] = line.split(/ {2,}/);
    if (arrow !== "->" || rules === "") throw new Error(`Cannot read the mutation ${line}`);
    return { line, base, pointer, change, expected: rules === "valid" ? [] : rules.split(" ").sort() };
  });

function text(name: string): string {
  return readFileSync(path.join(import.meta.dirname, name), "utf8");
}

const documents = new Map(BASES.map(base => [base, parse(text(`${base}.yaml`)) as unknown]));

function document(base: string): unknown {
  return structuredClone(documents.get(base));
}

function validatorOf(generation: string) {
  const schema = text(`../../../../schema/published-${generation}.schema.json`);
  return new Ajv2020({ strict: false }).compile(JSON.parse(schema) as object);
}

/** Returns the document with one change: a member removed, set or renamed in its place. */
function mutate({ base, pointer, change, line }: Mutation): unknown {
  const changed = document(base);
  const segments = pointerSegments(pointer);
  const name = segments.pop() ?? "";
  let owner = changed as Record<string, unknown>;
  for (const segment of segments) owner = owner[segment] as Record<string, unknown>;
  if (change.startsWith("= ")) owner[name] = JSON.parse(change.slice(2));
  else if (!Object.hasOwn(owner, name)) throw new Error(`There is nothing to change: ${line}`);
  else if (change === "remove") delete owner[name];
  else if (change.startsWith("rename to ")) {
    const renamed = Object.entries(owner).map(([key, value]) => [
      key === name ? change.slice("rename to ".length) : key,
      value,
    ]);
    for (const key of Object.keys(owner)) delete owner[key];
    Object.assign(owner, Object.fromEntries(renamed));
  } else throw new Error(`Cannot read the change: ${line}`);
  return changed;
}

describe("findDepartures()", () => {
  it.each(BASES)("finds nothing in %s.yaml", async base => {
    expect(await findDepartures(document(base))).toEqual([]);
  });

  it("is held to at least 200 mutations of each verdict and both generations", () => {
    expect(mutations.length).toBeGreaterThanOrEqual(200);
    expect(new Set(mutations.map(({ line }) => line)).size).toBe(mutations.length);
    expect(mutations.filter(({ expected }) => expected.length === 0).length).toBeGreaterThan(40);
    expect(mutations.filter(({ base }) => base.startsWith("ikanos")).length).toBeGreaterThan(40);
  });

  it("gives the verdict that a JSON Schema validator gives of the schema itself", async () => {
    const validators = new Map(["naftiko", "ikanos"].map(name => [name, validatorOf(name)]));
    for (const mutation of mutations) {
      const changed = mutate(mutation);
      const isValid = validators.get(mutation.base.replace("-shared", ""))?.(changed);
      expect(isValid, mutation.line).toBe((await findDepartures(changed)).length === 0);
    }
  });

  it.each(mutations)("$line", async mutation => {
    const departures = await findDepartures(mutate(mutation));
    const rules = [...new Set(departures.map(({ rule }) => rule))].sort();
    expect(rules, JSON.stringify(departures, undefined, 2)).toEqual(mutation.expected);
    // Every finding is about the changed member, its owner, or what depends on it.
    const owner = mutation.pointer.slice(0, mutation.pointer.lastIndexOf("/"));
    for (const { pointer } of departures) expect(pointer.startsWith(owner), pointer).toBe(true);
  });
});
