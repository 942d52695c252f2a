import type { ErrorCode } from "../../src/error/capability-error.ts";

/** One call and the request it must become, or the error it must end with. */
export interface RequestCase {
  readonly what: string;
  /** `METHOD /path` of the resource. */
  readonly operation: string;
  readonly baseUri?: string;
  /** Parameters of the operation, of its resource, and of the adapter. */
  readonly parameters?: readonly object[];
  readonly resourceParameters?: readonly object[];
  readonly adapterParameters?: readonly object[];
  readonly body?: unknown;
  readonly authentication?: object;
  readonly binds?: readonly object[];
  readonly env?: Readonly<Record<string, string>>;
  readonly impliedAuthentication?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  /** `METHOD url`. */
  readonly request?: string;
  /** Beyond `accept` and `user-agent`; `undefined` for a header that must not be there. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly sent?: string | undefined;
  readonly error?: ErrorCode;
  /** Part of the error's message. */
  readonly says?: string;
}

const token = [{ namespace: "env", keys: { TOKEN: "THE_TOKEN" } }];
const bearer = { type: "bearer", token: "{{TOKEN}}" };
const env = { THE_TOKEN: "t0ken-value" };
const query = (name: string, more: object = {}) => ({ name, in: "query", ...more });
const header = (name: string, more: object = {}) => ({ name, in: "header", ...more });
const id = { name: "id", in: "path", type: "string", required: true };

export const paths: readonly RequestCase[] = [
  ...(
    [
      ["a", "a"],
      ["a/b", "a%2Fb"],
      ["a?b", "a%3Fb"],
      ["a#b", "a%23b"],
      ["a%2Fb", "a%252Fb"],
      ["%2e%2e", "%252e%252e"],
      ["a b+c&d=e", "a%20b%2Bc%26d%3De"],
      ["é😀", "%C3%A9%F0%9F%98%80"],
      ["...", "..."],
      [".a", ".a"],
      ["{id}", "%7Bid%7D"],
      ["{{TOKEN}}", "%7B%7BTOKEN%7D%7D"],
      ["a\r\nb", "a%0D%0Ab"],
      [7, "7"],
      [true, "true"],
    ] as const
  ).map(([value, segment]) => ({
    what: `the path value ${JSON.stringify(value)}`,
    operation: "GET /items/{id}/x",
    parameters: [id],
    inputs: { id: value },
    request: `GET https://api.test/v1/items/${segment}/x`,
  })),
  ...["", ".", "..", "\ud800"].map(
    (value): RequestCase => ({
      what: `the path value ${JSON.stringify(value)}`,
      operation: "GET /items/{id}",
      parameters: [id],
      inputs: { id: value },
      error: "INPUT_INVALID",
      says: '"id"',
    }),
  ),
  {
    what: "an array in a path",
    operation: "GET /items/{id}",
    parameters: [{ ...id, type: "array" }],
    inputs: { id: ["a", "b c"] },
    request: "GET https://api.test/v1/items/a%2Cb%20c",
  },
  {
    what: "placeholders in double braces",
    operation: "GET /a/{{id}}",
    inputs: { id: "1" },
    request: "GET https://api.test/v1/a/1",
  },
  {
    what: "an implied placeholder",
    operation: "GET /a/{no-such.name}",
    inputs: { "no-such.name": "1" },
    request: "GET https://api.test/v1/a/1",
  },
  {
    what: "a missing implied placeholder",
    operation: "GET /a/{b}/{c}",
    error: "INPUT_MISSING",
    says: '"b", "c"',
  },
  {
    what: "a placeholder in a part of a segment",
    operation: "GET /orders/{id}.json",
    inputs: { id: "7" },
    request: "GET https://api.test/v1/orders/7.json",
  },
  {
    what: "a key in parentheses",
    operation: "GET /Items(key='{key}')",
    inputs: { key: "a'b" },
    request: "GET https://api.test/v1/Items(key='a'b')",
  },
  {
    what: "two values that make a dot segment",
    operation: "GET /a/{b}{c}",
    inputs: { b: ".", c: "." },
    error: "INPUT_INVALID",
  },
  {
    what: "a value that completes a dot segment",
    operation: "GET /a/.{b}",
    inputs: { b: "." },
    error: "INPUT_INVALID",
  },
  {
    what: "a repeated placeholder",
    operation: "GET /a/{b}/c/{b}",
    inputs: { b: "x y" },
    request: "GET https://api.test/v1/a/x%20y/c/x%20y",
  },
  { what: "a fragment", operation: "POST /#CreateBackup", request: "POST https://api.test/v1/" },
  {
    what: "a literal query",
    operation: "GET /a?type=x&flag",
    parameters: [query("q")],
    inputs: { q: "1" },
    request: "GET https://api.test/v1/a?type=x&flag&q=1",
  },
  {
    what: "a placeholder in a literal query",
    operation: "GET /a?at={when}",
    inputs: { when: "1 &2" },
    request: "GET https://api.test/v1/a?at=1%20%262",
  },
  { what: "a trailing slash", operation: "GET /a/", request: "GET https://api.test/v1/a/" },
  { what: "an empty path", operation: "GET ", request: "GET https://api.test/v1" },
  { what: "a path without a leading slash", operation: "GET a", request: "GET https://api.test/v1/a" },
  { what: "a double slash inside", operation: "GET /a//b", request: "GET https://api.test/v1/a//b" },
  {
    what: "spaces and non-ASCII in the file's path",
    operation: "GET /a b/é",
    request: "GET https://api.test/v1/a%20b/%C3%A9",
  },
  {
    what: "a constant path parameter",
    operation: "GET /{v}/a",
    parameters: [{ name: "v", in: "path", value: "v 2" }],
    request: "GET https://api.test/v1/v%202/a",
  },
  {
    what: "a bind in the path",
    operation: "GET /{{TOKEN}}/a",
    binds: token,
    env,
    impliedAuthentication: false,
    request: "GET https://api.test/v1/t0ken-value/a",
  },
];

