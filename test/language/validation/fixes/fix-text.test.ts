import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { fixText } from "../../../../src/language/validation/fixes/fix-text.ts";
import { findDepartures } from "../../../../src/language/validation/published/find-departures.ts";
import { openCapability } from "../../../../src/library/open-capability.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** Returns a document with one operation, `op`; lines of YAML go into its parts. */
function file({
  root = "",
  capability = "",
  adapter = "",
  operation = "",
  version = "naftiko: 1.0.0-alpha3",
}: Partial<Record<"root" | "capability" | "adapter" | "operation" | "version", string>>): string {
  return `# The shop
${version}
binds:
  - { namespace: env, keys: { TOKEN: TOKEN } } # secrets
${root}capability:
${capability}  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.test
${adapter}      resources:
        - name: books
          path: /books
          operations:
            - name: op
              method: POST
${operation}`;
}

interface Case {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly fixes: readonly string[];
}

const fixed: readonly Case[] = [
  {
    name: "quotes a version",
    before: file({ version: "naftiko: 0.5 # old" }),
    after: file({ version: 'naftiko: "0.5" # old' }),
    fixes: ["0.5 quoted"],
  },
  {
    name: "quotes numbers and booleans that are sent as text",
    before: file({
      adapter: `      inputParameters:
        - { name: v, in: header, value: 7 } # seven
        - name: flag # on
          in: query
          value:   true   # yes
`,
    }),
    after: file({
      adapter: `      inputParameters:
        - { name: v, in: header, value: "7" } # seven
        - name: flag # on
          in: query
          value:   "true"   # yes
`,
    }),
    fixes: ["7 quoted", "true quoted"],
  },
  {
    name: "quotes numbers with their digits, where they are sent as written",
    before: file({
      adapter: `      inputParameters:
        - { name: a, in: header, value: 9007199254740993 }
        - { name: b, in: query, value: 2.10 }
        - { name: c, in: query, value: 007 }
        - { name: d, in: query, value: 1E400 }
        - { name: e, in: query, value: 0x1F }
`,
    }),
    after: file({
      adapter: `      inputParameters:
        - { name: a, in: header, value: "9007199254740993" }
        - { name: b, in: query, value: "2.10" }
        - { name: c, in: query, value: "007" }
        - { name: d, in: query, value: "1E400" }
        - { name: e, in: query, value: 0x1F }
`,
    }),
    fixes: ["9007199254740993 quoted", "2.10 quoted", "007 quoted", "1E400 quoted"],
  },
  {
    name: "quotes form fields and parts",
    before: file({ operation: "              body: { type: formUrlEncoded, data: { a: 1, b: x } }\n" }),
    after: file({ operation: '              body: { type: formUrlEncoded, data: { a: "1", b: x } }\n' }),
    fixes: ["1 quoted"],
  },
  {
    name: "renames keys that are read as another",
    before: file({
      operation: `              inputParameters:
                - { name: q, in: query, template: "{{env.TOKEN}}" }
              outputParameters:
                - name: id
                  type: string
                  "mapping":   $.id # path
`,
    }),
    after: file({
      operation: `              inputParameters:
                - { name: q, in: query, value: "{{env.TOKEN}}" }
              outputParameters:
                - name: id
                  type: string
                  value:   $.id # path
`,
    }),
    fixes: ["template renamed to value", "mapping renamed to value"],
  },
  {
    name: "renames a key, then quotes its value",
    before: file({ adapter: "      inputParameters: [{ name: v, in: header, template: 7 }]\n" }),
    after: file({ adapter: '      inputParameters: [{ name: v, in: header, value: "7" }]\n' }),
    fixes: ["template renamed to value", "7 quoted"],
  },
  {
    name: "renames the newer generation's keys in the older",
    before: file({ root: "info: { display: Shop, description: Sells }\n" }),
    after: file({ root: "info: { label: Shop, description: Sells }\n" }),
    fixes: ["display renamed to label"],
  },
  {
    name: "writes raw formats in lower case, in their quotes",
    before: file({ operation: "              outputRawFormat: 'JSON' # body\n" }),
    after: file({ operation: "              outputRawFormat: 'json' # body\n" }),
    fixes: ["JSON written in lower case"],
  },
  {
    name: "removes empty lists, and keeps the comments around them",
    before: file({
      capability: "  # none yet\n  binds: []\n  aggregates: [ ]\n  # what it calls\n",
    }),
    after: file({ capability: "  # none yet\n  # what it calls\n" }),
    fixes: ["binds removed", "aggregates removed"],
  },
  {
    name: "removes the value of an input that is nothing",
    before: file({
      adapter: "      inputParameters:\n        - name: v\n          in: query\n          value: null\n",
    }),
    after: file({ adapter: "      inputParameters:\n        - name: v\n          in: query\n" }),
    fixes: ["value removed"],
  },
  {
    name: "puts braces around binds",
    before: file({
      adapter: `      authentication: { type: apikey, key: X-Key, value: 'TOKEN' } # key
      inputParameters: [{ name: v, in: header, value: "{{ $env.TOKEN }}-{{$env.TOKEN}}" }]
`,
    }),
    after: file({
      adapter: `      authentication: { type: apikey, key: X-Key, value: '{{TOKEN}}' } # key
      inputParameters: [{ name: v, in: header, value: "{{env.TOKEN}}-{{env.TOKEN}}" }]
`,
    }),
    fixes: ["TOKEN written as {{TOKEN}}", "{{ $env.TOKEN }}-{{$env.TOKEN}} written as {{env.TOKEN}}-{{env.TOKEN}}"],
  },
  {
    name: "works in the newer generation",
    before: `ikanos: 1.0.0-beta5
info: { label: Shop, description: Sells, version: 2 }
binds: [{ namespace: env, keys: { TOKEN: TOKEN } }]
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.test
      authentication: { type: bearer, token: TOKEN }
      inputParameters: { v: { in: header, value: 7 } }
      resources: { r: { path: /, operations: { op: { method: POST } } } }
`,
    after: `ikanos: 1.0.0-beta5
info: { display: Shop, description: Sells, version: "2" }
binds: [{ namespace: env, keys: { TOKEN: TOKEN } }]
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.test
      authentication: { type: bearer, token: "{{TOKEN}}" }
      inputParameters: { v: { in: header, value: "7" } }
      resources: { r: { path: /, operations: { op: { method: POST } } } }
`,
    fixes: ["label renamed to display", "2 quoted", "TOKEN written as {{TOKEN}}", "7 quoted"],
  },
];

