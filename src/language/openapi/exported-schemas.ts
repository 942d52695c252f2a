import { isDeepStrictEqual } from "node:util";
import { getOrSet } from "../../base/get-or-set.ts";
import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { pointedValue, referenceSegments } from "../../base/json-pointer.ts";
import { isSchema, type Schema } from "../../base/json-schema/schema-document.ts";
import { isInteger, isNumber } from "../../base/numbers/json-number.ts";
import { schemaKeywords } from "./schema-keywords.ts";
import { schemaOf30 } from "./schema-of-3-0.ts";

/** Versions of OpenAPI that an export is written in. */
export type SpecVersion = "3.0" | "3.1";

/** What a document of each version says that it is. */
export const OPENAPI_VERSIONS: Readonly<Record<SpecVersion, string>> = { "3.0": "3.0.4", "3.1": "3.1.1" };

/** Writes JSON Schemas of 2020-12 as schemas of an OpenAPI document. What references name becomes a component. */
export class ExportedSchemas {
  /** The components that were needed, by name. */
  readonly components: Record<string, unknown> = {};
  readonly #version: SpecVersion;
  readonly #report: (message: string) => void;
  readonly #bySchema = new Map<unknown, string>();
  readonly #byName = new Map<string, NamedSchema[]>();

  /** @param report is told what cannot be written */
  constructor(version: SpecVersion, report: (message: string) => void) {
    this.#version = version;
    this.#report = report;
  }

  /**
   * Returns a schema in the form of the version.
   *
   * @param root the schema that `#` means in it
   */
  write(schema: unknown, root: Schema): Schema {
    if (typeof schema === "boolean") return this.#version === "3.1" ? schema : schema ? {} : { not: {} };
    if (!isJsonObject(schema)) return {};
    const written: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fitting(schema))) {
      if (name === "$ref") {
        const target = this.#reference(value, root);
        if (target !== undefined) written["$ref"] = target;
        continue;
      }
      // Definitions become components when something refers to them.
      if ((name === "$defs" || name === "definitions") && schema === root) continue;
      const keyword = member(schemaKeywords, name);
      if (name.startsWith("x-")) written[name] = value;
      else if (keyword === undefined || !keyword.fits(value))
        this.#report(`the keyword ${JSON.stringify(name)} of a schema cannot be written`);
      else written[name] = this.#keyword(keyword.holds, value, root);
    }
    const whole = this.#version === "3.1" ? written : schemaOf30(written, this.#report);
    // Linters of every version ask for it.
    return whole["type"] === "array" && whole["items"] === undefined ? { ...whole, items: {} } : whole;
  }

  #keyword(holds: "schema" | "list" | "named" | "value", value: unknown, root: Schema): unknown {
    if (holds === "schema") return this.write(value, root);
    if (holds === "list") return (value as readonly unknown[]).map(part => this.write(part, root));
    if (holds === "named") {
      const parts = Object.entries(value as JsonObject).map(([name, part]) => [name, this.write(part, root)]);
      return Object.fromEntries(parts) as JsonObject;
    }
    return value;
  }

  /** Returns the reference to a component for what a reference names, which becomes one. */
  #reference(reference: unknown, root: Schema): string | undefined {
    const found = typeof reference === "string" ? findSchema(reference, root) : undefined;
    if (found === undefined) {
      this.#report(`the reference ${JSON.stringify(reference)} of a schema names nothing in it`);
      return undefined;
    }
    return `#/components/schemas/${this.#component(found)}`;
  }

  #component(found: NamedSchema): string {
    const { name, schema, root } = found;
    const known = this.#bySchema.get(schema);
    if (known !== undefined) return known;
    // Schemas that are the same in several operations are one component.
    const others = getOrSet(this.#byName, name, () => []);
    const same = others.find(other => isSame(other, found));
    const component = (same && this.#bySchema.get(same.schema)) ?? this.#freeName(name);
    this.#bySchema.set(schema, component);
    if (same !== undefined) return component;
    others.push(found);
    // Before its parts are written, which may refer to it.
    this.components[component] = {};
    this.components[component] = this.write(schema, root);
    return component;
  }

  #freeName(name: string): string {
    const plain = name.replace(/[^A-Za-z0-9._-]+/g, "_") || "Schema";
    let free = plain;
    for (let count = 2; Object.hasOwn(this.components, free) || free === "__proto__"; count++)
      free = `${plain}_${count}`;
    return free;
  }
}

/**
 * Leaves out of a schema what says nothing under its type, as publishers write it: members of a list, items of an object,
 * and values of another type. Where no value has the type, the type is left out.
 */
function fitting(schema: JsonObject): JsonObject {
  const { type, enum: values } = schema;
  if (typeof type !== "string") return schema;
  const { properties, items, ...others } = schema;
  const isOdd = (type !== "object" && properties !== undefined) || (type !== "array" && items !== undefined);
  const plain: JsonObject = isOdd
    ? {
        ...others,
        ...(type === "object" && properties !== undefined ? { properties } : {}),
        ...(type === "array" && items !== undefined ? { items } : {}),
      }
    : schema;
  const known = Array.isArray(values) ? values.filter(value => isOfType(value, type)) : undefined;
  if (known === undefined || known.length === (values as readonly unknown[]).length) return plain;
  if (known.length > 0) return { ...plain, enum: known };
  const { type: _, ...untyped } = plain;
  return untyped;
}

function isOfType(value: unknown, type: string): boolean {
  if (type === "integer") return isInteger(value);
  if (type === "number") return isNumber(value);
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isJsonObject(value);
  return type === "null" ? value === null : typeof value === type;
}

interface NamedSchema {
  readonly name: string;
  readonly schema: unknown;
  /** The schema that `#` means in it. */
  readonly root: Schema;
}

function isSame(first: NamedSchema, second: NamedSchema): boolean {
  return isDeepStrictEqual(first.schema, second.schema) && isDeepStrictEqual(ownSchemas(first), ownSchemas(second));
}

/** Returns the definitions that references in a schema may name. */
function ownSchemas({ root }: NamedSchema): unknown {
  return isJsonObject(root) ? (root["$defs"] ?? root["definitions"]) : undefined;
}

/** Finds what a reference names: `#`, or a pointer in the root. */
function findSchema(reference: string, root: Schema): NamedSchema | undefined {
  const segments = referenceSegments(reference);
  const schema = segments && pointedValue(root, segments);
  return isSchema(schema) ? { name: segments?.at(-1) ?? titleOf(root), schema, root } : undefined;
}

function titleOf(root: Schema): string {
  const title = isJsonObject(root) ? root["title"] : undefined;
  return typeof title === "string" ? title.slice(0, 60) : "Schema";
}