export const baseUris: readonly RequestCase[] = [
  {
    what: "trailing slashes",
    baseUri: "https://api.test/v1//",
    operation: "GET /a",
    request: "GET https://api.test/v1/a",
  },
  {
    what: "a port",
    baseUri: "http://localhost:8080",
    operation: "GET /a",
    request: "GET http://localhost:8080/a",
  },
  {
    what: "a placeholder in the host",
    baseUri: "https://{store}.shop.test/v1",
    operation: "GET /a",
    inputs: { store: "acme-1" },
    request: "GET https://acme-1.shop.test/v1/a",
  },
  {
    what: "a placeholder in the path",
    baseUri: "https://api.test/{version}",
    operation: "GET /a",
    inputs: { version: "v2.1" },
    request: "GET https://api.test/v2.1/a",
  },
  {
    what: "a bind",
    baseUri: "{{BASE}}/v1",
    binds: [{ namespace: "env", keys: { BASE: "BASE" } }],
    env: { BASE: "https://b.test" },
    operation: "GET /a",
    request: "GET https://b.test/v1/a",
  },
  {
    what: "a missing placeholder",
    baseUri: "https://{store}.shop.test",
    operation: "GET /a",
    error: "INPUT_MISSING",
    says: '"store"',
  },
  ...["evil.com/", "a@b", "x#", "a:80", "a b", "..", "a\\b", "a%2eb", "é"].map(
    (store): RequestCase => ({
      what: `the host part ${store}`,
      baseUri: "https://{store}.shop.test",
      operation: "GET /a",
      inputs: { store },
      error: "INPUT_INVALID",
      says: '"store"',
    }),
  ),
  { what: "an empty base URI", baseUri: "", operation: "GET /a", error: "BASE_URI_MISSING", says: '"shop"' },
  ...["/v1", "ftp://a.test", "https://u:p@a.test", "https://a.test?x=1", "https:a.test"].map(
    (baseUri): RequestCase => ({
      what: `the base URI ${baseUri}`,
      baseUri,
      operation: "GET /a",
      error: "REQUEST_INVALID",
    }),
  ),
];

