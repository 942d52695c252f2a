import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type Client, capabilityFrom, serve } from "./sandbox-client.ts";

const yaml = readFileSync(new URL("../../../capabilities/clerk-backend-api-api-keys.yaml", import.meta.url), "utf8");
const authorization = { authorization: "Bearer sk_test_1" };

async function serveApiKeys(seed?: unknown): Promise<Client> {
  return serve(capabilityFrom(yaml), { seed });
}

test("the base URI keeps the path of the file's", async () => {
  const { url, baseUris } = await serveApiKeys();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect([...baseUris]).toEqual([["clerk-backend-api-api-keys", `${url}/v1`]]);
});

test("an API key lives from its creation to its deletion", async () => {
  const { send } = await serveApiKeys();
  const created = await send("POST /api_keys", { name: "ci", subject: "user_1" }, authorization);
  expect(created.status).toBe(201);
  expect(created.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(created.body).toEqual({
    id: "api_keys-1",
    name: "ci",
    subject: "user_1",
    created_at: "2030-01-01T00:00:00.000Z",
    updated_at: "2030-01-01T00:00:00.000Z",
  });

  const steps: [request: string, body: unknown, status: number, expected: unknown][] = [
    ["GET /api_keys/api_keys-1", undefined, 200, created.body],
    ["GET /api_keys?subject=user_1", undefined, 200, { data: [created.body], total_count: 1 }],
    ["GET /api_keys?subject=user_2", undefined, 200, { data: [], total_count: 0 }],
    [
      "PATCH /api_keys/api_keys-1",
      { name: "deploy", subject: null },
      200,
      {
        id: "api_keys-1",
        name: "deploy",
        created_at: "2030-01-01T00:00:00.000Z",
        updated_at: "2030-01-01T00:00:01.000Z",
      },
    ],
    ["GET /api_keys/api_keys-1/secret", undefined, 200, { secret: expect.stringMatching(/^sandbox_[0-9a-f]{40}$/) }],
    [
      "POST /api_keys/api_keys-1/revoke",
      { revocation_reason: "leaked" },
      200,
      {
        id: "api_keys-1",
        name: "deploy",
        created_at: "2030-01-01T00:00:00.000Z",
        updated_at: "2030-01-01T00:00:02.000Z",
        revocation_reason: "leaked",
        revoked: true,
        revoked_at: "2030-01-01T00:00:02.000Z",
      },
    ],
    ["DELETE /api_keys/api_keys-1", undefined, 200, { id: "api_keys-1", deleted: true }],
    ["GET /api_keys/api_keys-1", undefined, 404, error("not_found", /"api_keys-1" in "\/api_keys"/)],
    ["GET /api_keys?subject=user_1", undefined, 200, { data: [], total_count: 0 }],
  ];
  for (const [request, body, status, expected] of steps) {
    const reply = await send(request, body, authorization);
    expect({ request, status: reply.status, body: reply.body }).toEqual({ request, status, body: expected });
  }
});

test("verify finds a key by its id, its secret, or the secret that stands in", async () => {
  const seed = { "/api_keys": [{ id: "ak_1", secret: "own" }, { id: "ak_2" }] };
  const { send } = await serveApiKeys(seed);
  const { body } = await send("GET /api_keys/ak_2/secret", undefined, authorization);
  const cases: [body: unknown, status: number, id: string | undefined][] = [
    [{ id: "ak_1" }, 200, "ak_1"],
    [{ secret: "own" }, 200, "ak_1"],
    [body, 200, "ak_2"],
    [{ secret: "unknown" }, 404, undefined],
    [{ name: "ci" }, 400, undefined],
  ];
  for (const [given, status, id] of cases) {
    const reply = await send("POST /api_keys/verify", given, authorization);
    expect([given, reply.status, (reply.body as { id?: string }).id]).toEqual([given, status, id]);
  }
});

test("a wrong request is refused as an API does", async () => {
  const { send } = await serveApiKeys();
  const cases: [request: string, body: unknown, headers: Record<string, string>, status: number, expected: unknown][] =
    [
      ["POST /api_keys", { name: "ci" }, {}, 401, error("unauthorized", /Authorization, which is missing/)],
      ["GET /api_keys", undefined, {}, 401, error("unauthorized", /bearer token/)],
      ["POST /api_keys", undefined, authorization, 400, error("invalid_request", /^A body is required$/)],
      ["POST /api_keys", "{", authorization, 400, error("invalid_request", /not JSON: .*line 1, column 2/)],
      ["POST /api_keys", '"text"', authorization, 400, error("invalid_request", /object or array/)],
      [
        "GET /api_keys",
        undefined,
        authorization,
        400,
        error("invalid_request", /Query parameter "subject" is required/),
      ],
      [
        "GET /api_keys?subject=u&limit=many",
        undefined,
        authorization,
        400,
        error("invalid_request", /"limit" must be a number, found "many"/),
      ],
      [
        "GET /api_keys?subject=u&limit=0",
        undefined,
        authorization,
        400,
        error("invalid_request", /"limit".* from 1 on/),
      ],
      [
        "GET /api_keys?subject=u&offset=-1",
        undefined,
        authorization,
        400,
        error("invalid_request", /"offset".* from 0 on/),
      ],
      ["PATCH /api_keys/none", { name: "ci" }, authorization, 404, error("not_found", /"none"/)],
      ["DELETE /api_keys/none", undefined, authorization, 404, error("not_found", /"none"/)],
      ["POST /api_keys/none/revoke", {}, authorization, 404, error("not_found", /"none"/)],
      ["GET /api_keys/none/secret", undefined, authorization, 404, error("not_found", /"none"/)],
      ["GET /nothing", undefined, authorization, 404, error("not_found", /No operation has the path/)],
      ["PUT /api_keys", undefined, authorization, 405, error("method_not_allowed", /GET, HEAD, POST/)],
    ];
  for (const [request, body, headers, status, expected] of cases) {
    const reply = await send(request, body, headers);
    expect({ request, status: reply.status, body: reply.body }).toEqual({ request, status, body: expected });
  }
});

function error(code: string, message: RegExp): unknown {
  return { error: { code, message: expect.stringMatching(message) } };
}
