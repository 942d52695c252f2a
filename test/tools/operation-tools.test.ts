import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectOf } from "../../src/base/json-object.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { operationText } from "../support/open-text.ts";
import { openTools, QUIET_CONTEXT, textOf } from "../support/tool-answers.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

/** Inputs, and the schema that an agent sees of them. */
const SCHEMAS: readonly { readonly what: string; readonly inputs: string; readonly schema: object }[] = [
  {
    what: "types, descriptions and what is required",
    inputs: `
      - { name: id, in: query, type: string, required: true, description: Which one }
      - { name: limit, in: query, type: integer }`,
    schema: {
      properties: { id: { type: "string", description: "Which one" }, limit: { type: "integer" } },
      required: ["id"],
    },
  },
  {
    what: "bounds, formats, defaults and enums",
    inputs: `
      - { name: size, in: query, type: integer, minimum: 1, maximum: 100, default: 20 }
      - { name: since, in: query, type: string, format: date-time }
      - { name: state, in: query, type: string, enum: [open, closed] }`,
    schema: {
      properties: {
        size: { type: "integer", minimum: 1, maximum: 100, default: 20 },
        since: { type: "string", format: "date-time" },
        state: { type: "string", enum: ["open", "closed"] },
      },
    },
  },
  {
    what: "lists, which always have items",
    inputs: `
      - { name: tags, in: query, type: array }
      - { name: ids, in: query, type: array, items: { type: integer } }
      - { name: body, in: body, type: object, x-schema: { type: object, properties: { rows: { type: array } } } }`,
    schema: {
      properties: {
        tags: { type: "array", items: {} },
        ids: { type: "array", items: { type: "integer" } },
        body: { type: "object", properties: { rows: { type: "array", items: {} } } },
      },
    },
  },
  {
    what: "no keyword that other programs do not know",
    inputs: `
      - name: body
        in: body
        type: object
        x-schema:
          type: object
          example: { a: 1 }
          xml: { name: x }
          properties:
            a: { type: string, nullable: true, format: unix-stamp, pattern: "(" }
            b: { $ref: "#/elsewhere/b" }`,
    schema: {
      properties: { body: { type: "object", properties: { a: { type: ["string", "null"] }, b: {} } } },
    },
  },
  {
    what: "no invisible character of a file",
    inputs: `
      - { name: q, in: query, type: string, description: "Words\\u202e\\U000e0041\\u200b to find\\u0007" }`,
    schema: { properties: { q: { type: "string", description: "Words to find" } } },
  },
  {
    what: "names that models accept",
    inputs: `
      - { name: "page[size]", in: query, type: integer }
      - { name: $top, in: query, type: integer, description: How many }
      - { name: action.type, in: query, type: string }`,
    schema: {
      properties: {
        page_size: { type: "integer", description: '("page[size]" of the API)' },
        top: { type: "integer", description: 'How many ("$top" of the API)' },
        "action.type": { type: "string" },
      },
    },
  },
  {
    what: "no input to which the file gives a value",
    inputs: `
      - { name: version, in: header, value: "2" }
      - { name: q, in: query, type: string }`,
    schema: { properties: { q: { type: "string" } } },
  },
];

