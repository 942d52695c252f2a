import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenedOffer, openOffer } from "../../../support/open-offer.ts";
import { startUpstream, type Upstream } from "../../../support/upstream.ts";

const CAPABILITY = `
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ""
      resources:
        - name: items
          path: /items/{id}
          operations:
            - name: get
              method: GET
              inputParameters:
                - { name: limit, in: query, type: integer, minimum: 1, maximum: 9 }
                - { name: kind, in: query, type: string, enum: [ new, old ] }
                - { name: ids, in: query, type: array, items: { type: integer } }
                - { name: X-Trace, in: header, type: string }
                - { name: "page[size]", in: query, type: integer }
            - { name: put, method: PUT, inputParameters: [ { name: body, in: body, type: object } ] }
  aggregates:
    - label: A
      namespace: a
      functions:
        - { name: read, description: Read, inputParameters: [ { name: code, type: string, description: Code } ], call: api.get, with: { id: a.code } }
  exposes:
    - type: mcp
      port: 0
      namespace: t
      tools:
        - name: get
          description: Declared
          inputParameters:
            - { name: item, type: string, description: Item }
            - { name: limit, type: integer, description: How many, required: false }
            - { name: trace, type: string, description: Trace, required: false }
          call: api.get
          with: { id: t.item, limit: t.limit, X-Trace: "{{trace}}" }
        - { name: derived, description: Derived, call: api.get, with: { id: t.id, limit: t.limit, kind: t.kind, ids: t.ids, "page[size]": "t.page[size]" } }
        - { name: put, description: With a body, call: api.put }
        - { ref: a.read, inputParameters: [ { name: item, type: string, description: Item } ], with: { code: t.item } }
        - name: steps
          description: Steps
          inputParameters: [ { name: item, type: string, description: Item } ]
          steps: [ { type: call, name: one, call: api.get, with: { id: "{{item}}" } } ]
        - { name: none, description: No arguments, outputParameters: [ { name: a, type: string, value: b } ] }
        - name: ${"long-".repeat(20)}name
          description: Long
          inputParameters: [ { name: a, type: string, description: A } ]
          outputParameters: [ { name: a, type: string, value: "{{a}}" } ]
`;

let upstream: Upstream;
let opened: OpenedOffer;

beforeAll(async () => {
  upstream = await startUpstream();
  opened = await openOffer(CAPABILITY, upstream.url);
});
afterAll(async () => {
  await opened.runtime.close();
  await upstream.close();
});

async function textOf(tool: string, given: unknown): Promise<string> {
  const { content, isError } = await opened.call(tool, given);
  const [first] = content;
  expect(isError).toBe(true);
  return first?.type === "text" ? first.text : "";
}

describe("arguments that are wrong", () => {
  test.each<[what: string, tool: string, given: unknown, told: readonly string[]]>([
    ["missing", "get", {}, ['"item": it is required, and missing (string)']],
    ["unknown", "get", { item: "1", limits: 2 }, ['"limits": there is no such argument; did you mean "limit"?']],
    ["of the consumed operation", "get", { item: "1", id: "2" }, ['"id": there is no such argument']],
    ["of another type", "get", { item: "1", limit: "many" }, ['"limit": must be an integer, found "many"']],
    ["out of range", "get", { item: "1", limit: 10 }, ['"limit": must']],
    ["an object for a text", "get", { item: { a: 1 } }, ['"item": must be a string, found an object {"a":1}']],
    [
      "all at once",
      "get",
      { limit: 1.5, itm: "1" },
      ['"itm": there is no', '"item": it is required', '"limit": must be an'],
    ],
    ["not of the list", "derived", { id: "1", kind: "newest" }, ['"kind": must be']],
    ["items of a list", "derived", { id: "1", ids: [1, "x"] }, ['"ids": ']],
    ["no object", "get", ["1"], ["arguments are an object of values by name"]],
    ["a text", "get", "item=1", ["arguments are an object of values by name"]],
    ["none that are known", "none", { a: 1 }, ['"a": there is no such argument', "It takes no arguments."]],
    ["the name of a prototype", "get", { item: "1", constructor: 1 }, ['"constructor": there is no such argument']],
    // Unsafe where the operation puts them: told by the name of the argument.
    ["a path that leads up", "get", { item: ".." }, ['"item": ']],
    ["an empty part of a path", "get", { item: "" }, ['"item": ']],
    ["a line break in a header", "get", { item: "1", trace: "a\\r\\nb: c".replace("\\r\\n", "\r\n") }, ['"trace": ']],
    ["a path behind a function", "read", { item: ".." }, ['"item": ']],
    ["a path of a step", "steps", { item: ".." }, ['Step "one"']],
  ])("%s", async (_, tool, given, told) => {
    const text = await textOf(tool, given);
    for (const part of told) expect(text).toContain(part);
    expect(upstream.requests).toEqual([]);
  });
});

describe("arguments as models write them", () => {
  test.each<[tool: string, given: unknown, url: string]>([
    ["get", { item: "a b/c" }, "/items/a%20b%2Fc"],
    ["get", { item: 7, limit: "3", trace: null }, "/items/7?limit=3"],
    ["derived", { id: "1", ids: "[1,2]" }, "/items/1?ids=1&ids=2"],
    ["derived", { id: "1", page_size: 5 }, "/items/1?page%5Bsize%5D=5"],
    ["derived", { id: "1", "page[size]": 5 }, "/items/1?page%5Bsize%5D=5"],
    ["read", { item: "x" }, "/items/x"],
    ["put", { id: "1", body: '{"a":1}' }, "/items/1"],
  ])("%s with %j", async (tool, given, url) => {
    expect(await opened.call(tool, given)).toMatchObject({ isError: false });
    expect(upstream.requests.splice(0).map(request => request.url)).toEqual([url]);
  });
});

test("names that are too long are listed shortened, the same each time", async () => {
  const [tool] = opened.offer.tools.slice(-1);
  expect(tool?.name).toMatch(/^long-(?:long-)+[a-z-]*_[0-9a-f]{8}$/);
  expect(tool?.name).toHaveLength(64);
  expect(tool?.writtenName).toBe(`${"long-".repeat(20)}name`);
});

test("a call that is ended throws the reason, and ends the request", async () => {
  const controller = new AbortController();
  const calling = opened.call("get", { item: "1" }, controller.signal);
  controller.abort(new Error("no longer wanted"));
  await expect(calling).rejects.toThrow("no longer wanted");
});
