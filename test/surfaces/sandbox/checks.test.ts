import { expect, test } from "vitest";
import { capabilityFrom, consuming, resource, serve } from "./sandbox-client.ts";

const basic = `Basic ${Buffer.from("user:pass").toString("base64")}`;
const noColon = `Basic ${Buffer.from("user").toString("base64")}`;

const credentials: [
  adapter: string,
  request: string,
  headers: Record<string, string>,
  status: number,
  challenge?: string,
][] = [
  ["{ type: bearer, token: t }", "GET /items", { authorization: "Bearer any" }, 200],
  ["{ type: bearer, token: t }", "GET /items", { authorization: "bearer any" }, 200],
  ["{ type: bearer, token: t }", "GET /items", {}, 401, 'Bearer realm="sandbox"'],
  ["{ type: bearer, token: t }", "GET /items", { authorization: "Bearer" }, 401, 'Bearer realm="sandbox"'],
  ["{ type: bearer, token: t }", "GET /items", { authorization: "Bearer a b" }, 401, 'Bearer realm="sandbox"'],
  ["{ type: bearer, token: t }", "GET /items", { authorization: basic }, 401, 'Bearer realm="sandbox"'],
  ["{ type: basic, username: u, password: p }", "GET /items", { authorization: basic }, 200],
  ["{ type: basic, username: u, password: p }", "GET /items", { authorization: noColon }, 401, 'Basic realm="sandbox"'],
  [
    "{ type: basic, username: u, password: p }",
    "GET /items",
    { authorization: "Basic !" },
    401,
    'Basic realm="sandbox"',
  ],
  ["{ type: basic, username: u, password: p }", "GET /items", {}, 401, 'Basic realm="sandbox"'],
  ["{ type: apikey, key: X-Key, value: v }", "GET /items", { "x-key": "any" }, 200],
  ["{ type: apikey, key: X-Key, value: v }", "GET /items", { "x-key": "" }, 401],
  ["{ type: apikey, key: key, value: v, placement: query }", "GET /items?key=any", {}, 200],
  ["{ type: apikey, key: key, value: v, placement: query }", "GET /items?key=", {}, 401],
  ["{ type: digest, username: u, password: p }", "GET /items", {}, 200],
];

test.each(credentials)(
  "authentication %s: %s with %o is answered %i",
  async (declared, request, headers, status, challenge) => {
    const { send } = await serve(
      capabilityFrom(consuming(resource("GET POST /items"), `{ authentication: ${declared} }`)),
    );
    const reply = await send(request, undefined, headers);
    expect(reply.status).toBe(status);
    expect(reply.headers.get("www-authenticate")).toBe(challenge ?? null);
    if (status === 401) expect(reply.body).toMatchObject({ error: { code: "unauthorized" } });
  },
);

test("an API without authentication needs no credential", async () => {
  const { send } = await serve(capabilityFrom(consuming(resource("GET POST /items"))));
  expect((await send("GET /items")).status).toBe(200);
});

const object = "{ name: body, in: body, type: object, required: true }";
const form = { "content-type": "application/x-www-form-urlencoded" };
const lines = { "content-type": "application/x-ndjson" };