describe("toolsOfOperations() lists inputs", () => {
  test.each(SCHEMAS)("$what", async ({ inputs, schema }) => {
    const [tool] = await openTools(operationText(`inputParameters:${inputs.replaceAll("\n      ", "\n")}`));
    const { select, fields, cursor, ...properties } = objectOf(tool?.inputSchema["properties"]);
    expect({ ...tool?.inputSchema, properties }).toEqual({ type: "object", ...schema, additionalProperties: false });
    expect([select, fields, cursor]).not.toContain(undefined);
    new Ajv2020({ strict: true, validateFormats: false }).compile(tool?.inputSchema ?? {});
  });

  test("placeholders of the path that nothing declares are required", async () => {
    const [tool] = await openTools(operationText("", { path: "/users/{id}" }));
    expect(tool?.inputSchema).toMatchObject({ properties: { id: { type: "string" } }, required: ["id"] });
  });

  test("a schema that refers to itself stays whole", async () => {
    const [tool] = await openTools(`
- type: http
  namespace: api
  baseUri: https://api.test
  x-schemas:
    Node: { type: object, properties: { name: { type: string }, next: { $ref: "#/$defs/Node" } } }
  resources:
  - name: r
    path: /
    operations:
    - name: op
      method: POST
      inputParameters:
      - { name: body, in: body, type: object, x-schema: { $ref: "#/$defs/Node" } }
      - { name: other, in: query, type: object, x-schema: { $ref: "#/$defs/Node" } }
`);
    const validate = new Ajv2020({ strict: true }).compile(tool?.inputSchema ?? {});
    expect(Object.keys(tool?.inputSchema["$defs"] as object)).toEqual(["Node"]);
    expect(validate({ body: { name: "a", next: { next: { name: "b" } } } })).toBe(true);
    expect(validate({ body: { name: "a", next: { next: { name: 1 } } } })).toBe(false);
  });

  test("a schema that is too long is cut where it is deep", async () => {
    const wide = Array.from({ length: 200 }, (_, at) => `m${at}: { type: object, properties: { ${deep(6)} } }`);
    const [tool] = await openTools(
      operationText(`inputParameters:
- { name: body, in: body, type: object, x-schema: { type: object, properties: { ${wide.join(", ")} } } }`),
    );
    expect(JSON.stringify(tool?.inputSchema).length).toBeLessThan(24_000);
    expect(tool?.inputSchema).toMatchObject({ properties: { body: { properties: { m199: { type: "object" } } } } });
  });
});

function deep(levels: number): string {
  return levels === 0 ? "end: { type: string }" : `inner: { type: object, properties: { ${deep(levels - 1)} } }`;
}

describe("toolsOfOperations() gives hints", () => {
  test.each([
    { method: "GET", annotations: { readOnlyHint: true } },
    { method: "HEAD", annotations: { readOnlyHint: true } },
    { method: "POST", annotations: { readOnlyHint: false } },
    { method: "PUT", annotations: { readOnlyHint: false, idempotentHint: true } },
    { method: "PATCH", annotations: { readOnlyHint: false } },
    { method: "DELETE", annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true } },
  ])("$method", async ({ method, annotations }) => {
    const [tool] = await openTools(operationText("", { method }));
    expect(tool?.annotations).toEqual(annotations);
  });
});

test("toolsOfOperations() describes what is done, and by which request", async () => {
  const [tool] = await openTools(operationText("description: List all users", { path: "/users" }));
  expect(tool).toMatchObject({ name: "op", description: "List all users. GET /users" });
});

