import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Overlay } from "../../../src/language/overlays/overlays.ts";
import type { Pagination } from "../../../src/language/overlays/pagination.ts";
import type { Capability } from "../../../src/library/capability.ts";
import { openCapability } from "../../../src/library/open-capability.ts";
import { capabilityText, input, required } from "../../support/capability-text.ts";

const env = { KEY: "key-1a2b", OTHER: "other-1a2b", REGION: "eu", LIMIT: "7" };

/** Opened as a capability called `shop`. */
const document = parse(
  capabilityText({
    namespace: "shop",
    baseUri: "",
    binds: { API_KEY: "KEY" },
    operations: [
      {
        name: "find",
        method: "GET",
        path: "/items",
        inputParameters: [
          required("q", "query"),
          input("limit", "query", "integer"),
          input("tags", "query", "array"),
          required("X-Trace", "header"),
          { name: "X-Fixed", in: "header", value: "file" },
        ],
        outputParameters: [
          { name: "result", type: "object", value: "$." },
          { name: "total", type: "number", value: "$.total" },
        ],
      },
      { name: "get", method: "GET", path: "/items/{id}" },
      { name: "add", method: "POST", path: "/items", inputParameters: [required("body", "body", "object")] },
    ],
    others: [
      {
        namespace: "billing",
        baseUri: "https://{region}.billing.test",
        operations: [{ name: "bill", method: "GET", path: "/" }],
      },
    ],
  }),
) as object;

function open(overlay: Overlay, options: object = {}, pattern = "shop"): Promise<Capability> {
  return openCapability(document, { env, overlays: { capabilities: { [pattern]: overlay } }, ...options });
}

const base: Overlay = { baseUri: { shop: "https://api.test" } };

