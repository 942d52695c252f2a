import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenedOffer, openOffer } from "../../../support/open-offer.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../../../support/upstream.ts";

const CAPABILITY = `
info: { label: Ships, version: 2.1 }
binds: [ { namespace: env, keys: { TOKEN: TOKEN } } ]
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ""
      authentication: { type: bearer, token: "{{TOKEN}}" }
      resources:
        - name: any
          path: /{{path}}
          operations:
            - { name: get, method: GET, inputParameters: [ { name: path, in: path } ] }
            - { name: photo, method: GET, outputRawFormat: binary, inputParameters: [ { name: path, in: path } ] }
            - { name: document, method: GET, outputRawFormat: binary, outputMediaType: application/pdf, inputParameters: [ { name: path, in: path } ] }
            - { name: remove, method: DELETE, inputParameters: [ { name: path, in: path } ] }
            - { name: look, method: HEAD, inputParameters: [ { name: path, in: path } ] }
        - name: ships
          path: /ships/{id}
          operations:
            - name: find
              method: GET
              inputParameters:
                - { name: limit, in: query, type: integer, minimum: 1, description: "At\\u200b most" }
                - { name: kind, in: query, type: string, enum: [ cargo, tanker ] }
                - { name: tags, in: query, type: array, items: { type: string } }
                - { name: Authorization, in: header, type: string }
  exposes:
    - type: mcp
      port: 0
      namespace: tools
      description: Reads ships
      tools:
        - name: get-ship
          label: Get a ship
          description: "Read one\\u202e ship"
          hints: { readOnly: true, openWorld: false }
          inputParameters: [ { name: p, type: string, description: Where } ]
          call: api.get
          with: { path: tools.p }
          outputParameters:
            - type: object
              properties: { id: { type: string, mapping: $.id }, n: { type: number, mapping: $.n } }
        - { name: raw, description: As it is, inputParameters: [ { name: p, type: string, description: Where } ], call: api.get, with: { path: tools.p } }
        - { name: whole, description: As it is, inputParameters: [ { name: p, type: string, description: Where } ], call: api.get, with: { path: tools.p }, outputParameters: [ { type: object, mapping: $. } ] }
        - { name: text, description: One text, inputParameters: [ { name: p, type: string, description: Where } ], call: api.get, with: { path: tools.p }, outputParameters: [ { type: string, mapping: $.id } ] }
        - { name: list, description: Some, inputParameters: [ { name: p, type: string, description: Where } ], call: api.get, with: { path: tools.p }, outputParameters: [ { type: array, mapping: $.list, items: { type: object, properties: { a: { type: number, mapping: $.a } } } } ] }
        - { name: remove, description: Gone, inputParameters: [ { name: p, type: string, description: Where } ], call: api.remove, with: { path: tools.p }, outputParameters: [ { type: object, properties: { id: { type: string, mapping: $.id } } } ] }
        - { name: photo, description: Bytes, inputParameters: [ { name: p, type: string, description: Where } ], call: api.photo, with: { path: tools.p }, outputParameters: [ { name: caption, type: string, mapping: $.caption } ] }
        - { name: photo-step, description: Bytes, inputParameters: [ { name: p, type: string, description: Where } ], steps: [ { type: call, name: one, call: api.document, with: { path: "{{p}}" } } ] }
        - { name: look, description: Head, inputParameters: [ { name: p, type: string, description: Where } ], call: api.look, with: { path: tools.p } }
        - { name: find, description: Derived, call: api.find, with: { limit: tools.limit, kind: tools.kind, tags: tools.tags } }
        - { name: mock, description: Mock, inputParameters: [ { name: p, type: string, description: Where } ], outputParameters: [ { name: echo, type: string, value: "{{p}}" }, { name: n, type: number, value: "7" } ] }
        - { name: empty, description: Mock, outputParameters: [ { name: a, type: string } ] }
        - name: steps
          description: Two calls
          inputParameters: [ { name: p, type: string, description: Where } ]
          steps:
            - { type: call, name: first, call: api.get, with: { path: "{{p}}" } }
          mappings: [ { targetName: ship.id, value: $.first.id }, { targetName: n, value: $.first.n } ]
          outputParameters: [ { name: n, type: number } ]
`;

