import { expect, test } from "vitest";
import { capabilityFrom, consuming, resource, serve } from "./sandbox-client.ts";

/** A request, the body sent, the status, and what the answer matches. */
type Step = readonly [request: string, body: unknown, status: number, expected?: unknown];

interface Case {
  readonly name: string;
  /** `METHOD… /path` of each resource. */
  readonly resources: readonly string[];
  readonly seed?: unknown;
  readonly steps: readonly Step[];
}

const cases: Case[] = [
  {
    name: "a posted id is kept, and taken only once",
    resources: ["GET POST /items", "GET /items/{id}"],
    steps: [
      ["POST /items", { id: "i1", n: 1 }, 201, { id: "i1", n: 1 }],
      ["POST /items", { id: "i1" }, 409, { error: { code: "conflict" } }],
      ["POST /items", { id: null }, 201, { id: "items-1" }],
      ["POST /items", { id: { a: 1 } }, 201, { id: "items-2" }],
      ["POST /items", { id: 7 }, 201, { id: 7 }],
      ["GET /items/7", undefined, 200, { id: 7 }],
    ],
  },
  {
    name: "a list of bodies makes a list of items",
    resources: ["GET POST /items", "GET /items/{id}"],
    steps: [
      ["POST /items", [{ id: "a" }, { id: "b" }], 201, { data: [{ id: "a" }, { id: "b" }], total_count: 2 }],
      ["POST /items", ["text"], 201, { data: [{ value: "text" }] }],
      ["GET /items", undefined, 200, { total_count: 3 }],
    ],
  },
  {
    name: "collections below different items are different",
    resources: ["POST /orgs", "DELETE /orgs/{org}", "GET POST /orgs/{org}/members", "GET /orgs/{org}/members/{id}"],
    steps: [
      ["POST /orgs/o1/members", { id: "m1" }, 201],
      ["GET /orgs/o1/members", undefined, 200, { total_count: 1 }],
      ["GET /orgs/o2/members", undefined, 200, { total_count: 0 }],
      ["GET /orgs/o2/members/m1", undefined, 404],
    ],
  },
  {
    name: "once a collection is in use, what is below an unknown item is not found",
    resources: ["POST /orgs", "DELETE /orgs/{org}", "GET POST /orgs/{org}/members"],
    steps: [
      ["POST /orgs", { id: "o1" }, 201],
      ["POST /orgs/o1/members", { id: "m1" }, 201],
      ["POST /orgs/o2/members", { id: "m1" }, 404, { error: { message: expect.stringContaining('"o2"') } }],
      ["DELETE /orgs/o1", undefined, 200, { id: "o1", deleted: true }],
      ["GET /orgs/o1/members", undefined, 404],
      ["POST /orgs", { id: "o1" }, 201],
      ["GET /orgs/o1/members", undefined, 200, { total_count: 0 }],
    ],
  },
  {
    name: "an item is also found by the member called as the placeholder, and has one place",
    resources: ["POST /orgs", "GET /orgs/{slug}", "GET POST /orgs/{slug}/teams"],
    steps: [
      ["POST /orgs", { id: "o1", slug: "acme" }, 201],
      ["GET /orgs/acme", undefined, 200, { id: "o1" }],
      ["POST /orgs/acme/teams", { id: "t1" }, 201],
      ["GET /orgs/o1/teams", undefined, 200, { total_count: 1 }],
    ],
  },
  {
    name: "PUT replaces an item, or creates it under the id of the path",
    resources: ["GET POST /items", "GET PUT /items/{id}"],
    steps: [
      ["PUT /items/i1", { id: "other", a: 1, b: 1 }, 201, { id: "i1", a: 1, created_at: "2030-01-01T00:00:00.000Z" }],
      [
        "PUT /items/i1",
        { a: 2, created_at: "never" },
        200,
        { id: "i1", a: 2, created_at: "2030-01-01T00:00:00.000Z", updated_at: "2030-01-01T00:00:01.000Z" },
      ],
      ["GET /items/i1", undefined, 200, expect.not.objectContaining({ b: 1 })],
    ],
  },
  {
    name: "PATCH merges as RFC 7396, and POST on an item does too",
    resources: ["POST /items", "GET POST PATCH /items/{id}"],
    steps: [
      ["POST /items", { id: "i1", a: { b: 1, c: 2 }, list: [1, 2], gone: 1 }, 201],
      ["PATCH /items/i1", { id: "i2", a: { c: null, d: 3 }, list: [3], gone: null }, 200, { id: "i1" }],
      ["POST /items/i1", { e: 4 }, 200],
      [
        "GET /items/i1",
        undefined,
        200,
        {
          id: "i1",
          a: { b: 1, d: 3 },
          list: [3],
          e: 4,
          created_at: "2030-01-01T00:00:00.000Z",
          updated_at: "2030-01-01T00:00:02.000Z",
        },
      ],
      ["POST /items/i2", { e: 4 }, 404],
    ],
  },
  {
    name: "POST on an item creates it where nothing else could",
    resources: ["GET /items", "GET POST /items/{id}"],
    steps: [
      ["POST /items/i1", { a: 1 }, 201, { id: "i1", a: 1 }],
      ["POST /items/i1", { a: 2 }, 200, { id: "i1", a: 2 }],
      ["GET /items", undefined, 200, { total_count: 1 }],
    ],
  },
  {
    name: "actions set and take back flags",
    resources: [
      "POST /items",
      "POST DELETE /items/{id}/lock",
      "POST /items/{id}/archive",
      "POST /items/{id}/unarchive",
      "PUT /items/{id}/disable",
      "POST /items/{id}/recount",
    ],
    steps: [
      ["POST /items", { id: "i1" }, 201],
      ["POST /items/i1/lock", undefined, 200, { id: "i1", locked: true, locked_at: "2030-01-01T00:00:01.000Z" }],
      ["DELETE /items/i1/lock", undefined, 200, { locked: false }],
      ["POST /items/i1/archive", { reason: "old" }, 200, { archived: true, reason: "old", locked: false }],
      ["POST /items/i1/unarchive", {}, 200, expect.not.objectContaining({ archived_at: expect.anything() })],
      ["PUT /items/i1/disable", {}, 200, { archived: false, enabled: false }],
      ["POST /items/i1/recount", { count: 3 }, 200, { count: 3, enabled: false }],
      ["POST /items/none/lock", {}, 404],
    ],
  },
  {
    name: "an item that nothing served can create is taken to be there for an action, and stays",
    resources: ["GET /items/{id}", "POST /items/{id}/revoke"],
    steps: [
      ["GET /items/i1", undefined, 404],
      ["POST /items/i1/revoke", {}, 200, { id: "i1", revoked: true }],
      ["GET /items/i1", undefined, 200, { revoked: true }],
    ],
  },
  {
    name: "GET below an item shows a member, a list, a secret or a stand-in",
    resources: [
      "POST /items",
      "GET /items/{id}/status",
      "GET /items/{id}/events",
      "GET /items/{id}/secret",
      "GET DELETE /items/{id}/logo",
    ],
    seed: { "/items/i2/events": [{ id: "e1" }] },
    steps: [
      ["POST /items", { id: "i1", logo: "x.png" }, 201],
      ["GET /items/i1/status", undefined, 200, { id: "i1" }],
      ["GET /items/i1/events", undefined, 200, { data: [], total_count: 0 }],
      ["GET /items/i2/events", undefined, 200, { data: [{ id: "e1" }] }],
      ["GET /items/i1/secret", undefined, 200, { secret: expect.stringMatching(/^sandbox_/) }],
      ["GET /items/i1/logo", undefined, 200, { logo: "x.png" }],
      ["DELETE /items/i1/logo", undefined, 200, { deleted: true }],
      ["GET /items/i1/logo", undefined, 200, expect.not.objectContaining({ logo: "x.png" })],
      ["GET /items/i3/status", undefined, 404],
    ],
  },
  {
    name: "POST below an item makes a collection where GET lists it, or its name is plural",
    resources: ["POST /items", "GET POST /items/{id}/notes", "POST /items/{id}/refunds"],
    steps: [
      ["POST /items", { id: "i1" }, 201],
      ["POST /items/i1/notes", { text: "a" }, 201, { id: "notes-1", text: "a" }],
      ["GET /items/i1/notes", undefined, 200, { data: [{ text: "a" }], total_count: 1 }],
      ["POST /items/i1/refunds", { amount: 1 }, 201, { id: "refunds-2", amount: 1 }],
    ],
  },
  {
    name: "what is read and written in one place is a document",
    resources: ["GET PATCH PUT DELETE /instance", "POST /items", "GET PATCH /items/{id}/settings"],
    steps: [
      ["GET /instance", undefined, 200, { id: "instance-1" }],
      ["PATCH /instance", { mode: "test" }, 200, { id: "instance-1", mode: "test" }],
      ["GET /instance", undefined, 200, { id: "instance-1", mode: "test" }],
      ["PUT /instance", { a: 1 }, 200, expect.not.objectContaining({ mode: "test" })],
      ["DELETE /instance", undefined, 200, { id: "instance-1", deleted: true }],
      ["GET /instance", undefined, 200, { id: "instance-2" }],
      ["POST /items", { id: "i1" }, 201],
      ["PATCH /items/i1/settings", { dark: true }, 200],
      ["GET /items/i1/settings", undefined, 200, { dark: true }],
      ["GET /items/i2/settings", undefined, 404],
    ],
  },
  {
    name: "a path that is only read is a list where its name is plural",
    resources: ["GET /countries", "GET /me"],
    steps: [
      ["GET /countries", undefined, 200, { data: [], total_count: 0 }],
      ["GET /me", undefined, 200, { id: "me-1" }],
    ],
  },
  {
    name: "words below a collection ask for its items",
    resources: ["GET POST /users", "GET /users/{id}", "POST /users/search", "GET /users/count", "POST /users/ban"],
    seed: { users: [{ id: "u1" }, { id: "u2" }] },
    steps: [
      ["POST /users/search", { query: "u" }, 200, { total_count: 2 }],
      ["GET /users/count", undefined, 200, { count: 2, total_count: 2 }],
      ["POST /users/ban", { user_ids: ["u1", "u2"] }, 200, { data: [{ banned: true }, { banned: true }] }],
      ["POST /users/ban", { userId: "u3" }, 404],
      ["POST /users/ban", { id: ["u1"] }, 200, { id: "u1" }],
      ["POST /users/ban", { ids: Array.from({ length: 101 }, (_, index) => `u${index}`) }, 400],
      ["GET /users/u1", undefined, 200, { banned: true }],
    ],
  },
  {
    name: "a collection takes PUT, PATCH and DELETE as a whole",
    resources: ["GET POST PUT PATCH DELETE /items"],
    steps: [
      ["PUT /items", [{ id: "a", n: 1, m: 1 }, { id: "b" }], 200, { total_count: 2 }],
      ["PATCH /items", { id: "a", n: 2 }, 200, { id: "a", n: 2, m: 1 }],
      ["PUT /items", { id: "a" }, 200, expect.not.objectContaining({ m: 1 })],
      ["DELETE /items", undefined, 200, { deleted: true, total_count: 2 }],
      ["GET /items", undefined, 200, { total_count: 0 }],
    ],
  },
  {
    name: "members called __proto__ and constructor change nothing but themselves",
    resources: ["POST /items", "GET PATCH /items/{id}", "GET /items/{id}/toString"],
    steps: [
      ["POST /items", '{"id":"i1","__proto__":{"a":1},"constructor":{"prototype":{"b":1}}}', 201],
      ["PATCH /items/i1", '{"__proto__":{"c":1},"nested":{"__proto__":{"d":1}}}', 200, { nested: {} }],
      ["GET /items/i1/toString", undefined, 200, { id: "i1" }],
      ["GET /items/__proto__", undefined, 404],
    ],
  },
];

