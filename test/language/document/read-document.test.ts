import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { CapabilityError, type Diagnostic, isCapabilityError } from "../../../src/base/capability-error.ts";
import { locate } from "../../../src/language/document/locate.ts";
import { parseYaml } from "../../../src/language/document/parse-yaml.ts";
import { readDocument } from "../../../src/language/document/read-document.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "naftiko-document-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function failure(call: Promise<unknown>): Promise<CapabilityError> {
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CapabilityError);
  return error as CapabilityError;
}

function bomb(): string {
  const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (const [name, previous] of ["ba", "cb", "dc", "ed", "fe", "gf"].map(pair => [pair[0], pair[1]])) {
    lines.push(`${name}: &${name} [${Array(9).fill(`*${previous}`).join(", ")}]`);
  }
  return `${lines.join("\n")}\n`;
}

describe("readDocument()", () => {
  it.each([
    { what: "plain block YAML", content: "a: b\n", value: { a: "b" } },
    { what: "a byte order mark", content: "\ufeffa: b\n", value: { a: "b" } },
    { what: "Windows line breaks", content: "a: b\r\nc:\r\n- d\r\n", value: { a: "b", c: ["d"] } },
    {
      what: "flow collections and a folded scalar",
      content: "a: {b: [1, x]}\nc: >\n  d\n  e\n",
      value: { a: { b: [1, "x"] }, c: "d e\n" },
    },
    { what: "a few aliases", content: "a: &x {b: 1}\nc: *x\n", value: { a: { b: 1 }, c: { b: 1 } } },
    { what: "JSON", content: '{"a": [1, null]}', value: { a: [1, null] } },
    { what: "an empty file", content: "", value: null },
    { what: "a date", content: "a: 2026-01-05\n", value: { a: "2026-01-05" } },
  ])("reads $what", async ({ content, value }) => {
    const file = await write("some.name.yaml", content);
    const document = await readDocument(file);
    expect(document.value).toEqual(value);
    expect(document.name).toBe("some.name");
  });

  it.each([
    { what: "a syntax error", content: "a: b\nc: [d\ne: f\n", line: 3, column: 1 },
    { what: "a duplicate key", content: "a: b\nc: d\na: e\n", line: 3, column: 1 },
    { what: "a second document", content: "a: b\n---\nc: d\n", line: 2, column: 1 },
    { what: "an alias bomb", content: bomb(), line: 1, column: 1 },
    { what: "an unknown alias", content: "a: *x\n", line: 1, column: 1 },
    { what: "brackets beyond measure", content: `a:\n- ${"[".repeat(100_000)}`, line: 2, column: 102 },
    { what: "a tab for indentation", content: "a:\n\tb: c\n", line: 2, column: 1 },
    { what: "18 MB", content: "a: b\n".repeat(3_500_000), line: 1, column: 1 },
    {
      what: "3 MB that only the full parser could read",
      content: `a: {b: c}\n${"- d\n".repeat(750_000)}`,
      line: 1,
      column: 1,
    },
    {
      what: "bytes that are not UTF-8",
      content: new Uint8Array([0x61, 0x3a, 0x20, 0xff, 0xfe]),
      line: 1,
      column: 1,
    },
  ])("refuses $what with its place", async ({ content, line, column }) => {
    const file = await write("bad.yaml", content);
    const error = await failure(readDocument(file));
    expect(error.code).toBe("CAPABILITY_INVALID");
    const { diagnostics } = (error as CapabilityError<"CAPABILITY_INVALID">).details;
    expect(diagnostics[0]?.source).toMatchObject({ file, line, column });
  });

  it("refuses a folder and a file that is not there", async () => {
    for (const file of [folder, path.join(folder, "none.yaml")]) {
      expect((await failure(readDocument(file))).code).toBe("CAPABILITY_NOT_FOUND");
    }
  });
});