export const parameters: readonly RequestCase[] = [
  {
    what: "no optional input",
    operation: "GET /a",
    parameters: [query("q"), header("h"), { name: "c", in: "cookie" }],
    request: "GET https://api.test/v1/a",
    headers: { h: undefined, cookie: undefined },
  },
  {
    what: "a query array",
    operation: "GET /a",
    parameters: [query("tags", { type: "array" })],
    inputs: { tags: ["a", "b c"] },
    request: "GET https://api.test/v1/a?tags=a&tags=b%20c",
  },
  {
    what: "an empty query array",
    operation: "GET /a",
    parameters: [query("tags", { type: "array" })],
    inputs: { tags: [] },
    request: "GET https://api.test/v1/a",
  },
  {
    what: "a query object",
    operation: "GET /a",
    parameters: [query("created", { type: "object" })],
    inputs: { created: { gte: 5, in: ["a", "b"], none: null } },
    request: "GET https://api.test/v1/a?created%5Bgte%5D=5&created%5Bin%5D=a&created%5Bin%5D=b",
  },
  {
    what: "a query name with brackets and a dollar",
    operation: "GET /a",
    parameters: [query("page[size]"), query("$top"), query("issue~neq")],
    inputs: { "page[size]": 10, $top: 2, "issue~neq": "x" },
    request: "GET https://api.test/v1/a?page%5Bsize%5D=10&%24top=2&issue~neq=x",
  },
  {
    what: "an empty query value",
    operation: "GET /a",
    parameters: [query("q")],
    inputs: { q: "" },
    request: "GET https://api.test/v1/a?q=",
  },
  {
    what: "null",
    operation: "GET /a",
    parameters: [query("q")],
    inputs: { q: null },
    request: "GET https://api.test/v1/a",
  },
  {
    what: "zero and false",
    operation: "GET /a",
    parameters: [query("n", { type: "number" }), query("b", { type: "boolean" })],
    inputs: { n: 0, b: false },
    request: "GET https://api.test/v1/a?n=0&b=false",
  },
  {
    what: "a text of digits",
    operation: "GET /a",
    parameters: [query("zip", { type: "string" })],
    inputs: { zip: "00123" },
    request: "GET https://api.test/v1/a?zip=00123",
  },
  {
    what: "an integer beyond doubles",
    operation: "GET /a",
    parameters: [query("n", { type: "integer" })],
    inputs: { n: "12345678901234567890" },
    request: "GET https://api.test/v1/a?n=12345678901234567890",
  },
  ...(
    [
      ["number", "x"],
      ["number", "0x10"],
      ["number", ""],
      ["number", "NaN"],
      ["integer", 1.5],
      ["boolean", "yes"],
      ["boolean", 1],
      ["string", { a: 1 }],
      ["string", ["a"]],
      ["array", "a"],
      ["object", [1]],
      ["object", "a"],
    ] as const
  ).map(
    ([type, value]): RequestCase => ({
      what: `${JSON.stringify(value)} for the type ${type}`,
      operation: "GET /a",
      parameters: [query("q", { type })],
      inputs: { q: value },
      error: "INPUT_INVALID",
      says: `must be ${/^[aio]/.test(type) ? "an" : "a"} ${type}`,
    }),
  ),
  {
    what: "an unknown input",
    operation: "GET /a",
    parameters: [query("subject")],
    inputs: { subjct: 1 },
    error: "INPUT_UNKNOWN",
    says: 'did you mean "subject"?',
  },
  {
    what: "names of Object.prototype",
    operation: "GET /a",
    inputs: { constructor: 1 },
    error: "INPUT_UNKNOWN",
  },
  {
    what: "all missing inputs at once",
    operation: "GET /a/{p}",
    parameters: [query("q", { required: true }), header("h", { required: true })],
    error: "INPUT_MISSING",
    says: '"q", "h", "p"',
  },
  {
    what: "the three levels",
    operation: "GET /a",
    adapterParameters: [
      header("X-One", { value: "adapter" }),
      header("X-Two", { value: "adapter" }),
      query("q", { value: "adapter" }),
    ],
    resourceParameters: [header("x-two", { value: "resource" }), query("q", { value: "resource" })],
    parameters: [query("q", { value: "operation" })],
    request: "GET https://api.test/v1/a?q=operation",
    headers: { "x-one": "adapter", "x-two": "resource" },
  },
  {
    what: "one name in two places",
    operation: "GET /a/{id}",
    parameters: [id, query("id")],
    inputs: { "path:id": "1", "query:id": "2" },
    request: "GET https://api.test/v1/a/1?id=2",
  },
  {
    what: "a path parameter without a placeholder",
    operation: "GET /a",
    parameters: [id],
    request: "GET https://api.test/v1/a",
  },
  {
    what: "one name in two places, given bare",
    operation: "GET /a/{id}",
    parameters: [id, query("id")],
    inputs: { id: "1" },
    error: "INPUT_UNKNOWN",
    says: "path:id or query:id",
  },
  {
    what: "constants of other types",
    operation: "GET /a",
    parameters: [query("n", { value: 5 }), query("b", { value: true })],
    request: "GET https://api.test/v1/a?n=5&b=true",
  },
  {
    what: "a template of an input",
    operation: "GET /a",
    parameters: [query("q", { value: "name:{{name}}" })],
    inputs: { name: "{{TOKEN}}" },
    request: "GET https://api.test/v1/a?q=name%3A%7B%7BTOKEN%7D%7D",
  },
  {
    what: "a template whose input is absent",
    operation: "GET /a",
    parameters: [query("q", { value: "{{name}}" })],
    request: "GET https://api.test/v1/a",
  },
  {
    what: "headers",
    operation: "GET /a",
    parameters: [header("X-Tags", { type: "array" }), header("X-Latin")],
    inputs: { "X-Tags": ["a", "b"], "X-Latin": "é" },
    request: "GET https://api.test/v1/a",
    headers: { "x-tags": "a,b", "x-latin": "é" },
  },
  {
    what: "an Accept of the caller",
    operation: "GET /a",
    parameters: [header("Accept")],
    inputs: { Accept: "application/vnd.x+json" },
    request: "GET https://api.test/v1/a",
    headers: { accept: "application/vnd.x+json" },
  },
  ...["a\r\nX-Evil: 1", "a\nb", "a\0b", "snow \u2603", "a\u007fb"].map(
    (value): RequestCase => ({
      what: `the header value ${JSON.stringify(value)}`,
      operation: "GET /a",
      parameters: [header("X-H")],
      inputs: { "X-H": value },
      error: "INPUT_INVALID",
      says: '"X-H"',
    }),
  ),
  ...["Host", "Content-Length", "Transfer-Encoding", "bad name"].map(
    (name): RequestCase => ({
      what: `the header ${name}`,
      operation: "GET /a",
      parameters: [header(name)],
      inputs: { [name]: "1" },
      error: "INPUT_INVALID",
    }),
  ),
  {
    what: "cookies",
    operation: "GET /a",
    parameters: [
      { name: "a", in: "cookie" },
      { name: "b", in: "cookie" },
    ],
    inputs: { a: "1;x", b: "é" },
    request: "GET https://api.test/v1/a",
    headers: { cookie: "a=1%3Bx; b=%C3%A9" },
  },
  {
    what: "a cookie with a line break",
    operation: "GET /a",
    parameters: [{ name: "a", in: "cookie" }],
    inputs: { a: "1\r\nx: y" },
    error: "INPUT_INVALID",
  },
];

