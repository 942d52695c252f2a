import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tool } from "../../src/tools/tool.ts";
import { openTools, QUIET_CONTEXT, textOf } from "../support/tool-answers.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

let upstream: Upstream;
let tools: ReadonlyMap<string, Tool>;

beforeAll(async () => {
  upstream = await startUpstream();
  const opened = await openTools(`
- type: http
  namespace: api
  baseUri: ${upstream.url}
  resources:
  - name: books
    path: /books/{isbn}
    operations:
    - name: get
      method: GET
      inputParameters:
      - { name: isbn, in: path, type: string }
      - { name: limit, in: query, type: integer, minimum: 1 }
      - { name: ratio, in: query, type: number }
      - { name: full, in: query, type: boolean }
      - { name: tags, in: query, type: array, items: { type: string } }
      - { name: state, in: query, type: string, enum: [lent, free] }
      - { name: X-Note, in: header, type: string }
      - { name: "page[size]", in: query, type: integer }
      - { name: apiToken, in: query, type: string, maxLength: 4 }
  - name: all
    path: /books
    operations:
    - name: add
      method: POST
      inputParameters:
      - name: body
        in: body
        type: object
        required: true
        x-schema: { type: object, required: [title], properties: { title: { type: string }, pages: { type: integer } } }
    - name: replace
      method: PUT
      inputParameters:
      - name: body
        in: body
        type: object
        x-schema:
          allOf: [ { $ref: "#/$defs/Named" }, { type: object, properties: { pages: { type: integer } } } ]
          $defs:
            Named: { anyOf: [ { $ref: "#/$defs/Named" }, { type: object, properties: { title: { type: string } } } ] }
    - name: send
      method: POST
      inputParameters: [ { name: body, in: body, type: object, required: true } ]
    - name: change
      method: PATCH
      inputParameters:
      - { name: title, in: body, type: string }
      - { name: note, in: body, x-schema: { type: [string, "null"] } }
    - name: none
      method: GET
`);
  tools = new Map(opened.map(tool => [tool.name, tool]));
});
afterAll(() => upstream.close());

function call(tool: string, given: unknown) {
  return (tools.get(tool) as Tool).call(given, QUIET_CONTEXT);
}

/** Arguments that are right, and the request that is sent for them. */
const RIGHT: readonly {
  readonly what: string;
  readonly tool: string;
  readonly given: unknown;
  readonly sent: object;
}[] = [
  { what: "values of the types", tool: "get", given: { isbn: "a", limit: 5 }, sent: { url: "/books/a?limit=5" } },
  { what: "a text for an integer", tool: "get", given: { isbn: "a", limit: "5" }, sent: { url: "/books/a?limit=5" } },
  {
    what: "a text of an integer that a double cannot hold",
    tool: "get",
    given: { isbn: "a", limit: "12345678901234567890" },
    sent: { url: "/books/a?limit=12345678901234567890" },
  },
  {
    what: "a text for a number",
    tool: "get",
    given: { isbn: "a", ratio: "1.50" },
    sent: { url: "/books/a?ratio=1.50" },
  },
  {
    what: "a text for a boolean",
    tool: "get",
    given: { isbn: "a", full: "true" },
    sent: { url: "/books/a?full=true" },
  },
  { what: "a number for a text", tool: "get", given: { isbn: 42 }, sent: { url: "/books/42" } },
  {
    what: "a list as a text",
    tool: "get",
    given: { isbn: "a", tags: '["x","y"]' },
    sent: { url: "/books/a?tags=x&tags=y" },
  },
  {
    what: "null for what is left out",
    tool: "get",
    given: { isbn: "a", limit: null, full: null },
    sent: { url: "/books/a" },
  },
  {
    what: "a name that models accept",
    tool: "get",
    given: { isbn: "a", page_size: 3 },
    sent: { url: "/books/a?page%5Bsize%5D=3" },
  },
  {
    what: "the name of the file",
    tool: "get",
    given: { isbn: "a", "page[size]": 3 },
    sent: { url: "/books/a?page%5Bsize%5D=3" },
  },
  {
    what: "a body as an object",
    tool: "add",
    given: { body: { title: "x" } },
    sent: { url: "/books", body: '{"title":"x"}' },
  },
  {
    what: "a body as a text",
    tool: "add",
    given: { body: '{"title": "x"}' },
    sent: { url: "/books", body: '{"title": "x"}' },
  },
  {
    what: "null for a member that the file lets be null, and for one that it does not",
    tool: "change",
    given: { title: null, note: null },
    sent: { body: '{"note":null}' },
  },
  { what: "no arguments", tool: "none", given: undefined, sent: { url: "/books" } },
  { what: "empty arguments", tool: "none", given: {}, sent: { url: "/books" } },
];