/** Inputs of one operation on `/items`; a request; 200, 201, or the message of a 400. */
const inputs: [
  parameters: string,
  request: string,
  body: unknown,
  headers: Record<string, string>,
  expected: number | RegExp,
][] = [
  ["{ name: q, in: query, required: true }", "GET /items", undefined, {}, /^Query parameter "q" is required$/],
  ["{ name: q, in: query, required: true }", "GET /items?q=", undefined, {}, 200],
  ["{ name: n, in: query, type: number }", "GET /items?n=1.5e3", undefined, {}, 200],
  [
    "{ name: n, in: query, type: number }",
    "GET /items?n=1&n=x",
    undefined,
    {},
    /Query parameter "n" must be a number, found "x"/,
  ],
  ["{ name: n, in: query, type: integer }", "GET /items?n=1.5", undefined, {}, /must be an integer, found "1.5"/],
  ["{ name: b, in: query, type: boolean }", "GET /items?b=yes", undefined, {}, /must be a boolean/],
  ["{ name: o, in: query, type: object, required: true }", "GET /items?o%5Ba%5D=1", undefined, {}, 200],
  ["{ name: o, in: query, type: object, required: true }", "GET /items?ok=1", undefined, {}, /"o" is required/],
  ["{ name: X-Id, in: header, required: true }", "GET /items", undefined, {}, /^Header "X-Id" is required$/],
  [
    "{ name: X-Id, in: header, type: integer }",
    "GET /items",
    undefined,
    { "x-id": "a" },
    /Header "X-Id" must be an integer/,
  ],
  [
    "{ name: sid, in: cookie, required: true }",
    "GET /items",
    undefined,
    { cookie: "a=1" },
    /^Cookie "sid" is required$/,
  ],
  ["{ name: sid, in: cookie, required: true }", "GET /items", undefined, { cookie: "a=1; sid=2" }, 200],
  [
    "{ name: sid, in: cookie, type: boolean }",
    "GET /items",
    undefined,
    { cookie: "sid=2" },
    /Cookie "sid" must be a boolean/,
  ],
  ["{ name: sid, in: cookie, value: a b }", "GET /items", undefined, { cookie: "sid=a%20b" }, 200],
  ["{ name: v, in: query, value: 2 }", "GET /items?v=2", undefined, {}, 200],
  ["{ name: v, in: query, value: 2 }", "GET /items?v=3", undefined, {}, /^Query parameter "v" must be "2"$/],
  [
    "{ name: X-Version, in: header, value: 2030-01-01x }",
    "GET /items",
    undefined,
    {},
    /^Header "X-Version" must be "2030-01-01x"$/,
  ],
  ["{ name: q, in: query, value: '{{SHOP_NAME}}', required: true }", "GET /items?q=x", undefined, {}, 200],
  [object, "POST /items", undefined, {}, /^A body is required$/],
  [object, "POST /items", "[]", {}, 201],
  [object, "POST /items", "null", {}, /JSON object or array/],
  [object, "POST /items", "{]", {}, /not JSON/],
  [object, "POST /items", '{"a":1}', { "content-type": "text/plain" }, 201],
  [object, "POST /items", "a=1", form, /not JSON/],
  [object, "POST /items", "[".repeat(300), {}, /more than 200 levels/],
  [object, "POST /items", `{"a":${"[".repeat(199)}${"]".repeat(199)}}`, {}, 201],
  [`${object}, { name: Content-Type, in: header }`, "POST /items", "a=1", form, 201],
  [`${object}, { name: Content-Type, in: header }`, "POST /items", '{"a":1}\n{"a":2}\n', lines, 201],
  [
    "{ name: m, in: body, type: object, required: true }, { name: Content-Type, in: header }",
    "POST /items",
    "m%5Ba%5D=1",
    form,
    201,
  ],
  ["{ name: o, in: query, type: object, required: true, x-style: form }", "GET /items?a=1", undefined, {}, 200],
  ["{ name: n, in: query, type: integer, x-style: pipeDelimited }", "GET /items?n=1%7C2", undefined, {}, 200],
  [`${object}, { name: Content-Type, in: header }`, "POST /items", "<a/>", { "content-type": "text/xml" }, 201],
  [`${object}, { name: Content-Type, in: header }`, "POST /items", '"a"', {}, /JSON object or array/],
  ["{ name: body, in: body, type: object }", "POST /items", undefined, {}, 201],
  ["{ name: body, in: body, type: string, required: true }", "POST /items", "plain text", {}, 201],
  ["{ name: body, in: body, type: number, required: true }", "POST /items", '"1"', {}, /must be a number/],
  ["{ name: a, in: body, type: string, required: true }", "POST /items", "{}", {}, /^Body member "a" is required$/],
  [
    "{ name: a, in: body, type: string, required: true }",
    "POST /items",
    undefined,
    {},
    /^Body member "a" is required$/,
  ],
  ["{ name: a, in: body, type: number }", "POST /items", '{"a":"1"}', {}, /^Body member "a" must be a number$/],
  ["{ name: a, in: body, type: object }", "POST /items", '{"a":[]}', {}, /must be an object/],
  ["{ name: a, in: body, type: string }", "POST /items", "[]", {}, /must be a JSON object/],
  ["{ name: a, in: body, value: fixed }", "POST /items", '{"a":"other"}', {}, /^Body member "a" must be "fixed"$/],
  ["{ name: toString, in: body, required: true }", "POST /items", "{}", {}, /"toString" is required/],
  ["{ name: q, in: query }", "POST /items", "{", {}, /not JSON/],
];

test.each(inputs)("with the inputs %s, %s %o %o gives %o", async (parameters, request, body, headers, expected) => {
  const [method = ""] = request.split(" ");
  const other = method === "GET" ? "POST" : "GET";
  const yaml = consuming(
    `- { name: r, path: /items, operations: [{ name: a, method: ${method}, inputParameters: [${parameters}] }, { name: b, method: ${other} }] }`,
  );
  const { send } = await serve(capabilityFrom(yaml));
  const reply = await send(request, body, headers);
  if (typeof expected === "number") expect(reply).toMatchObject({ status: expected });
  else {
    const error = { code: "invalid_request", message: expect.stringMatching(expected) };
    expect({ status: reply.status, body: reply.body }).toEqual({ status: 400, body: { error } });
  }
});

const bodies: [declared: string, body: string | undefined, expected: object | RegExp][] = [
  ['{ type: json, data: { a: "{{x}}" } }', undefined, /A body is required/],
  ['{ type: json, data: { a: "{{x}}" } }', '{"a":1}', { a: 1 }],
  ['{ type: json, data: { a: "{{x}}" } }', "a=1", /not JSON/],
  ['{ type: formUrlEncoded, data: { a: "{{x}}" } }', "a=1&b=2&b=3", { a: "1", b: ["2", "3"] }],
  ['{ type: text, data: "{{x}}!" }', "hello", { value: "hello" }],
  ['{ type: xml, data: "<a>{{x}}</a>" }', "<a>1</a>", { value: "<a>1</a>" }],
];

test.each(bodies)("a declared body %s takes %o as %o", async (declared, body, expected) => {
  const yaml = consuming(`- { name: r, path: /items, operations: [{ name: a, method: POST, body: ${declared} }] }`);
  const { send } = await serve(capabilityFrom(yaml));
  const reply = await send("POST /items", body);
  if (expected instanceof RegExp) {
    expect(reply).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringMatching(expected) } },
    });
  } else expect(reply).toMatchObject({ status: 201, body: expected });
});

test("the credential is checked before inputs, inputs before the item", async () => {
  const yaml = consuming(
    `- { name: r, path: "/items/{id}", operations: [{ name: a, method: PUT }, { name: b, method: PATCH, inputParameters: [${object}] }] }`,
    "{ authentication: { type: bearer, token: t } }",
  );
  const { send } = await serve(capabilityFrom(yaml));
  const authorization = { authorization: "Bearer t" };
  expect((await send("PATCH /items/none")).status).toBe(401);
  expect((await send("PATCH /items/none", undefined, authorization)).status).toBe(400);
  expect((await send("PATCH /items/none", {}, authorization)).status).toBe(404);
});
