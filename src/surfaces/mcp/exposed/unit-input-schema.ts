import { isJsonObject, type JsonObject } from "../../../base/json-object.ts";
import { replaceHostile } from "../../../base/visible-text.ts";
import { describedSchema } from "../../../language/model/describe-operation.ts";
import type { Unit, UnitInput } from "../../../language/model/exposed/types.ts";

/** Returns the schema of what a caller of a unit may give: all that is known of it. */
export function unitInputSchema(unit: Unit): JsonObject {
  const inputs = openInputs(unit);
  return {
    type: "object",
    properties: Object.fromEntries(inputs.map(input => [input.name, propertySchema(input)])),
    ...required(inputs),
    additionalProperties: false,
  };
}

/** Returns the schema with what the file says of the inputs, and nothing more. `undefined` if it declares none of them. */
export function writtenInputSchema(unit: Unit): JsonObject | undefined {
  const inputs = openInputs(unit);
  if (!inputs.every(isDeclared)) return undefined;
  return {
    type: "object",
    properties: Object.fromEntries(inputs.map(input => [input.name, writtenProperty(input)])),
    ...required(inputs),
  };
}

function openInputs({ inputs }: Unit): UnitInput[] {
  return [...inputs.values()].filter(({ constant }) => constant === undefined);
}

/** Tells whether a unit or a function declares an input itself, and none of a consumed operation is meant. */
function isDeclared({ pointer }: UnitInput): boolean {
  return /^(?:\/capability)?\/(?:exposes|aggregates)\/.*\/inputParameters\/\d+$/.test(pointer);
}

function propertySchema(input: UnitInput): JsonObject {
  const { itemType = "any" } = input;
  const { schema } = describedSchema(input);
  const described: JsonObject = { ...writtenProperty(input), ...(isJsonObject(schema) ? schema : {}) };
  const isBare = described["type"] === "array" && described["items"] === undefined;
  return isBare ? { ...described, items: itemType === "any" ? {} : { type: itemType } } : described;
}

function writtenProperty({ type, description }: UnitInput): JsonObject {
  return {
    ...(type === "any" ? {} : { type }),
    ...(description ? { description: replaceHostile(description, () => "") } : {}),
  };
}

function required(inputs: readonly UnitInput[]): JsonObject {
  const names = inputs.filter(input => input.required).map(({ name }) => name);
  return names.length === 0 ? {} : { required: names };
}
