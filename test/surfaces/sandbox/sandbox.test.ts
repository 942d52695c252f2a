import { request as httpRequest } from "node:http";
import { expect, test } from "vitest";
import { startSandbox } from "../../../src/surfaces/sandbox/sandbox.ts";
import { capabilityFrom, consuming, resource, serve } from "./sandbox-client.ts";

const items = [resource("GET POST /items"), resource("GET /items/{id}")].join("\n");

const baseUris: [declared: string, path: string][] = [
  ["https://api.test", ""],
  ["https://api.test/v1/", "/v1"],
  ["''", ""],
  ["https://{{region}}.api.test/v1", "/v1"],
  ["https://api.test/{{SHOP_NAME}}/v1", "/SHOP_NAME/v1"],
  ["'{{SHOP_NAME}}'", ""],
  ["'{{SHOP_NAME}}/v2'", "/v2"],
  ["not a url", ""],
  ["https://api.test/a%20b/ü", "/a%20b/%C3%BC"],
];

test.each(baseUris)("the base URI %s is served at %s", async (declared, path) => {
  const yaml = consuming(items).replace("https://api.test/v1", declared);
  const { url, baseUris, send } = await serve(capabilityFrom(yaml));
  expect(baseUris.get("shop")).toBe(url + path);
  expect((await send("GET /items")).status).toBe(200);
});

test("several namespaces are served behind their names, and share nothing", async () => {
  const shop = capabilityFrom(consuming(items));
  const crm = capabilityFrom(consuming(items, "{}", "crm"));
  const { url, baseUris, send } = await serve([shop, crm]);
  expect([...baseUris]).toEqual([
    ["shop", `${url}/shop/v1`],
    ["crm", `${url}/crm/v1`],
  ]);
  await send(`POST ${url}/shop/v1/items`, { id: "i1" });
  expect((await send(`GET ${url}/shop/v1/items/i1`)).status).toBe(200);
  expect((await send(`GET ${url}/crm/v1/items/i1`)).status).toBe(404);
  expect((await send(`GET ${url}/v1/items`)).status).toBe(404);
});

test("capabilities of one namespace are one API", async () => {
  const writes = capabilityFrom(consuming(resource("POST /items")));
  const reads = capabilityFrom(consuming(resource("GET /items/{id}")));
  const { send } = await serve([writes, reads]);
  await send("POST /items", { id: "i1" });
  expect((await send("GET /items/i1")).status).toBe(200);
});

test("two base paths cannot share a namespace", async () => {
  const other = capabilityFrom(consuming(items).replace("/v1", "/v2"));
  const start = startSandbox({ capabilities: [capabilityFrom(consuming(items)), other] });
  await expect(start).rejects.toThrow(TypeError);
});

test("each request is reported without its query", async () => {
  const events: unknown[] = [];
  const { send } = await serve(capabilityFrom(consuming(items)), { onRequest: event => events.push(event) });
  await send("GET /items?key=secret");
  await send("GET /nothing");
  expect(events).toEqual([
    { method: "GET", path: "/v1/items", status: 200, operation: "GET /items" },
    { method: "GET", path: "/v1/nothing", status: 404 },
  ]);
});

test("an operation that reads text is answered with text", async () => {
  const yaml = consuming(
    `- { name: r, path: /robots, operations: [{ name: a, method: POST, outputRawFormat: text }] }`,
  );
  const { send } = await serve(capabilityFrom(yaml));
  const { headers } = await send("POST /robots", {});
  expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
});

test("a body of more than 10 MiB is refused, and the next request is served", async () => {
  const { send } = await serve(capabilityFrom(consuming(items)));
  const longest = JSON.stringify({ text: "x".repeat(10 * 1024 * 1024 - 11) });
  expect((await send("POST /items", longest)).status).toBe(201);
  expect(await send("POST /items", `${longest} `)).toMatchObject({
    status: 413,
    body: { error: { code: "body_too_large" } },
  });
  expect((await send("GET /items?limit=1&offset=1")).status).toBe(200);
});

test("closing ends open connections", async () => {
  const sandbox = await startSandbox({ capabilities: [capabilityFrom(consuming(items))] });
  const ended = new Promise(resolve => {
    // The body never ends, so the request stays open.
    const request = httpRequest(`${sandbox.url}/v1/items`, { method: "POST" });
    request.on("error", resolve);
    request.write("{");
  });
  await fetch(`${sandbox.url}/v1/items`);
  await sandbox.close();
  expect(await ended).toBeInstanceOf(Error);
  await expect(fetch(`${sandbox.url}/v1/items`)).rejects.toThrow();
});

test("a port in use is an error", async () => {
  const capabilities = [capabilityFrom(consuming(items))];
  const { url } = await serve(capabilities);
  const port = Number(new URL(url).port);
  await expect(startSandbox({ capabilities, port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("a fault of the sandbox is answered, not thrown", async () => {
  const { send } = await serve(capabilityFrom(consuming(items)), {
    clock: () => {
      throw new Error("no clock");
    },
  });
  const reply = await send("POST /items", {});
  expect(reply).toMatchObject({ status: 500, body: { error: { code: "internal_error" } } });
});
