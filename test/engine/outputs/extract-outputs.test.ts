import { describe, expect, it } from "vitest";
import { extractOutputs, planOutputs } from "../../../src/engine/outputs/extract-outputs.ts";
import { parseJsonPath } from "../../../src/language/expression/json-path.ts";
import type { Output } from "../../../src/language/model/types.ts";

const body = { data: [{ id: "a" }, { id: "b" }], total: 2 };

const cases: readonly { what: string; outputs: Readonly<Record<string, string>>; expected: object }[] = [
  {
    what: "each output under its name, in the order of the file",
    outputs: { ids: "$.data[*].id", total: "$.total", none: "$.none", all: "$." },
    expected: { ids: ["a", "b"], total: 2, none: null, all: body },
  },
  { what: "an empty object for an empty list", outputs: {}, expected: {} },
  { what: "names from prototypes", outputs: { constructor: "$.total" }, expected: { constructor: 2 } },
];

describe("extractOutputs()", () => {
  it.each(cases)("gives $what", async ({ outputs, expected }) => {
    const found = await extract(Object.entries(outputs), body);
    expect(found).toEqual(expected);
    expect(Object.keys(found as object)).toEqual(Object.keys(expected));
  });

  it("takes a bounded number of steps for all outputs together, however many there are", async () => {
    const outputs = Array.from({ length: 1_000 }, (_, index) => [`output-${index}`, "$..id"] as const);
    const large = Array.from({ length: 30_000 }, () => ({ id: 1 }));
    await expect(extract(outputs, large)).rejects.toMatchObject({
      code: "RESPONSE_TOO_LARGE",
      details: { maxSteps: 20_000_000 },
    });
    expect(await extract(outputs.slice(0, 100), large)).toHaveProperty("output-99.length", 30_000);
  });

  it("gives the body itself where no outputs are declared", async () => {
    expect(await extract(undefined, body)).toBe(body);
  });

  it("does not copy the body", async () => {
    expect(await extract([["all", "$."]], body)).toHaveProperty("all", body);
    expect(((await extract([["all", "$."]], body)) as { all: unknown }).all).toBe(body);
  });

  it("makes a member of an output called __proto__", async () => {
    const outputs = await extract([["__proto__", "$.total"]], body);
    expect(JSON.stringify(outputs)).toBe('{"__proto__":2}');
    expect(Object.getPrototypeOf(outputs)).toBe(Object.prototype);
  });
});

async function extract(
  declared: readonly (readonly [name: string, path: string])[] | undefined,
  value: unknown,
): Promise<unknown> {
  const outputs = declared?.map(([name, text]): Output => {
    const parsed = parseJsonPath(text);
    if (!parsed.ok) throw new Error(parsed.reason);
    return { name, type: "object", path: parsed.path, pointer: "" };
  });
  return extractOutputs(planOutputs({ outputs }), value);
}
