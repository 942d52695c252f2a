import { expect, test } from "vitest";
import { startSandbox } from "../../../src/surfaces/sandbox/sandbox.ts";
import { capabilityFrom, consuming, resource, serve } from "./sandbox-client.ts";

const shop = capabilityFrom(
  consuming(
    [
      resource("GET POST /items"),
      resource("GET /items/{id}"),
      resource("GET PATCH /instance"),
      resource("POST /orgs"),
      resource("GET /orgs/{org}"),
      resource("GET POST /orgs/{org}/members"),
      resource("GET /countries"),
    ].join("\n"),
  ),
);
const crm = capabilityFrom(consuming([resource("GET POST /items"), resource("GET /contacts")].join("\n"), "{}", "crm"));

const loaded: [name: string, seed: unknown, request: string, expected: unknown][] = [
  ["by path", { "/items": [{ id: "i1" }] }, "GET /items/i1", { id: "i1", created_at: "2030-01-01T00:00:00.000Z" }],
  ["without the slash in front", { items: [{ id: "i1" }] }, "GET /items/i1", { id: "i1" }],
  [
    "with timestamps of its own",
    { "/items": [{ id: "i1", created_at: "then" }] },
    "GET /items/i1",
    { created_at: "then" },
  ],
  ["without an id", { "/items": [{ n: 1 }] }, "GET /items/items-1", { n: 1 }],
  ["with numbers for ids", { "/items": [{ id: 7 }] }, "GET /items/7", { id: 7 }],
  ["below an item, which is there then", { "/orgs/o1/members": [{ id: "m1" }] }, "GET /orgs/o1", { id: "o1" }],
  ["below an item", { "/orgs/o1/members": [{ id: "m1" }] }, "GET /orgs/o1/members", { total_count: 1 }],
  ["as a document", { "/instance": { id: "x", mode: "test" } }, "GET /instance", { id: "x", mode: "test" }],
  ["as a list of what is only read", { "/countries": [{ id: "fr" }] }, "GET /countries", { total_count: 1 }],
  ["as a document of what is only read", { "/countries": { fr: "France" } }, "GET /countries", { fr: "France" }],
  ["by namespace", { shop: { "/items": [{ id: "i1" }] } }, "GET /items/i1", { id: "i1" }],
];

test.each(loaded)("data is loaded %s", async (_, seed, request, expected) => {
  const { send } = await serve(shop, { seed });
  expect(await send(request)).toMatchObject({ status: 200, body: expected });
});

test("data of a namespace is in that namespace alone, other data where there is a place for it", async () => {
  const seed = { crm: { items: [{ id: "i1" }] }, contacts: [{ id: "c1" }], "/instance": { mode: "test" } };
  const { send, baseUris } = await serve([shop, crm], { seed });
  const cases: [namespace: string, path: string, expected: unknown][] = [
    ["shop", "/items", { total_count: 0 }],
    ["crm", "/items", { total_count: 1 }],
    ["crm", "/contacts", { total_count: 1 }],
    ["shop", "/instance", { mode: "test" }],
  ];
  for (const [namespace, path, expected] of cases) {
    expect((await send(`GET ${baseUris.get(namespace)}${path}`)).body).toMatchObject(expected as object);
  }
});

const refused: [seed: unknown, message: RegExp][] = [
  [[], /^Seed must be an object of lists by path, but it is a list$/],
  ["text", /^Seed must be an object .* of type string$/],
  [null, /^Seed must be an object .* null$/],
  [{ "/items": {} }, /^Seed "\/items" must be a list of items, but it is of type object$/],
  [{ "/items": ["text"] }, /^Seed "\/items"\[0\] must be an object, but it is of type string$/],
  [{ "/items": [{ id: {} }] }, /^Seed "\/items"\[0\]\.id must be a text or a number, but it is of type object$/],
  [{ "/items": [{ id: "a" }, { id: "a" }] }, /^Seed "\/items"\[1\]: .*"a" already$/],
  [{ "/instance": 1 }, /^Seed "\/instance" must be a list of items or an object, but it is of type number$/],
  [{ "/item": [] }, /^Seed "\/item": no operation has this path; expected one such as \/items/],
  [{ "/items/i1": {} }, /no operation has this path/],
  [{ shop: { "/items": 1 } }, /^Seed "shop"\."\/items" must be a list of items, but it is of type number$/],
  [{ "/items": Array.from({ length: 10_001 }, () => ({})) }, /^Seed "\/items"\[10000\]: The collection is full/],
];

test.each(refused)("a seed that does not fit is refused", async (seed, message) => {
  const error = await startSandbox({ capabilities: [shop], seed }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TypeError);
  expect((error as Error).message).toMatch(message);
});