test.each(cases)("$name", async ({ resources, seed, steps }) => {
  const { send } = await serve(capabilityFrom(consuming(resources.map(resource).join("\n"))), { seed });
  for (const [request, body, status, expected] of steps) {
    const reply = await send(request, body);
    expect({ request, status: reply.status, body: reply.body }).toMatchObject({
      request,
      status,
      ...(expected === undefined ? {} : { body: expected }),
    });
  }
  expect({}).not.toHaveProperty("a");
  expect({}).not.toHaveProperty("c");
});

test("ids are numbers where callers can only write numbers", async () => {
  const yaml = consuming(`
    - { name: r, path: /orders, operations: [{ name: create, method: POST }] }
    - { name: r, path: "/orders/{id}", operations: [{ name: get, method: GET, inputParameters: [{ name: id, in: path, type: integer }] }, { name: put, method: PUT, inputParameters: [{ name: id, in: path, type: integer }] }, { name: delete, method: DELETE, inputParameters: [{ name: id, in: path, type: integer }] }] }
  `);
  const { send } = await serve(capabilityFrom(yaml), { newId: undefined as never });
  expect((await send("POST /orders", {})).body).toMatchObject({ id: 1 });
  expect((await send("PUT /orders/2", {})).body).toMatchObject({ id: 2 });
  expect((await send("POST /orders", {})).body).toMatchObject({ id: 3 });
  await send("DELETE /orders/3");
  expect((await send("POST /orders", {})).body).toMatchObject({ id: 4 });
  expect((await send("GET /orders/first")).status).toBe(400);
});

