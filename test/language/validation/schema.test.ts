import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

const root = path.resolve(import.meta.dirname, "../../..");
const schema = JSON.parse(await readFile(path.join(root, "schema/naftiko.schema.json"), "utf8")) as Schema;
const definitions = schema.$defs ?? {};

interface Schema {
  readonly $id?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly if?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
}

/** The root and the definitions: the schemas that describe an object of the language. */
const named: readonly (readonly [string, Schema])[] = [["", schema], ...Object.entries(definitions)];

describe("naftiko.schema.json", () => {
  it("is a schema of draft 2020-12", () => {
    const ajv = new Ajv2020();
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  });

  it("describes every definition and every property", () => {
    const bare = named.flatMap(([name, definition]) => [
      ...(isDescribed(definition) ? [] : [name]),
      ...Object.entries(definition.properties ?? {})
        .filter(([, property]) => !isDescribed(property))
        .map(([property]) => `${name}.${property}`),
    ]);
    expect(bare).toEqual([]);
  });

  it("requires only properties it describes", () => {
    const unknown = named.flatMap(([name, definition]) =>
      [definition, definition.then, definition.else, ...(definition.allOf ?? []).map(part => part.else)]
        .flatMap(part => part?.required ?? [])
        .filter(property => definition.properties?.[property] === undefined)
        .map(property => `${name}.${property}`),
    );
    expect(unknown).toEqual([]);
  });

  it("has examples and defaults that it accepts", () => {
    const ajv = new Ajv2020({ strict: false, schemas: [schema] });
    for (const [pointer, subschema] of subschemas(schema, "")) {
      const values = [...(subschema.examples ?? []), ...("default" in subschema ? [subschema.default] : [])];
      if (values.length === 0) continue;
      const validate = ajv.compile({ $ref: `${schema.$id}#${pointer}` });
      for (const value of values) {
        const valid = validate(value);
        expect(valid, `${pointer}: ${JSON.stringify(value)}: ${ajv.errorsText(validate.errors)}`).toBe(true);
      }
    }
  });
});

function isDescribed({ title, description }: Schema): boolean {
  return [title, description].some(text => text !== undefined && text !== "");
}

function* subschemas(at: Schema, pointer: string): Generator<[string, Schema]> {
  if (typeof at !== "object") return;
  yield [pointer, at];
  for (const keyword of ["$defs", "properties"] as const) {
    for (const [name, child] of Object.entries(at[keyword] ?? {})) {
      yield* subschemas(child, `${pointer}/${keyword}/${name}`);
    }
  }
  for (const keyword of ["additionalProperties", "items", "if", "then", "else"] as const) {
    const child = at[keyword];
    if (typeof child === "object") yield* subschemas(child, `${pointer}/${keyword}`);
  }
  for (const keyword of ["allOf", "anyOf"] as const) {
    for (const [index, child] of (at[keyword] ?? []).entries()) {
      yield* subschemas(child, `${pointer}/${keyword}/${index}`);
    }
  }
}

