import { expect, it } from "vitest";
import { compileProgram } from "../support/compile-program.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

// What the compiler says of programs. Each line that must not compile has the error behind it.

const DECLARATIONS = `
export {};
declare module "naftiko" {
  interface Capabilities {
    keys: Keys;
    one: { only: { inputs: { id: string }; outputs: unknown } };
  }
}
interface GetInputs { id: string; limit?: number | bigint | undefined }
interface ListInputs { subject?: string | undefined }
interface Keys {
  get: { inputs: GetInputs; outputs: { result: { id: string } } };
  list: { inputs: ListInputs; outputs: { result: unknown[] } };
  ping: { inputs: import("naftiko").NoInputs; outputs: string };
}
`;

const DOCUMENT = `
import { type Capability, openCapability, type RunResult, type TypedCapability } from "naftiko";

const document = {
  naftiko: "1.0.0-alpha2",
  binds: [{ namespace: "env", keys: { TOKEN: "TOKEN", TENANT: "TENANT" } }],
  consumes: [
    {
      type: "http",
      namespace: "shop",
      baseUri: "https://{region}.api.test/{{TENANT}}",
      authentication: { type: "bearer", token: "{{TOKEN}}" },
      inputParameters: [{ name: "X-Trace", in: "header", type: "string" }],
      resources: [
        {
          name: "books",
          path: "/books/{id}",
          operations: [
            {
              name: "getBook",
              method: "GET",
              inputParameters: [
                { name: "id", in: "path", type: "integer" },
                { name: "Authorization", in: "header", required: true, type: "string" },
                { name: "format", in: "query", type: "string", enum: ["pdf", "epub"] },
                { name: "tags", in: "query", type: "array", items: { type: "string" } },
                { name: "sort", in: "query", type: "array", enum: ["title", "price"] },
                { name: "page", in: "query", type: "number", required: true, default: 1 },
                { name: "fixed", in: "query", value: "x" },
              ],
              outputParameters: [
                { name: "title", type: "string", value: "$.title" },
                { name: "count", type: "number", value: "$.count" },
              ],
            },
            {
              name: "putBook",
              method: "PUT",
              inputParameters: [
                { name: "id", in: "query", type: "string" },
                {
                  name: "body",
                  in: "body",
                  type: "object",
                  required: true,
                  "x-schema": {
                    type: "object",
                    required: ["title"],
                    properties: {
                      title: { type: "string" },
                      kind: { enum: ["novel", "poem"] },
                      author: { $ref: "#/$defs/Author" },
                    },
                    $defs: {
                      Author: {
                        type: "object",
                        properties: { name: { type: "string" }, friends: { type: "array", items: { $ref: "#/$defs/Author" } } },
                      },
                    },
                  },
                },
              ],
              "x-schema": { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
            },
            { name: "post", method: "POST", body: '{"t": "{{title}}", "n": {{data.count}}, "k": "{{TOKEN}}"}' },
          ],
        },
        { name: "ping", path: "/ping", operations: [{ name: "ping", method: "GET", outputRawFormat: "text" }] },
      ],
    },
  ],
} as const;
`;

