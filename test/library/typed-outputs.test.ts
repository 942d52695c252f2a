import { expect, expectTypeOf, it } from "vitest";
import { parse } from "yaml";
import { openCapability } from "../../src/library/open-capability.ts";
import { createMemoryTransport } from "../../src/net/memory.ts";
import { capabilityText } from "../support/capability-text.ts";

// The compiler checks these types with those of all tests.

interface Item {
  readonly id: string;
}

it("types the outputs of each way to call by a type argument", async () => {
  const body = new TextEncoder().encode('{"id":"a","items":[],"has_more":false,"next":null}');
  await using shop = await openCapability(
    parse(
      capabilityText({
        namespace: "shop",
        baseUri: "https://api.test",
        operations: [{ name: "get", method: "GET", path: "/item" }],
      }),
    ),
    { transport: createMemoryTransport(() => ({ body })) },
  );
  const { outputs } = await shop.run<Item>("get");
  expectTypeOf(outputs).toEqualTypeOf<Item>();
  const waited = await shop.waitFor<Item>("get", {}, { until: result => result.outputs.id === "a" });
  expectTypeOf(waited.outputs).toEqualTypeOf<Item>();
  const ids = [outputs.id, waited.outputs.id];
  for await (const page of shop.pages<Item>("get")) ids.push(page.outputs.id);
  for await (const item of shop.stream<Item>("get")) ids.push(item.outputs.id);
  expect(ids).toEqual(["a", "a", "a", "a"]);
  expectTypeOf((await shop.run("get")).outputs).toBeUnknown();
});