const whole = { name: "body", in: "body", type: "object" };

export const bodies: readonly RequestCase[] = [
  {
    what: "a whole body",
    operation: "POST /a",
    parameters: [whole],
    inputs: { body: { a: "é", b: [1, null] } },
    request: "POST https://api.test/v1/a",
    headers: { "content-type": "application/json" },
    sent: '{"a":"é","b":[1,null]}',
  },
  {
    what: "a whole body as a list",
    operation: "POST /a",
    parameters: [whole],
    inputs: { body: [1] },
    sent: "[1]",
  },
  {
    what: "a whole body as JSON text",
    operation: "POST /a",
    parameters: [whole],
    inputs: { body: '{"a":1}' },
    sent: '{"a":1}',
  },
  {
    what: "a whole body that is not JSON",
    operation: "POST /a",
    parameters: [whole],
    inputs: { body: '{"a":' },
    error: "INPUT_INVALID",
    says: "line 1, column 6",
  },
  {
    what: "a whole body of text",
    operation: "POST /a",
    parameters: [{ ...whole, type: "string" }],
    inputs: { body: "{plain" },
    headers: { "content-type": "text/plain" },
    sent: "{plain",
  },
  {
    what: "no body",
    operation: "POST /a",
    parameters: [whole],
    headers: { "content-type": undefined },
    sent: undefined,
  },
  {
    what: "a required body that is missing",
    operation: "POST /a",
    parameters: [{ ...whole, required: true }],
    error: "INPUT_MISSING",
    says: '"body"',
  },
  {
    what: "members",
    operation: "POST /a",
    parameters: [
      { name: "a", in: "body", type: "string" },
      { name: "b", in: "body", type: "integer" },
      { name: "c", in: "body" },
    ],
    inputs: { a: "x", b: "5", c: null },
    sent: '{"a":"x","b":5,"c":null}',
  },
  {
    what: "a body on DELETE",
    operation: "DELETE /a",
    parameters: [whole],
    inputs: { body: { a: 1 } },
    sent: '{"a":1}',
  },
  {
    what: "a BigInt in a body",
    operation: "POST /a",
    parameters: [whole],
    inputs: { body: { a: 10n } },
    sent: '{"a":10}',
  },
  {
    what: "a form",
    operation: "POST /a",
    parameters: [whole, header("Content-Type", { value: "application/x-www-form-urlencoded" })],
    inputs: { body: { a: "x &", b: ["1", "2"] } },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    sent: "a=x+%26&b=1&b=2",
  },
  {
    what: "a JSON template",
    operation: "POST /a",
    body: '{ "title": "{{title}}", "tags": {{tags}}, "due": "{{due}}", "note": "[{{note}}]", "n": "{{n}}" }',
    inputs: { title: 'A "b"\n\\', tags: ["x"], n: 5 },
    headers: { "content-type": "application/json" },
    sent: '{"title":"A \\"b\\"\\n\\\\","tags":["x"],"note":"[]","n":"5"}',
  },
  {
    what: "a value that looks like JSON or a template",
    operation: "POST /a",
    body: '{"a":"{{a}}"}',
    inputs: { a: '","admin":true,"x":"{{b}}' },
    sent: '{"a":"\\",\\"admin\\":true,\\"x\\":\\"{{b}}"}',
  },
  {
    what: "structured data",
    operation: "POST /a",
    body: { type: "json", data: { n: "{{n}}", list: ["{{x}}", "{{y}}"], text: "v{{n}}" } },
    inputs: { n: 5, y: { z: 1 } },
    sent: '{"n":5,"list":[{"z":1}],"text":"v5"}',
  },
  {
    what: "a member of an input",
    operation: "POST /a",
    body: { type: "json", data: { city: "{{place.city}}", proto: "{{place.__proto__}}" } },
    inputs: { place: { city: "Rom" } },
    sent: '{"city":"Rom"}',
  },
  {
    what: "text",
    operation: "POST /a",
    body: { type: "text", data: "Hi {{name}} <&>" },
    inputs: { name: "<b>" },
    headers: { "content-type": "text/plain" },
    sent: "Hi <b> <&>",
  },
  {
    what: "XML",
    operation: "POST /a",
    body: { type: "xml", data: '<a b="{{x}}">{{y}}</a>' },
    inputs: { x: '"', y: "<&>" },
    headers: { "content-type": "application/xml" },
    sent: '<a b="&quot;">&lt;&amp;&gt;</a>',
  },
  {
    what: "SPARQL",
    operation: "POST /a",
    body: { type: "sparql", data: "ASK {}" },
    headers: { "content-type": "application/sparql-query" },
    sent: "ASK {}",
  },
  {
    what: "form data",
    operation: "POST /a",
    body: { type: "formUrlEncoded", data: { grant: "password", user: "{{user}}", otp: "{{otp}}" } },
    inputs: { user: "a&b" },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    sent: "grant=password&user=a%26b",
  },
  {
    what: "form text",
    operation: "POST /a",
    body: { type: "formUrlEncoded", data: "user={{user}}&x=1" },
    inputs: { user: "a&b c" },
    sent: "user=a%26b+c&x=1",
  },
  {
    what: "a body kind that is not supported",
    operation: "POST /a",
    body: { type: "multipartForm", data: [] },
    error: "REQUEST_INVALID",
    says: "multipartForm",
  },
];