describe("a request with an overlay", () => {
  it.each<{
    what: string;
    overlay: Overlay;
    operation?: string;
    inputs?: object;
    options?: object;
    request: object;
  }>([
    {
      what: "has its base URI",
      overlay: { baseUri: "https://all.test/v1/" },
      request: { url: "https://all.test/v1/items/7" },
    },
    {
      what: "has its base URI with a variable",
      overlay: {
        baseUri: { shop: "https://{{REGION}}.api.test" },
        binds: [{ namespace: "env", keys: { REGION: "REGION" } }],
      },
      request: { url: "https://eu.api.test/items/7" },
    },
    {
      what: "takes inputs for placeholders of its base URI",
      overlay: { baseUri: { shop: "https://{cell}.api.test" } },
      inputs: { id: 7, cell: "c1" },
      request: { url: "https://c1.api.test/items/7" },
    },
    {
      what: "fills placeholders of the file's base URI",
      overlay: { inputs: { region: "us" } },
      operation: "bill",
      inputs: {},
      request: { url: "https://us.billing.test/" },
    },
    {
      what: "takes the file's placeholders where its base URI has others",
      overlay: { baseUri: { billing: "https://{cell}.billing.test" } },
      operation: "bill",
      inputs: { cell: "c1", region: "unused" },
      request: { url: "https://c1.billing.test/" },
    },
    {
      what: "keeps an option's base URI",
      overlay: base,
      options: { baseUri: { shop: "https://option.test" } },
      request: { url: "https://option.test/items/7" },
    },
    {
      what: "has its credential in place of an implied one",
      overlay: {
        ...base,
        authentication: { type: "apikey", key: "k", value: "{{API_KEY}}", placement: "query" },
      },
      request: { url: "https://api.test/items/7?k=key-1a2b", headers: {} },
    },
    {
      what: "reads a bare name in its credential as a file's is read",
      overlay: { ...base, authentication: { shop: { type: "bearer", token: "API_KEY" } } },
      request: { headers: { authorization: "Bearer key-1a2b" } },
    },
    {
      what: "has no credential where it says so",
      overlay: { ...base, authentication: "none" },
      request: { headers: {} },
    },
    {
      what: "keeps an option's credential",
      overlay: { ...base, authentication: "none" },
      options: { authentication: { shop: { type: "bearer", token: "option" } } },
      request: { headers: { authorization: "Bearer option" } },
    },
    {
      what: "has the credential of its own variable",
      overlay: { ...base, binds: [{ namespace: "env", keys: { API_KEY: "OTHER" } }] },
      request: { headers: { authorization: "Bearer other-1a2b" } },
    },
    {
      what: "has the credential of its own variable in another namespace",
      overlay: { ...base, binds: [{ namespace: "mine", keys: { API_KEY: "OTHER" } }] },
      request: { headers: { authorization: "Bearer other-1a2b" } },
    },
    {
      what: "implies the file's credential, whatever else it declares",
      overlay: { ...base, binds: [{ namespace: "mine", keys: { OTHER_TOKEN: "OTHER" } }] },
      request: { headers: { authorization: "Bearer key-1a2b" } },
    },
    {
      what: "implies no credential that it uses elsewhere",
      overlay: { ...base, headers: { "X-Key": "{{API_KEY}}" } },
      request: { headers: { "x-key": "key-1a2b" } },
    },
    {
      what: "has its header in the place of a credential",
      overlay: {
        ...base,
        authentication: { type: "bearer", token: "{{API_KEY}}" },
        headers: { Authorization: "Key {{API_KEY}}" },
      },
      request: { headers: { authorization: "Key key-1a2b" } },
    },
    {
      what: "has its headers in place of the file's",
      overlay: { ...base, authentication: "none", headers: { "x-fixed": "overlay", "X-N": 5, "X-B": true } },
      operation: "find",
      inputs: { q: "a", "X-Trace": "t" },
      request: { headers: { "x-fixed": "overlay", "x-n": "5", "x-b": "true", "x-trace": "t" } },
    },
    {
      what: "has its header where a required input is not given",
      overlay: { ...base, authentication: "none", headers: { "x-trace": "overlay" } },
      operation: "find",
      inputs: { q: "a" },
      request: { headers: { "x-trace": "overlay", "x-fixed": "file" } },
    },
    {
      what: "has the caller's header before its own",
      overlay: { ...base, authentication: "none", headers: { "x-trace": "overlay" } },
      operation: "find",
      inputs: { q: "a", "X-Trace": "mine" },
      request: { headers: { "x-trace": "mine", "x-fixed": "file" } },
    },
    {
      what: "has its default inputs, typed",
      overlay: { ...base, inputs: { q: "x", limit: 5, tags: ["a", "b"], "X-Trace": "t" } },
      operation: "find",
      inputs: {},
      request: { url: "https://api.test/items?q=x&limit=5&tags=a&tags=b" },
    },
    {
      what: "has the caller's inputs before its own",
      overlay: { ...base, inputs: { q: "x", limit: 5, "X-Trace": "t" } },
      operation: "find",
      inputs: { q: "mine", limit: 0 },
      request: { url: "https://api.test/items?q=mine&limit=0" },
    },
    {
      what: "has its default where the caller gives null",
      overlay: { ...base, inputs: { id: "d" } },
      inputs: { id: null },
      request: { url: "https://api.test/items/d" },
    },
    {
      what: "has a variable for an input, of its type",
      overlay: {
        ...base,
        inputs: { q: "{{API_KEY}}-{{env.LIMIT}}", limit: "{{LIMIT}}", "X-Trace": "t" },
        binds: [{ namespace: "env", keys: { LIMIT: "LIMIT" } }],
      },
      operation: "find",
      inputs: {},
      request: { url: "https://api.test/items?q=key-1a2b-7&limit=7" },
    },
    {
      what: "has variables inside a default body",
      overlay: { ...base, inputs: { body: { name: "n", owner: "{{API_KEY}}", tags: ["{{API_KEY}}"] } } },
      operation: "add",
      inputs: {},
      request: { body: '{"name":"n","owner":"key-1a2b","tags":["key-1a2b"]}' },
    },
    {
      what: "takes no placeholder of a caller's value for a variable",
      overlay: { ...base, inputs: { q: "{{API_KEY}}" } },
      operation: "find",
      inputs: { q: "{{API_KEY}}", "X-Trace": "t" },
      request: { url: "https://api.test/items?q=%7B%7BAPI_KEY%7D%7D" },
    },
    {
      what: "has what is said of its operation before what is said of all",
      overlay: {
        ...base,
        authentication: "none",
        headers: { "X-A": "all", "X-B": "all" },
        inputs: { id: "all" },
        operations: { "GET /items/{id}": { headers: { "x-a": "one" }, inputs: { id: "one" } } },
      },
      inputs: {},
      request: { url: "https://api.test/items/one", headers: { "x-a": "one", "x-b": "all" } },
    },
    {
      what: "is asked for by an alias",
      overlay: { ...base, operations: { get: { aliases: ["item", "shop-item"] } } },
      operation: "shop-item",
      request: { url: "https://api.test/items/7" },
    },
  ])("$what", async ({ overlay, operation = "get", inputs = { id: 7 }, options, request }) => {
    const capability = await open(overlay, options);
    const { headers, ...prepared } = await capability.prepare(operation, { ...inputs });
    const { accept: _a, "user-agent": _u, "content-type": _c, ...own } = headers;
    expect({ ...prepared, headers: own }).toMatchObject(request);
    const expected = (request as { headers?: object }).headers;
    if (expected !== undefined) expect(own).toEqual(expected);
  });

  it("merges what two texts say of one operation", async () => {
    const capability = await openCapability(document, {
      env,
      overlays: {
        capabilities: {
          "*": { ...base, operations: { "shop.get": { headers: { "X-A": "1", "X-B": "1" } } } },
          shop: { operations: { get: { headers: { "X-B": "2" } } } },
        },
      },
    });
    const { headers } = await capability.prepare("get", { id: 1 });
    expect(headers).toMatchObject({ "x-a": "1", "x-b": "2" });
  });

  it("takes a default of a weaker level back with null", async () => {
    const capability = await openCapability(document, {
      env,
      overlays: { capabilities: { "*": { ...base, inputs: { id: 5 } }, shop: { inputs: { id: null } } } },
    });
    await expect(capability.prepare("get")).rejects.toMatchObject({ code: "INPUT_MISSING" });
  });

  it("needs a variable of a default only where the default is needed", async () => {
    const capability = await open({
      ...base,
      authentication: "none",
      inputs: { id: "{{ABSENT}}" },
      binds: [{ namespace: "env", keys: { ABSENT: "ABSENT" } }],
    });
    await expect(capability.prepare("get", { id: 1 })).resolves.toMatchObject({
      url: "https://api.test/items/1",
    });
    await expect(capability.prepare("get")).rejects.toMatchObject({
      code: "BIND_MISSING",
      details: { variables: ["ABSENT"] },
    });
  });
});

