import { isJsonObject, type JsonObject } from "../base/json-object.ts";
import { describedSchema } from "../language/model/describe-operation.ts";
import type { Input } from "../language/model/types.ts";
import { agentLine } from "./agent-text.ts";
import type { Arguments } from "./arguments.ts";
import { PortableSchemas } from "./portable-schema.ts";

/** Longest description of an argument, in characters. */
const LONGEST_DESCRIPTION = 500;
/** Longest schema of one tool, as text. Many are listed together. */
const LONGEST_SCHEMA = 24_000;

/** Writes the JSON Schema (2020-12) of the arguments of a tool. */
export function argumentsSchema(declared: Arguments): JsonObject {
  const whole = schemaTo(declared, Number.POSITIVE_INFINITY);
  if (JSON.stringify(whole).length <= LONGEST_SCHEMA) return whole;
  let cut = whole;
  // What is left out is checked all the same when the tool is called.
  for (const depth of [4, 3, 2, 1, 0]) {
    cut = schemaTo(declared, depth);
    if (JSON.stringify(cut).length <= LONGEST_SCHEMA) return cut;
  }
  return cut;
}

function schemaTo(declared: Arguments, depth: number): JsonObject {
  const schemas = new PortableSchemas(depth);
  const properties = Array.from(declared, ([name, input]) => [name, argumentSchema(name, input, schemas)] as const);
  const required = Array.from(declared).filter(([, input]) => input.required);
  const definitions = schemas.definitions;
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    ...(required.length === 0 ? {} : { required: required.map(([name]) => name) }),
    additionalProperties: false,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
  };
}

function argumentSchema(name: string, input: Input, schemas: PortableSchemas): JsonObject {
  const { type, itemType } = input;
  const { schema } = describedSchema(input);
  const own = isJsonObject(schema) ? schemas.add(schema) : {};
  const typed = own["type"] === undefined && type !== "any" ? { type, ...own } : own;
  const items = itemType === undefined || itemType === "any" ? {} : { type: itemType };
  const isBareList = typed["type"] === "array" && typed["items"] === undefined && typed["prefixItems"] === undefined;
  const description = descriptionOf(name, input, own);
  return {
    ...typed,
    ...(isBareList ? { items } : {}),
    ...(description === "" ? {} : { description }),
  };
}

function descriptionOf(name: string, { key, description }: Input, own: JsonObject): string {
  const ofSchema = typeof own["description"] === "string" ? own["description"] : "";
  const text = agentLine(description ?? ofSchema, LONGEST_DESCRIPTION);
  return name === key ? text : `${text === "" ? "" : `${text} `}(${agentLine(JSON.stringify(key), 200)} of the API)`;
}
