import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import type { Schema } from "../../base/json-schema/schema-document.ts";
import type { RestOperation, UnitInput } from "../model/exposed/types.ts";
import type { ExportedSchemas } from "./exported-schemas.ts";
import { inputSchema } from "./exported-value.ts";

/** Headers that a description tells in another way: a parameter of the name is ignored (OpenAPI 3.1, 4.8.12.1). */
const DESCRIBED_OTHERWISE: ReadonlySet<string> = new Set(["accept", "content-type", "authorization"]);

/**
 * Returns the parameters of an exposed operation.
 *
 * @param names the names of the placeholders in the path of the document, by those of the route
 */
export function exposedParameters(
  { inputs }: Pick<RestOperation, "inputs">,
  names: ReadonlyMap<string, string>,
  schemas: ExportedSchemas,
): JsonObject[] {
  const open = [...inputs.values()].filter(({ constant }) => constant === undefined);
  const ofPath = [...names].map(([placeholder, name]) =>
    pathParameter(
      name,
      open.find(input => input.in === "path" && input.placeholder === placeholder),
      schemas,
    ),
  );
  const others = open.flatMap(input => {
    const { name, in: location, required, description, type } = input;
    if (location !== "query" && location !== "header" && location !== "cookie") return [];
    if (location === "header" && DESCRIBED_OTHERWISE.has(name.toLowerCase())) return [];
    return {
      name,
      in: location,
      ...(description ? { description } : {}),
      ...(required ? { required } : {}),
      ...(location === "query" && type === "object" ? { style: "deepObject", explode: true } : {}),
      schema: valueSchema(input, schemas),
    };
  });
  return [...ofPath, ...others];
}

function pathParameter(name: string, input: UnitInput | undefined, schemas: ExportedSchemas): JsonObject {
  return {
    name,
    in: "path",
    ...(input?.description ? { description: input.description } : {}),
    required: true,
    schema: input === undefined ? { type: "string" } : valueSchema(input, schemas),
  };
}

/** Returns the schema of the value of an input. */
function valueSchema(input: Pick<UnitInput, "type" | "itemType" | "schemas">, schemas: ExportedSchemas): Schema {
  const written = inputSchema(input, { schemas });
  const { itemType = "any" } = input;
  if (itemType === "any" || !isJsonObject(written) || written["type"] !== "array") return written;
  const { items } = written;
  return isJsonObject(items) && Object.keys(items).length > 0 ? written : { ...written, items: { type: itemType } };
}

/** Returns the body that an exposed operation reads. `undefined` if it reads none. */
export function exposedBody(
  { inputs }: Pick<RestOperation, "inputs">,
  schemas: ExportedSchemas,
): JsonObject | undefined {
  const ofBody = [...inputs.values()].filter(input => input.in === "body" && input.constant === undefined);
  const [first] = ofBody;
  if (first === undefined) return undefined;
  const whole = ofBody.find(isWhole);
  const required = ofBody.some(input => input.required);
  const schema = whole === undefined ? membersSchema(ofBody, schemas) : valueSchema(whole, schemas);
  return {
    ...(whole?.description ? { description: whole.description } : {}),
    ...(required ? { required } : {}),
    content: { "application/json": { schema } },
  };
}

/** Tells whether an input is the whole document (language chapter 7.2). */
function isWhole({ name, bodyPath }: UnitInput): boolean {
  return bodyPath === undefined ? name === "body" : bodyPath.steps.length === 0;
}

/** Part of a body, and the inputs that it has. */
interface Part {
  readonly members: Map<string, Part>;
  input: UnitInput | undefined;
}

function membersSchema(inputs: readonly UnitInput[], schemas: ExportedSchemas): Schema {
  const root: Part = { members: new Map(), input: undefined };
  for (const input of inputs) {
    const place = placeOf(input);
    if (place === undefined) continue;
    let part = root;
    for (const name of place) {
      const next = part.members.get(name) ?? { members: new Map(), input: undefined };
      part.members.set(name, next);
      part = next;
    }
    part.input ??= input;
  }
  return partSchema(root, schemas);
}

/** Returns the members that lead to the value of an input. `undefined`: a path that names something else. */
function placeOf({ name, bodyPath }: UnitInput): string[] | undefined {
  if (bodyPath === undefined) return [name];
  const names = bodyPath.steps.flatMap(step => (step.kind === "member" ? [step.name] : []));
  return names.length === bodyPath.steps.length ? names : undefined;
}

function partSchema({ members, input }: Part, schemas: ExportedSchemas): Schema {
  if (input !== undefined && members.size === 0) {
    const schema = valueSchema(input, schemas);
    return input.description && isJsonObject(schema) ? { ...schema, description: input.description } : schema;
  }
  const required = [...members].filter(([, part]) => isNeeded(part)).map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries([...members].map(([name, part]) => [name, partSchema(part, schemas)])),
    ...(required.length === 0 ? {} : { required }),
  };
}

function isNeeded({ members, input }: Part): boolean {
  return input?.required === true || [...members.values()].some(isNeeded);
}