describe("an overlay that does not fit", () => {
  const misfits: readonly { readonly overlay: Overlay; readonly pointer: string; readonly says: string }[] = [
    { overlay: { operations: { gett: {} } }, pointer: "/operations/gett", says: 'did you mean "get"?' },
    {
      overlay: { operations: { "GET /item": {} } },
      pointer: "/operations/GET ~1item",
      says: 'did you mean "GET /items"',
    },
    {
      overlay: { baseUri: { shopp: "https://x.test" } },
      pointer: "/baseUri/shopp",
      says: 'consumes shop, billing, not "shopp"; did you mean "shop"?',
    },
    {
      overlay: { authentication: { shopp: "none" } },
      pointer: "/authentication/shopp",
      says: 'did you mean "shop"?',
    },
    {
      overlay: { inputs: { limitt: 5 } },
      pointer: "/inputs/limitt",
      says: 'No operation has an input "limitt"; did you mean "limit"?',
    },
    {
      overlay: { operations: { find: { inputs: { lim: 5 } } } },
      pointer: "/operations/find/inputs/lim",
      says: 'Operation "find" has no input "lim"; did you mean "limit"? (its inputs are q, limit, tags, X-Trace)',
    },
    {
      overlay: { operations: { find: { outputs: { rename: { resul: "r" } } } } },
      pointer: "/operations/find/outputs/rename/resul",
      says: 'has no output "resul"; did you mean "result"? (it has result, total)',
    },
    {
      overlay: { operations: { find: { outputs: { rename: { result: "total" } } } } },
      pointer: "/operations/find/outputs/rename/result",
      says: 'would have two outputs "total"',
    },
    {
      overlay: { operations: { find: { outputs: { add: { total: "$.n" } } } } },
      pointer: "/operations/find/outputs/add/total",
      says: 'would have two outputs "total"',
    },
    {
      overlay: { operations: { find: { aliases: ["get"] } } },
      pointer: "/operations/find/aliases/0",
      says: 'cannot have the alias "get": it names "get"',
    },
    {
      overlay: { operations: { find: { aliases: ["x"] }, get: { aliases: ["x"] } } },
      pointer: "/operations/get/aliases/0",
      says: 'cannot have the alias "x": it names "find"',
    },
    {
      overlay: { operations: { find: { pagination: { cursor: { input: "limt", from: "$.c" } } } } },
      pointer: "/operations/find/pagination",
      says: 'Operation "find" has no input "limt"; did you mean "limit"? (its inputs are q, limit, tags, X-Trace)',
    },
    {
      overlay: { operations: { find: { pagination: { cursor: { input: "body.c", from: "$.c" } } } } },
      pointer: "/operations/find/pagination",
      says: 'Operation "find" has no input "body.c"',
    },
    {
      overlay: { headers: { "X-A": "{{API_KEE}}" } },
      pointer: "/headers/X-A",
      says: 'headers.X-A refers to {{API_KEE}}: no bind declares it: add it to binds; did you mean "API_KEY"?',
    },
    {
      overlay: { inputs: { q: "{{nowhere.X}}" } },
      pointer: "/inputs/q",
      says: "refers to {{nowhere.X}}",
    },
  ];

  it.each(misfits)("is refused under a name: $pointer", async ({ overlay, pointer, says }) => {
    await expect(open(overlay)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(says),
      details: {
        diagnostics: [
          expect.objectContaining({
            severity: "error",
            rule: "overlay",
            pointer: `/capabilities/shop${pointer}`,
          }),
        ],
        omitted: 0,
      },
    });
  });

  it.each(misfits)("is a warning under a glob: $pointer", async ({ overlay, pointer, says }) => {
    const capability = await open(overlay, {}, "sh*");
    expect(capability.diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "warning",
        rule: "overlay",
        pointer: `/capabilities/sh*${pointer}`,
        message: expect.stringContaining(says),
      }),
    );
  });

  it.each<{ overlay: Overlay; says: string }>([
    { overlay: { baseUri: "ftp://x.test" }, says: 'has the scheme "ftp"' },
    { overlay: { baseUri: "x.test" }, says: "is not an absolute URL" },
    { overlay: { baseUri: "https://{{#x}}.test" }, says: "only {{name}} is known" },
    { overlay: { authentication: { type: "bearer" } }, says: 'its "token" is missing' },
    { overlay: { authentication: { type: "apikey", value: "x" } }, says: 'its "key" is missing' },
    { overlay: { headers: { Host: "x.test" } }, says: "headers.Host: only the transport may write" },
    { overlay: { headers: { "X-A": "{{#API_KEY}}" } }, says: "only {{name}} is known" },
    { overlay: { inputs: { body: { a: ["{{}}"] } } }, says: "inputs.body: a placeholder has no name" },
    {
      overlay: { operations: { find: { outputs: { add: { first: "$.a[" } } } } },
      says: 'the malformed JSONPath "$.a["',
    },
    {
      overlay: { operations: { find: { pagination: { items: "$.data" } as Pagination } } },
      says: "operations.find.pagination: Expected one of cursor, link, nextUrl, offset, page, found none of them",
    },
    {
      overlay: { operations: { find: { pagination: { link: "next", nextUrl: "$.next" } } } },
      says: "found link and nextUrl",
    },
    {
      overlay: { operations: { find: { pagination: { page: { input: "limit", pages: "$.[" } } } } },
      says: 'Malformed JSONPath "$.["',
    },
    {
      overlay: { operations: { find: { pagination: { items: "$.a[", link: "next" } } } },
      says: 'Malformed JSONPath "$.a["',
    },
  ])("is refused under a glob too where it could fit none: $says", async ({ overlay, says }) => {
    await expect(open(overlay, {}, "*")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(says),
    });
  });

  it("is refused with everything that does not fit", async () => {
    const failed = open({ inputs: { zzzz: 1 }, operations: { gett: {}, fnd: {} } });
    await expect(failed).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("(and 2 more)"),
      details: { diagnostics: { length: 3 } },
    });
  });

  it("does not concern a capability of another name", async () => {
    const capability = await open({ operations: { gett: {} } }, {}, "other");
    expect(capability.diagnostics.filter(({ rule }) => rule === "overlay")).toEqual([]);
  });

  it.each([
    { value: "five", says: 'input "limit" must be an integer, found "five"' },
    { value: [1], says: 'input "limit" must be an integer, found an array [1]' },
  ])("has a default of another type: $value", async ({ value, says }) => {
    const capability = await open({ ...base, inputs: { limit: value } });
    await expect(capability.prepare("find", { q: "a", "X-Trace": "t" })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(says),
    });
  });

  it("has a variable of another type for an input, whose value stays secret", async () => {
    const capability = await open({ ...base, inputs: { limit: "{{API_KEY}}" } });
    const error = await capability.prepare("find", { q: "a", "X-Trace": "t" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("must be an integer"),
    });
    expect(String((error as Error).message) + (error as Error).stack).not.toContain("key-1a2b");
  });

  it("has a variable that no header can hold", async () => {
    const capability = await open({ ...base, headers: { "X-A": "{{API_KEY}}" } }, { env: { KEY: "line\nbreak" } });
    await expect(capability.prepare("get", { id: 1 })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining('header "X-A" of an overlay holds the character U+000A'),
    });
  });
});

