import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { findDepartures } from "../../../../src/language/validation/published/find-departures.ts";

const root = path.resolve(import.meta.dirname, "../../../..");

interface Schema {
  readonly title?: string;
  readonly type?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly $defs: Readonly<Record<string, Schema>>;
}

function schemaOf(generation: string): Schema {
  return JSON.parse(readFileSync(path.join(root, `schema/published-${generation}.schema.json`), "utf8"));
}

describe.each(["naftiko", "ikanos"])("published-%s.schema.json", generation => {
  const schema = schemaOf(generation);

  it("is a schema of draft 2020-12", () => {
    const ajv = new Ajv2020();
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  });

  it("gives every kind of object a name for messages", () => {
    const unnamed = Object.entries(schema.$defs)
      .filter(([, { properties, title }]) => properties !== undefined && !title)
      .map(([name]) => name);
    expect(unnamed.filter(name => name !== "UnitModes")).toEqual([]);
  });

  it("requires only keys that it has", () => {
    const unknown = Object.entries(schema.$defs).flatMap(([name, { required = [], properties }]) =>
      properties === undefined ? [] : required.filter(key => !(key in properties)).map(key => `${name}.${key}`),
    );
    expect(unknown).toEqual([]);
  });

  it("refers to every definition, and to no other", () => {
    const text = JSON.stringify(schema);
    const used = new Set(Array.from(text.matchAll(/"#\/\$defs\/(\w+)"/g), ([, name = ""]) => name));
    expect([...used].sort()).toEqual(Object.keys(schema.$defs).sort());
  });
});

/** One shape, in the words of each generation. */
const OLDER = {
  naftiko: "1.0.0-alpha3",
  info: { label: "Shop", description: "Sells" },
  capability: {
    consumes: [
      {
        type: "http",
        namespace: "shop",
        baseUri: "https://shop.test",
        resources: [{ name: "r", path: "/", operations: [{ name: "op", method: "GET" }] }],
      },
    ],
  },
};
const NEWER = {
  ikanos: "1.0.0-beta5",
  info: { display: "Shop", description: "Sells" },
  capability: {
    consumes: [
      {
        type: "http",
        namespace: "shop",
        baseUri: "https://shop.test",
        resources: { r: { path: "/", operations: { op: { method: "GET" } } } },
      },
    ],
  },
};

describe("findDepartures() of the two generations", () => {
  it("accepts each in its own words", async () => {
    expect(await findDepartures(OLDER)).toEqual([]);
    expect(await findDepartures(NEWER)).toEqual([]);
  });

  it.each([
    ["the older body under the newer key", { ...OLDER, naftiko: undefined, ikanos: "1.0.0-beta5" }],
    ["the newer body under the older key", { ...NEWER, ikanos: undefined, naftiko: "1.0.0-alpha3" }],
  ])("refuses %s", async (_, document) => {
    const departures = await findDepartures(JSON.parse(JSON.stringify(document)));
    expect(departures.map(({ rule, pointer }) => `${rule} ${pointer}`).sort()).toEqual(
      [
        "missing-key /info",
        `unknown-key /info/${"label" in document.info ? "label" : "display"}`,
        "value-type /capability/consumes/0/resources",
      ].sort(),
    );
  });

  it.each([
    ["naftiko", { ...OLDER, naftiko: "1.0.0-beta5" }],
    ["ikanos", { ...NEWER, ikanos: "1.0.0-alpha3" }],
  ])("refuses the other generation's version for %s", async (key, document) => {
    expect(await findDepartures(document)).toMatchObject([{ rule: "version", pointer: `/${key}` }]);
  });

  it("reads a document with both keys as the older one, in which the other key is unknown", async () => {
    expect(await findDepartures({ ...OLDER, ikanos: "1.0.0-beta5" })).toMatchObject([
      { rule: "unknown-key", pointer: "/ikanos" },
    ]);
  });

  it.each([[null], [[]], ["text"], [{}], [{ openapi: "3.1.0" }]])("says nothing of %j", async value => {
    expect(await findDepartures(value)).toEqual([]);
  });

  it("counts the characters of a text, not its code units", async () => {
    const skill = (description: string) => ({
      naftiko: "1.0.0-alpha3",
      capability: {
        exposes: [{ type: "skill", port: 1, namespace: "s", skills: [{ name: "s", description }] }],
      },
    });
    expect(await findDepartures(skill("😀".repeat(1024)))).toEqual([]);
    expect(await findDepartures(skill("😀".repeat(1025)))).toMatchObject([{ rule: "text-form" }]);
  });
});
