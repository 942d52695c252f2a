import { afterEach, describe, expect, it } from "vitest";
import { version } from "../../src/base/version.ts";
import type { Inputs } from "../../src/engine/request/check-inputs.ts";
import { openCapability } from "../../src/library/open-capability.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

interface SeedCase {
  readonly operation: string;
  readonly inputs: Inputs;
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly answer: { readonly status: number; readonly value?: unknown };
}

const key = {
  id: "ak_2b7",
  object: "api_key",
  name: "ci",
  subject: "user_2x",
  scopes: ["read", "write"],
  claims: null,
  revoked: false,
  expiration: null,
};

const cases: readonly SeedCase[] = [
  {
    operation: "createApiKey",
    inputs: {
      body: { name: 'ci "é"', subject: "user_2x", scopes: ["read"], seconds_until_expiration: null },
    },
    method: "POST",
    url: "/v1/api_keys",
    body: '{"name":"ci \\"é\\"","subject":"user_2x","scopes":["read"],"seconds_until_expiration":null}',
    answer: { status: 201, value: { ...key, secret: "ak_live_secret" } },
  },
  {
    operation: "getApiKeys",
    inputs: { subject: "user_2x" },
    method: "GET",
    url: "/v1/api_keys?subject=user_2x",
    answer: { status: 200, value: { data: [key], total_count: 1 } },
  },
  {
    operation: "getApiKeys",
    inputs: {
      query: "ci & é",
      offset: 20,
      limit: "10",
      include_invalid: "true",
      subject: "org_1",
      type: "api_key",
    },
    method: "GET",
    url: "/v1/api_keys?type=api_key&subject=org_1&include_invalid=true&limit=10&offset=20&query=ci%20%26%20%C3%A9",
    answer: { status: 200, value: { data: [], total_count: 0 } },
  },
  {
    operation: "getApiKey",
    inputs: { apiKeyID: "ak/2b 7?" },
    method: "GET",
    url: "/v1/api_keys/ak%2F2b%207%3F",
    answer: { status: 200, value: key },
  },
  {
    operation: "updateApiKey",
    inputs: { apiKeyID: "ak_2b7", body: '{"scopes":["write"],"claims":{"k":1}}' },
    method: "PATCH",
    url: "/v1/api_keys/ak_2b7",
    body: '{"scopes":["write"],"claims":{"k":1}}',
    answer: { status: 200, value: { ...key, scopes: ["write"] } },
  },
  {
    operation: "deleteApiKey",
    inputs: { apiKeyID: "ak_2b7" },
    method: "DELETE",
    url: "/v1/api_keys/ak_2b7",
    answer: { status: 200, value: { object: "api_key", id: "ak_2b7", deleted: true } },
  },
  {
    operation: "getApiKeySecret",
    inputs: { apiKeyID: "ak_2b7" },
    method: "GET",
    url: "/v1/api_keys/ak_2b7/secret",
    answer: { status: 200, value: { secret: "ak_live_secret" } },
  },
  {
    operation: "revokeApiKey",
    inputs: { apiKeyID: "ak_2b7", body: { revocation_reason: "leaked" } },
    method: "POST",
    url: "/v1/api_keys/ak_2b7/revoke",
    body: '{"revocation_reason":"leaked"}',
    answer: { status: 200, value: { ...key, revoked: true } },
  },
  {
    operation: "verifyApiKey",
    inputs: { body: { secret: "ak_live_secret" } },
    method: "POST",
    url: "/v1/api_keys/verify",
    body: '{"secret":"ak_live_secret"}',
    answer: { status: 200, value: key },
  },
  {
    operation: "deleteApiKey",
    inputs: { apiKeyID: "ak_2b7" },
    method: "DELETE",
    url: "/v1/api_keys/ak_2b7",
    answer: { status: 204 },
  },
];

let upstream: Upstream | undefined;

afterEach(async () => {
  await upstream?.close();
  upstream = undefined;
});

describe("the capability that comes with the package", () => {
  it.each(cases)("runs $operation as $method $url", async ({ operation, inputs, method, url, body, answer }) => {
    upstream = await startUpstream((_, response) => {
      if (answer.value === undefined) response.writeHead(answer.status).end();
      else answerJson(response, answer.status, answer.value);
    });
    await using clerk = await openCapability("clerk-backend-api-api-keys", {
      env: { CLERK_SECRET_KEY: "sk_test_1" },
      baseUri: `${upstream.url}/v1`,
    });
    const value = answer.value ?? null;
    expect(await clerk.run(operation, inputs)).toEqual({
      outputs: { result: value },
      status: answer.status,
      headers: expect.objectContaining({ connection: "keep-alive" }),
      body: value,
    });
    expect(upstream.requests).toEqual([
      {
        method,
        url,
        headers: {
          host: upstream.url.slice("http://".length),
          connection: "keep-alive",
          accept: "application/json",
          "accept-encoding": "gzip, deflate, br",
          "user-agent": `naftiko/${version}`,
          authorization: "Bearer sk_test_1",
          ...(body === undefined
            ? {}
            : { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
        },
        body: body ?? "",
      },
    ]);
  });

  it("has a case for each of its operations", async () => {
    const clerk = await openCapability("clerk-backend-api-api-keys", { env: {} });
    expect(new Set(cases.map(({ operation }) => operation))).toEqual(new Set(clerk.operations.keys()));
    expect(clerk.operations.size).toBe(8);
  });
});