describe("parseYaml()", () => {
  it("reads maps of tens of thousands of keys, in time that grows with the file only", async () => {
    const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}: 1`);
    const value = await parseYaml(`{ ${keys.join(", ")} }`, "/x.yaml");
    expect(Object.keys(value as object)).toHaveLength(60_000);
  });

  it("finds every key that stands twice in a map, and no other", async () => {
    const text = "a: &a { b: 1, c: 2, b: 3 }\nd: [{ b: 1 }, { b: 1 }]\n'a': *a\n";
    const error = await failure(parseYaml(text, "/x.yaml"));
    const { diagnostics } = error.details as { diagnostics: readonly Diagnostic[] };
    expect(diagnostics.map(({ message, source }) => [message, source?.line, source?.column])).toEqual([
      ["Map keys must be unique", 1, 21],
      ["Map keys must be unique", 3, 1],
    ]);
  });
});

describe("locate()", () => {
  it.each([
    { reference: "one", expected: "first/one.yaml" },
    { reference: "two", expected: "first/two.yml" },
    { reference: "three", expected: "second/three.yaml" },
    { reference: "both", expected: "first/both.yaml" },
    { reference: "a.b", expected: "first/a.b.yaml" },
    { reference: "first/two.yml", expected: "first/two.yml" },
    { reference: "./second/three", expected: "second/three.yaml" },
    { reference: "three.yaml", expected: undefined },
    { reference: "", expected: undefined },
    { reference: "..", expected: undefined },
    { reference: "on\0e", expected: undefined },
  ])("finds $expected for $reference", async ({ reference, expected }) => {
    for (const file of [
      "first/one.yaml",
      "first/two.yml",
      "first/both.yaml",
      "first/a.b.yaml",
      "second/three.yaml",
      "second/both.yaml",
    ]) {
      await write(file, "naftiko: 1\n");
    }
    const options = { dirs: ["first", "second"], cwd: folder };
    if (expected !== undefined) expect(await locate(reference, options)).toBe(path.join(folder, expected));
    else expect((await failure(locate(reference, options))).code).toBe("CAPABILITY_NOT_FOUND");
  });

  describe("with folders that are searched with everything below them", () => {
    const FILES = [
      "own.yaml",
      "a/one.yaml",
      "a/b/deep.yml",
      "a/two.yaml",
      "b/two.yaml",
      "a/own.yaml",
      ".hidden/no.yaml",
    ];
    const options = () => ({ deep: ["deep"], dirs: ["flat"], cwd: folder });

    it.each([
      ["own", "deep/own.yaml"],
      ["one", "deep/a/one.yaml"],
      ["deep", "deep/a/b/deep.yml"],
      ["a/two", "deep/a/two.yaml"],
      ["a/own", "deep/a/own.yaml"],
      ["b/two.yaml", "deep/b/two.yaml"],
      ["flat", "flat/flat.yaml"],
      ["c/inner", "flat/c/inner.yaml"],
    ])("finds %s", async (reference, expected) => {
      for (const file of FILES) await write(`deep/${file}`, "naftiko: 1\n");
      for (const file of ["one.yaml", "flat.yaml", "c/inner.yaml"]) await write(`flat/${file}`, "naftiko: 1\n");
      expect(await locate(reference, options())).toBe(path.join(folder, expected));
    });

    it.each(["no", "inner", "../deep/own", "./a/two", "a/../own"])("does not find %s", async reference => {
      await write("deep/.hidden/no.yaml", "naftiko: 1\n");
      expect((await failure(locate(reference, options()))).code).toBe("CAPABILITY_NOT_FOUND");
    });

    it("lists what to write for a name of several files", async () => {
      const error = await failure(locate("two", options()));
      expect(error.message).toBe(
        `Cannot tell which capability "two" is meant: write "a/two" or "b/two" (2 files below ${folder}/deep)`,
      );
      expect(error.details).toMatchObject({ suggestions: ["a/two", "b/two"] });
    });

    it("suggests names below them", async () => {
      expect((await failure(locate("dep", options()))).message).toContain('; did you mean "deep"? Looked in ');
    });

    it("does not follow links in a circle", async () => {
      await symlink(path.join(folder, "deep"), path.join(folder, "deep/loop"));
      expect(await locate("one", options())).toBe(path.join(folder, "deep/a/one.yaml"));
    });
  });

  it("says where it looked and what is near", async () => {
    await write("names/clerk-keys.yaml", "");
    const error = await failure(locate("clerk-key", { dirs: ["names", "none"], cwd: folder }));
    expect(error.details).toMatchObject({ name: "clerk-key", suggestions: ["clerk-keys"] });
    expect(error.message).toContain(path.join(folder, "names"));
    expect(error.message).toContain('did you mean "clerk-keys"?');
  });
});

describe("parseYaml()", () => {
  const file = "/a.yaml";
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join("");

  it.each([
    {
      what: "aliases of all kinds",
      text: "a: &a 1\nb: &b [*a, x]\nc: {d: *b, e: &e {f: *a}}\ng: [*e, *b]\n",
    },
    { what: "an anchor that stands twice", text: "a: &x 1\nb: *x\nc: &x 2\nd: *x\n" },
    { what: "aliases as keys", text: "a: &a k\n*a : v\n" },
    { what: "an anchor on a key", text: "&a k: v\nb: *a\n" },
    { what: "names of other kinds", text: "a: &a [1]\n1: b\nnull: c\ntrue: d\n__proto__: *a\n" },
    { what: "a merge key in quotes", text: "a: &a {x: 1}\nb: {'<<': *a, y: 2}\n" },
    { what: "a merge key with no map", text: "a: &a 5\nb: {<<: *a, y: 2}\nc:\n  <<: text\nd: {<<: [1, {}]}\n" },
    { what: "a thousand aliases of one anchor", text: `a: &a 1\n${many(999, index => `k${index}: *a\n`)}` },
  ])("reads $what as the package yaml does", async ({ text }) => {
    const expected: unknown = parseDocument(text, { logLevel: "silent" }).toJS({ maxAliasCount: -1 });
    expect(await parseYaml(text, file)).toStrictEqual(expected);
  });

  it.each([
    { what: "a map", text: "a: &a {x: 1}\nb: {<<: *a, y: 2}\n", value: { a: { x: 1 }, b: { x: 1, y: 2 } } },
    {
      what: "a map in a block, behind and before members that win",
      text: "a: &a\n  x: 1\n  y: 1\nb:\n  x: 2\n  <<: *a\n  y: 3\n",
      value: { a: { x: 1, y: 1 }, b: { x: 2, y: 3 } },
    },
    {
      what: "a list of maps, of which the first wins",
      text: "a: [&a {x: 1}, &b {x: 2, y: 2}]\nb:\n  <<: [*a, *b, {y: 3, z: 3}]\n",
      value: { a: [{ x: 1 }, { x: 2, y: 2 }], b: { x: 1, y: 2, z: 3 } },
    },
    {
      what: "two keys, of which the first wins",
      text: "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  <<: *a\n  z: 3\n  <<: *b\n",
      value: { a: { x: 1 }, b: { x: 2, y: 2 }, c: { x: 1, y: 2, z: 3 } },
    },
    {
      what: "maps that merge others, deep within",
      text: "a: &a {x: {p: 1}}\nb: &b {<<: *a, y: 1}\nc: [{d: {<<: *b, e: {<<: *a}}}]\n",
      value: {
        a: { x: { p: 1 } },
        b: { x: { p: 1 }, y: 1 },
        c: [{ d: { x: { p: 1 }, y: 1, e: { x: { p: 1 } } } }],
      },
    },
    { what: "a map without an alias", text: "a: {<<: {x: 1}, y: 2}\n", value: { a: { x: 1, y: 2 } } },
    { what: "a map by a tag", text: "a: {!!merge <<: {x: 1}, y: 2}\n", value: { a: { x: 1, y: 2 } } },
    { what: "no map by the tag of texts", text: "a: {!!str <<: {x: 1}}\n", value: { a: { "<<": { x: 1 } } } },
    { what: "no map by a tag", text: "a: {!!merge <<: 5}\n", value: { a: { "<<": 5 } } },
    {
      what: "a member called __proto__",
      text: "a: &a {__proto__: 1}\nb: {<<: *a}\n",
      value: JSON.parse('{"a":{"__proto__":1},"b":{"__proto__":1}}'),
    },
  ])("merges $what", async ({ text, value }) => {
    expect(await parseYaml(text, file)).toStrictEqual(value);
  });

  it.each([
    {
      what: "aliases that stand for too much",
      text: `a0: &a0 [${"x,".repeat(30)}]\n${many(8, index => `a${index + 1}: &a${index + 1} [${`*a${index},`.repeat(30)}]\n`)}`,
      says: /stand for more than 100000 values/,
    },
    {
      what: "aliases that stand for too much in maps",
      text: `a0: &a0 {x: 1}\n${many(40, index => `a${index + 1}: &a${index + 1} {x: *a${index}, <<: *a${index}}\n`)}`,
      says: /stand for more than 100000 values/,
    },
    {
      what: "merged maps that stand for too much",
      text: `a0: &a0 {${many(500, index => `k${index}: 1, `)}}\n${many(30, index => `a${index + 1}: {<<: [${"*a0,".repeat(30)}]}\n`)}`,
      says: /stand for more than 100000 values/,
    },
    {
      what: "too many aliases",
      text: `a: &a 1\n${many(1_001, index => `k${index}: *a\n`)}`,
      says: /more than 1000 aliases/,
    },
    {
      what: "aliases that nest",
      text: `a0: &a0 [x]\n${many(500, index => `a${index + 1}: &a${index + 1} [*a${index}]\n`)}`,
      says: /nests more than 100 levels/,
    },
    { what: "an alias in what it stands for", text: "a: &a [1, *a]\n", says: /stands in what it stands for/ },
    { what: "lists as keys", text: "a: &a [1]\n? [b]\n: *a\n", says: /cannot be the key/ },
    { what: "a hundred thousand errors", text: `a: [${"@b, ".repeat(100_000)}c]\n`, says: /reserved/i },
    { what: "a hundred thousand tokens too many", text: "k: ]\n".repeat(100_000), says: /YAML/ },
    {
      what: "a hundred thousand documents",
      text: "---\nk: v\n".repeat(100_000),
      says: /more than one YAML document/,
    },
    {
      what: "a hundred thousand ends",
      text: "k: v\n...\n".repeat(100_000),
      says: /more than one YAML document/,
    },
  ])("refuses $what", async ({ text, says }) => {
    const error: unknown = await parseYaml(text, file).catch((thrown: unknown) => thrown);
    if (!isCapabilityError(error, "CAPABILITY_INVALID")) throw error;
    expect(error.message).toMatch(says);
    expect(error.details.diagnostics.length).toBeLessThanOrEqual(50);
  });
});
