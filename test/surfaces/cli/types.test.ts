import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import { capabilityText, input, required } from "../../support/capability-text.ts";
import { compileProgram } from "../../support/compile-program.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Texts that would end a comment, a text or a line, or that steer the compiler. */
const HOSTILE = [
  "*/ export const x: any = 1; /*",
  "@ts-expect-error",
  "@ts-ignore\n@ts-nocheck",
  '"; } } export const y = 1; //',
  "`${process.exit()}`",
  "a\u2028b\u2029c\u0000d\u202ee",
  "</script>\\",
  "\ud800",
];

const BOOK = {
  type: "object",
  description: "A book.",
  required: ["id", "title"],
  properties: {
    id: { type: "integer", format: "int64" },
    title: { type: "string", description: "Its title */ as printed" },
    kind: { type: "string", enum: ["novel", "poem"] },
    price: { type: ["number", "null"] },
    sequels: { type: "array", items: { $ref: "#/$defs/book" } },
    author: { $ref: "#/$defs/Record" },
    "page-count": { type: "integer" },
    extra: { type: "object", additionalProperties: { type: "string" } },
  },
};

const SCHEMAS = {
  book: BOOK,
  Record: {
    allOf: [
      { type: "object", required: ["name"], properties: { name: { type: "string" } } },
      { $ref: "#/$defs/Dated" },
    ],
  },
  Dated: { type: "object", properties: { born: { type: "string", format: "date" } } },
  Loop: { anyOf: [{ $ref: "#/$defs/Other" }, { type: "string" }] },
  Other: { oneOf: [{ $ref: "#/$defs/Loop" }, { type: "number" }] },
  Itself: { $ref: "#/$defs/Itself" },
  Tree: { type: "object", additionalProperties: { $ref: "#/$defs/Tree" } },
  List: { type: "array", items: { anyOf: [{ $ref: "#/$defs/List" }, { type: "null" }] } },
};

const ref = (name: string) => ({ $ref: `#/$defs/${name}` });

const SHOP = {
  naftiko: "1.0.0-alpha2",
  info: { description: HOSTILE[0] },
  consumes: [
    {
      type: "http",
      namespace: "shop",
      baseUri: "https://api.test",
      "x-schemas": SCHEMAS,
      resources: [
        {
          name: "books",
          path: "/books/{id}",
          operations: [
            {
              name: "get",
              method: "GET",
              description: "Get a book.",
              inputParameters: [
                required("id", "path", "integer"),
                input("id", "query"),
                input("sort", "query", "string", { enum: ["title", "price"] }),
                input("tags", "query", "array", { items: { type: "string" }, description: "Any of them." }),
                input("level", "query", "integer", { default: 1, required: true }),
              ],
              "x-schema": ref("book"),
            },
            {
              name: "put",
              method: "PUT",
              inputParameters: [input("body", "body", "object", { required: true, "x-schema": ref("book") })],
              outputParameters: [
                { name: "ok", type: "boolean", value: "$.ok" },
                { name: "all", type: "object", value: "$" },
              ],
              "x-schema": { type: "array", items: ref("book") },
            },
            {
              name: "patch",
              method: "PATCH",
              inputParameters: [
                input("title", "body"),
                input("count", "body", "integer"),
                input("any", "body", "object"),
              ],
              outputRawFormat: "csv",
            },
          ],
        },
        {
          name: "odd",
          path: "/odd",
          operations: [
            { name: "loop", method: "GET", "x-schema": ref("Loop") },
            { name: "other", method: "POST", "x-schema": ref("Other") },
            { name: "itself", method: "PUT", "x-schema": ref("Itself") },
            { name: "tree", method: "PATCH", "x-schema": ref("Tree") },
            { name: "list", method: "DELETE", "x-schema": ref("List") },
          ],
        },
        {
          name: "more",
          path: "/more",
          operations: [
            { name: "get", method: "GET", outputRawFormat: "text" },
            { name: "delete", method: "DELETE", outputRawFormat: "binary" },
          ],
        },
        {
          name: "hostile",
          path: "/hostile",
          operations: HOSTILE.map((text, index) => ({
            name: `${text}${index}`,
            method: "GET",
            description: text,
            inputParameters: [
              input("__proto__", "query", "string", { description: text }),
              input(`${text}x`, "query", "string", { enum: [text, "class"] }),
              input("constructor", "body", "string", { "x-schema": { enum: [text] } }),
            ],
            outputParameters: [
              { name: text, type: "string", value: "$.a" },
              { name: "__proto__", type: "number", value: "$.b" },
            ],
            "x-schema": { type: "object", properties: { [text]: { const: text, description: text }, __proto: {} } },
          })),
        },
      ],
    },
  ],
};

