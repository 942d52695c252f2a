import { describe, expect, it } from "vitest";
import type { InputDescription } from "../../../src/language/model/describe-operation.ts";
import { openText, operationText } from "../../support/open-text.ts";

/** An input as `key: place type`, with `!` where it is required. */
type Shape = string;

const inputs: readonly { what: string; text: string; operation?: string; shapes: readonly Shape[] }[] = [
  {
    what: "declared inputs in the order of the file",
    text: operationText(`inputParameters:
- { name: b, in: query, type: integer }
- { name: a, in: header, type: string, required: true }
- { name: c, in: cookie, type: boolean }
- { name: d, in: body, type: object, required: true }
- { name: e, in: query }`),
    shapes: ["b: query integer", "a: header string!", "c: cookie boolean", "d: body object!", "e: query any"],
  },
  {
    what: "parameters with a value are no inputs",
    text: operationText(`inputParameters:
- { name: a, in: query, value: x }
- { name: b, in: query, template: x }
- { name: c, in: query, value: null }
- { name: d, in: header, value: "{{TOKEN}}" }
- { name: e, in: query, value: 0 }
- { name: f, in: query, value: "" }`),
    shapes: ["c: query any"],
  },
  {
    what: "path placeholders of both kinds, declared or implied, last",
    text: operationText(
      `inputParameters:
- { name: q, in: query }
- { name: a, in: path, type: integer }`,
      { path: "/{a}/{{b}}/{c.d}/{a}" },
    ),
    shapes: ["q: query any", "a: path integer!", "b: path string!", "c.d: path string!"],
  },
  {
    what: "a path parameter is required whatever the file says",
    text: operationText("inputParameters: [{ name: a, in: path, required: false }]", { path: "/{a}" }),
    shapes: ["a: path any!"],
  },
  {
    what: "placeholders of a query in the path",
    text: operationText("inputParameters: [{ name: a, in: query, type: integer }]", {
      path: "/x?a={a}&b={b}&c=1",
    }),
    shapes: ["a: query integer", "b: path string!"],
  },
  {
    what: "placeholders of a fragment are nobody's",
    text: operationText("", { path: "/x#{a}" }),
    shapes: [],
  },
  {
    what: "placeholders that are binds are no inputs",
    text: operationText("", { path: "/{{TOKEN}}/{env.USER}/{x}", baseUri: "https://{{PASSWORD}}.test" }),
    shapes: ["x: path string!"],
  },
  {
    what: "base URI placeholders last",
    text: operationText("inputParameters: [{ name: q, in: query }]", {
      path: "/{id}",
      baseUri: "https://{region}.api.test/v{version}/{{region}}",
    }),
    shapes: ["q: query any", "id: path string!", "region: baseUri string!", "version: baseUri string!"],
  },
  {
    what: "a base URI placeholder that a parameter declares",
    text: operationText("inputParameters: [{ name: region, in: query, type: string }]", {
      baseUri: "https://{region}.api.test",
    }),
    shapes: ["region: query string!"],
  },
  {
    what: "names that templates need",
    text: operationText(
      `inputParameters:
- { name: q, in: query, value: "{{term}} {{owner.name}} {{owner.age}}" }
- { name: a.b, in: header }
- { name: h, in: header, value: "{{a.b}}" }
body: '{ "x": {{x}}, "q": "{{limit}}" }'`,
      { method: "POST" },
    ),
    shapes: ["term: template any", "owner: template any", "a.b: header any", "x: template any", "limit: template any"],
  },
  {
    what: "a template and a path placeholder of one name are one input",
    text: operationText('inputParameters: [{ name: h, in: header, value: "x-{{id}}" }]', { path: "/{id}" }),
    shapes: ["id: path string!"],
  },
  {
    what: "a name that two locations share",
    text: operationText(
      `inputParameters:
- { name: id, in: query, required: true }
- { name: id, in: header }
- { name: other, in: query }`,
    ),
    shapes: ["query:id: query any!", "header:id: header any", "other: query any"],
  },
  {
    what: "a name that an undeclared placeholder shares",
    text: operationText("inputParameters: [{ name: id, in: query }]", { path: "/{id}" }),
    shapes: ["query:id: query any", "path:id: path string!"],
  },
  {
    what: "a name that is shared with a constant only is nobody else's",
    text: operationText(
      `inputParameters:
- { name: id, in: query }
- { name: id, in: header, value: x }`,
    ),
    shapes: ["id: query any"],
  },
  {
    what: "three levels, the nearest of which counts",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test
  inputParameters:
  - { name: X-Version, in: header, type: string, required: true }
  - { name: lang, in: query, type: string }
  - { name: lang, in: header, type: string }
  resources:
  - name: r
    path: /
    inputParameters:
    - { name: x-version, in: header, type: integer, required: true }
    - { name: LANG, in: query, type: string }
    operations:
    - name: op
      method: GET
      inputParameters:
      - { name: X-VERSION, in: header, type: boolean }
      - { name: lang, in: query, type: array }
    - { name: other, method: POST }`,
    shapes: [
      "X-VERSION: header boolean",
      "query:lang: query array",
      "header:lang: header string",
      "LANG: query string",
    ],
  },
  {
    what: "the levels above, where the operation says nothing",
    operation: "other",
    text: `
- type: http
  namespace: api
  baseUri: https://api.test
  inputParameters: [{ name: X-Version, in: header, type: string, required: true }]
  resources:
  - name: r
    path: /
    inputParameters: [{ name: x-version, in: header, type: integer }]
    operations:
    - { name: op, method: GET, inputParameters: [{ name: X-VERSION, in: header, type: boolean }] }
    - { name: other, method: POST }`,
    shapes: ["x-version: header integer"],
  },
  {
    what: "the header of the credential need not be given",
    text: operationText(`inputParameters:
- { name: Authorization, in: header, required: true }
- { name: token, in: header, required: true }`).replace(
      "  resources:",
      '  authentication: { type: bearer, token: "{{TOKEN}}" }\n  resources:',
    ),
    shapes: ["Authorization: header any", "token: header any!"],
  },
  {
    what: "nor the query parameter of the credential",
    text: operationText(`inputParameters:
- { name: key, in: query, required: true }
- { name: KEY, in: query, required: true }`).replace(
      "  resources:",
      '  authentication: { type: apikey, key: key, value: "{{TOKEN}}", placement: query }\n  resources:',
    ),
    shapes: ["key: query any", "KEY: query any!"],
  },
  {
    what: "headers that only the transport writes are not needed",
    text: operationText("inputParameters: [{ name: Host, in: header, required: true }]"),
    shapes: ["Host: header any"],
  },
  {
    what: "what is in the environment is no input",
    text: operationText("inputParameters: [{ name: TOKEN, in: environment }]"),
    shapes: [],
  },
  {
    what: "names from prototypes",
    text: operationText(
      `inputParameters:
- { name: constructor, in: query }
- { name: toString, in: header }`,
      { path: "/{__proto__}" },
    ),
    shapes: ["constructor: query any", "toString: header any", "__proto__: path string!"],
  },
];

const two = (one: string, other: string) => `
- { type: http, namespace: a, baseUri: "https://a.test", resources: [${one}] }
- { type: http, namespace: b, baseUri: "https://b.test", resources: [${other}] }`;

const resource = (name: string, path: string, ...operations: string[]) =>
  `{ name: ${name}, path: "${path}", operations: [${operations
    .map(operation => {
      const [method = "", operationName = ""] = operation.split(" ");
      return `{ name: ${operationName}, method: ${method} }`;
    })
    .join(", ")}] }`;

const references: readonly { what: string; text: string; shortest: readonly string[] }[] = [
  {
    what: "the name alone",
    text: two(resource("r", "/r", "GET one"), resource("s", "/s", "GET two", "POST three")),
    shortest: ["one", "two", "three"],
  },
  {
    what: "the resource where two share a name",
    text: two(resource("r", "/r", "GET get"), resource("s", "/s", "GET get")),
    shortest: ["r.get", "s.get"],
  },
  {
    what: "the namespace where the resources are called the same",
    text: two(resource("r", "/r", "GET get"), resource("r", "/r", "GET get")),
    shortest: ["a.get", "b.get"],
  },
  {
    what: "namespace, resource and name",
    text: two(
      `${resource("r", "/r", "GET get")}, ${resource("s", "/s", "GET get")}`,
      `${resource("r", "/r", "GET get")}, ${resource("s", "/s", "GET get")}`,
    ),
    shortest: ["a.r.get", "a.s.get", "b.r.get", "b.s.get"],
  },
  {
    what: "method and path where names do not tell",
    text: two(
      `${resource("r", "/1", "GET get")}, ${resource("r", "/2", "GET get", "POST get")}`,
      resource("s", "/1", "PUT put"),
    ),
    shortest: ["GET /1", "GET /2", "POST /2", "put"],
  },
  {
    what: "fragments, which tell actions of one path apart",
    text: two(`${resource("r", "/#A", "POST act")}, ${resource("r", "/#B", "POST act")}`, resource("s", "/", "GET x")),
    shortest: ["POST /#A", "POST /#B", "x"],
  },
  {
    what: "the namespace in front of method and path",
    text: two(
      `${resource("r", "/", "GET get")}, ${resource("r", "/x", "GET get")}`,
      `${resource("r", "/", "GET get")}, ${resource("r", "/x", "GET get")}`,
    ),
    shortest: ["a GET /", "a GET /x", "b GET /", "b GET /x"],
  },
  {
    what: "a number where nothing else is left",
    text: two(`${resource("r", "/", "GET get")}, ${resource("r", "/", "GET get")}`, resource("s", "/", "PUT x")),
    shortest: ["a GET / #0", "a GET / #1", "x"],
  },
  {
    what: "a name that another operation's reference looks like",
    text: two(`${resource("r", "/r", "GET get")}, ${resource("x", "/x", "GET r.get")}`, resource("s", "/s", "GET get")),
    shortest: ["a.get", "x.r.get", "s.get"],
  },
];

describe("inputs of an operation", () => {
  it.each(inputs)("$what", async ({ text, operation = "op", shapes }) => {
    const capability = await openText(text);
    expect(capability.operation(operation).inputs.map(shape)).toEqual(shapes);
  });

  it("have their descriptions", async () => {
    const text = operationText("inputParameters: [{ name: a, in: query, description: What it is }]");
    const { inputs } = (await openText(text)).operation("op");
    expect(inputs).toEqual([{ name: "a", in: "query", type: "any", required: false, description: "What it is" }]);
  });
});

describe("references to operations", () => {
  it.each(references)("are $what", async ({ text, shortest }) => {
    const capability = await openText(text);
    expect([...capability.operations.keys()]).toEqual(shortest);
    for (const [reference, description] of capability.operations) {
      expect(capability.operation(reference)).toEqual(description);
    }
  });

  it("may be longer than they must", async () => {
    const capability = await openText(two(resource("r", "/p/{x}", "GET get"), resource("s", "/s", "GET other")));
    for (const reference of ["get", "r.get", "a.get", "a.r.get", "GET /p/{x}", "get /p/{x}", "a GET /p/{x}"]) {
      expect(capability.operation(reference).path).toBe("/p/{x}");
    }
  });

  it.each([
    { reference: "get", candidates: ["r.get", "s.get"] },
    { reference: "GET /r", candidates: ["a GET /r", "b GET /r"] },
  ])("are ambiguous as $reference", async ({ reference, candidates }) => {
    const text =
      reference === "get"
        ? two(resource("r", "/r", "GET get"), resource("s", "/s", "GET get"))
        : two(
            `${resource("r", "/r", "GET get")}, ${resource("r", "/q", "GET get")}`,
            `${resource("r", "/r", "GET get")}, ${resource("r", "/q", "GET get")}`,
          );
    const capability = await openText(text);
    expect(() => capability.operation(reference)).toThrow(
      expect.objectContaining({
        code: "OPERATION_AMBIGUOUS",
        details: { operation: reference, candidates },
        message: expect.stringContaining(candidates.map(candidate => JSON.stringify(candidate)).join(", ")),
      }),
    );
  });

  it.each([
    { reference: "getApiKy", suggestions: ["getApiKey", "getApiKeys"] },
    { reference: "GET /api_key", suggestions: ["GET /api_keys", "GET /api_keys/{id}"] },
    { reference: "nothing like it", suggestions: [] },
    { reference: "", suggestions: [] },
    { reference: "constructor", suggestions: [] },
    { reference: "__proto__", suggestions: [] },
  ])("name the nearest for $reference", async ({ reference, suggestions }) => {
    const text = two(
      `${resource("r", "/api_keys", "GET getApiKeys")}, ${resource("r", "/api_keys/{id}", "GET getApiKey")}`,
      resource("s", "/s", "GET other"),
    );
    const capability = await openText(text);
    expect(() => capability.operation(reference)).toThrow(
      expect.objectContaining({
        code: "OPERATION_NOT_FOUND",
        details: { operation: reference, suggestions, operations: 3 },
      }),
    );
  });
});

describe("a description of an operation", () => {
  it("says what a caller needs", async () => {
    const text = operationText(
      `label: The operation
description: What it does
outputRawFormat: JSON
inputParameters: [{ name: q, in: query, type: string }]
outputParameters:
- { name: all, type: object, value: $. }
- { name: ids, type: array, mapping: "items[*].id" }`,
      { method: "POST", path: "/a#b" },
    );
    expect((await openText(text)).operation("op")).toEqual({
      reference: "op",
      name: "op",
      namespace: "api",
      resource: "r",
      method: "POST",
      path: "/a#b",
      label: "The operation",
      description: "What it does",
      inputs: [{ name: "q", in: "query", type: "string", required: false }],
      outputs: [
        { name: "all", type: "object", value: "$" },
        { name: "ids", type: "array", value: "$.items[*].id" },
      ],
      outputRawFormat: "json",
    });
  });
});

function shape({ name, in: place, type, required }: InputDescription): Shape {
  return `${name}: ${place} ${type}${required ? "!" : ""}`;
}
