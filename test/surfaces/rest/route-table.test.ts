import { describe, expect, test } from "vitest";
import type { RestAdapter, RestOperation, RestResource } from "../../../src/language/model/exposed/types.ts";
import { pathProblem } from "../../../src/serving/path-problem.ts";
import { createRouteTable } from "../../../src/surfaces/rest/route-table.ts";

/** Makes an adapter of routes, such as `GET /a/{b}` or `* /c/{path}` for one that passes on. */
function adapterOf(routes: readonly string[]): RestAdapter {
  const resources = routes.map((route, index) => {
    const [method = "", path = ""] = route.split(" ");
    const segments = path.split(/(\{\{?[^{}]+\}?\})/).flatMap((part): RestResource["segments"] => {
      if (part === "") return [];
      return part.startsWith("{") ? [{ placeholder: part.replace(/[{}]/g, "") }] : [part];
    });
    const operations = method === "*" ? [] : [{ name: `r${index}`, method } as RestOperation];
    const forward = method === "*" ? ({} as RestResource["forward"]) : undefined;
    return { name: `r${index}`, path, segments, operations, forward } as unknown as RestResource;
  });
  return { resources } as unknown as RestAdapter;
}

describe("createRouteTable()", () => {
  const table = createRouteTable(
    adapterOf([
      "GET /ships/{imo}", // 0
      "GET /ships/new", // 1
      "POST /ships/{{imo}}", // 2
      "GET /ships/{other}", // 3: equal to 0
      "GET /orders/{id}.json", // 4
      "GET /sets(key='{k}')/{a-b}", // 5
      "* /gh/{path}", // 6
      "GET /gh/{owner}", // 7
      "GET /v1/items:batch", // 8
      "GET /range/{from}..{to}", // 9
      "GET /", // 10
      "GET /docs/{path}", // 11
      "GET /caf%C3%A9", // 12
      "DELETE /ships/new", // 13
      "* /exact", // 14
      "GET /st*r/{id}", // 15
      "GET /any/*", // 16
      "GET /mix/{a}*{b}", // 17
    ]),
  );

  test.each([
    ["GET", "/ships/9321", 0, { imo: "9321" }],
    ["GET", "/ships/new", 1, {}],
    ["POST", "/ships/new", 2, { imo: "new" }],
    ["HEAD", "/ships/9321", 0, { imo: "9321" }],
    ["GET", "/ships/a%2Fb", 0, { imo: "a/b" }],
    ["GET", "/ships/a%20b%25c", 0, { imo: "a b%c" }],
    ["GET", "/ships/a+b", 0, { imo: "a+b" }],
    ["GET", "/ships/%C3%A9", 0, { imo: "é" }],
    ["GET", "/ships/%2561", 0, { imo: "%61" }],
    ["GET", `/ships/${"x".repeat(5_000)}`, 0, { imo: "x".repeat(5_000) }],
    ["GET", "/orders/7.json", 4, { id: "7" }],
    ["GET", "/orders/7.8.json", 4, { id: "7.8" }],
    ["GET", "/sets(key='x')/y", 5, { k: "x", "a-b": "y" }],
    ["GET", "/gh/naftiko", 7, { owner: "naftiko" }],
    ["GET", "/gh/naftiko/repos", 6, { path: "naftiko/repos" }],
    ["PUT", "/gh/naftiko", 6, { path: "naftiko" }],
    ["GET", "/gh/", 6, { path: "" }],
    ["PROPFIND", "/exact", 14, {}],
    ["GET", "/v1/items:batch", 8, {}],
    ["GET", "/range/1..9", 9, { from: "1", to: "9" }],
    ["GET", "/", 10, {}],
    ["GET", "/docs/a/b/c.html", 11, { path: "a/b/c.html" }],
    ["GET", "/caf%C3%A9", 12, {}],
    ["GET", "/st*r/7", 15, { id: "7" }],
    ["GET", "/st%2Ar/7", 15, { id: "7" }],
    ["GET", "/any/*", 16, {}],
    ["GET", "/mix/x*y", 17, { a: "x", b: "y" }],
  ])("finds %s %s", (method, path, index, values) => {
    expect(pathProblem(path)).toBeUndefined();
    const match = table.find(method, path);
    const found = match?.route.placeholders.map((name, at) => [name, match.values[at]]);
    expect([match?.route.resource.name, Object.fromEntries(found ?? [])]).toEqual([`r${index}`, values]);
  });

  test.each([
    ["GET", "/ships", []],
    ["GET", "/ships/", []],
    ["GET", "/ships/1/", []],
    ["GET", "//ships/1", []],
    ["GET", "/SHIPS/1", []],
    ["GET", "/gh", []],
    ["GET", "/orders/.json", []],
    ["GET", "/star/7", []],
    ["GET", "/any/thing", []],
    ["DELETE", "/ships/1", ["GET", "POST"]],
    ["PUT", "/ships/new", ["GET", "POST", "DELETE"]],
    ["constructor", "/ships/1", ["GET", "POST"]],
  ])("finds nothing for %s %s", (method, path, methods) => {
    expect([table.find(method, path), table.methods(path)]).toEqual([undefined, methods]);
  });
});

describe("pathProblem()", () => {
  test.each([
    ["/a/../b", 'The path has a segment "." or ".."'],
    ["/a/.", 'The path has a segment "." or ".."'],
    ["/a/%2e%2e/b", 'The path has a segment "." or ".."'],
    ["/a/.%2E", 'The path has a segment "." or ".."'],
    ["/a%00b", "The path has a NUL character"],
    ["/a%zz", "The path has a malformed percent escape"],
    ["/a%", "The path has a malformed percent escape"],
    ["/%ff", "The path has a malformed percent escape"],
    ["*", "The URL is not a path"],
    ["", "The URL is not a path"],
    ["/.well-known/x", undefined],
    ["/a..b/c.", undefined],
  ])("tells of %s", (path, problem) => {
    expect(pathProblem(path)).toBe(problem);
  });
});
