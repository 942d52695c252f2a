import { type JsonObject, member } from "../base/json-object.ts";
import { rawFormats } from "../engine/formats/raw-formats.ts";
import type { Operation, Output } from "../language/model/types.ts";
import { agentLine } from "./agent-text.ts";

/** Longest type of an output, in characters. */
const LONGEST_TYPE = 100;

/**
 * Returns the schema of the outputs by name. It says nothing of their types: what APIs answer is not checked, and clients
 * refuse answers that do not keep to it.
 */
export function outputSchemaOf({ outputs, rawFormat, method }: Operation): JsonObject | undefined {
  if (outputs === undefined || outputs.length === 0 || method === "HEAD") return undefined;
  if (member(rawFormats, rawFormat)?.isBinary) return undefined;
  const properties = outputs.map(output => [output.name, outputSchema(output)] as const);
  return { type: "object", properties: Object.fromEntries(properties) };
}

function outputSchema({ type }: Output): JsonObject {
  const described = agentLine(type, LONGEST_TYPE);
  return described === "" || described === "any" ? {} : { description: described };
}