const PROGRAM = `
import { openCapability } from "naftiko";
export async function good(): Promise<void> {
  const shop = await openCapability("shop");
  const byPath = await openCapability("lib/shop.yaml");
  const { outputs } = await shop.run("books.get", { "path:id": 1n, "query:id": "x", sort: "title", tags: ["a"] as const });
  await byPath.run("GET /books/{id}", { "path:id": 1 });
  const title: string = outputs.title;
  const id: number | bigint = outputs.id;
  const kind: "novel" | "poem" | undefined = outputs.kind;
  const price: number | null | undefined = outputs.price;
  const deep: string | undefined = outputs.sequels?.[0]?.sequels?.[0]?.author?.name;
  const born: string | undefined = outputs.author?.born;
  const pages: number | undefined = outputs["page-count"];
  const extra: string | undefined = outputs.extra?.["any"];
  const put = await shop.run("put", { id: "x", body: { id, title, kind: "poem", sequels: [outputs] } });
  const ok: boolean = put.outputs.ok;
  const all: string | undefined = put.outputs.all[0]?.title;
  const rows: Record<string, string>[] = (await shop.run("patch", { id: "x", title: null, count: 5, any: [title] })).outputs;
  const text: string = (await shop.run("more.get")).outputs;
  const bytes: Uint8Array = (await shop.run("delete", {})).outputs;
  const tree: object = (await shop.run("tree")).outputs["a"]!;
  const list: unknown[] | null | undefined = (await shop.run("list")).outputs[0]?.[0];
  const two = await openCapability("two");
  await two.run("ping", { anything: "x" });
}
export async function bad(): Promise<void> {
  const shop = await openCapability("shop");
  await shop.run("get"); // TS2345 '"get"'
  await shop.run("books.get", {}); // TS2741 path:id
  await shop.run("books.get", { "path:id": "1" }); // TS2322 'string' is not assignable to type 'number | bigint'
  await shop.run("books.get", { "path:id": 1, sort: "author" }); // TS2322 "author"
  await shop.run("books.get", { "path:id": 1, tags: [1] }); // TS2322 'number' is not assignable to type 'string'
  await shop.run("put", { id: "x", body: { id: 1 } }); // TS2741 Property 'title' is missing in type '{ id: number; }' but required in type 'Book'
  await shop.run("put", { id: "x", body: { id: 1, title: "x", nope: 1 } }); // TS2353 'nope' does not exist in type 'Book'
  await shop.run("put", { id: "x", body: "x" }); // TS2322 Type 'string' is not assignable to type 'Book'
  (await shop.run("books.get", { "path:id": 1 })).outputs.nope; // TS2339 Property 'nope' does not exist on type 'Book'
  (await shop.run("more.get")).outputs.nope; // TS2339 'nope'
}
`;

const TWO = {
  naftiko: "1.0.0-alpha2",
  consumes: [
    {
      type: "http",
      namespace: "two",
      baseUri: "https://api.test",
      resources: [{ name: "ping", path: "/ping/{anything}", operations: [{ name: "ping", method: "GET" }] }],
    },
  ],
};

it("writes types by which the compiler knows operations, whatever a file has in it", async () => {
  const cwd = await temporaryFolder({ "lib/shop.yaml": stringify(SHOP), "lib/deep/two.yaml": stringify(TWO) });
  const { code, stderr } = await runMain(["types", "lib", "-o", "naftiko.d.ts"], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "naftiko.d.ts is written, with the types of 2 files\n" });
  const text = await readFile(path.join(cwd, "naftiko.d.ts"), "utf8");
  expect(await compileProgram(cwd, PROGRAM, { "naftiko.d.ts": text })).toEqual([]);
  // Every line that a text of the file could have made is in a comment or in quotes.
  expect(text.split("\n").filter(line => /^\s*(?:export const|@ts)/.test(line))).toEqual([]);
});

