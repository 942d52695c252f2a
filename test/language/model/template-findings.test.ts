import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { kinds } from "../../../src/engine/kinds.ts";
import type { CapabilityDocument } from "../../../src/language/document/document-types.ts";
import { compile } from "../../../src/language/model/compile.ts";
import { templateFindings } from "../../../src/language/model/template-findings.ts";

interface Case {
  readonly what: string;
  /** Lines of the adapter, of the operation, and of the capability. */
  readonly adapter?: string;
  readonly operation?: string;
  readonly exposes?: string;
  /** Severity, place below the adapter or operation, and a part of the message. */
  readonly found: readonly (readonly [severity: "error" | "warning", place: string, says: string])[];
}

const BINDS = `
- { namespace: env, keys: { BOOK_TOKEN: T } }
- { namespace: shop, location: file:///./shop.yaml, keys: { SHOP_KEY: k } }`;

const CASES: readonly Case[] = [
  {
    what: "declared names, inputs and constants",
    adapter: 'authentication: { type: bearer, token: "{{BOOK_TOKEN}}" }',
    operation: `
        inputParameters: [{ name: ID, in: query }, { name: a, in: header, value: "{{ID}} {{shop.SHOP_KEY}} {{who}}" }]
        body: { type: json, data: { title: "{{title}}", book: "{{book_token}}" } }`,
    found: [],
  },
  {
    what: "a misspelt name in a credential",
    adapter: 'authentication: { type: bearer, token: "{{BOOKS_TOKEN}}" }',
    found: [
      [
        "error",
        "/authentication/token",
        'no value for BOOKS_TOKEN (no bind declares it: add it to binds; did you mean "BOOK_TOKEN"?)',
      ],
    ],
  },
  {
    what: "a misspelt name in a constant of all calls, once",
    adapter: 'inputParameters: [{ name: X-Key, in: header, template: "{{SHOP_KEYY}}" }]',
    found: [["error", "/inputParameters/0/template", 'did you mean "SHOP_KEY"?']],
  },
  {
    what: "names of a bind without a location, which the environment has",
    adapter: 'authentication: { type: bearer, token: "{{env.BOOKS_TOKEN}}" }',
    operation: 'inputParameters: [{ name: a, in: query, value: "{{env.OTHER}}" }]',
    found: [
      [
        "warning",
        "/authentication/token",
        'Bind "env" does not declare BOOKS_TOKEN, which is read from the environment; did you mean "BOOK_TOKEN"?',
      ],
      ["warning", "/resources/0/operations/0/inputParameters/0/value", 'Bind "env" does not declare OTHER'],
    ],
  },
  {
    what: "names of a bind with a location",
    operation: 'inputParameters: [{ name: a, in: query, value: "{{shop.SHOP_KEYS}}" }]',
    found: [["error", "/resources/0/operations/0/inputParameters/0/value", "no value for shop.SHOP_KEYS"]],
  },
  {
    what: "a namespace that no bind has",
    operation: 'inputParameters: [{ name: a, in: query, value: "{{shopp.SHOP_KEY}}" }]',
    found: [["error", "/resources/0/operations/0/inputParameters/0/value", "no value for shopp.SHOP_KEY"]],
  },
  {
    what: "texts that look like references",
    adapter: 'authentication: { type: basic, username: "{BOOK_TOKEN}", password: $SHOP_KEY }',
    operation:
      'inputParameters: [{ name: a, in: cookie, value: "${BOOK_TOKEN}" }, { name: b, in: query, value: "{{ BOOK-TOKEN! }}" }]',
    found: [
      ["error", "/authentication/username", "write {{BOOK_TOKEN}}"],
      ["error", "/authentication/password", "write {{SHOP_KEY}}"],
      ["error", "/resources/0/operations/0/inputParameters/0/value", "write {{BOOK_TOKEN}}"],
      ["error", "/resources/0/operations/0/inputParameters/1/value", "BOOK-TOKEN!"],
    ],
  },
  {
    what: "names in the structure of a body",
    operation: 'body: { type: json, data: { a: [ x, "{{BOOK_TOKN}}" ], "b/c": "{{BOOK_TOKEN}" } }',
    found: [
      ["error", "/resources/0/operations/0/body/data/a/1", 'did you mean "BOOK_TOKEN"?'],
      ["error", "/resources/0/operations/0/body/data/b~1c", "write {{BOOK_TOKEN}}"],
    ],
  },
  {
    what: "a name in the text of a body",
    operation: `body: '{ "a": { "b": "{{BOOK_TOKN}}" } }'`,
    found: [["error", "/resources/0/operations/0/body", 'did you mean "BOOK_TOKEN"?']],
  },
  {
    what: "texts in bodies and queries that have the very name of a variable",
    operation: `
        path: "/x?a=$BOOK_TOKEN&b=1"
        body: { type: json, data: { a: "\${BOOK_TOKEN}", b: "{BOOK_TOKEN}", c: "k=$BOOK_TOKEN&x", d: "%shop.SHOP_KEY%" } }`,
    found: [
      ["error", "/resources/0/operations/0/path", "write {{BOOK_TOKEN}}"],
      ["warning", "/resources/0/operations/0/body/data/a", "${BOOK_TOKEN} is not replaced"],
      ["warning", "/resources/0/operations/0/body/data/b", "{BOOK_TOKEN} is not replaced"],
      ["warning", "/resources/0/operations/0/body/data/c", "$BOOK_TOKEN is not replaced"],
      ["warning", "/resources/0/operations/0/body/data/d", "%shop.SHOP_KEY% is not replaced"],
    ],
  },
  {
    what: "a text in the text of a body",
    operation: `body: '{ "a": "\${BOOK_TOKEN}" }'`,
    found: [["warning", "/resources/0/operations/0/body", "write {{BOOK_TOKEN}}"]],
  },
  {
    what: "other signs of bodies and queries",
    operation: `
        path: "/x?price=$OTHER_NAME&b={book_token}"
        body: { type: json, data: { a: "\${OTHER}", b: "query { book_token }", c: "$BOOK_TOKENS $book_token", d: "<SHOP_KEY>" } }`,
    found: [],
  },
  {
    what: "a name in brackets that is that of a variable",
    operation:
      "inputParameters: [{ name: a, in: header, value: <SHOP_KEY> }, { name: b, in: header, value: <YOUR_KEY> }]",
    found: [["error", "/resources/0/operations/0/inputParameters/0/value", "write {{SHOP_KEY}}"]],
  },
  {
    what: "placeholders of paths that are nearly variables",
    adapter: 'baseUri: "https://{BOOK_TOKN}.test"',
    operation: 'path: "/bot{{SHOP_KEYY}}/{book_token}/{REGION}"',
    found: [
      ["warning", "/baseUri", 'No bind declares BOOK_TOKN, so it is an input of each call; did you mean "BOOK_TOKEN"?'],
      ["warning", "/resources/0/operations/0/path", 'did you mean "SHOP_KEY"?'],
    ],
  },
  {
    what: "names that an exposed unit gives",
    operation: 'body: { type: json, data: { a: "{{REGION}}", b: "{{SIZE}}" } }',
    exposes:
      "[{ type: mcp, namespace: m, tools: [{ name: t, call: api.op, with: { REGION: tools.region }, inputParameters: [{ name: SIZE }] }] }]",
    found: [],
  },
  {
    what: "a name in the base URI of a closed bind",
    adapter: 'baseUri: "https://{{shop.HOST}}.test"',
    found: [["error", "/baseUri", "no value for shop.HOST"]],
  },
];