const answer: Answerer = ({ url }, response) => {
  switch (url) {
    case "/ok":
      return answerJson(response, 200, { id: 7, n: 1.5, list: [{ a: 1 }, { a: "x" }] });
    case "/odd":
      return answerJson(response, 200, { id: { of: "another kind" }, n: "many" });
    case "/big":
      return response.writeHead(200, { "content-type": "application/json" }).end('{"id":"b","n":12345678901234567890}');
    case "/list":
      return answerJson(response, 200, ["a", 1]);
    case "/text":
      return response.writeHead(200, { "content-type": "text/plain" }).end("plain words");
    case "/image":
      return response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from([0x89, 0x50]));
    case "/pdf":
      return response.writeHead(200, { "content-type": "application/pdf" }).end("%PDF");
    case "/bytes":
      return response.writeHead(200, { "content-type": "application/octet-stream" }).end(Buffer.from([0, 1, 0xff]));
    case "/none":
      return response.writeHead(204).end();
    case "/missing":
      return answerJson(response, 404, { message: "no ship, MARK-token-of-the-api" });
    case "/bare":
      return response.writeHead(503).end();
    default:
      return answerJson(response, 200, { url });
  }
};

let upstream: Upstream;
let opened: OpenedOffer;

beforeAll(async () => {
  upstream = await startUpstream(answer);
  opened = await openOffer(CAPABILITY, upstream.url, { env: { TOKEN: "MARK-token-of-the-api" } });
});
afterAll(async () => {
  await opened.runtime.close();
  await upstream.close();
});

const text = (value: string) => ({ type: "text", text: value });

