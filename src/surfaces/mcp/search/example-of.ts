import { isJsonObject, type JsonObject } from "../../../base/json-object.ts";

/** Deepest level of an example. */
const DEEPEST = 4;

/** Makes an example of what a schema wants: its required members alone. */
export function exampleOf(schema: JsonObject): unknown {
  return sampleOf(schema, "value", schema, 0);
}

function sampleOf(given: unknown, name: string, root: JsonObject, depth: number): unknown {
  const schema = followed(given, root);
  const { type, default: usual, examples, enum: choices } = schema;
  const [example] = [schema["const"], usual, ...listOf(examples), ...listOf(choices)].filter(one => one !== undefined);
  if (example !== undefined) return example;
  switch (Array.isArray(type) ? type[0] : type) {
    case "object":
      return depth >= DEEPEST ? {} : membersOf(schema, root, depth);
    case "array":
      return depth >= DEEPEST ? [] : [sampleOf(schema["items"], name, root, depth + 1)];
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 1;
    case "boolean":
      return true;
    default:
      return `<${name}>`;
  }
}

function membersOf(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const { properties } = schema;
  if (!isJsonObject(properties)) return {};
  const required = listOf(schema["required"]).filter(name => typeof name === "string");
  return Object.fromEntries(
    required
      .filter(name => Object.hasOwn(properties, name))
      .map(name => [name, sampleOf(properties[name], name, root, depth + 1)]),
  );
}

/** Follows a reference to a definition of the schema, once. */
function followed(schema: unknown, root: JsonObject): JsonObject {
  if (!isJsonObject(schema)) return {};
  const [, name] = /^#\/\$defs\/([^/]+)$/.exec(typeof schema["$ref"] === "string" ? schema["$ref"] : "") ?? [];
  const definitions = root["$defs"];
  if (name === undefined || !isJsonObject(definitions)) return schema;
  const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
  return isJsonObject(definition) ? definition : schema;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