describe("a tool takes", () => {
  test.each(RIGHT)("$what", async ({ tool, given, sent }) => {
    const before = upstream.requests.length;
    expect(await call(tool, given)).toMatchObject({ isError: false });
    expect(upstream.requests.slice(before)).toMatchObject([sent]);
  });
});

/** Arguments that are wrong, and what is told of each. */
const WRONG: readonly {
  readonly what: string;
  readonly tool: string;
  readonly given: unknown;
  readonly told: readonly string[];
}[] = [
  { what: "one that is missing", tool: "get", given: {}, told: ['"isbn": it is required, and missing (string)'] },
  { what: "null for one that is required", tool: "get", given: { isbn: null }, told: ['"isbn": it is required'] },
  {
    what: "one that is unknown",
    tool: "get",
    given: { isbn: "a", limits: 1 },
    told: ['"limits": there is no such argument; did you mean "limit"?'],
  },
  {
    what: "one of another type",
    tool: "get",
    given: { isbn: "a", limit: "ten" },
    told: ['"limit": must be an integer, found "ten"'],
  },
  {
    what: "a fraction for an integer",
    tool: "get",
    given: { isbn: "a", limit: 1.5 },
    told: ['"limit": must be an integer, found 1.5'],
  },
  { what: "one that is out of bounds", tool: "get", given: { isbn: "a", limit: 0 }, told: ['"limit": '] },
  { what: "none of the values", tool: "get", given: { isbn: "a", state: "gone" }, told: ['"state": '] },
  { what: "an object for a text", tool: "get", given: { isbn: { a: 1 } }, told: ['"isbn": must be a string'] },
  { what: "a text that is no list", tool: "get", given: { isbn: "a", tags: "x" }, told: ['"tags": must be an array'] },
  { what: "a way out of the path", tool: "get", given: { isbn: ".." }, told: ['"isbn": makes a path segment'] },
  { what: "an empty segment", tool: "get", given: { isbn: "" }, told: ['"isbn": is empty'] },
  { what: "a line break in a header", tool: "get", given: { isbn: "a", "X-Note": "a\r\nb: c" }, told: ['"X-Note": '] },
  { what: "a member of the body", tool: "add", given: { body: { title: 5 } }, told: ['"body": /title'] },
  { what: "a body that is no JSON", tool: "add", given: { body: "{" }, told: ['"body": is not JSON'] },
  { what: "no body", tool: "add", given: {}, told: ['"body": it is required, and missing (object)'] },
  {
    what: "members of the body beside it",
    tool: "add",
    given: { title: "x" },
    told: [
      '"title": there is no such argument; it is a member of "body", which is an object',
      '"body": it is required',
    ],
  },
  {
    what: "members of a body of several schemas",
    tool: "replace",
    given: { title: "x", pages: 5, colour: "red" },
    told: [
      '"title": there is no such argument; it is a member of "body"',
      '"pages": there is no such argument; it is a member of "body"',
      '"colour": there is no such argument\n',
    ],
  },
  {
    what: "members of a body of which nothing is known",
    tool: "send",
    given: { title: "x" },
    told: ['"title": there is no such argument; members of the body are given in the object "body"'],
  },
  {
    what: "a body around members",
    tool: "change",
    given: { body: { title: "x" } },
    told: ['"body": there is no such argument; "title" inside of it is an argument itself'],
  },
  {
    what: "a text of JSON around arguments",
    tool: "get",
    given: { input: '{"isbn": "a"}' },
    told: ['"input": there is no such argument; "isbn" inside of it is an argument itself'],
  },
  { what: "a list of arguments", tool: "get", given: ["a"], told: ["arguments are an object of values by name"] },
  { what: "a text of arguments", tool: "get", given: "isbn", told: ["arguments are an object of values by name"] },
  {
    what: "one where there are none",
    tool: "none",
    given: { a: 1 },
    told: ['"a": there is no such', "It takes no arguments"],
  },
  {
    what: "names of prototypes",
    tool: "get",
    given: JSON.parse('{"isbn":"a","__proto__":{"limit":1},"constructor":1}') as unknown,
    told: ['"__proto__": there is no such argument', '"constructor": there is no such argument'],
  },
  {
    what: "everything at once",
    tool: "get",
    given: { ibn: "a", limit: "ten", full: "yes", "X-Note": "a\nb", isbn: ".." },
    told: ['"ibn": ', '"limit": ', '"full": ', '"X-Note": ', '"isbn": '],
  },
  {
    what: "the unsafe besides the missing",
    tool: "get",
    given: { "X-Note": "a\nb" },
    told: ['"isbn": it is required', '"X-Note": '],
  },
];