describe("a description", () => {
  it("has aliases, defaults, outputs, and where each value is set", async () => {
    const capability = await open({
      ...base,
      authentication: { shop: { type: "bearer", token: "{{API_KEY}}" } },
      inputs: { limit: 5 },
      headers: { "X-A": "{{API_KEY}}" },
      timeoutMs: 100,
      idempotencyKey: true,
      circuitBreaker: { openMs: 5 },
      operations: {
        find: {
          aliases: ["f"],
          retries: 2,
          cache: false,
          pagination: { link: "next" },
          outputs: { rename: { result: "items" }, add: { first: "$.a[0]" } },
        },
      },
    });
    const described = capability.operation("f");
    expect(described).toMatchObject({
      reference: "find",
      aliases: ["f"],
      outputs: [
        { name: "items", value: "$" },
        { name: "total", value: "$.total" },
        { name: "first", value: "$.a[0]" },
      ],
    });
    expect(described.inputs.find(({ name }) => name === "limit")).toMatchObject({
      required: false,
      default: 5,
    });
    expect(described.overlay).toEqual([
      { setting: "baseUri.shop", value: "https://api.test", capability: "shop" },
      { setting: "authentication.shop", capability: "shop" },
      { setting: "headers.X-A", value: "{{API_KEY}}", capability: "shop" },
      { setting: "inputs.limit", value: 5, capability: "shop" },
      { setting: "timeoutMs", value: 100, capability: "shop" },
      { setting: "operations.find.retries", value: 2, capability: "shop" },
      { setting: "idempotencyKey", value: true, capability: "shop" },
      { setting: "operations.find.cache", value: false, capability: "shop" },
      { setting: "circuitBreaker", value: { openMs: 5 }, capability: "shop" },
      { setting: "operations.find.pagination", value: { link: "next" }, capability: "shop" },
      { setting: "operations.find.outputs.rename.result", value: "items", capability: "shop" },
      { setting: "operations.find.outputs.add.first", value: "first", capability: "shop" },
      { setting: "operations.find.aliases", value: "f", capability: "shop" },
    ]);
    expect(capability.operation("bill").overlay?.map(({ setting }) => setting)).toEqual([
      "headers.X-A",
      "timeoutMs",
      "idempotencyKey",
      "circuitBreaker",
    ]);
  });

  it("has none of it without an overlay", async () => {
    const capability = await openCapability(document, { env });
    const described = capability.operation("find");
    expect(Object.keys(described)).not.toContain("overlay");
    expect(Object.keys(described)).not.toContain("aliases");
  });
});
