import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { ConsumedInputParameter } from "../document/document-types.ts";
import { NamedSchemas } from "../document/named-schemas.ts";
import { writtenValue } from "../document/written-numbers.ts";
import { isTransportHeader } from "../expression/transport-header.ts";
import { defaultProblem } from "../validation/find-schema-problems.ts";
import type { Description } from "./description.ts";
import type { DescriptionNode } from "./description-node.ts";
import type { ImportFindings } from "./import-findings.ts";
import type { SchemaReader } from "./import-schema.ts";
import type { ImportedPath } from "./imported-path.ts";
import { importedText } from "./imported-text.ts";
import { schemaType } from "./schema-type.ts";

/** What the parts of one import share. */
export interface ImportContext {
  readonly description: Description;
  readonly findings: ImportFindings;
  readonly schemas: SchemaReader;
  /** The parameters that have been read, by their value in the description. */
  readonly parameters: Map<object, JsonObject>;
}

/** Headers that a description cannot give as parameters (OpenAPI 3, "Parameter Object"). Swagger 2.0 could. */
const IGNORED_HEADERS = /^(?:accept|authorization|content-type)$/i;

/** A header name is a token (RFC 9110, 5.6.2). */
const TOKEN = /^(?!__proto__$)[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Reads a list of parameters: of an operation, or of a path. Of two with the same name and place, the first counts.
 *
 * @param path in which they stand
 */
export function readParameters(
  list: DescriptionNode | undefined,
  path: ImportedPath,
  context: ImportContext,
): JsonObject[] {
  if (list === undefined) return [];
  const { description, findings } = context;
  const read = new Map<string, JsonObject>();
  for (const [, item] of list.children()) {
    const node = description.resolve(item);
    if (node === undefined) continue;
    const place = placeOf(node, path, context);
    if (place === undefined) continue;
    const key = `${place.in}:${place.in === "header" ? place.name.toLowerCase() : place.name}`;
    if (read.has(key)) {
      findings.add("doubled", node, `A second parameter ${quoteValue(place.name)} in ${place.in} is left out`);
      continue;
    }
    read.set(key, knownParameter(node, place, context));
  }
  return [...read.values()];
}

/** Returns a parameter that may have been read before: many operations refer to the same. */
function knownParameter(node: DescriptionNode, place: Place, context: ImportContext): JsonObject {
  const value = node.value as object;
  const known = context.parameters.get(value);
  if (known !== undefined && known["name"] === place.name && known["in"] === place.in) return known;
  const input = readParameter(node, place, context);
  context.parameters.set(value, input);
  return input;
}

interface Place {
  readonly name: string;
  readonly in: "query" | "header" | "path" | "cookie";
}

/** Finds out where a parameter goes. Returns `undefined`, after a finding, if no request can hold it. */
function placeOf(
  node: DescriptionNode,
  path: ImportedPath,
  { description, findings }: ImportContext,
): Place | undefined {
  const { value } = node;
  if (!isJsonObject(value)) return leftOut("it is no object");
  const { name, in: location } = value;
  if (typeof name !== "string" || name === "") return leftOut("it has no name");
  switch (typeof location === "string" ? location.toLowerCase() : location) {
    case "path": {
      const inPath = path.nameOf(name);
      if (inPath === undefined) return leftOut(`${quoteValue(name)} has no placeholder in the path`);
      return { name: inPath, in: "path" };
    }
    case "query":
      return { name, in: "query" };
    case "cookie":
      return { name, in: "cookie" };
    case "header":
      if (description.version !== "2.0" && IGNORED_HEADERS.test(name))
        return leftOut(`OpenAPI ignores a header parameter ${quoteValue(name)}`);
      if (isTransportHeader(name)) return leftOut(`the header ${quoteValue(name)} is written by the transport alone`);
      if (!TOKEN.test(name)) return leftOut(`${quoteValue(name)} is no name of a header`);
      return { name, in: "header" };
    case undefined: {
      const inPath = path.nameOf(name);
      findings.add(
        "no-in",
        node,
        `The parameter ${quoteValue(name)} has no "in": ${inPath ? "path" : "query"} is taken`,
      );
      return inPath === undefined ? { name, in: "query" } : { name: inPath, in: "path" };
    }
    default:
      return leftOut(`there is no place ${quoteValue(location)} in a request`);
  }

  function leftOut(reason: string): undefined {
    findings.add(`parameter:${reason.replace(/"(?:[^"\\]|\\.)*"/g, "")}`, node, `A parameter is left out: ${reason}`);
  }
}

/**
 * Returns an input without a default that it does not allow itself: calls that leave it out would fail. One value for a
 * list is a list of it.
 */
export function withFittingDefault(
  input: JsonObject,
  node: DescriptionNode,
  { findings, schemas }: ImportContext,
): JsonObject {
  const { default: given, ...others } = input;
  if (given === undefined) return input;
  const listed = input["type"] === "array" && !Array.isArray(given) ? [given] : given;
  const fitting = { ...input, default: listed } as unknown as ConsumedInputParameter;
  const named = input["x-schema"] === undefined ? undefined : new NamedSchemas(schemas.namedFor([input["x-schema"]]));
  if (defaultProblem(fitting, named) === undefined) return fitting as unknown as JsonObject;
  findings.add(
    "default",
    node,
    `The default ${quoteValue(given)} of ${quoteValue(input["name"])} is left out: its schema does not allow it`,
  );
  return others;
}

function readParameter(node: DescriptionNode, place: Place, context: ImportContext): JsonObject {
  const value = node.value as JsonObject;
  const content = contentOf(node, place, context);
  const schema = content?.schema ?? node.child("schema");
  const type = content?.isJson ? undefined : schema && schemaType(schema, context.description);
  const description = importedText(value["description"]);
  const input: Record<string, unknown> = { name: place.name, in: place.in };
  if (content?.isJson) input["type"] = "string";
  else if (type !== undefined) input["type"] = type;
  if (description !== undefined) input["description"] = description;
  if (place.in === "path" || value["required"] === true) input["required"] = true;
  if (value["deprecated"] === true) input["deprecated"] = true;
  Object.assign(input, content?.isJson ? jsonText(schema, context) : valueKeys(schema, context));
  Object.assign(input, styleOf(node, place, content === undefined ? type : "string", context));
  return withFittingDefault(input, node, context);
}

interface ParameterContent {
  readonly isJson: boolean;
  readonly schema: DescriptionNode | undefined;
}

/** Reads `content` of a parameter: its value is a text of a media type. */
function contentOf(node: DescriptionNode, { name }: Place, { findings }: ImportContext): ParameterContent | undefined {
  const [first, ...others] = node.child("content")?.children() ?? [];
  if (first === undefined || node.child("schema") !== undefined) return undefined;
  const [type, media] = first;
  if (others.length > 0)
    findings.add("content", node, `Of the media types of ${quoteValue(name)}, only ${quoteValue(type)} is taken`);
  return { isJson: /\bjson\b/i.test(type), schema: media.child("schema") };
}

/** A value that is sent as a text of JSON is given as that text. */
function jsonText(schema: DescriptionNode | undefined, { schemas }: ImportContext): JsonObject {
  const contentSchema = schema === undefined ? {} : { contentSchema: schemas.read(schema) };
  return { "x-schema": { type: "string", contentMediaType: "application/json", ...contentSchema } };
}

/** Keywords whose place is the parameter itself, or that say nothing of the value. */
const BESIDE: ReadonlySet<string> = new Set([
  "type",
  "enum",
  "default",
  "description",
  "title",
  "format",
  "deprecated",
]);

/** Keywords that are worth a name: what refers to a schema with one of them stays a reference. */
const NAMED: ReadonlySet<string> = new Set([
  "properties",
  "additionalProperties",
  "patternProperties",
  "allOf",
  "anyOf",
  "oneOf",
  "not",
]);

/** Returns the keys of an input that tell of its value: `default`, `enum`, `format` and `x-schema`. */
export function valueKeys(schema: DescriptionNode | undefined, { description, schemas }: ImportContext): JsonObject {
  const resolved = schema && description.resolve(schema);
  if (schema === undefined || resolved === undefined || !isJsonObject(resolved.value)) return {};
  const { value } = resolved;
  const keys: Record<string, unknown> = {};
  const given = writtenValue(value, "default");
  if (given !== undefined && given !== null) keys["default"] = given;
  const isNamed = Object.keys(value).some(key => NAMED.has(key));
  const read = schemas.read(isNamed ? schema : resolved);
  if (!isJsonObject(read)) return keys;
  if (Object.hasOwn(read, "$ref")) return { ...keys, "x-schema": read };
  const { enum: allowed, format } = read;
  if (Array.isArray(allowed)) keys["enum"] = allowed;
  const others = Object.entries(read).filter(([key]) => !BESIDE.has(key));
  const types = [read["type"]].flat();
  if (others.length > 0 || types.length > 1) {
    const form = format === undefined ? [] : [["format", format] as const];
    const type = read["type"] === undefined ? [] : [["type", read["type"]] as const];
    keys["x-schema"] = Object.fromEntries([...type, ...form, ...others]);
  } else if (format !== undefined) keys["format"] = format;
  return keys;
}

/** The styles of OpenAPI by location, the default first. */
const STYLES: Readonly<Record<Place["in"], readonly string[]>> = {
  path: ["simple", "matrix", "label"],
  query: ["form", "spaceDelimited", "pipeDelimited", "deepObject"],
  header: ["simple"],
  cookie: ["form"],
};

/**
 * Returns `x-style` and `x-explode`, where the description says something else than the default, or where our form of an
 * object is not OpenAPI's.
 */
function styleOf(
  node: DescriptionNode,
  place: Place,
  type: string | undefined,
  { description, findings }: ImportContext,
): JsonObject {
  const { style: written, explode: writtenExplode, allowReserved } = node.value as JsonObject;
  if (allowReserved === true)
    findings.add(
      "allowReserved",
      node,
      `allowReserved of ${quoteValue(place.name)} is left out: all signs are encoded`,
    );
  // Nothing is said of scalars by a style, but where the path or a query has signs around them.
  const [usual = "form"] = STYLES[place.in];
  const style = typeof written === "string" ? written : usual;
  if (!STYLES[place.in].includes(style)) {
    findings.add(
      "style",
      node,
      `The style ${quoteValue(style)} of ${quoteValue(place.name)} is left out: there is none in ${place.in}`,
    );
    return {};
  }
  const usualExplode = style === "form" || style === "deepObject";
  const explode = typeof writtenExplode === "boolean" ? writtenExplode : usualExplode;
  const isScalar = type !== undefined && type !== "array" && type !== "object";
  if (style === "matrix" || style === "label") return { "x-style": style, ...(explode ? { "x-explode": true } : {}) };
  if (isScalar) return {};
  if (style === "deepObject") {
    if (type === "object") return { "x-style": "deepObject" };
    // Without a style, an object is written so too, and a value of another type as it is.
    if (type === undefined) return {};
    findings.add(
      "deepObject",
      node,
      `The style deepObject of the list ${quoteValue(place.name)} is left out: OpenAPI has no form of it`,
    );
    return {};
  }
  if (style === "spaceDelimited" || style === "pipeDelimited") {
    if (!explode) return { "x-style": style };
    return type === "array" ? {} : { "x-style": "form" };
  }
  if (style === "simple") return explode ? { "x-explode": true } : {};
  if (place.in === "cookie") return explode ? { "x-style": "form" } : {};
  if (!explode) return { "x-explode": false };
  // Here an object would be `name[member]=value` without a style.
  return type === "array" ? {} : hasObject(node, description) ? { "x-style": "form" } : {};
}

/** Tells whether a value of a parameter may be an object. */
function hasObject(node: DescriptionNode, description: Description): boolean {
  const schema = node.child("schema");
  const resolved = schema && description.resolve(schema);
  return isJsonObject(resolved?.value) && Object.keys(resolved.value).length > 0;
}