test.each([
  ["/api_keys", /^ak_[0-9a-f]{24}$/],
  ["/users", /^user_[0-9a-f]{24}$/],
  ["/chat/completions", /^comp_[0-9a-f]{24}$/],
  ["/lineItems", /^li_[0-9a-f]{24}$/],
])("the id of an item of %s hints at its collection", async (path, expected) => {
  const { send } = await serve(capabilityFrom(consuming(resource(`GET POST ${path}`))), {
    newId: undefined as never,
  });
  expect((await send(`POST ${path}`, {})).body).toHaveProperty("id", expect.stringMatching(expected));
});

test("a list is read in pages, and filtered by declared inputs that items know", async () => {
  const inputs = ["color", "q", "tag"].map(name => `{ name: ${name}, in: query, type: string }`).join(", ");
  const yaml = consuming(`
    - { name: r, path: /items, operations: [{ name: list, method: GET, inputParameters: [${inputs}] }, { name: create, method: POST }] }
  `);
  const items = Array.from({ length: 600 }, (_, index) => ({
    id: `i${index}`,
    color: index % 2 ? "red" : "blue",
    n: 1,
  }));
  const { send } = await serve(capabilityFrom(yaml), { seed: { "/items": items } });
  const cases: [query: string, count: number, first: string | undefined, total: number][] = [
    ["", 100, "i0", 600],
    ["?limit=2&offset=3", 2, "i3", 600],
    ["?limit=501", 500, "i0", 600],
    ["?offset=600", 0, undefined, 600],
    ["?per_page=10&page=3", 10, "i20", 600],
    ["?page=cursor", 100, "i0", 600],
    ["?color=red", 100, "i1", 300],
    ["?color=red&color=blue", 100, "i0", 600],
    ["?color=green", 0, undefined, 0],
    ["?q=red", 100, "i0", 600],
    ["?n=2", 100, "i0", 600],
  ];
  for (const [query, count, first, total] of cases) {
    const { body } = await send(`GET /items${query}`);
    const { data, total_count } = body as { data: { id: string }[]; total_count: number };
    expect([query, data.length, data[0]?.id, total_count]).toEqual([query, count, first, total]);
  }
});

test("a full collection refuses more items and keeps those it has", async () => {
  const items = Array.from({ length: 10_000 }, (_, index) => ({ id: `i${index}` }));
  const yaml = consuming([resource("GET POST /items"), resource("GET PUT /items/{id}")].join("\n"));
  const { send } = await serve(capabilityFrom(yaml), { seed: { "/items": items } });
  expect(await send("POST /items", {})).toMatchObject({
    status: 507,
    body: { error: { code: "insufficient_storage" } },
  });
  expect((await send("PUT /items/i0", { a: 1 })).status).toBe(200);
  expect((await send("GET /items/i9999")).status).toBe(200);
});
