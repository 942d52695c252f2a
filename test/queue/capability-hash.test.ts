import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { capabilityHash } from "../../src/queue/capability-hash.ts";
import { openTextRuntime } from "../support/open-text.ts";

const TEXT = `
naftiko: 1.0.0-alpha3
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.example
      resources:
        - { name: orders, path: /orders, operations: [{ name: list, method: GET }] }
`;

async function hashOf(text: string): Promise<string> {
  const runtime = await openTextRuntime(text);
  const hash = capabilityHash(runtime);
  await runtime.close();
  return hash;
}

describe("capabilityHash()", () => {
  it("may stand in the name of a queue", async () => {
    expect(await hashOf(TEXT)).toMatch(/^[\w-]{22}$/);
  });

  it.each([
    ["comments", `# a comment\n${TEXT}`],
    ["the order of members", TEXT.replace("name: orders, path: /orders,", "path: /orders, name: orders,")],
    ["layout", JSON.stringify(parse(TEXT))],
  ])("does not heed %s", async (_, text) => {
    expect(await hashOf(text)).toBe(await hashOf(TEXT));
  });

  it.each([
    ["a path", TEXT.replace("path: /orders", "path: /v2/orders")],
    ["a base URI", TEXT.replace("shop.example", "other.example")],
    ["a method", TEXT.replace("GET", "POST")],
  ])("is another one for %s", async (_, text) => {
    expect(await hashOf(text)).not.toBe(await hashOf(TEXT));
  });
});
