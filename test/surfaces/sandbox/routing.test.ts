import { expect, test } from "vitest";
import { capabilityFrom, consuming, resource, serve } from "./sandbox-client.ts";

const yaml = consuming(`
  ${resource("GET POST /items")}
  ${resource("GET /items/{id}")}
  ${resource("POST /items/verify")}
  ${resource("GET /items/latest")}
  ${resource("GET /orders.json")}
  ${resource("GET PUT /orders/{id}.json")}
  ${resource("POST /orders/{id}/cancel.json")}
  ${resource("GET /products(key='{k}')")}
  ${resource("GET POST /products")}
  ${resource("POST /jobs/{id}:cancel")}
  ${resource("GET PUT /jobs/{id}")}
  ${resource("GET PUT /files/{dir}/{name}")}
  ${resource("GET /a%20b")}
  ${resource("GET /pairs/{left}-and-{right}")}
  - { name: r, path: "/{{SHOP_NAME}}/info", operations: [{ name: info, method: GET }] }
  - { name: r, path: "/versions/{v}/ping", operations: [{ name: ping, method: GET, inputParameters: [{ name: v, in: path, value: "2" }] }] }
  - { name: r, path: "/rows?action=read&by={column}", operations: [{ name: read, method: GET }] }
  - { name: r, path: "/rows?action=count+all", operations: [{ name: count, method: GET }] }
  - { name: r, path: "/rpc#Create", operations: [{ name: create, method: POST, inputParameters: [{ name: X-Target, in: header, value: Create }] }] }
  - { name: r, path: "/rpc#Delete", operations: [{ name: delete, method: POST, inputParameters: [{ name: X-Target, in: header, value: Delete }, { name: name, in: body, required: true, type: string }] }] }
  ${resource("GET /")}
`);

const cases: [name: string, request: string, status: number, expected: unknown][] = [
  ["literal text beats a placeholder", "GET /items/latest", 200, { id: expect.stringContaining("latest") }],
  ["a path that literal text takes for another method alone is an item", "GET /items/verify", 404, anError(/No item/)],
  ["an extension belongs to the spelling of a collection", "GET /orders.json", 200, { total_count: 1 }],
  ["an extension belongs to the spelling of an item", "GET /orders/o1.json", 200, { id: "o1" }],
  ["an item without its extension is another path", "GET /orders/o1", 404, anError(/No operation/)],
  ["an OData key names an item", "GET /products(key='p1')", 200, { id: "p1" }],
  ["a verb behind a colon is an action", "POST /jobs/j1:cancel", 200, { id: "j1", canceled: true }],
  ["segments are decoded once", "GET /items/a%2520b", 200, { id: "a%20b" }],
  ["an encoded slash stays in its segment", "GET /files/a%2Fb/c", 404, anError(/"c" in "\/files\/a\/b"/)],
  ["an escape in the file is the text it means", "GET /a%20b", 200, { id: expect.any(String) }],
  ["two placeholders share a segment", "GET /pairs/a-and-b-and-c", 404, anError(/"a,b-and-c"/)],
  ["a malformed escape is refused", "GET /items/%zz", 400, anError(/percent escape/)],
  ["a slash at the end counts for nothing", "GET /items/", 200, { total_count: 1 }],
  ["an empty segment is no value", "GET /files//c", 404, anError(/No operation/)],
  ["a bind in the path takes any value", "GET /acme/info", 200, { id: expect.any(String) }],
  ["a constant in the path is literal text", "GET /versions/2/ping", 200, { id: expect.any(String) }],
  ["another value than the constant is no path", "GET /versions/3/ping", 404, anError(/No operation/)],
  ["the path's own query tells operations apart", "GET /rows?action=read&by=name", 200, {}],
  ["a plus sign in a query is a space", "GET /rows?action=count%20all", 200, {}],
  ["a query of no operation is refused", "GET /rows?action=write", 400, anError(/"action" must be "read"/)],
  ["a placeholder in the query needs a value", "GET /rows?action=read", 400, anError(/"by" must be "\{column\}"/)],
  ["the base URI alone is a path", "GET /", 200, { total_count: 0 }],
];

test.each(cases)("%s", async (_, request, status, expected) => {
  const seed = {
    "/orders": [{ id: "o1" }],
    "/products": [{ id: "p1" }],
    "/jobs": [{ id: "j1" }],
    "/items": [{ id: "a%20b" }],
  };
  const { send } = await serve(capabilityFrom(yaml), { seed });
  const reply = await send(request);
  expect({ status: reply.status, body: reply.body }).toMatchObject({ status, body: expected });
});

test("a fragment is not sent: constants tell the operations of a path apart", async () => {
  const events: unknown[] = [];
  const { send } = await serve(capabilityFrom(yaml), {
    onRequest: ({ operation }) => events.push(operation),
  });
  const cases: [target: string, body: unknown, status: number, message: RegExp][] = [
    ["Create", undefined, 201, /^$/],
    ["Delete", { name: "x" }, 201, /^$/],
    ["Delete", {}, 400, /Body member "name" is required/],
    ["Other", {}, 400, /Header "X-Target" must be "Create"/],
  ];
  for (const [target, body, status, message] of cases) {
    const reply = await send("POST /rpc", body, { "x-target": target });
    const { error } = reply.body as { error?: { message: string } };
    expect([target, reply.status, error?.message ?? ""]).toEqual([target, status, expect.stringMatching(message)]);
  }
  expect(events).toEqual(["create", "delete", "create", "create"]);
});

test("HEAD answers as GET without a body", async () => {
  const { send } = await serve(capabilityFrom(yaml), { seed: { "/items": [{ id: "i1" }] } });
  const get = await send("GET /items/i1");
  const head = await send("HEAD /items/i1");
  expect(head.status).toBe(200);
  expect(head.body).toBe("");
  expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
  expect((await send("HEAD /items/none")).status).toBe(404);
});

test("a method that no operation has is refused with those that there are", async () => {
  const { send } = await serve(capabilityFrom(yaml));
  for (const [request, allow] of [
    ["DELETE /items", "GET, HEAD, POST"],
    ["PATCH /items/verify", "GET, HEAD, POST"],
    ["PUT /rpc", "POST"],
  ] as const) {
    const reply = await send(request);
    expect([request, reply.status, reply.headers.get("allow")]).toEqual([request, 405, allow]);
  }
});

function anError(message: RegExp): unknown {
  return { error: { message: expect.stringMatching(message) } };
}
