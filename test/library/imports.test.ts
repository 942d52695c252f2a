import path from "node:path";
import { describe, expect, it } from "vitest";
import { openCapability } from "../../src/library/open-capability.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const shared = `
ikanos: 1.0.0-beta5
binds:
- { namespace: shared-env, keys: { TOKEN: SHARED_TOKEN, KEY: SHARED_KEY } }
consumes:
- type: http
  namespace: shop
  baseUri: https://shop.test
  authentication: { type: bearer, token: "{{TOKEN}}" }
  inputParameters: { X-Key: { in: header, value: "{{shared-env.KEY}}" } }
  resources: { items: { path: /items, operations: { list: { method: GET, inputParameters: { page: { in: query, type: integer } } } } } }
`;

function importing(binds: string): string {
  return `naftiko: 1.0.0-alpha3
${binds}
capability:
  consumes: [ { import: shop, location: s.yaml, as: mine } ]
`;
}

const env = {
  SHARED_TOKEN: "shared-token",
  SHARED_KEY: "shared-key",
  OWN_TOKEN: "own-token",
  OWN_KEY: "own-key",
};

describe("an imported adapter", () => {
  it.each([
    ["binds of its own file", "", "Bearer shared-token", "shared-key"],
    [
      "a bind of the importing file with another namespace",
      "binds: [ { namespace: env, keys: { TOKEN: OWN_TOKEN } } ]",
      "Bearer own-token",
      "shared-key",
    ],
    [
      "a bind of the importing file with the same namespace",
      "binds: [ { namespace: shared-env, keys: { KEY: OWN_KEY } } ]",
      "Bearer shared-token",
      "own-key",
    ],
  ])("refers to %s", async (_, binds, authorization, key) => {
    const folder = await temporaryFolder({ "m.yaml": importing(binds), "s.yaml": shared });
    const capability = await openCapability(path.join(folder, "m.yaml"), { env });
    expect([...capability.operations.keys()]).toEqual(["list"]);
    expect(capability.operation("mine.list").namespace).toBe("mine");
    const { headers } = await capability.prepare("list");
    expect(headers).toMatchObject({ authorization, "x-key": key });
  });

  it("has its errors where it is written", async () => {
    const folder = await temporaryFolder({
      "m.yaml": importing(""),
      "s.yaml": shared.replace("type: integer", "type: integer, required: 7"),
    });
    await expect(openCapability(path.join(folder, "m.yaml"), { env })).rejects.toMatchObject({
      code: "CAPABILITY_INVALID",
      source: {
        file: path.join(folder, "s.yaml"),
        line: 11,
        pointer: "/consumes/0/resources/items/operations/list/inputParameters/page/required",
      },
    });
  });

  it("is read leniently, and its warnings have the pointer that they have there", async () => {
    const folder = await temporaryFolder({
      "m.yaml": importing(""),
      "s.yaml": shared.replace("type: integer", "type: Integer"),
    });
    const capability = await openCapability(path.join(folder, "m.yaml"), { env });
    expect((await capability.prepare("list", { page: "2" })).url).toBe("https://shop.test/items?page=2");
    expect(capability.diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "departure",
        rule: "lenient-reading",
        pointer: "/consumes/0/resources/items/operations/list/inputParameters/page/type",
      }),
    );
  });

  it("is not found outside the folder, unless importRoots allow it", async () => {
    const folder = await temporaryFolder({
      "in/m.yaml": importing("").replace("s.yaml", "../s.yaml"),
      "s.yaml": shared,
    });
    const file = path.join(folder, "in/m.yaml");
    await expect(openCapability(file, { env })).rejects.toMatchObject({ code: "CAPABILITY_INVALID" });
    const capability = await openCapability(file, { env, importRoots: [folder] });
    expect((await capability.prepare("list", { page: 2 })).url).toBe("https://shop.test/items?page=2");
    await expect(openCapability(file, { importRoots: "." as never })).rejects.toThrow(TypeError);
  });
});

describe("a file of the newer generation", () => {
  it("names an input's two places by the names it gives", async () => {
    const folder = await temporaryFolder({
      "n.yaml": `
ikanos: 1.0.0-beta5
capability:
  consumes:
  - type: http
    namespace: n
    baseUri: https://n.test
    resources: { r: { path: /r, operations: { get: { method: GET, inputParameters: { id: { in: query }, id2: { in: header, name: id } } } } } }
`,
    });
    const capability = await openCapability(path.join(folder, "n.yaml"), { env: {} });
    const request = await capability.prepare("get", { "query:id": "q", "header:id": "h" });
    expect(request).toMatchObject({ url: "https://n.test/r?id=q", headers: { id: "h" } });
    await expect(capability.prepare("get", { id: "x" })).rejects.toMatchObject({
      code: "INPUT_UNKNOWN",
      message: expect.stringContaining("write query:id or header:id"),
    });
  });

  it("has its findings where it is written", async () => {
    const { diagnostics } = await openCapability({
      ikanos: "1.0.0-beta5",
      capability: {
        consumes: [
          {
            type: "http",
            namespace: "n",
            baseUri: "https://n.test",
            resources: {
              r: {
                path: "/r",
                operations: { get: { method: "GET", inputParameters: { lost: { in: "path" } } } },
              },
            },
          },
        ],
      },
    });
    expect(diagnostics).toMatchObject([
      {
        rule: "path-parameter",
        pointer: "/capability/consumes/0/resources/r/operations/get/inputParameters/lost/name",
      },
    ]);
  });
});
