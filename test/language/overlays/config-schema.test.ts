import { readFile } from "node:fs/promises";
import path from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import type { OptionRow } from "../../../src/base/option-row.ts";
import { validate } from "../../../src/language/overlays/generated/validate-config.js";
import { BREAKER_DEFAULTS, capabilityRows, operationRows } from "../../../src/language/overlays/sending-settings.ts";

const folder = path.resolve(import.meta.dirname, "../../../schema");
const schema = await readSchema("config.schema.json");

interface Schema {
  readonly $id: string;
  readonly $defs: Readonly<Record<string, Schema>>;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
}

async function readSchema(name: string): Promise<Schema> {
  return JSON.parse(await readFile(path.join(folder, name), "utf8")) as Schema;
}

function namesOf(definition: Schema | undefined): string[] {
  return Object.keys(definition?.properties ?? {}).toSorted();
}

describe("config.schema.json", () => {
  it("is a schema of draft 2020-12", () => {
    const ajv = new Ajv2020();
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true);
  });

  it("describes every definition and every property", () => {
    const bare = [["", schema] as const, ...Object.entries(schema.$defs)].flatMap(([name, definition]) => [
      ...(definition.title && definition.description ? [] : [name]),
      ...Object.entries(definition.properties ?? {})
        .filter(([, { description, ...rest }]) => !description && !("$ref" in rest))
        .map(([property]) => `${name}.${property}`),
    ]);
    expect(bare).toEqual([]);
  });

  it("has every setting for sending where overlays may have it, and no other", () => {
    const others = ["baseUri", "authentication", "inputs", "headers", "binds", "operations"];
    const ofOperation = ["aliases", "inputs", "headers", "outputs", "pagination"];
    const { Overlay, Operation } = schema.$defs;
    expect(namesOf(Overlay)).toEqual(
      [...others, ...Object.keys(operationRows), ...Object.keys(capabilityRows)].toSorted(),
    );
    expect(namesOf(Operation)).toEqual([...ofOperation, ...Object.keys(operationRows)].toSorted());
  });

  it.each(Object.entries<OptionRow>({ ...operationRows, ...capabilityRows }))(
    "has the default, the bounds and the values of the setting %s",
    (name, { kind, default: usual }) => {
      const shared = schema.$defs[name.charAt(0).toUpperCase() + name.slice(1)];
      const definition = shared ?? schema.$defs["Overlay"]?.properties?.[name];
      expect(definition?.default).toBe(usual);
      expect(definition?.enum).toEqual(kind.choices);
      if (kind.range !== undefined)
        expect([definition?.minimum, definition?.maximum]).toEqual([kind.range.least, kind.range.most]);
      const refused = (definition?.examples ?? []).filter(example => !kind.holds(example));
      expect(refused).toEqual([]);
    },
  );

  it("has the defaults of a circuit breaker", () => {
    const { properties = {} } = schema.$defs["Overlay"]?.properties?.["circuitBreaker"] ?? {};
    const defaults = Object.entries(properties).map(([name, { default: usual }]) => [name, usual]);
    expect(Object.fromEntries(defaults)).toEqual(BREAKER_DEFAULTS);
  });

  it("has examples that it accepts", () => {
    const ajv = new Ajv2020({ strict: false, schemas: [schema] });
    const parts = Object.entries(schema.$defs).flatMap(([name, definition]) => [
      { place: `/$defs/${name}`, part: definition },
      ...Object.entries(definition.properties ?? {}).map(([property, part]) => ({
        place: `/$defs/${name}/properties/${property}`,
        part,
      })),
    ]);
    const examples = [{ place: "", part: schema }, ...parts].flatMap(({ place, part }) =>
      (part.examples ?? []).map(example => ({ place, example })),
    );
    expect(examples.length).toBeGreaterThan(15);
    for (const { place, example } of examples) {
      const check = ajv.compile({ $ref: `${schema.$id}#${place}` });
      expect(check(example), `${place}: ${ajv.errorsText(check.errors)}`).toBe(true);
    }
  });

  it("knows the same authentication as the language", async () => {
    const { $defs } = await readSchema("naftiko.schema.json");
    const language = $defs["Authentication"]?.properties ?? {};
    const overlay = schema.$defs["Authentication"]?.properties ?? {};
    expect(Object.keys(overlay).toSorted()).toEqual(Object.keys(language).toSorted());
    expect(overlay["type"]?.enum).toEqual(language["type"]?.enum);
  });

  it.each([
    {},
    { capabilities: {} },
    { $schema: "x", capabilities: { a: {} }, profiles: { p: {} } },
    { capabilities: { a: { baseUri: { n: "u" }, authentication: { n: "none", m: { type: "basic" } } } } },
    { capabilities: { a: { operations: { o: { outputs: { rename: { a: "b" }, add: { c: "$" } } } } } } },
    [],
    null,
    { capabilities: [] },
    { other: {} },
    { capabilities: { a: { authentication: { type: "x" } } } },
    { capabilities: { a: { authentication: { n: "x" } } } },
    { capabilities: { a: { authentication: { n: { type: "basic", x: 1 } } } } },
    { capabilities: { a: { headers: { a: null } } } },
    { capabilities: { a: { headers: { "a b": "" } } } },
    { capabilities: { a: { operations: { o: { outputs: { rename: { a: "" } } } } } } },
    { capabilities: { a: { operations: { o: { pagination: { link: "next" } } } } } },
    { capabilities: { a: { operations: { o: { pagination: { link: "a b" } } } } } },
    { capabilities: { a: { operations: { o: { pagination: { cursor: { input: "c", from: "$.c" } } } } } } },
    { capabilities: { a: { operations: { o: { pagination: { cursor: { input: "c" } } } } } } },
    { capabilities: { a: { operations: { o: { pagination: { page: { input: "p", first: 0 } } } } } } },
    { capabilities: { a: { operations: { o: { pagination: { page: { input: "p", first: -1 } } } } } } },
    { capabilities: { a: { operations: { o: { pagination: { offset: { input: "o", pages: "$" } } } } } } },
    { profiles: { p: { capabilities: { a: { x: 1 } } } } },
  ])("is compiled to a validator of the same verdict: %j", value => {
    expect(validate(value)).toBe(new Ajv2020({ strict: false }).validate(schema, value));
  });
});