const CASES: readonly { readonly name: string; readonly program: string; readonly files?: Record<string, string> }[] = [
  {
    name: "knows the operations of a declared name",
    files: { "naftiko.d.ts": DECLARATIONS },
    program: `
import { type Capability, type Capabilities, openCapability, type RunResult } from "naftiko";
export async function good(name: string): Promise<RunResult | string> {
  const keys = await openCapability("keys", { env: process.env });
  const untyped: Capability = keys;
  await untyped.run(name, { anything: 1 });
  const { outputs } = await keys.run("get", { id: "x", limit: 5n });
  const id: string = outputs.result.id;
  const { number } = (await keys.run<{ number: number }>("get", { id: 5 })).outputs;
  (await keys.run<any>("get")).outputs.anything.toFixed(number);
  const stated: unknown = (await keys.run<unknown>("get")).outputs;
  const input: Capabilities["keys"]["list"]["inputs"] = {};
  await keys.run("list", input);
  await keys.run("list", undefined, { deadlineMs: 1 });
  await keys.run("ping");
  await keys.run("ping", {});
  for await (const page of keys.pages("list", {}, { maxPages: 2 })) page.outputs.result.length;
  for await (const item of keys.stream("list")) item.outputs.result.length;
  await keys.waitFor("get", { id: "x" }, { until: ({ outputs }) => outputs.result.id === "x" });
  await keys.waitFor<{ a: string }>("get", { id: "x" }, { until: ({ outputs }) => outputs.a === "x" });
  for (const reference of keys.operations.keys()) keys.operation(reference);
  await keys.prepare("get", { id });
  return await keys.run("list", { subject: String(stated) }, { signal: AbortSignal.timeout(1_000) });
}
export async function bad(): Promise<void> {
  const keys = await openCapability("keys");
  await keys.run("nope"); // TS2345 Argument of type '"nope"' is not assignable to parameter of type
  await keys.run("get"); // TS2554 Expected 2-3 arguments, but got 1
  await keys.run("get", {}); // TS2741 Property 'id' is missing in type '{}' but required in type 'GetInputs'
  await keys.run("get", { id: 5 }); // TS2322 Type 'number' is not assignable to type 'string'
  await keys.run("get", { id: "x", nope: 1 }); // TS2353 'nope' does not exist in type 'GetInputs'
  await keys.run("list", { subjet: "x" }); // TS2561 Did you mean to write 'subject'?
  await keys.run("ping", { subject: "x" }); // TS2322 Type 'string' is not assignable to type 'never'
  await keys.run<{ a: string }>("nope"); // TS2345 "nope"
  const wrong: RunResult<{ result: { id: number } }> = await keys.run("get", { id: "x" }); // TS2322 Type 'string' is not assignable to type 'number'
  (await keys.run("get", { id: "x" })).outputs.nope; // TS2339 Property 'nope' does not exist
  await keys.run("get", { id: "x" }, { deadline: 1 }); // TS2561 Did you mean to write 'deadlineMs'?
  keys.pages("nope"); // TS2345 "nope"
  keys.pages("get"); // TS2554
  keys.pages("list", {}, { maxPags: 1 }); // TS2561 Did you mean to write 'maxPages'?
  keys.stream("nope"); // TS2345 "nope"
  keys.operation("nope"); // TS2345 "nope"
  await keys.prepare("nope", {}); // TS2345 "nope"
  await keys.prepare("get", {}); // TS2741 'id'
  await keys.waitFor("nope", {}, { until: "x" }); // TS2345 "nope"
  await keys.waitFor("get", {}, { until: "x" }); // TS2741 'id'
  const one = await openCapability("one");
  await one.run("only"); // TS2554
  await one.run("only", { id: "x" });
}
`,
  },
  {
    name: "knows the operations of a document that is as const",
    program: `${DOCUMENT}
export async function good(): Promise<void> {
  const shop = await openCapability(document);
  const untyped: Capability = shop;
  await untyped.run("getBook");
  const { outputs } = await shop.run("getBook", { region: "eu", id: 5, format: "pdf", tags: ["a"], sort: ["title"], "X-Trace": "x" });
  const title: string = outputs.title;
  const count: number = outputs.count;
  await shop.run("books.getBook", { region: "eu", id: 5n });
  await shop.run("shop.books.getBook", { region: "eu", id: 5n });
  await shop.run("GET /books/{id}", { region: "eu", id: 5n });
  const body = { title, kind: "poem", author: { friends: [{ name: "x" }] } } as const;
  const put = await shop.run("putBook", { region: "eu", "path:id": "x", "query:id": "x", body });
  const id: string = put.outputs.id;
  await shop.run("post", { region: "eu", id, title: 5, data: { count } });
  const text: string = (await shop.run("ping", { region: "eu" })).outputs;
}
export async function bad(): Promise<void> {
  const shop = await openCapability(document);
  await shop.run("nope"); // TS2345 "nope"
  await shop.run("getBook"); // TS2554
  await shop.run("getBook", { id: 5 }); // TS2741 Property 'region' is missing
  await shop.run("getBook", { region: "eu", id: "5" }); // TS2322 Type 'string' is not assignable to type 'number | bigint'
  await shop.run("getBook", { region: "eu", id: 5, format: "doc" }); // TS2322 Type '"doc"' is not assignable
  await shop.run("getBook", { region: "eu", id: 5, fixed: "doc" }); // TS2353 'fixed' does not exist
  await shop.run("putBook", { region: "eu", "path:id": "x", body: { titel: "x" } }); // TS2561 Did you mean to write 'title'?
  await shop.run("putBook", { region: "eu", "path:id": "x", body: { title: "x", author: { friends: [{ name: 5 }] } } }); // TS2322 Type 'number' is not assignable to type 'string'
  await shop.run("ping"); // TS2554
  (await shop.run("ping", { region: "eu" })).outputs.none; // TS2339 'none'
}
`,
  },
  {
    name: "leaves every other source as it was",
    files: { "naftiko.d.ts": DECLARATIONS },
    program: `
import { type Capability, openCapability, type RunResult } from "naftiko";
const resources = [{ name: "x", path: "/x", operations: [{ name: "x", method: "GET" }] }];
const adapter = { type: "http", namespace: "x", baseUri: "https://api.test", resources };
const imported = { naftiko: "1", consumes: [{ import: "shop", location: "./shop.yaml" }] } as const;
export async function good(name: string, object: object, unknown: unknown): Promise<RunResult<{ id: string }>> {
  const opened = [
    await openCapability(name),
    await openCapability("other"),
    await openCapability(new URL("file:///x.yaml")),
    await openCapability(object),
    await openCapability(JSON.parse("{}")),
    await openCapability({ naftiko: "1", consumes: [adapter] }),
    await openCapability({ naftiko: "1", capability: { consumes: [{ ...adapter, resources }] } }),
    await openCapability(imported),
  ] satisfies Capability[];
  for (const capability of opened) await capability.run("anything", { of: "it" });
  const [first] = opened;
  const outputs: unknown = (await (await openCapability(object)).run("x")).outputs;
  return await (await openCapability(name)).run("x", {});
}
await openCapability(5); // TS2345 number
await openCapability("x", { dir: [] }); // TS2561 Did you mean to write 'dirs'?
`,
  },
];

it.each(CASES)("$name", async ({ program, files }) => {
  expect(await compileProgram(await temporaryFolder({}), program, files)).toEqual([]);
});