/** Answers of an API, and those that an agent gets of them. */
const ANSWERS: readonly {
  readonly what: string;
  readonly more?: string;
  readonly method?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly answer: object;
}[] = [
  {
    what: "JSON as it is, with the digits of its numbers",
    body: '{"id":12345678901234567890}',
    answer: { content: [{ type: "text", text: '{"id":12345678901234567890}' }], structured: undefined, isError: false },
  },
  {
    what: "outputs by name, also as structured content",
    more: "outputParameters: [ { name: who, type: string, value: $.user.name }, { name: none, type: string, value: $.x } ]",
    body: '{"user":{"name":"Ada"}}',
    answer: {
      content: [{ type: "text", text: '{"who":"Ada","none":null}' }],
      structured: '{"who":"Ada","none":null}',
      isError: false,
    },
  },
  {
    what: "text as it is",
    more: "outputRawFormat: text",
    headers: { "content-type": "text/plain" },
    body: "hello",
    answer: { content: [{ type: "text", text: "hello" }], isError: false },
  },
  {
    what: "an image as an image",
    more: "outputRawFormat: binary",
    headers: { "content-type": "image/png" },
    body: Buffer.from([1, 2, 3]),
    answer: { content: [{ type: "image", data: "AQID", mimeType: "image/png" }], isError: false },
  },
  {
    what: "a sound as a sound",
    more: "outputRawFormat: binary",
    headers: { "content-type": "audio/mpeg" },
    body: Buffer.from([1, 2, 3]),
    answer: { content: [{ type: "audio", data: "AQID", mimeType: "audio/mpeg" }], isError: false },
  },
  {
    what: "a file by its type and size",
    more: "outputRawFormat: binary",
    headers: { "content-type": "application/pdf" },
    body: Buffer.from([1, 2, 3]),
    answer: {
      content: [{ type: "text", text: expect.stringContaining("a file of type application/pdf and 3 bytes") }],
      isError: false,
    },
  },
  {
    what: "bytes that are text as text",
    more: "outputRawFormat: binary",
    headers: { "content-type": "text/csv" },
    body: "a,b\n1,2",
    answer: { content: [{ type: "text", text: "a,b\n1,2" }], isError: false },
  },
  {
    what: "nothing as done",
    method: "POST",
    status: 204,
    body: "",
    answer: {
      content: [{ type: "text", text: "Done: the API answered 204, and sent nothing with it" }],
      isError: false,
    },
  },
  {
    what: "the head of an answer to HEAD",
    method: "HEAD",
    headers: { "x-total": "7" },
    body: "",
    answer: { content: [{ type: "text", text: expect.stringContaining('"x-total":"7"') }], isError: false },
  },
  {
    what: "the events of a stream",
    headers: { "content-type": "text/event-stream" },
    body: 'data: {"a":1}\n\ndata: {"a":2}\n\n',
    answer: { content: [{ type: "text", text: '[{"a":1},{"a":2}]' }], isError: false },
  },
  {
    what: "the lines of a stream, by their outputs",
    more: "outputParameters: [ { name: a, type: number, value: $.a } ]",
    headers: { "content-type": "application/x-ndjson" },
    body: '{"a":1}\n{"a":2}\n',
    answer: { structured: '{"items":[{"a":1},{"a":2}]}', isError: false },
  },
  {
    what: "an error with its status and its body",
    status: 422,
    body: '{"message":"no such owner"}',
    answer: {
      content: [{ type: "text", text: expect.stringMatching(/HTTP 422 .*\n\{"message":"no such owner"\}/) }],
      structured: undefined,
      isError: true,
    },
  },
  {
    what: "an error of text",
    status: 503,
    headers: { "content-type": "text/plain", "retry-after": "7" },
    body: "down",
    answer: { isError: true },
  },
  {
    what: "an image that the file says is JSON",
    more: "outputParameters: [ { name: result, type: object, value: $. } ]",
    headers: { "content-type": "image/png" },
    body: Buffer.from([1, 2, 3]),
    answer: {
      content: [{ type: "image", data: "AQID", mimeType: "image/png" }],
      structured: '{"result":null}',
      isError: false,
    },
  },
  {
    what: "a table that the file says is JSON",
    headers: { "content-type": "text/csv" },
    body: "a,b\n1,2",
    answer: { content: [{ type: "text", text: "a,b\n1,2" }], isError: false },
  },
  {
    what: "a page that asks for a login",
    headers: { "content-type": "text/html; charset=utf-8" },
    body: "<html>",
    answer: { content: [{ type: "text", text: expect.stringContaining("Cannot decode") }], isError: true },
  },
  {
    what: "something else than JSON, with its beginning",
    body: "OK then",
    answer: { content: [{ type: "text", text: expect.stringMatching(/Cannot decode .*\nOK then$/) }], isError: true },
  },
  {
    what: "a change that was made, though its answer cannot be read",
    method: "POST",
    status: 201,
    body: "created",
    answer: {
      content: [
        { type: "text", text: expect.stringContaining("created") },
        { type: "text", text: expect.stringContaining("The API answered 201: what the call does has been done") },
      ],
      isError: true,
    },
  },
];

