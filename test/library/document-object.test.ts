import { expect, it } from "vitest";
import { openCapability } from "../../src/index.ts";

it("keeps the document as it was when it was opened", async () => {
  const resource = { name: "items", path: "/items/{id}", operations: [{ name: "get", method: "GET" }] };
  const adapter = { type: "http", namespace: "shop", baseUri: "https://api.test", resources: [resource] };
  const capability = await openCapability({ naftiko: "1.0.0-alpha2", capability: { consumes: [adapter] } });
  resource.path = "/other/{{#broken}}";
  const { url } = await capability.prepare("get", { id: "1" });
  expect(url).toBe("https://api.test/items/1");
  expect(capability.operation("get").path).toBe("/items/{id}");
});
