import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { CapabilityDocument } from "../../../src/language/document/document-types.ts";
import { literalFindings } from "../../../src/language/validation/literal-findings.ts";

interface Parts {
  readonly adapter?: string;
  readonly path?: string;
  readonly operation?: string;
  readonly keys?: string;
}

function findings({ adapter = "", path = "/books", operation = "", keys = "{ TOKEN: TOKEN }" }: Parts) {
  return literalFindings(
    parse(`
naftiko: 1.0.0-alpha3
binds: [{ namespace: env, keys: ${keys} }]
capability:
  consumes:
  - type: http
    namespace: shop
    baseUri: https://api.test
    ${adapter}
    resources:
    - name: books
      path: ${JSON.stringify(path)}
      operations:
      - name: list
        method: POST
        ${operation}
`) as CapabilityDocument,
  );
}

const constant = (parameter: string): Parts => ({ adapter: `inputParameters: [${parameter}]` });
const AUTHENTICATION = "/capability/consumes/0/authentication";
const VALUE = "/capability/consumes/0/inputParameters/0/value";

/** Tokens with the beginnings and lengths of their publishers. None is one. */
const SHAPES = [
  ["sk_live", "0123456789abcdef"].join("_"),
  ["ghp", "0123456789abcdefghij0123"].join("_"),
  ["AKIA", "0123456789ABCDEF"].join(""),
  ["xoxb", "0123456789-abc"].join("-"),
  "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0",
  ["glpat", "0123456789abcdefghij"].join("-"),
];

describe("literalFindings()", () => {
  it.each<readonly [what: string, parts: Parts, pointer: string, says: string]>([
    [
      "a token",
      { adapter: "authentication: { type: bearer, token: s3cret-1 }" },
      `${AUTHENTICATION}/token`,
      '"token" stands in the file',
    ],
    [
      "an API key",
      { adapter: "authentication: { type: apikey, key: X-K, value: s3cret-1 }" },
      `${AUTHENTICATION}/value`,
      '"value" stands',
    ],
    [
      "a client's secret",
      { adapter: "authentication: { type: oauth2, clientId: client-1, clientSecret: s3cret-1 }" },
      `${AUTHENTICATION}/clientSecret`,
      '"clientSecret" stands',
    ],
    [
      "a key as user name",
      { adapter: "authentication: { type: basic, username: s3cret-1 }" },
      `${AUTHENTICATION}/username`,
      '"username" stands',
    ],
    [
      "a header of a credential's name",
      constant("{ name: X-Api-Key, in: header, value: s3cret-1 }"),
      VALUE,
      '"X-Api-Key" stands',
    ],
    [
      "a header with a scheme",
      constant("{ name: authorization, in: header, value: Bearer s3cret-1 }"),
      VALUE,
      "stands",
    ],
    [
      "a query parameter of a credential's name",
      constant("{ name: access_token, in: query, value: s3cret-1 }"),
      VALUE,
      "stands",
    ],
    [
      "a pair of a query in a path",
      { path: "/books?v=2&api_key=s3cret-1" },
      "/capability/consumes/0/resources/0/path",
      '"api_key" stands',
    ],
    [
      "a pair of a query whose value has an equals sign",
      { path: "/books?api_key=a=s3cret-1&v=2" },
      "/capability/consumes/0/resources/0/path",
      '"api_key" stands',
    ],
    [
      "a member of a body",
      { operation: "body: { type: json, data: { grant: password, user: { password: s3cret-1 } } }" },
      "/capability/consumes/0/resources/0/operations/0/body/data/user/password",
      '"password" stands',
    ],
    [
      "a placeholder",
      { adapter: "authentication: { type: bearer, token: YOUR_API_KEY }" },
      `${AUTHENTICATION}/token`,
      "is a placeholder",
    ],
    ["a placeholder in brackets", constant("{ name: X-Token, in: header, value: <token> }"), VALUE, "is a placeholder"],
    [
      "a text that is to be changed",
      constant("{ name: X-Token, in: header, value: changeme }"),
      VALUE,
      "is a placeholder",
    ],
    ...SHAPES.flatMap(shape => [
      [
        `${shape.slice(0, 6)}… in a constant`,
        constant(`{ name: a, in: query, value: "x ${shape}" }`),
        VALUE,
        '"a" stands',
      ] as const,
      [
        `${shape.slice(0, 6)}… in place of a key`,
        { keys: `{ TOKEN: "${shape}" }` },
        "/binds/0/keys/TOKEN",
        '"TOKEN" stands',
      ] as const,
    ]),
  ])("finds %s", (_, parts, pointer, says) => {
    const found = findings(parts);
    expect(found).toEqual([
      { severity: "warning", rule: "literal-credential", pointer, message: expect.stringContaining(says) },
    ]);
    for (const secret of ["s3cret-1", ...SHAPES]) expect(JSON.stringify(found)).not.toContain(secret);
  });

  it.each<readonly [what: string, parts: Parts]>([
    ["references", { adapter: 'authentication: { type: basic, username: somebody, password: "{{TOKEN}}" }' }],
    ["bare names of variables", { adapter: "authentication: { type: bearer, token: TOKEN }" }],
    [
      "what looks like a reference, which is an error",
      { adapter: 'authentication: { type: bearer, token: "${TOKEN}" }' },
    ],
    [
      "constants of other names",
      constant("{ name: sort_key, in: query, value: title }, { name: version, in: header, value: '2024-01-01' }"),
    ],
    ["a text with a reference in it", constant("{ name: X-Api-Key, in: header, value: 'k {{TOKEN}}' }")],
    ["a few characters", constant("{ name: token, in: query, value: t }")],
    ["inputs", constant("{ name: token, in: query, description: s3cret-1 }")],
    [
      "members that say how a token is got",
      {
        adapter:
          "authentication: { type: oauth2, grant: client_credentials, tokenEndpoint: 'https://id.test/token', clientId: client-1 }",
      },
    ],
  ])("finds nothing in %s", (_, parts) => {
    expect(findings(parts)).toEqual([]);
  });
});