describe("answers of tools", () => {
  test.each([
    ["get-ship", "ok", ['{"id":"7","n":1.5}'], '{"id":"7","n":1.5}', false],
    // A path that finds nothing gives null.
    ["get-ship", "list", ['{"id":null,"n":null}'], '{"id":null,"n":null}', false],
    // The text has the value as it is. What the output schema forbids is null beside it.
    ["get-ship", "odd", ['{"id":{"of":"another kind"},"n":"many"}'], '{"id":null,"n":null}', false],
    ["get-ship", "big", ['{"id":"b","n":12345678901234567890}'], '{"id":"b","n":12345678901234567890}', false],
    ["raw", "ok", ['{"id":7,"n":1.5,"list":[{"a":1},{"a":"x"}]}'], undefined, false],
    ["raw", "list", ['["a",1]'], undefined, false],
    ["raw", "text", ["plain words"], undefined, false],
    ["raw", "none", [], undefined, false],
    ["whole", "list", ['["a",1]'], undefined, false],
    ["text", "ok", ['"7"'], '"7"', false],
    ["text", "list", ["null"], "null", false],
    ["list", "ok", ['[{"a":1},{"a":"x"}]'], '[{"a":1},{"a":null}]', false],
    ["list", "list", ["null"], "null", false],
    ["remove", "none", [], '{"id":null}', false],
    ["look", "ok", [], undefined, false],
    ["mock", "p", ['{"echo":"p","n":7}'], '{"echo":"p","n":7}', false],
    ["steps", "ok", ['{"ship":{"id":7},"n":1.5}'], '{"ship":{"id":7},"n":1.5}', false],
    [
      "steps",
      "odd",
      ['{"ship":{"id":{"of":"another kind"}},"n":"many"}'],
      '{"ship":{"id":{"of":"another kind"}},"n":null}',
      false,
    ],
  ] as const)("%s of /%s", async (tool, p, texts, structured, isError) => {
    expect(await opened.call(tool, { p })).toEqual({ content: texts.map(text), structured, isError });
  });

  test("an image is given as one", async () => {
    const { content } = await opened.call("raw", { p: "image" });
    expect(content).toEqual([{ type: "image", data: "iVA=", mimeType: "image/png" }]);
  });

  test.each([
    ["raw", "bytes", "application/octet-stream", "AAH/"],
    ["photo", "image", undefined, "iVA="],
    ["photo-step", "bytes", "application/pdf", "AAH/"],
    ["photo", "pdf", "application/pdf", "JVBERg=="],
  ])("files: %s of /%s", async (tool, p, mimeType, data) => {
    const { content, structured, isError } = await opened.call(tool, { p });
    expect({ structured, isError }).toEqual({ structured: undefined, isError: false });
    if (mimeType === undefined) expect(content).toEqual([{ type: "image", data, mimeType: "image/png" }]);
    else {
      const uri = expect.stringMatching(/^naftiko:\/\/transient\/tools\//);
      expect(content).toEqual([{ type: "resource", resource: { uri, mimeType, blob: data } }]);
    }
  });

  test("a mock without values is an object without members", async () => {
    expect(await opened.call("empty")).toEqual({ content: [text("{}")], structured: "{}", isError: false });
  });

  test.each([
    ["raw", "missing", ['{"message":"no ship, ***"}', "The API answered HTTP 404 Not Found"]],
    ["get-ship", "missing", ['{"message":"no ship, ***"}', "The API answered HTTP 404 Not Found"]],
    ["get-ship", "bare", ["The API answered HTTP 503 Service Unavailable"]],
  ])("an error of the API is given with its status: %s of /%s", async (tool, p, texts) => {
    expect(await opened.call(tool, { p })).toEqual({ content: texts.map(text), structured: undefined, isError: true });
  });
});

describe("listed tools", () => {
  const listed = (name: string) => opened.offer.tools.find(tool => tool.name === name);

  test("names, texts and hints are those of the file, without what people do not see", () => {
    expect(opened.offer).toMatchObject({
      name: "tools",
      title: "Ships",
      version: "2.1",
      instructions: "Reads ships",
    });
    expect(listed("get-ship")).toMatchObject({
      title: "Get a ship",
      description: "Read one ship",
      annotations: { title: "Get a ship", readOnlyHint: true, openWorldHint: false },
    });
    expect(listed("raw")?.annotations).toEqual({});
  });

  test("declared inputs are listed whole, and as they are written", () => {
    const written = { type: "object", properties: { p: { type: "string", description: "Where" } }, required: ["p"] };
    expect(listed("raw")?.inputSchema).toEqual({ ...written, additionalProperties: false });
    expect(listed("raw")?.writtenSchema).toEqual(written);
  });

  test("derived inputs are those of the operation, but for the credential's", () => {
    const { inputSchema, writtenSchema } = listed("find") ?? {};
    expect(inputSchema).toEqual({
      type: "object",
      properties: {
        id: { type: "string" },
        limit: { type: "integer", minimum: 1, description: "At most" },
        kind: { type: "string", enum: ["cargo", "tanker"] },
        tags: { type: "array", items: { type: "string" } },
      },
      required: ["id"],
      additionalProperties: false,
    });
    expect(writtenSchema).toBeUndefined();
  });

  test.each([
    [
      "get-ship",
      {
        type: "object",
        properties: { id: { type: ["string", "null"] }, n: { type: ["number", "null"] } },
      },
    ],
    ["raw", undefined],
    ["whole", undefined],
    ["text", { type: ["string", "null"] }],
    ["mock", { type: "object", properties: { echo: { type: ["string", "null"] }, n: { type: ["number", "null"] } } }],
    [
      "steps",
      {
        type: "object",
        properties: { ship: { type: "object", properties: { id: {} } }, n: { type: ["number", "null"] } },
      },
    ],
  ])("the output of %s", (name, schema) => {
    expect(listed(name)?.outputSchema).toEqual(schema);
  });
});
