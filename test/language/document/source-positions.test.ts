import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { pointerSegment } from "../../../src/base/json-pointer.ts";
import { sourcePositions } from "../../../src/language/document/source-positions.ts";

const seed = readFileSync(new URL("../../../capabilities/clerk-backend-api-api-keys.yaml", import.meta.url), "utf8");

function* pointers(value: unknown, pointer = ""): Generator<string> {
  yield pointer;
  if (typeof value !== "object" || value === null) return;
  for (const [name, member] of Object.entries(value)) yield* pointers(member, `${pointer}/${pointerSegment(name)}`);
}

describe("sourcePositions()", () => {
  it("finds every value of the seed at the same place with and without the package yaml", async () => {
    const plain = await sourcePositions({ name: "seed", file: "/seed.yaml", text: seed, value: null });
    // The end marker is beyond the common part of YAML, and changes no position.
    const full = await sourcePositions({
      name: "seed",
      file: "/seed.yaml",
      text: `${seed}...\n`,
      value: null,
    });
    const all = [...pointers(parse(seed))];
    expect(all.length).toBeGreaterThan(200);
    for (const pointer of all) {
      expect(plain.find(pointer), pointer).toEqual(full.find(pointer));
      if (/\D$/.test(pointer)) expect(plain.find(pointer, "key"), pointer).toEqual(full.find(pointer, "key"));
    }
  });

  it.each(["a: 1\nb:\n  - c: 2\n    d: 3\n", "{ a: 1,\n b: [{ c: 2, d: 3 }] }\n"])("finds keys in %j", async text => {
    const positions = await sourcePositions({ name: "x", file: "/x.yaml", text, value: null });
    const found = positions.find("/b/0/d", "key");
    const line = text.split("\n")[(found?.line ?? 0) - 1] ?? "";
    expect(line.slice((found?.column ?? 0) - 1)).toMatch(/^d: 3/);
  });

  it.each([
    { text: "a: b\n", pointer: "/a", line: 1, column: 4 },
    { text: "a:\n  b: 'c'\n", pointer: "/a/b", line: 2, column: 6 },
    { text: "a:\n  b: c\n", pointer: "/a", line: 1, column: 1 },
    { text: "a:\n- b\n- c: d\n", pointer: "/a/1/c", line: 3, column: 6 },
    { text: "a: b\nc: d\n", pointer: "/x", line: 1, column: 1 },
    { text: "a:\n  b: c\n", pointer: "/a/x/y", line: 1, column: 1 },
    { text: "a/b:\n  c~d: e\n", pointer: "/a~1b/c~0d", line: 2, column: 8 },
    { text: "a: {b: c}\n", pointer: "/a/b", line: 1, column: 8 },
    { text: "a: &x {b: c}\nd:\n  <<: *x\n  e: 1\n", pointer: "/d/b", line: 3, column: 3 },
    { text: "a: &x {b: c}\nd: { e: 1, <<: *x }\n", pointer: "/d/b", line: 2, column: 12 },
    { text: "# é 😀\na: b\n", pointer: "/a", line: 2, column: 4 },
  ])("finds $pointer of $text", async ({ text, pointer, line, column }) => {
    const positions = await sourcePositions({ name: "x", file: "/x.yaml", text, value: null });
    expect(positions.find(pointer)).toEqual({
      file: "/x.yaml",
      line,
      column,
      pointer,
      text: text.split("\n")[line - 1],
    });
  });

  it.each([
    { text: "a: b\nc:\n  d: e\n", pointer: "/c/d", line: 3, column: 3 },
    { text: "a: b\nc:\n  d: e\n", pointer: "/c", line: 2, column: 1 },
    { text: "a: b\nc:\n  d: e\n", pointer: "/x", line: 1, column: 1 },
    { text: "a: {b: c, d: e}\n", pointer: "/a/d", line: 1, column: 11 },
    { text: "a: {b: [c]}\n", pointer: "/a/b/0", line: 1, column: 9 },
  ])("finds the key of $pointer in $text", async ({ text, pointer, line, column }) => {
    const positions = await sourcePositions({ name: "x", file: "/x.yaml", text, value: null });
    expect(positions.find(pointer, "key")).toMatchObject({ line, column, pointer });
  });

  it("finds nothing in a document without a file", async () => {
    expect((await sourcePositions({ name: "x", value: {} })).find("/a")).toBeUndefined();
  });
});