describe("the compiled validators", async () => {
  const generated = path.join(root, "src/language/validation/generated");
  const { buildSchema } = (await importFile(path.join(root, "scripts/build-schema.mjs"))) as {
    buildSchema(): Promise<unknown>;
  };
  await buildSchema();
  const first = (await importFile(path.join(generated, "validate-first.js"))) as { validate: Validate };
  const all = (await importFile(path.join(generated, "validate-all.js"))) as { validate: Validate };

  /** Returns the errors as `pointer keyword`, with the name of a missing property; in the order of their text. */
  function errorsOf(document: unknown): string[] {
    const valid = all.validate(document);
    const errors = all.validate.errors ?? [];
    expect(valid).toBe(errors.length === 0);
    expect(first.validate(document)).toBe(valid);
    return errors
      .map(({ instancePath, keyword, params }) => describeError(instancePath, keyword, params.missingProperty))
      .sort();
  }

  it.each(["validate-first.js", "validate-all.js"])("%s needs nothing at run time", async name => {
    const text = await readFile(path.join(generated, name), "utf8");
    const needed = /\brequire\(|(?:^|;)import\b|\bimport\(|\bFunction\(|\beval\(/m.exec(text);
    expect(needed?.[0]).toBeUndefined();
  });

  it("collect a bounded number of errors in time that grows with the document only", () => {
    const tools = Array.from({ length: 200_000 }, () => 1);
    const server = { type: "mcp", namespace: "m", port: 0, tools };
    expect(errorsOf({ naftiko: "1", capability: { exposes: [server] } })).toHaveLength(1000);
  });

  it.each(goodDocuments)("accept %s", (_, text) => {
    expect(errorsOf(parse(text))).toEqual([]);
  });

  it("accept the document that uses everything", () => {
    expect(errorsOf(everything())).toEqual([]);
  });

  it.each(badDocuments)("%s: reject %s = %j", (_, pointer, value, expected) => {
    expect(errorsOf(everythingBut(pointer, value))).toEqual([...expected].sort());
  });

  it.each([
    ["no version", { capability: { consumes: [] } }, [" required naftiko"]],
    ["neither `capability` nor `consumes`", { naftiko: "1" }, [" required capability"]],
    ["a capability of nothing", { naftiko: "1", capability: {} }, ["/capability required consumes"]],
    ["a list", [], [" type"]],
    ["an empty file", null, [" type"]],
    ["text", "naftiko", [" type"]],
  ])("reject %s", (_, document, expected) => {
    expect(errorsOf(document)).toEqual(expected);
  });

  it("find what ajv finds when it runs the schema itself", () => {
    const reference = new Ajv2020({ strict: false, allErrors: true }).compile(schema);
    for (const pointer of pointers(everything(), "")) {
      for (const value of [undefined, null, 5, "", [], {}]) {
        const document = everythingBut(pointer, value);
        reference(document);
        const expected = (reference.errors ?? [])
          .filter(error => error.keyword !== "if")
          .map(({ instancePath, keyword, params }) => describeError(instancePath, keyword, params.missingProperty));
        expect(errorsOf(document), `${pointer} = ${JSON.stringify(value)}`).toEqual(expected.sort());
      }
    }
  });

  it("are tried with a wrong value in every definition", () => {
    const tried = new Set(badDocuments.map(([definition]) => definition));
    expect([...tried].sort()).toEqual(Object.keys(definitions).sort());
  });

  it("accept the capabilities of the package", async () => {
    const folder = path.join(root, "capabilities");
    const files = (await readdir(folder)).filter(file => /\.ya?ml$/.test(file));
    expect(files).not.toEqual([]);
    for (const file of files) {
      const text = await readFile(path.join(folder, file), "utf8");
      expect(errorsOf(parse(text)), file).toEqual([]);
    }
  });
});

function describeError(pointer: string, keyword: string, missing: string | undefined): string {
  return missing === undefined ? `${pointer} ${keyword}` : `${pointer} ${keyword} ${missing}`;
}

interface Validate {
  (data: unknown): boolean;
  errors?:
    | readonly { instancePath: string; keyword: string; params: { missingProperty?: string } }[]
    | null
    | undefined;
}

/** Imports by URL: the generated files need not be there when this file is type-checked. */
async function importFile(file: string): Promise<unknown> {
  return import(pathToFileURL(file).href);
}

const goodDocuments: readonly (readonly [name: string, text: string])[] = [
  ["a capability that only consumes", "{ naftiko: 1.0.0-alpha2, capability: { consumes: [] } }"],
  ["a capability that only exposes", "{ naftiko: 1.0.0-alpha3, capability: { exposes: [] } }"],
  ["a version that YAML reads as a number", "{ naftiko: 0.5, capability: { exposes: [] } }"],
  ["a shared file", "{ naftiko: 1.0.0-alpha3, consumes: [{ type: http, namespace: a, baseUri: '' }] }"],
  ["a stub that imports", "{ naftiko: '1', imports: [./a.yaml], capability: { description: All } }"],
  ["a capability beside root consumes", "{ naftiko: '1', consumes: [], capability: { description: All } }"],
  ["any info", "{ naftiko: '1', info: { created: 2026, modified: 2026-05-22, version: 1.0 }, consumes: [] }"],
  ["unknown keys", "{ naftiko: '1', x: 1, info: { y: 2 }, consumes: [{ import: a, location: b, z: 3 }] }"],
  ["an import written with `from`", "{ naftiko: '1', consumes: [{ import: a, from: ./a.yaml }] }"],
  ["a server of another type", "{ naftiko: '1', capability: { exposes: [{ type: agent-skill }] } }"],
  [
    "names of any characters",
    `
      naftiko: "1"
      consumes:
        - type: http
          namespace: my namespace
          baseUri: https://{store}.shop.test/{{X}}
          resources:
            - name: "@orders#1"
              path: "#fragment"
              operations:
                - { name: getOrder_1, method: HEAD, inputParameters: [{ name: "page[$size]~x", in: query }] }
    `,
  ],
  [
    "a server over standard input and output",
    "{ naftiko: '1', capability: { exposes: [{ type: mcp, namespace: m, transport: stdio, tools: [] }] } }",
  ],
];

/** One document that holds every definition of the schema; what is wrong with a file is tried by changing it. */
const everythingText = `
naftiko: 1.0.0-alpha3
info:
  label: Shop
  description: Orders
  tags: [shop]
  created: 2026-01-05
  stakeholders: [{ role: owner, fullName: Ada Byron, email: ada@shop.test }]
binds:
  - { namespace: env, location: file:///./secrets.yaml, description: Secrets, keys: { TOKEN: token } }
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://api.shop.test
      description: Orders
      authentication: { type: apikey, key: X-Key, value: "{{env.TOKEN}}", placement: query }
      inputParameters: [{ name: Api-Version, in: header, value: 7 }]
      resources:
        - name: order
          path: /orders/{id}
          label: Order
          inputParameters: [{ name: trace, in: environment }]
          operations:
            - name: put-order
              method: PUT
              outputRawFormat: XML
              outputSchema: a.avsc
              inputParameters: [{ name: id, in: path, type: integer, required: true, template: x }]
              body: { type: json, data: { a: "{{id}}" } }
              outputParameters: [{ name: result, type: binary, value: $. }, { name: total, mapping: $.total }]
            - { name: note, method: POST, body: "text {{id}}" }
            - { name: form, method: POST, body: { type: formUrlEncoded, data: { a: 1 } } }
            - name: file
              method: POST
              body: { type: multipartForm, data: [{ name: f, value: x, filename: a.csv, contentType: text/csv }] }
            - { name: xml, method: POST, body: { type: xml, data: <a/> } }
    - { import: ships, location: ./ships.yaml, as: fleet }
  aggregates:
    - namespace: totals
      functions:
        - name: get
          description: Total
          semantics: { safe: true, idempotent: true, cacheable: false }
          inputParameters: [{ name: id, type: string, description: Number }]
          call: shop.put-order
          with: { id: totals.id, limit: 5 }
  exposes:
    - type: rest
      namespace: shop-rest
      address: localhost
      port: 0
      authentication: { type: oauth2, authorizationServerUri: https://id.test, resource: https://a.test, scopes: [r] }
      resources:
        - path: /orders/{id}
          operations:
            - method: GET
              inputParameters: [{ name: id, in: path, pattern: '^[0-9]+$', value: $.id }]
              steps:
                - { type: call, name: a, call: shop.note, with: { id: "{{id}}" } }
                - { type: lookup, name: b, index: a, match: id, lookupValue: $.a.id, outputParameters: [name] }
                - { type: script, name: c, file: c.js, language: javascript, dependencies: [d.js] }
              mappings: [{ targetName: x.y, value: $.c.y }]
              outputParameters:
                - type: object
                  mapping: { properties: { a: { value: 5 } }, items: { type: string } }
                  properties: { a: { type: array, mapping: $.a, items: [{ name: b, const: [1] }] } }
        - path: /all/{path}
          forward: { targetNamespace: shop, trustedHeaders: [X-Id] }
    - type: mcp
      namespace: shop-tools
      port: 3001
      transport: http
      tools:
        - name: put-order
          hints: { readOnly: false, destructive: true, idempotent: true, openWorld: true }
          inputParameters: [{ name: id, type: string, required: false }]
          call: shop.put-order
        - { ref: totals.get }
      resources: [{ name: order, uri: "data://orders/{id}", mimeType: text/plain, call: shop.put-order }]
      prompts:
        - name: triage
          arguments: [{ name: ticket, label: Ticket, required: true }]
          template: [{ role: user, content: "Read {{ticket}}" }]
        - { name: help, location: file:///help.md }
    - type: skill
      namespace: skills
      port: 3002
      skills:
        - name: desk
          description: Order desk
          metadata: { team: logistics, level: 2 }
          allowed-tools: Read
          user-invocable: true
          location: file:///srv/desk
          tools:
            - { name: put-order, from: { sourceNamespace: shop-tools, action: put-order } }
            - { name: get-order, from: { namespace: shop-tools, name: get-order } }
            - { name: returns, instruction: returns.md }
    - type: control
      port: 9190
      management:
        health: true
        logs: { level-control: true, stream: true, max-subscribers: 20 }
        scripting: { enabled: true, timeout: 1000, allowedLanguages: [javascript] }
      observability:
        enabled: true
        metrics: { local: { enabled: true } }
        traces: { sampling: 0.5, propagation: b3, local: { buffer-size: 10 } }
        exporters: { otlp: { endpoint: "{{TOKEN}}" } }
`;
const everythingValue = parse(everythingText);

const http = "/capability/consumes/0";
const resource = `${http}/resources/0`;
const operation = `${resource}/operations/0`;
const aggregate = "/capability/aggregates/0";
const rest = "/capability/exposes/0";
const get = `${rest}/resources/0/operations/0`;
const mcp = "/capability/exposes/1";
const skill = "/capability/exposes/2/skills/0";
const control = "/capability/exposes/3";

/** A definition, the place that is changed, its new value (`undefined`: taken away), and the errors. */
const badDocuments: readonly (readonly [
  definition: string,
  pointer: string,
  value: unknown,
  errors: readonly string[],
])[] = [
  ["Info", "/info", "Shop", ["/info type"]],
  ["Info", "/info/label", 5, ["/info/label type"]],
  ["Info", "/info/tags", "shop", ["/info/tags type"]],
  ["Info", "/info/created", true, ["/info/created type"]],
  ["Person", "/info/stakeholders/0", "Ada", ["/info/stakeholders/0 type"]],
  ["Bind", "/binds", { env: {} }, ["/binds type"]],
  ["Bind", "/binds/0", {}, ["/binds/0 required keys", "/binds/0 required namespace"]],
  ["Bind", "/binds/0/keys/TOKEN", 7, ["/binds/0/keys/TOKEN type"]],
  ["Bind", "/binds/0/keys/TOKEN", "", ["/binds/0/keys/TOKEN minLength"]],
  ["Capability", "/capability", [], ["/capability type"]],
  ["Capability", "/capability/consumes", {}, ["/capability/consumes type"]],
  ["Consumes", http, "shop", [`${http} type`]],
  ["Consumes", http, null, [`${http} type`]],
  ["Consumes", http, {}, [`${http} required baseUri`, `${http} required namespace`, `${http} required type`]],
  ["ConsumesImport", "/capability/consumes/1/import", undefined, ["/capability/consumes/1 required import"]],
  ["ConsumesImport", "/capability/consumes/1/location", undefined, ["/capability/consumes/1 required location"]],
  ["ConsumesImport", "/capability/consumes/1/import", "", ["/capability/consumes/1/import minLength"]],
  ["ConsumesHttp", `${http}/type`, "grpc", [`${http}/type const`]],
  ["ConsumesHttp", `${http}/baseUri`, undefined, [`${http} required baseUri`]],
  ["ConsumesHttp", `${http}/baseUri`, 5, [`${http}/baseUri type`]],
  ["ConsumesHttp", `${http}/namespace`, "", [`${http}/namespace minLength`]],
  ["ConsumesHttp", `${http}/resources`, { order: {} }, [`${http}/resources type`]],
  ["Authentication", `${http}/authentication`, { token: "x" }, [`${http}/authentication required type`]],
  ["Authentication", `${http}/authentication/type`, "Bearer", [`${http}/authentication/type enum`]],
  ["Authentication", `${http}/authentication/value`, 123, [`${http}/authentication/value type`]],
  ["Authentication", `${http}/authentication/placement`, "cookie", [`${http}/authentication/placement enum`]],
  ["Resource", `${resource}/name`, "", [`${resource}/name minLength`]],
  ["Resource", `${resource}/operations`, undefined, [`${resource} required operations`]],
  ["Resource", resource, { name: "a" }, [`${resource} required operations`, `${resource} required path`]],
  ["Operation", `${operation}/name`, 404, [`${operation}/name type`]],
  ["Operation", `${operation}/method`, undefined, [`${operation} required method`]],
  ["Operation", `${operation}/outputRawFormat`, 1, [`${operation}/outputRawFormat type`]],
  ["HttpMethod", `${operation}/method`, "FETCH", [`${operation}/method enum`]],
  ["HttpMethod", `${operation}/method`, "get", [`${operation}/method enum`]],
  [
    "ConsumedInputParameter",
    `${operation}/inputParameters/0/name`,
    "",
    [`${operation}/inputParameters/0/name minLength`],
  ],
  ["ConsumedInputParameter", `${operation}/inputParameters/0/in`, "form", [`${operation}/inputParameters/0/in enum`]],
  ["ConsumedInputParameter", `${http}/inputParameters/0/in`, undefined, [`${http}/inputParameters/0 required in`]],
  [
    "ConsumedInputParameter",
    `${operation}/inputParameters/0/required`,
    "yes",
    [`${operation}/inputParameters/0/required type`],
  ],
  ["InputType", `${operation}/inputParameters/0/type`, "date", [`${operation}/inputParameters/0/type enum`]],
  ["InputType", `${operation}/inputParameters/0/type`, "binary", [`${operation}/inputParameters/0/type enum`]],
  ["Scalar", `${http}/inputParameters/0/value`, [7], [`${http}/inputParameters/0/value type`]],
  ["RequestBody", `${operation}/body`, 5, [`${operation}/body type`]],
  ["RequestBody", `${operation}/body`, ["a"], [`${operation}/body type`]],
  ["TypedRequestBody", `${operation}/body`, {}, [`${operation}/body required data`, `${operation}/body required type`]],
  ["TypedRequestBody", `${operation}/body/type`, "yaml", [`${operation}/body/type enum`]],
  ["TypedRequestBody", `${resource}/operations/2/body/data`, [], [`${resource}/operations/2/body/data type`]],
  ["TypedRequestBody", `${resource}/operations/4/body/data`, {}, [`${resource}/operations/4/body/data type`]],
  ["MultipartPart", `${resource}/operations/3/body/data`, "x", [`${resource}/operations/3/body/data type`]],
  [
    "MultipartPart",
    `${resource}/operations/3/body/data/0/name`,
    undefined,
    [`${resource}/operations/3/body/data/0 required name`],
  ],
  [
    "ConsumedOutputParameter",
    `${operation}/outputParameters/0/name`,
    undefined,
    [`${operation}/outputParameters/0 required name`],
  ],
  [
    "ConsumedOutputParameter",
    `${operation}/outputParameters/0/value`,
    undefined,
    [`${operation}/outputParameters/0 required value`],
  ],
  [
    "ConsumedOutputParameter",
    `${operation}/outputParameters/0/value`,
    5,
    [`${operation}/outputParameters/0/value type`],
  ],
  ["OutputType", `${operation}/outputParameters/0/type`, "file", [`${operation}/outputParameters/0/type enum`]],
  ["Exposes", rest, null, [`${rest} type`]],
  ["Exposes", rest, {}, [`${rest} required type`]],
  ["Exposes", `${rest}/type`, 5, [`${rest}/type type`]],
  ["Port", `${rest}/port`, 70000, [`${rest}/port maximum`]],
  ["Port", `${rest}/port`, "8080", [`${rest}/port type`]],
  ["ExposesRest", rest, { type: "rest" }, [`${rest} required namespace`, `${rest} required port`]],
  ["ExposesAuthentication", `${rest}/authentication/type`, "none", [`${rest}/authentication/type enum`]],
  ["ExposesAuthentication", `${rest}/authentication/resource`, undefined, [`${rest}/authentication required resource`]],
  ["ExposedResource", `${rest}/resources/0/path`, undefined, [`${rest}/resources/0 required path`]],
  ["ExposedResource", `${rest}/resources/0/operations`, undefined, [`${rest}/resources/0 required operations`]],
  ["Forward", `${rest}/resources/1/forward`, {}, [`${rest}/resources/1/forward required targetNamespace`]],
  ["ExposedOperation", `${get}/method`, undefined, [`${get} required method`]],
  ["ExposedOperation", `${get}/outputParameters`, {}, [`${get}/outputParameters type`]],
  ["ExposedInputParameter", `${get}/inputParameters/0/in`, "environment", [`${get}/inputParameters/0/in enum`]],
  [
    "ToolInputParameter",
    `${mcp}/tools/0/inputParameters/0/name`,
    undefined,
    [`${mcp}/tools/0/inputParameters/0 required name`],
  ],
  ["OutputParameter", `${get}/outputParameters/0`, "a", [`${get}/outputParameters/0 type`]],
  ["OutputParameter", `${get}/outputParameters/0/mapping`, 5, [`${get}/outputParameters/0/mapping type`]],
  [
    "OutputParameter",
    `${get}/outputParameters/0/properties/a/type`,
    "map",
    [`${get}/outputParameters/0/properties/a/type enum`],
  ],
  [
    "OutputItems",
    `${get}/outputParameters/0/properties/a/items`,
    "a",
    [`${get}/outputParameters/0/properties/a/items type`],
  ],
  [
    "OutputItems",
    `${get}/outputParameters/0/properties/a/items/0`,
    5,
    [`${get}/outputParameters/0/properties/a/items/0 type`],
  ],
  [
    "NestedMapping",
    `${get}/outputParameters/0/mapping/properties`,
    [],
    [`${get}/outputParameters/0/mapping/properties type`],
  ],
  ["Call", `${get}/steps/0/call`, "", [`${get}/steps/0/call minLength`]],
  ["Ref", `${mcp}/tools/1/ref`, 5, [`${mcp}/tools/1/ref type`]],
  ["With", `${get}/steps/0/with`, "id", [`${get}/steps/0/with type`]],
  ["Steps", `${get}/steps`, [], [`${get}/steps minItems`]],
  ["Step", `${get}/steps/0`, "a", [`${get}/steps/0 type`]],
  ["Step", `${get}/steps/0/type`, undefined, [`${get}/steps/0 required type`]],
  ["Step", `${get}/steps/0/type`, "loop", [`${get}/steps/0/type enum`]],
  ["CallStep", `${get}/steps/0`, { type: "call" }, [`${get}/steps/0 required call`, `${get}/steps/0 required name`]],
  ["LookupStep", `${get}/steps/1/match`, undefined, [`${get}/steps/1 required match`]],
  ["LookupStep", `${get}/steps/1/outputParameters`, [], [`${get}/steps/1/outputParameters minItems`]],
  ["ScriptStep", `${get}/steps/2/file`, undefined, [`${get}/steps/2 required file`]],
  ["Mappings", `${get}/mappings`, {}, [`${get}/mappings type`]],
  ["Mapping", `${get}/mappings/0/targetName`, undefined, [`${get}/mappings/0 required targetName`]],
  ["ExposesMcp", `${mcp}/port`, undefined, [`${mcp} required port`]],
  ["ExposesMcp", `${mcp}/transport`, "sse", [`${mcp}/transport enum`]],
  ["McpTool", `${mcp}/tools/0/name`, undefined, [`${mcp}/tools/0 required name`]],
  ["McpHints", `${mcp}/tools/0/hints/readOnly`, "no", [`${mcp}/tools/0/hints/readOnly type`]],
  ["McpResource", `${mcp}/resources/0/uri`, undefined, [`${mcp}/resources/0 required uri`]],
  ["McpPrompt", `${mcp}/prompts/0/template`, undefined, [`${mcp}/prompts/0 required template`]],
  ["PromptArgument", `${mcp}/prompts/0/arguments/0/name`, "", [`${mcp}/prompts/0/arguments/0/name minLength`]],
  ["PromptMessage", `${mcp}/prompts/0/template/0/role`, "system", [`${mcp}/prompts/0/template/0/role enum`]],
  ["ExposesSkill", "/capability/exposes/2/skills", undefined, ["/capability/exposes/2 required skills"]],
  ["Skill", `${skill}/name`, undefined, [`${skill} required name`]],
  ["Skill", `${skill}/metadata/team`, [], [`${skill}/metadata/team type`]],
  ["SkillTool", `${skill}/tools/2/instruction`, undefined, [`${skill}/tools/2 required from`]],
  ["SkillToolSource", `${skill}/tools/0/from/action`, undefined, [`${skill}/tools/0/from required action`]],
  ["ExposesControl", `${control}/port`, undefined, [`${control} required port`]],
  ["Management", `${control}/management/health`, "on", [`${control}/management/health type`]],
  ["Management", `${control}/management/logs`, "on", [`${control}/management/logs type`]],
  ["Logs", `${control}/management/logs/max-subscribers`, 21, [`${control}/management/logs/max-subscribers maximum`]],
  ["Scripting", `${control}/management/scripting/timeout`, 0, [`${control}/management/scripting/timeout minimum`]],
  ["Observability", `${control}/observability`, true, [`${control}/observability type`]],
  ["Metrics", `${control}/observability/metrics`, true, [`${control}/observability/metrics type`]],
  ["LocalMetrics", `${control}/observability/metrics/local`, true, [`${control}/observability/metrics/local type`]],
  ["Traces", `${control}/observability/traces/sampling`, 2, [`${control}/observability/traces/sampling maximum`]],
  [
    "LocalTraces",
    `${control}/observability/traces/local/buffer-size`,
    1,
    [`${control}/observability/traces/local/buffer-size minimum`],
  ],
  ["Exporters", `${control}/observability/exporters`, [], [`${control}/observability/exporters type`]],
  [
    "OtlpExporter",
    `${control}/observability/exporters/otlp`,
    {},
    [`${control}/observability/exporters/otlp required endpoint`],
  ],
  ["Aggregate", aggregate, {}, [`${aggregate} required functions`, `${aggregate} required namespace`]],
  ["AggregateFunction", `${aggregate}/functions/0/name`, undefined, [`${aggregate}/functions/0 required name`]],
  ["Semantics", `${aggregate}/functions/0/semantics/safe`, 1, [`${aggregate}/functions/0/semantics/safe type`]],
];

function everything(): unknown {
  return structuredClone(everythingValue);
}

/** Returns the document with everything, the value at `pointer` replaced or, for `undefined`, taken away. */
function everythingBut(pointer: string, value: unknown): unknown {
  const document = everything();
  const segments = pointer.slice(1).split("/");
  const last = segments.pop() ?? "";
  let parent = document as Record<string, unknown>;
  for (const segment of segments) parent = parent[segment] as Record<string, unknown>;
  expect(parent[last], `${pointer} is in the document`).toBeDefined();
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return document;
}

/** Returns the pointers of everything below a value. */
function* pointers(value: unknown, pointer: string): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    yield `${pointer}/${name}`;
    yield* pointers(child, `${pointer}/${name}`);
  }
}

describe("document-types.ts", () => {
  it("says the same as the schema", async () => {
    const text = await readFile(path.join(root, "src/language/document/document-types.ts"), "utf8");
    const types = readTypes(text);
    const expected = named
      .filter(([name, definition]) => hasType(definition) && typeName(name) in types)
      .map(([name, definition]) => [
        typeName(name),
        isUnion(definition) ? typeOf(definition, types) : fieldsOf(definition, types),
      ]);
    expect(types).toEqual(Object.fromEntries(expected));
  });

  it.each([
    ["a field that goes on", "/** A */\nexport interface A {\n  readonly b:\n    | string;\n}"],
    ["a field that can be written", "/** A */\nexport interface A {\n  b: string;\n}"],
    ["a function", "/** A */\nexport function a(): void {}"],
    ["an interface without a comment", "export interface A {\n}"],
  ])("is not read when it has %s", (_, text) => {
    expect(() => readTypes(text)).toThrow();
  });
});

/** Fields by name, `?` after an optional one; or the text of an alias. */
type Declared = Record<string, Record<string, string> | string>;

/** Reads a file that holds nothing but commented interfaces and aliases, one field or alias to a line. */
function readTypes(text: string): Declared {
  const types: Declared = {};
  let fields: Record<string, string> | undefined;
  let previous = "";
  for (const [index, line] of text.split("\n").entries()) {
    const start = /^(?:export )?interface (\w+) \{$/.exec(line);
    const alias = /^(?:export )?type (\w+) = (.+);$/.exec(line);
    const field = /^ {2}readonly (?:(\w+)|"([\w-]+)")(\??): (.+);$/.exec(line);
    if ((start || alias) && !previous.endsWith("*/")) throw new Error(`Line ${index + 1} has no comment: ${line}`);
    if (start?.[1] !== undefined && !fields) {
      fields = {};
      types[start[1]] = fields;
    } else if (alias?.[1] !== undefined && alias[2] !== undefined && !fields) {
      types[alias[1]] = alias[2];
    } else if (field?.[4] !== undefined && fields) {
      fields[`${field[1] ?? field[2]}${field[3]}`] = field[4];
    } else if (line === "}" && fields) {
      fields = undefined;
    } else if (!/^ *(?:\/\*\*.*| \*.*)?$/.test(line)) {
      throw new Error(`Cannot read line ${index + 1}: ${line}`);
    }
    previous = line;
  }
  return types;
}

/** Returns the name of a definition's type. Those of the root and of some definitions do not clash with those of the engine. */
function typeName(definition: string): string {
  const names: Record<string, string> = {
    "": "CapabilityDocument",
    Capability: "CapabilityDeclaration",
    Operation: "OperationDeclaration",
    Authentication: "AuthenticationDeclaration",
    RequestBody: "BodyDeclaration",
    InputType: "DeclaredInputType",
  };
  return names[definition] ?? definition;
}

/**
 * Tells whether a definition has a type of its own; one for plain text, a list or a map is written out where it is
 * used.
 */
function hasType(definition: Schema): boolean {
  return definition.properties !== undefined || isUnion(definition);
}

function isUnion(definition: Schema): boolean {
  return (
    definition.enum !== undefined ||
    typeof definition.type !== "string" ||
    (definition.allOf ?? []).some(part => part.then?.$ref !== undefined)
  );
}

function fieldsOf({ properties = {}, required = [] }: Schema, types: Declared): Record<string, string> {
  const fields = Object.entries(properties).map(([name, property]) => [
    required.includes(name) ? name : `${name}?`,
    typeOf(property, types),
  ]);
  return Object.fromEntries(fields);
}

/** Writes a schema as a TypeScript type. A definition that has none among `types` is `unknown`. */
function typeOf(at: Schema, types: Declared): string {
  if (at.$ref !== undefined) {
    const name = at.$ref.replace("#/$defs/", "");
    const definition = definitions[name] as Schema;
    if (!hasType(definition)) return typeOf(definition, types);
    return typeName(name) in types ? typeName(name) : "unknown";
  }
  if (at.const !== undefined) return JSON.stringify(at.const);
  if (at.enum !== undefined) return at.enum.map(value => JSON.stringify(value)).join(" | ");
  if (at.allOf !== undefined) return at.allOf.map(part => typeOf(part.then as Schema, types)).join(" | ");
  if (at.then !== undefined && at.else !== undefined) return `${typeOf(at.then, types)} | ${typeOf(at.else, types)}`;
  if (typeof at.type === "object") {
    return at.type
      .map(type =>
        type === "object" && at.then !== undefined ? typeOf(at.then, types) : typeOf({ ...at, type }, types),
      )
      .join(" | ");
  }
  switch (at.type) {
    case undefined:
      return "unknown";
    case "integer":
      return "number";
    case "array":
      return `readonly ${typeOf(at.items as Schema, types)}[]`;
    case "object": {
      const values = at.additionalProperties;
      return `Readonly<Record<string, ${typeof values === "object" ? typeOf(values, types) : "unknown"}>>`;
    }
    default:
      return at.type;
  }
}