function findings({ adapter = "", operation = "", exposes = "[]" }: Omit<Case, "what" | "found">, root = "capability") {
  const baseUri = adapter.startsWith("baseUri") ? "" : "baseUri: https://api.test";
  const document = parse(`
naftiko: 1.0.0-alpha3
${root === "capability" ? `binds: ${BINDS}` : ""}
${root}:
  exposes: ${exposes}
  consumes:
  - type: http
    namespace: api
    ${baseUri}
    ${adapter}
    resources:
    - name: r
      path: /r
      operations:
      - name: op
        method: POST
        ${operation}
      - name: other
        method: GET
`) as CapabilityDocument & { shared?: object };
  const shared = { naftiko: document.naftiko, ...document.shared } as CapabilityDocument;
  const compiled = root === "capability" ? document : shared;
  return templateFindings(compile("x", compiled, { kinds, impliedAuthentication: true }), compiled);
}

describe("templateFindings()", () => {
  it.each(CASES)("$what", ({ found, ...parts }) => {
    const expected = found.map(([severity, place, says]) => ({
      severity,
      rule: "bind-declared",
      pointer: `/capability/consumes/0${place}`,
      message: expect.stringContaining(says),
    }));
    expect(findings(parts)).toEqual(expected);
  });

  it("leaves names of a shared file to the file that imports it, but not texts that look like references", () => {
    const adapter = 'authentication: { type: basic, username: "{{USER}}", password: "{PASSWORD}" }';
    expect(findings({ adapter }, "shared")).toMatchObject([
      { severity: "warning", pointer: "/consumes/0/authentication/password" },
    ]);
  });
});
