import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import type { Input, Operation, TemplatePart } from "../model/types.ts";

/** Returns the servers of an operation: its base URI, whose placeholders are variables of the server. */
export function exportedServers(operation: Operation): JsonObject[] {
  const { baseUri } = operation.adapter;
  if (baseUri.kind === "constant") return [{ url: baseUri.url }];
  // OpenAPI takes it for the place that the document comes from.
  if (baseUri.kind !== "template") return [{ url: "/" }];
  const variables: Record<string, JsonObject> = {};
  const url = baseUri.template.parts.map(part => urlPart(part, operation, variables)).join("");
  return [{ url: url.replace(/\/+$/, ""), ...(Object.keys(variables).length === 0 ? {} : { variables }) }];
}

function urlPart(part: TemplatePart, operation: Operation, variables: Record<string, JsonObject>): string {
  if (typeof part === "string") return part.replace(/[{}]/g, encodeURIComponent);
  if (part.kind === "constant") return String(part.value);
  if (part.kind === "template") return part.template.text;
  const name = part.kind === "bind" ? part.variable.name : part.name;
  const plain = name.replace(/[{}]/g, "_");
  const source = operation.baseUriSources.get(name);
  if (source?.kind === "constant") return String(source.value);
  const input = source?.kind === "input" ? operation.inputs.get(source.key) : undefined;
  variables[plain] = serverVariable(plain, input);
  return `{${plain}}`;
}

/** Returns a variable of a server, which has to have a default: without one it is the name. */
function serverVariable(name: string, input: Input | undefined): JsonObject {
  const schemas = input?.schemas ?? [];
  const listed = schemas.flatMap(schema =>
    isJsonObject(schema) && Array.isArray(schema["enum"]) ? schema["enum"] : [],
  );
  const choices = [...new Set(listed.map(String))];
  const given = input?.default?.value;
  return {
    ...(choices.length === 0 ? {} : { enum: choices }),
    default: given === undefined ? (choices[0] ?? name) : String(given),
    ...(input?.description ? { description: input.description } : {}),
  };
}
