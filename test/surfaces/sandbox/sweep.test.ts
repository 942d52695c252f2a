import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Operation } from "../../../src/language/model/types.ts";
import { capabilityFrom, serve } from "./sandbox-client.ts";

const folder = new URL("../../../capabilities/", import.meta.url);
const files = readdirSync(folder).filter(file => /\.ya?ml$/.test(file));

test("there are capabilities to serve", () => {
  expect(files).not.toEqual([]);
});

test.each(files)("every operation of %s gets an answer", async file => {
  const capability = capabilityFrom(readFileSync(new URL(file, folder), "utf8"), file);
  const { send, baseUris } = await serve(capability);
  for (const operation of capability.operations) {
    const url = baseUris.get(operation.adapter.namespace) + pathOf(operation);
    const hasBody = operation.parameters.some(parameter => parameter.in === "body");
    const headers = { authorization: "Bearer made-up" };
    const reply = await send(`${operation.method} ${url}`, hasBody ? { id: "made-up" } : undefined, headers);
    expect([200, 201, 400, 404], `${operation.reference} ${JSON.stringify(reply.body)}`).toContain(reply.status);
    expect(reply.body).toBeTypeOf("object");
  }
});

function pathOf({ pathParts, parameters }: Operation): string {
  const path = pathParts.map(part => (typeof part === "string" ? part : "made-up")).join("");
  const query = parameters.filter(parameter => parameter.in === "query" && parameter.required);
  return `${path}?${query.map(({ name }) => `${encodeURIComponent(name)}=1`).join("&")}`;
}
