import { describe, expect, test } from "vitest";
import { pathSegments } from "../../../../src/language/model/exposed/path-segments.ts";
import { matchUri } from "../../../../src/surfaces/mcp/exposed/match-uri.ts";

describe("URIs of resources", () => {
  test.each([
    ["data://schema", "data://schema", {}],
    ["data://schema", "data://other", undefined],
    ["data://users/{id}", "data://users/42", { id: "42" }],
    ["data://users/{{id}}", "data://users/42", { id: "42" }],
    ["data://users/{id}/profile", "data://users/42/profile", { id: "42" }],
    ["data://orgs/{org}/users/{user}", "data://orgs/acme/users/bob", { org: "acme", user: "bob" }],
    ["data://users/{id}/profile", "data://users/a/b/profile", undefined],
    ["data://users/{id}", "data://users/", undefined],
    ["data://users/{id}", "data://users/42/more", undefined],
    ["data://users/{id}", "data://users/a%20b%2Fc", { id: "a b/c" }],
    ["data://users/{id}", "data://users/%2e%2e", { id: ".." }],
    // Decoded once, and not at all where it is malformed.
    ["data://users/{id}", "data://users/%2541", { id: "%41" }],
    ["data://users/{id}", "data://users/%zz", { id: "%zz" }],
    ["{scheme}://x", "data://x", { scheme: "data" }],
    ["data://d/{from}-{to}", "data://d/1-2-3", { from: "1-2", to: "3" }],
    ["data://d/{name}.json", "data://d/a.b.json", { name: "a.b" }],
    ["data://d/{name}.json", "data://d/.json", undefined],
    ["data://d/{__proto__}", "data://d/x", Object.fromEntries([["__proto__", "x"]])],
    ["DATA://d", "data://d", undefined],
  ])("%s of %s", (written, uri, values) => {
    expect(matchUri(pathSegments(written), uri)).toEqual(values);
  });
});