export const credentials: readonly RequestCase[] = [
  {
    what: "a bearer token",
    operation: "GET /a",
    binds: token,
    env,
    authentication: bearer,
    headers: { authorization: "Bearer t0ken-value" },
  },
  {
    what: "a qualified name",
    operation: "GET /a",
    binds: token,
    env,
    authentication: { type: "bearer", token: "{{ env.TOKEN }}" },
    headers: { authorization: "Bearer t0ken-value" },
  },
  {
    what: "a bare name",
    operation: "GET /a",
    binds: token,
    env,
    authentication: { type: "bearer", token: "TOKEN" },
    headers: { authorization: "Bearer t0ken-value" },
  },
  {
    what: "basic credentials in UTF-8",
    operation: "GET /a",
    authentication: { type: "basic", username: "ü", password: "p:ä" },
    headers: { authorization: `Basic ${Buffer.from("ü:p:ä").toString("base64")}` },
  },
  {
    what: "an API key in a header",
    operation: "GET /a",
    binds: token,
    env,
    authentication: { type: "apikey", key: "X-Key", value: "{{TOKEN}}" },
    headers: { "x-key": "t0ken-value", authorization: undefined },
  },
  {
    what: "an API key in the query",
    operation: "GET /a?x=1",
    binds: token,
    env: { THE_TOKEN: "a&b" },
    authentication: { type: "apikey", key: "k[1]", value: "{{TOKEN}}", placement: "query" },
    request: "GET https://api.test/v1/a?x=1&k%5B1%5D=a%26b",
  },
  {
    what: "an implied credential",
    operation: "GET /a",
    binds: token,
    env,
    headers: { authorization: "Bearer t0ken-value" },
  },
  {
    what: "an implied credential, turned off",
    operation: "GET /a",
    binds: token,
    env,
    impliedAuthentication: false,
    headers: { authorization: undefined },
  },
  {
    what: "two candidates",
    operation: "GET /a",
    binds: [{ namespace: "env", keys: { A_KEY: "A", B_SECRET: "B" } }],
    env: { A: "1234", B: "5678" },
    headers: { authorization: undefined },
  },
  {
    what: "one candidate among others",
    operation: "GET /a",
    binds: [{ namespace: "env", keys: { A_KEY: "A", REGION: "B" } }],
    env: { A: "1234", B: "eu" },
    headers: { authorization: "Bearer 1234" },
  },
  {
    what: "a variable that is no credential",
    operation: "GET /a",
    binds: [{ namespace: "env", keys: { REGION: "R" } }],
    env: { R: "eu" },
    headers: { authorization: undefined },
  },
  {
    what: "a variable that has another use",
    operation: "GET /a",
    binds: token,
    env,
    parameters: [query("t", { value: "{{TOKEN}}" })],
    request: "GET https://api.test/v1/a?t=t0ken-value",
    headers: { authorization: undefined },
  },
  {
    what: "the caller's header",
    operation: "GET /a",
    binds: token,
    authentication: bearer,
    parameters: [header("Authorization", { required: true })],
    inputs: { Authorization: "Custom x" },
    headers: { authorization: "Custom x" },
  },
  {
    what: "the caller's header over an implied credential",
    operation: "GET /a",
    binds: token,
    parameters: [header("authorization")],
    inputs: { authorization: "Custom x" },
    headers: { authorization: "Custom x" },
  },
  {
    what: "a required header that the credential fills",
    operation: "GET /a",
    binds: token,
    env,
    authentication: bearer,
    parameters: [header("Authorization", { required: true })],
    headers: { authorization: "Bearer t0ken-value" },
  },
  {
    what: "a missing variable",
    operation: "GET /a",
    binds: token,
    authentication: bearer,
    error: "BIND_MISSING",
    says: 'TOKEN of bind "env" (looked for environment variable THE_TOKEN)',
  },
  {
    what: "an empty variable",
    operation: "GET /a",
    binds: token,
    env: { THE_TOKEN: "" },
    authentication: bearer,
    error: "BIND_MISSING",
  },
  {
    what: "an undeclared variable",
    operation: "GET /a",
    binds: token,
    env: { OTHER: "x" },
    authentication: { type: "bearer", token: "{{env.OTHER}}" },
    error: "BIND_MISSING",
    says: "env.OTHER",
  },
  {
    what: "a variable that another operation needs",
    operation: "GET /a",
    binds: [{ namespace: "env", keys: { UNUSED: "UNUSED" } }],
    request: "GET https://api.test/v1/a",
  },
  {
    what: "a token with a line break",
    operation: "GET /a",
    binds: token,
    env: { THE_TOKEN: "a\nb" },
    authentication: bearer,
    error: "REQUEST_INVALID",
  },
  {
    what: "a kind that is not supported",
    operation: "GET /a",
    authentication: { type: "digest", username: "u", password: "p" },
    error: "REQUEST_INVALID",
    says: "digest",
  },
  {
    what: "an API key without a name",
    operation: "GET /a",
    authentication: { type: "apikey", value: "v" },
    error: "REQUEST_INVALID",
    says: '"key"',
  },
];