it("writes the same text again, which --check compares with the file", async () => {
  const cwd = await temporaryFolder({
    "capabilities/two.yaml": stringify(TWO),
    "capabilities/broken.yaml": "naftiko: [",
  });
  const check = ["types", "two", "-o", "naftiko.d.ts", "--check"];
  const absent = await runMain(check, { cwd });
  expect(absent.code).toBe(3);
  expect(absent.stderr).toBe("error: naftiko.d.ts does not exist: run naftiko types two -o naftiko.d.ts\n");
  const written = await runMain(["types", "two", "-o", "naftiko.d.ts"], { cwd });
  expect(written.code).toBe(0);
  const text = await readFile(path.join(cwd, "naftiko.d.ts"), "utf8");
  expect(text).toContain('    "two": Two.Operations;\n');
  expect(await runMain(check, { cwd })).toEqual({ code: 0, stdout: "", stderr: "" });
  expect((await runMain(["types", "two"], { cwd })).stdout.split("\n").slice(2)).toEqual(text.split("\n").slice(2));
  await writeFile(path.join(cwd, "capabilities/two.yaml"), stringify(TWO).replaceAll("anything", "other"));
  const changed = await runMain(check, { cwd });
  expect(changed.code).toBe(3);
  expect(changed.stderr).toContain("naftiko.d.ts is not as it would be written: run naftiko types two");
});

it("takes all that list shows, and leaves out what does not open with a warning", async () => {
  const cwd = await temporaryFolder({
    "capabilities/two.yaml": stringify(TWO),
    "capabilities/broken.yaml": "naftiko: 1.0.0-alpha2\nconsumes: 5\n",
    "capabilities/openapi.yaml": "openapi: 3.1.0\n",
  });
  const { code, stdout, stderr } = await runMain(["types"], { cwd });
  expect(code).toBe(0);
  expect(stdout).toContain('"two": Two.Operations;');
  expect(stdout).toContain('"clerk-backend-api-api-keys": ClerkBackendApiApiKeys.Operations;');
  expect(stderr).toMatch(/^warning: \S+broken\.yaml is left out: .*\n$/);
  const broken = await runMain(["types", "broken"], { cwd });
  expect(broken.code).toBe(3);
  expect((await runMain(["types", "nope"], { cwd })).code).toBe(3);
  expect((await runMain(["types", "two", "--check"], { cwd })).code).toBe(2);
});

it("gives a name to the first of two files that have it", async () => {
  const cwd = await temporaryFolder({ "a/two.yaml": stringify(TWO), "b/two.yaml": stringify(TWO) });
  const { stdout, stderr } = await runMain(["types", "a", "./b/two.yaml"], { cwd });
  expect(stdout).toContain(
    '"a/two.yaml": Two.Operations;\n    "two": Two.Operations;\n    "./b/two.yaml": Two_2.Operations;',
  );
  expect(stderr).toContain('warning: ./b/two.yaml is not called "two"');
});

it("writes types that count in a module of a package of CommonJS", async () => {
  const one = {
    name: "getPet",
    method: "GET",
    path: "/pets/{id}",
    inputParameters: [required("id", "path", "string")],
  };
  const cwd = await temporaryFolder({ "capabilities/pets.yaml": capabilityText({ operations: [one] }) });
  const { stdout } = await runMain(["types", "pets"], { cwd });
  const other = `import { openCapability } from "naftiko";
const pets = await openCapability("pets");
await pets.run("getPet", { id: "1" });
// @ts-expect-error: the operation does not exist
await pets.run("getPets");
`;
  const files = { "package.json": "{}", "naftiko.d.ts": stdout, "other.mts": other };
  expect(await compileProgram(cwd, "export {};\n", files)).toEqual([]);
});
