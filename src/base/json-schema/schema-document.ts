import { isJsonObject, isObject, member, objectOf } from "../json-object.ts";
import { pointedValue, pointerSegments } from "../json-pointer.ts";
import { percentDecode } from "../percent-decoding.ts";
import { quoteValue } from "../visible-text.ts";

/** A schema: an object of keywords, or whether everything is valid. */
export type Schema = boolean | Readonly<Record<string, unknown>>;

/** Keywords whose value is a schema, a list of schemas, or schemas by name (JSON Schema 2020-12, Core 10 and 11). */
const SCHEMA = [
  "not",
  "if",
  "then",
  "else",
  "items",
  "contains",
  "additionalProperties",
  "propertyNames",
  "unevaluatedItems",
  "unevaluatedProperties",
] as const;
const LIST = ["allOf", "anyOf", "oneOf", "prefixItems"] as const;
const NAMED = ["$defs", "definitions", "properties", "patternProperties", "dependentSchemas"] as const;

/** Part of a document with a URI of its own. */
export interface Resource {
  readonly uri: string;
  readonly root: Schema;
  readonly anchors: Map<string, Schema>;
  readonly dynamicAnchors: Map<string, Schema>;
}

/** URI of a document that does not say its own. */
const NO_URI = "schema:/";

/** A document of schemas, with its references. Nothing outside of it is read. */
export class SchemaDocument {
  readonly root: Schema;
  /** Texts of the regular expressions in it. */
  readonly patterns: Set<string> = new Set();
  /** Whether a schema asks for what others have not looked at. */
  isTracked = false;
  readonly #resources = new Map<string, Resource>();
  readonly #owners = new Map<Schema, Resource>();

  constructor(root: Schema) {
    this.root = root;
    this.#collect(root, undefined, 0);
  }

  /** Returns the resource that a schema is a part of. */
  ownerOf(schema: Schema): Resource | undefined {
    return this.#owners.get(schema);
  }

  /** Returns the schema that a reference names, with its resource. `undefined` if it is not in the document. */
  find(reference: string, from: Resource): { readonly schema: Schema; readonly resource: Resource } | undefined {
    const [address = "", fragment = ""] = splitFragment(reference);
    const uri = address === "" ? from.uri : resolveUri(address, from.uri);
    const resource = uri === undefined ? undefined : this.#resources.get(uri);
    if (resource === undefined) return undefined;
    const schema =
      fragment === "" || fragment.startsWith("/")
        ? pointed(resource.root, fragment)
        : (resource.anchors.get(fragment) ?? resource.dynamicAnchors.get(fragment));
    if (schema === undefined) return undefined;
    return { schema, resource: this.#owners.get(schema) ?? resource };
  }

  /**
   * Tells what the document holds that no value can be checked against: each as the end of a sentence.
   *
   * @param isElsewhere tells whether a reference leads to a schema outside of the document
   */
  problems(isElsewhere: (reference: string) => boolean): readonly string[] {
    const found = new Set<string>();
    for (const [schema, resource] of this.#owners) {
      if (typeof schema === "boolean") continue;
      for (const keyword of ["$ref", "$dynamicRef"]) {
        const reference = member(schema, keyword);
        if (typeof reference === "string" && this.find(reference, resource) === undefined && !isElsewhere(reference))
          found.add(`refers to ${quoteValue(reference)}, which is not in it`);
      }
      for (const type of [member(schema, "type")].flat())
        if (type !== undefined && !SCHEMA_TYPES.has(String(type)))
          found.add(`has the type ${quoteValue(type)}, which JSON does not have`);
    }
    return [...found];
  }

  #collect(schema: unknown, parent: Resource | undefined, depth: number): void {
    if (typeof schema === "boolean" || !isObject(schema) || depth > DEEPEST || this.#owners.has(schema)) return;
    const resource = this.#resourceOf(schema, parent);
    this.#owners.set(schema, resource);
    const { $anchor, $dynamicAnchor, pattern } = schema;
    if (typeof $anchor === "string") resource.anchors.set($anchor, schema);
    if (typeof $dynamicAnchor === "string") resource.dynamicAnchors.set($dynamicAnchor, schema);
    if (typeof pattern === "string") this.patterns.add(pattern);
    if ("unevaluatedItems" in schema || "unevaluatedProperties" in schema) this.isTracked = true;
    for (const name of Object.keys(ownObject(schema, "patternProperties"))) this.patterns.add(name);
    for (const keyword of SCHEMA) this.#collect(member(schema, keyword), resource, depth + 1);
    for (const keyword of LIST) {
      const list = member(schema, keyword);
      if (Array.isArray(list)) for (const part of list) this.#collect(part, resource, depth + 1);
    }
    for (const keyword of NAMED)
      for (const part of Object.values(ownObject(schema, keyword))) this.#collect(part, resource, depth + 1);
  }

  #resourceOf(schema: Readonly<Record<string, unknown>>, parent: Resource | undefined): Resource {
    const { $id } = schema;
    const uri = typeof $id === "string" ? resolveUri($id, parent?.uri ?? NO_URI) : undefined;
    if (parent !== undefined && uri === undefined) return parent;
    const own: Resource = { uri: uri ?? NO_URI, root: schema, anchors: new Map(), dynamicAnchors: new Map() };
    this.#resources.set(own.uri, own);
    return own;
  }
}

/** The values of `type`. */
export const SCHEMA_TYPES: ReadonlySet<unknown> = new Set([
  "null",
  "boolean",
  "object",
  "array",
  "number",
  "string",
  "integer",
]);

/** Most levels of schemas in one another. */
const DEEPEST = 200;

function ownObject(schema: Readonly<Record<string, unknown>>, keyword: string): Readonly<Record<string, unknown>> {
  return objectOf(member(schema, keyword));
}

function splitFragment(reference: string): [address: string, fragment: string] {
  const hash = reference.indexOf("#");
  return hash < 0 ? [reference, ""] : [reference.slice(0, hash), percentDecode(reference.slice(hash + 1))];
}

function resolveUri(reference: string, base: string): string | undefined {
  try {
    const url = new URL(reference, base);
    url.hash = "";
    return url.href;
  } catch {
    return undefined;
  }
}

/** Returns the schema at a JSON pointer. */
function pointed(root: Schema, pointer: string): Schema | undefined {
  const found = pointedValue(root, pointerSegments(pointer));
  return isSchema(found) ? found : undefined;
}

/** Tells whether a value has the form of a schema. */
export function isSchema(value: unknown): value is Schema {
  return typeof value === "boolean" || isJsonObject(value);
}
