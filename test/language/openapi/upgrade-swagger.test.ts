import { expect, it } from "vitest";
import type { Description } from "../../../src/language/openapi/description.ts";
import { readDescription } from "../../../src/language/openapi/read-description.ts";

/** Reads a description of Swagger 2.0 from its members. */
function read(members: object, location = "/specs/api.json"): Promise<Description> {
  const text = JSON.stringify({ swagger: "2.0", info: { title: "Shop" }, ...members });
  return readDescription(location, async () => ({ text, location }));
}

const operation = (parts: object, others: object = {}) => ({ paths: { "/a": { post: parts } }, ...others });

async function operationOf(parts: object, others: object = {}): Promise<unknown> {
  const description = await read(operation(parts, others));
  return description.member(description.root, "paths", "/a", "post")?.value;
}

it.each([
  {
    members: { host: "a.example", basePath: "/v1", schemes: ["http", "https"] },
    urls: ["https://a.example/v1", "http://a.example/v1"],
  },
  { members: { host: "a.example", basePath: "v1" }, urls: ["https://a.example/v1"] },
  { members: { host: "http://a.example/", schemes: ["https"] }, urls: ["https://a.example"] },
  { members: { basePath: "/v1" }, urls: ["/v1"] },
  { members: {}, urls: ["/"] },
  { members: { host: "a.example", schemes: ["wss"] }, urls: ["https://a.example"] },
  { members: { host: "a.example" }, location: "http://b.example/api.json", urls: ["http://a.example"] },
])("makes servers of $members", async ({ members, location, urls }) => {
  const { root } = await read({ paths: { "/a": {} }, ...members }, location);
  expect(root.value).toMatchObject({ servers: urls.map(url => ({ url })) });
});

it.each([
  {
    of: "a query parameter",
    parameter: { in: "query", type: "integer", minimum: 1, "x-a": 1 },
    becomes: { in: "query", "x-a": 1, schema: { type: "integer", minimum: 1 } },
  },
  {
    of: "a location in capitals",
    parameter: { in: "Query", type: "string" },
    becomes: { in: "query", schema: { type: "string" } },
  },
  {
    of: "a list",
    parameter: { in: "query", type: "array", items: { type: "string" } },
    becomes: { in: "query", style: "form", explode: false, schema: { type: "array", items: { type: "string" } } },
  },
  {
    of: "multi",
    parameter: { in: "query", type: "array", collectionFormat: "multi" },
    becomes: { in: "query", style: "form", explode: true, schema: { type: "array" } },
  },
  {
    of: "pipes",
    parameter: { in: "query", type: "array", collectionFormat: "pipes" },
    becomes: { in: "query", style: "pipeDelimited", explode: false, schema: { type: "array" } },
  },
  {
    of: "ssv",
    parameter: { in: "query", type: "array", collectionFormat: "ssv" },
    becomes: { in: "query", style: "spaceDelimited", explode: false, schema: { type: "array" } },
  },
  {
    of: "a list in the path",
    parameter: { in: "path", type: "array", required: true },
    becomes: { in: "path", required: true, schema: { type: "array" } },
  },
  {
    of: "a schema of OpenAPI 3",
    parameter: { in: "query", schema: { type: "string" } },
    becomes: { in: "query", schema: { type: "string" } },
  },
  { of: "no location", parameter: { type: "string" }, becomes: { schema: { type: "string" } } },
])("reads $of", async ({ parameter, becomes }) => {
  const found = await operationOf({ parameters: [{ name: "p", ...parameter }] });
  expect(found).toMatchObject({ parameters: [{ name: "p", ...becomes }] });
});

it.each([
  {
    of: "a body",
    parts: {
      parameters: [{ in: "body", name: "b", required: true, description: "d", schema: { $ref: "#/definitions/A" } }],
    },
    becomes: {
      required: true,
      description: "d",
      content: { "application/json": { schema: { $ref: "#/definitions/A" } } },
    },
  },
  {
    of: "a body of several types",
    parts: { consumes: ["text/xml", "application/json"], parameters: [{ in: "body", name: "b", schema: {} }] },
    becomes: { content: { "text/xml": { schema: {} }, "application/json": { schema: {} } } },
  },
  {
    of: "a body without a schema",
    parts: { parameters: [{ in: "body", name: "b" }] },
    becomes: { content: { "application/json": {} } },
  },
  {
    of: "a form",
    parts: {
      parameters: [
        { in: "formData", name: "a", type: "string", required: true },
        { in: "formData", name: "b", type: "array", collectionFormat: "multi" },
      ],
    },
    becomes: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: { type: "object", properties: { a: { type: "string" }, b: { type: "array" } }, required: ["a"] },
          encoding: { b: { style: "form", explode: true } },
        },
      },
    },
  },
  {
    of: "a form with a file",
    parts: {
      consumes: ["application/x-www-form-urlencoded"],
      parameters: [{ in: "formData", name: "f", type: "file" }],
    },
    becomes: {
      content: {
        "multipart/form-data": { schema: { type: "object", properties: { f: { type: "string", format: "binary" } } } },
      },
    },
  },
])("reads $of", async ({ parts, becomes }) => {
  expect(await operationOf(parts)).toEqual(expect.objectContaining({ requestBody: becomes }));
});

it("takes the body of the path, unless the operation has one", async () => {
  const shared = [
    { in: "body", name: "all", schema: { type: "string" } },
    { in: "query", name: "q", type: "string" },
  ];
  const description = await read({
    paths: {
      "/a": {
        parameters: shared,
        post: {},
        put: { parameters: [{ in: "body", name: "b", schema: { type: "number" } }] },
      },
    },
  });
  const item = description.member(description.root, "paths", "/a")?.value;
  const body = (type: string) => ({ requestBody: { content: { "application/json": { schema: { type } } } } });
  expect(item).toMatchObject({ parameters: [{ name: "q" }], post: body("string"), put: body("number") });
});

