import { afterAll, beforeAll, expect, it } from "vitest";
import type { Capability, Inputs } from "../../src/index.ts";
import { openCapability } from "../../src/index.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

// The capability the project started from, against an API that takes exactly the requests it documents.

interface Call {
  readonly operation: string;
  readonly inputs: Inputs;
  readonly request: string;
  readonly body?: unknown;
  readonly answer: unknown;
}

const key = { id: "ak_1", name: "ci", subject: "user_1", scopes: ["read"] };

const calls: readonly Call[] = [
  {
    operation: "createApiKey",
    inputs: { body: { name: 'c"i\n😀', subject: "user_1", claims: { a: [1, null] } } },
    request: "POST /v1/api_keys",
    body: { name: 'c"i\n😀', subject: "user_1", claims: { a: [1, null] } },
    answer: key,
  },
  {
    operation: "getApiKeys",
    inputs: { subject: "user 1&x=é", include_invalid: "true", limit: 5, offset: 0, query: "a+b/c?" },
    request: "GET /v1/api_keys?subject=user%201%26x%3D%C3%A9&include_invalid=true&limit=5&offset=0&query=a%2Bb%2Fc%3F",
    answer: { data: [key], total_count: 1 },
  },
  {
    operation: "getApiKeys",
    inputs: { subject: "u" },
    request: "GET /v1/api_keys?subject=u",
    answer: { data: [], total_count: 0 },
  },
  {
    operation: "getApiKey",
    inputs: { apiKeyID: "a/k 1" },
    request: "GET /v1/api_keys/a%2Fk%201",
    answer: key,
  },
  {
    operation: "updateApiKey",
    inputs: { apiKeyID: "ak_1", body: { description: null } },
    request: "PATCH /v1/api_keys/ak_1",
    body: { description: null },
    answer: key,
  },
  {
    operation: "deleteApiKey",
    inputs: { apiKeyID: "ak_1" },
    request: "DELETE /v1/api_keys/ak_1",
    answer: { id: "ak_1", deleted: true },
  },
  {
    operation: "getApiKeySecret",
    inputs: { apiKeyID: "ak_1" },
    request: "GET /v1/api_keys/ak_1/secret",
    answer: { secret: "s" },
  },
  {
    operation: "revokeApiKey",
    inputs: { apiKeyID: "ak_1", body: { revocation_reason: "lost" } },
    request: "POST /v1/api_keys/ak_1/revoke",
    body: { revocation_reason: "lost" },
    answer: { ...key, revoked: true },
  },
  {
    operation: "verifyApiKey",
    inputs: { body: { secret: "s" } },
    request: "POST /v1/api_keys/verify",
    body: { secret: "s" },
    answer: key,
  },
];

let upstream: Upstream;
let clerk: Capability;
let answer: unknown;

beforeAll(async () => {
  upstream = await startUpstream((_request, response) => answerJson(response, 200, answer));
  clerk = await openCapability("clerk-backend-api-api-keys", {
    env: { CLERK_SECRET_KEY: "sk_test_seed" },
    baseUri: `${upstream.url}/v1`,
  });
});

afterAll(async () => {
  await clerk.close();
  await upstream.close();
});

it.each(calls)("$operation sends $request and gives the answer", async call => {
  answer = call.answer;
  const result = await clerk.run(call.operation, call.inputs);
  expect(result).toMatchObject({ outputs: { result: call.answer }, body: call.answer, status: 200 });

  const { method, url, headers, body } = upstream.requests.at(-1) ?? expect.fail("nothing arrived");
  expect(`${method} ${url}`).toBe(call.request);
  expect(body === "" ? undefined : JSON.parse(body)).toEqual(call.body);
  const { host, connection, "content-length": length = "0", ...sent } = headers;
  expect(sent).toEqual({
    accept: "application/json",
    "accept-encoding": "gzip, deflate, br",
    authorization: "Bearer sk_test_seed",
    "user-agent": expect.stringMatching(/^naftiko\/\d+\.\d+\.\d+$/),
    ...(call.body === undefined ? {} : { "content-type": "application/json" }),
  });
  expect(Number(length)).toBe(Buffer.byteLength(body));
});

it("has eight operations, all of them called", () => {
  expect([...clerk.operations.keys()].sort()).toEqual([...new Set(calls.map(({ operation }) => operation))].sort());
});