describe("a tool answers", () => {
  let upstream: Upstream;
  let current: (typeof ANSWERS)[number] | undefined;
  beforeAll(async () => {
    upstream = await startUpstream((_, response) => {
      const { status = 200, headers = { "content-type": "application/json" }, body = "" } = current ?? {};
      response.writeHead(status, headers).end(body);
    });
  });
  afterAll(() => upstream.close());

  test.each(ANSWERS)("$what", async found => {
    current = found;
    const { more = "", method = "GET", answer } = found;
    const tool = await only(operationText(more, { method, baseUri: upstream.url }));
    expect(await tool.call({}, QUIET_CONTEXT)).toMatchObject(answer);
  });

  test.each([
    { method: "POST", told: "may have been done all the same" },
    { method: "GET", told: "a later call may succeed" },
  ])("a connection that breaks in a call with $method", async ({ method, told }) => {
    const broken = await startUpstream((_, response) => void response.socket?.destroy());
    try {
      const tool = await only(operationText("", { method, baseUri: broken.url }));
      expect(textOf(await tool.call({}, QUIET_CONTEXT))).toContain(told);
    } finally {
      await broken.close();
    }
  });

  test.each([
    { what: "cut", body: `${"x".repeat(1_985)}s3cr3t-MARK-token` },
    { what: "short", body: "seen: s3cr3t-MARK-token" },
    { what: "with bytes", body: "\0s3cr3t-MARK-token" },
  ])("no part of a secret in an answer that cannot be read: $what", async ({ body }) => {
    current = { what: "", body, answer: {} };
    const text = operationText("inputParameters: [ { name: Authorization, in: header, value: 'Bearer {{TOKEN}}' } ]", {
      baseUri: upstream.url,
    });
    const tool = await only(text, { TOKEN: "s3cr3t-MARK-token" });
    expect(textOf(await tool.call({}, QUIET_CONTEXT))).not.toMatch(/s3cr3t|73 33 63/);
  });

  test("a secret that the API repeats is masked", async () => {
    current = { what: "", body: JSON.stringify({ seen: "Bearer s3cr3t-MARK-token", plain: "y" }), answer: {} };
    const text = operationText("inputParameters: [ { name: Authorization, in: header, value: 'Bearer {{TOKEN}}' } ]", {
      baseUri: upstream.url,
    });
    const tool = await only(text, { TOKEN: "s3cr3t-MARK-token" });
    const answer = textOf(await tool.call({}, QUIET_CONTEXT));
    expect(answer).toContain('"plain":"y"');
    expect(answer).not.toContain("s3cr3t");
  });
});

/** Lists in pages, and what is told of their next one. */
const PAGES: readonly {
  readonly what: string;
  readonly inputs: string;
  readonly link?: string;
  readonly body: object;
  readonly note: string;
}[] = [
  {
    what: "a cursor",
    inputs: "[ { name: cursor, in: query, type: string } ]",
    body: { items: [{ id: 1 }], next_cursor: "abc" },
    note: 'There is more: the next page is op with cursor = "abc", and the other arguments as they were',
  },
  {
    what: "a Link header",
    inputs: "[ { name: page, in: query, type: integer } ]",
    link: '</list?page=2>; rel="next"',
    body: { items: [{ id: 1 }] },
    note: "There is more: the next page is op with page = 2, and the other arguments as they were",
  },
  {
    what: "pages that are counted",
    inputs: "[ { name: page, in: query, type: integer } ]",
    body: { items: [{ id: 1 }, { id: 2 }], total: 7 },
    note: "There may be more: the next page is op with page = 2, and the other arguments as they were",
  },
];

test.each(PAGES)("a tool tells how a list goes on: $what", async ({ inputs, link, body, note }) => {
  const upstream = await startUpstream((_, response) => {
    if (link !== undefined) response.setHeader("link", link);
    answerJson(response, 200, body);
  });
  try {
    const tool = await only(operationText(`inputParameters: ${inputs}`, { path: "/list", baseUri: upstream.url }));
    const { content } = await tool.call({}, QUIET_CONTEXT);
    expect(content[1]).toEqual({ type: "text", text: note });
  } finally {
    await upstream.close();
  }
});

async function only(text: string, env: Record<string, string> = {}): Promise<Tool> {
  const [tool] = await openTools(text, { env, retries: 0 });
  return tool as Tool;
}