/** Requests with such bodies cannot be built yet. */
const unsent: readonly Case[] = [
  {
    name: "quotes a part of a multipart body",
    before: file({
      operation: "              body: { type: multipartForm, data: [{ name: a, value: false }] }\n",
    }),
    after: file({
      operation: '              body: { type: multipartForm, data: [{ name: a, value: "false" }] }\n',
    }),
    fixes: ["false quoted"],
  },
];

const CRLF = fixed.map(({ name, before, after, fixes }) => ({
  name: `${name}, with CR LF`,
  before: before.replaceAll("\n", "\r\n"),
  after: after.replaceAll("\n", "\r\n"),
  fixes,
}));

/** Texts that may mean something else, or cannot be told. */
const left: readonly { readonly name: string; readonly text: string }[] = [
  {
    name: "what this runtime reads and the specification lacks",
    text: file({
      operation:
        "              inputParameters: [{ name: q, in: query, type: string, description: Q, required: true }]\n",
    }),
  },
  {
    name: "a number that is sent otherwise than it is written",
    text: file({ adapter: "      inputParameters: [{ name: v, in: header, value: 0x1F }]\n" }),
  },
  {
    name: "a number in a JSON body",
    text: file({ operation: "              inputParameters: [{ name: n, in: body, value: 7 }]\n" }),
  },
  {
    name: "a key whose other name is there already",
    text: file({
      operation: "              outputParameters: [{ name: a, type: string, value: $.a, mapping: $.b }]\n",
    }),
  },
  {
    name: "an empty list in a flow map",
    text: `naftiko: 1.0.0-alpha3\ncapability: { binds: [], consumes: [{ type: http, namespace: a, baseUri: http://a.test }] }\n`,
  },
  {
    name: "an empty list with a comment behind it",
    text: file({ capability: "  binds: [] # later\n" }),
  },
  {
    name: "the last section of a capability",
    text: "naftiko: 1.0.0-alpha3\ncapability:\n  consumes: []\n  exposes: []\n",
  },
  {
    name: "a value behind an anchor, which stands elsewhere too",
    text: file({
      adapter: "      inputParameters: [{ name: a, in: query, value: &n 7 }, { name: b, in: body, value: *n }]\n",
    }),
  },
  {
    name: "a name that two binds declare",
    text: file({
      root: "",
      capability: "  binds:\n    - { namespace: other, keys: { TOKEN: T } }\n",
      adapter: "      authentication: { type: bearer, token: TOKEN }\n",
    }),
  },
  { name: "a method in small letters, which is an error", text: file({}).replace("POST", "post") },
];

describe("fixText()", () => {
  it.each([...fixed, ...unsent, ...CRLF])("$name", async ({ before, after, fixes }) => {
    const result = await fixText(before);
    expect(result.text).toBe(after);
    expect(result.fixes.map(({ message }) => message)).toEqual(fixes);
    expect((await findDepartures(parse(after))).length).toBeLessThanOrEqual(
      (await findDepartures(parse(before))).length,
    );
  });

  it.each([...fixed, ...unsent, ...CRLF])("$name: and has nothing to do then", async ({ after }) => {
    expect(await fixText(after)).toEqual({ text: after, fixes: [] });
  });

  it.each(fixed)("$name: and the request stays", async ({ before, after }) => {
    const [sent, sentAfter] = await Promise.all([before, after].map(prepared));
    expect(sentAfter).toEqual(sent);
    expect(sent?.url).toMatch(/^https:\/\/shop\.test/);
  });

  it.each(left)("leaves $name", async ({ text }) => {
    expect(await fixText(text)).toEqual({ text, fixes: [] });
  });
});

async function prepared(text: string) {
  const folder = await temporaryFolder({ "shop.yaml": text });
  const shop = await openCapability(path.join(folder, "shop.yaml"), { env: { TOKEN: "secret" } });
  const { method, url, headers, body } = await shop.prepare("op");
  await shop.close();
  const written = body instanceof Uint8Array ? Buffer.from(body).toString() : body;
  // A boundary of parts is made up for each request.
  const boundary = /boundary=([^;]+)/.exec(headers["content-type"] ?? "")?.[1];
  return JSON.parse(JSON.stringify({ method, url, headers, body: written ?? null }).replaceAll(boundary ?? "\0", "B"));
}