describe("a tool refuses, and sends nothing for", () => {
  test.each(WRONG)("$what", async ({ tool, given, told }) => {
    const before = upstream.requests.length;
    const answer = await call(tool, given);
    expect(answer).toMatchObject({ isError: true, structured: undefined });
    const text = textOf(answer);
    expect(text).toContain("Nothing was sent");
    for (const part of told) expect(text).toContain(part);
    expect(upstream.requests.slice(before)).toEqual([]);
  });

  test("a secret, which is not shown", async () => {
    const text = textOf(await call("get", { isbn: "a", apiToken: "s3cr3t-MARK" }));
    expect(text).toContain('"apiToken": ');
    expect(text).not.toContain("s3cr3t");
  });

  test("thousands of wrong arguments, in few words", async () => {
    const given = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`${"x".repeat(500)}${at}`, at]));
    const text = textOf(await call("get", given));
    expect(text.length).toBeLessThan(20_000);
  });
});

describe("a tool keeps to itself", () => {
  test.each([
    { what: "who gets the credential", baseUri: "https://{tenant}.api.test", inputs: "", closed: "tenant" },
    {
      what: "the header of the credential",
      baseUri: "https://api.test",
      inputs: "inputParameters: [ { name: Authorization, in: header, type: string } ]",
      closed: "Authorization",
    },
    {
      what: "what only a transport writes",
      baseUri: "https://api.test",
      inputs: "inputParameters: [ { name: Host, in: header, type: string } ]",
      closed: "Host",
    },
  ])("$what", async ({ baseUri, inputs, closed }) => {
    const [tool] = await openTools(`
- type: http
  namespace: api
  baseUri: "${baseUri}"
  authentication: { type: bearer, token: "{{TOKEN}}" }
  resources:
  - name: r
    path: /
    operations:
    - name: op
      method: GET
      ${inputs}
`);
    expect(tool?.inputSchema["properties"]).not.toHaveProperty(closed);
    const text = textOf(await (tool as Tool).call({ [closed]: "evil" }, QUIET_CONTEXT));
    expect(text).toContain(`"${closed}": there is no such argument`);
  });

  test("and tells who sets the address", async () => {
    const [tool] = await openTools(`
- type: http
  namespace: api
  baseUri: "https://{tenant}.api.test"
  authentication: { type: bearer, token: "{{TOKEN}}" }
  resources:
  - name: r
    path: /
    operations: [ { name: op, method: GET, inputParameters: [ { name: q, in: query, type: integer } ] } ]
`);
    const alone = textOf(await (tool as Tool).call({}, QUIET_CONTEXT));
    expect(alone).toMatch(/^Nothing was sent: op needs "tenant", which has no value\. .*--base-uri/);
    const both = textOf(await (tool as Tool).call({ q: "x" }, QUIET_CONTEXT));
    expect(both).toContain('"q": must be an integer');
    expect(both).toContain("--base-uri");
  });

  test("but not the host where there is no credential", async () => {
    const [tool] = await openTools(`
- type: http
  namespace: api
  baseUri: "https://{region}.api.test"
  resources: [ { name: r, path: /, operations: [ { name: op, method: GET } ] } ]
`);
    expect(tool?.inputSchema).toMatchObject({ properties: { region: { type: "string" } }, required: ["region"] });
  });
});