it("follows references to parameters and responses", async () => {
  const found = await operationOf(
    {
      parameters: [{ $ref: "#/parameters/P" }, { $ref: "#/parameters/B" }],
      responses: { 200: { $ref: "#/responses/R" } },
    },
    {
      produces: ["text/csv"],
      parameters: {
        P: { name: "p", in: "header", type: "string" },
        B: { name: "b", in: "body", schema: { type: "object" } },
      },
      responses: { R: { description: "r", schema: { type: "string" } } },
    },
  );
  expect(found).toMatchObject({
    parameters: [{ name: "p", in: "header" }],
    requestBody: { content: { "application/json": { schema: { type: "object" } } } },
    responses: { 200: { description: "r", content: { "text/csv": { schema: { type: "string" } } } } },
  });
});

it.each([
  {
    response: { schema: { type: "string" } },
    produces: undefined,
    content: { "application/json": { schema: { type: "string" } } },
  },
  {
    response: { schema: { type: "file" } },
    produces: undefined,
    content: { "application/octet-stream": { schema: { type: "file" } } },
  },
  { response: {}, produces: ["text/csv"], content: { "text/csv": {} } },
  { response: {}, produces: undefined, content: undefined },
])("reads the answer $response", async ({ response, produces, content }) => {
  const found = await operationOf({ produces, responses: { 200: response } });
  expect(found).toMatchObject({ responses: { 200: content === undefined ? response : { content } } });
});

it.each([
  { definition: { type: "basic" }, scheme: { type: "http", scheme: "basic" } },
  { definition: { type: "apiKey", name: "k", in: "query" }, scheme: { type: "apiKey", name: "k", in: "query" } },
  {
    definition: { type: "oauth2", flow: "application", tokenUrl: "t", scopes: { a: "b" } },
    scheme: { type: "oauth2", flows: { clientCredentials: { tokenUrl: "t", scopes: { a: "b" } } } },
  },
  {
    definition: { type: "oauth2", flow: "accessCode", authorizationUrl: "u", tokenUrl: "t" },
    scheme: { type: "oauth2", flows: { authorizationCode: { authorizationUrl: "u", tokenUrl: "t", scopes: {} } } },
  },
  {
    definition: { type: "oauth2", flow: "implicit", authorizationUrl: "u" },
    scheme: { type: "oauth2", flows: { implicit: { authorizationUrl: "u", scopes: {} } } },
  },
  {
    definition: { type: "oauth2", flow: "password", tokenUrl: "t" },
    scheme: { type: "oauth2", flows: { password: { tokenUrl: "t", scopes: {} } } },
  },
])("reads the security definition $definition", async ({ definition, scheme }) => {
  const description = await read({ paths: { "/a": {} }, securityDefinitions: { s: definition } });
  expect(description.member(description.root, "components", "securitySchemes", "s")?.value).toEqual(scheme);
});

it.each([
  {
    of: "tabs",
    parameters: [{ name: "p", in: "query", type: "array", collectionFormat: "tsv" }],
    place: "/paths/~1a/post/parameters/0",
    message: 'not as "tsv"',
  },
  {
    of: "spaces in a path",
    parameters: [{ name: "p", in: "path", type: "array", collectionFormat: "ssv" }],
    place: "/paths/~1a/post/parameters/0",
    message: 'not as "ssv"',
  },
  {
    of: "lists of lists",
    parameters: [{ name: "p", in: "query", type: "array", items: { collectionFormat: "pipes" } }],
    place: "/paths/~1a/post/parameters/0",
    message: 'not written as "pipes"',
  },
  {
    of: "a second body",
    parameters: [
      { name: "a", in: "body" },
      { name: "b", in: "body" },
    ],
    place: "/paths/~1a/post/parameters/1",
    message: "has a body already",
  },
  {
    of: "a form beside a body",
    parameters: [
      { name: "a", in: "body" },
      { name: "f", in: "formData" },
    ],
    place: "/paths/~1a/post/parameters/1",
    message: "has a body already",
  },
  {
    of: "a field without a name",
    parameters: [{ in: "formData" }],
    place: "/paths/~1a/post/parameters/0",
    message: "it has no name",
  },
  {
    of: "a missing parameter",
    parameters: [{ $ref: "#/parameters/none" }],
    place: "/paths/~1a/post/parameters/0",
    message: "Cannot follow",
  },
])("reports $of at its place", async ({ parameters, place, message }) => {
  const { findings } = await read(operation({ parameters }));
  expect(findings.map(({ node, message }) => [node.pointer, message])).toEqual([
    [place, expect.stringContaining(message)],
  ]);
});

it("gives schemas the places that they have in the file", async () => {
  const description = await read(
    operation({
      parameters: [{ in: "body", name: "b", schema: { properties: { x: { $ref: "#/definitions/A" } } } }],
      responses: { 200: { schema: { items: {} } } },
    }),
  );
  const find = (...names: string[]) => description.member(description.root, "paths", "/a", "post", ...names)?.pointer;
  expect(find("requestBody", "content", "application/json", "schema", "properties", "x")).toBe(
    "/paths/~1a/post/parameters/0/schema/properties/x",
  );
  expect(find("responses", "200", "content", "application/json", "schema", "items")).toBe(
    "/paths/~1a/post/responses/200/schema/items",
  );
});
