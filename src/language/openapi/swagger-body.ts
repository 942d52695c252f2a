import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import type { Description } from "./description.ts";
import { type DescriptionNode, placedAt } from "./description-node.ts";
import { listStyle, valueSchema } from "./swagger-parameter.ts";

const MULTIPART = "multipart/form-data";
const URL_ENCODED = "application/x-www-form-urlencoded";

/**
 * Returns the body of an operation of Swagger 2.0 as OpenAPI 3 describes it.
 *
 * @param parameters those that are the body or fields of a form, at least one
 * @param consumes media types of the operation
 */
export function swaggerBody(
  parameters: readonly DescriptionNode[],
  consumes: readonly string[],
  description: Description,
): JsonObject {
  const [whole, ...others] = parameters.filter(({ value }) => isWhole(value));
  const fields = parameters.filter(({ value }) => !isWhole(value));
  if (whole === undefined) return formBody(fields, consumes, description);
  for (const other of [...others, ...fields])
    description.report(other, "The parameter is left out: the operation has a body already");
  const { required, description: text } = whole.value as JsonObject;
  const types = consumes.length > 0 ? consumes : ["application/json"];
  const schema = whole.child("schema") === undefined ? undefined : valueSchema(whole);
  const media = schema === undefined ? {} : { schema };
  return placedAt(
    {
      ...(text === undefined ? {} : { description: text }),
      ...(required === undefined ? {} : { required }),
      content: Object.fromEntries(types.map(type => [type, placedAt({ ...media }, whole)])),
    },
    whole,
  );
}

function isWhole(parameter: unknown): boolean {
  return isJsonObject(parameter) && String(parameter["in"]).toLowerCase() === "body";
}

function formBody(
  fields: readonly DescriptionNode[],
  consumes: readonly string[],
  description: Description,
): JsonObject {
  const properties: [string, unknown][] = [];
  const encoding: [string, JsonObject][] = [];
  const required: string[] = [];
  let hasFile = false;
  for (const field of fields) {
    const { name, type, required: isRequired, description: text } = field.value as JsonObject;
    if (typeof name !== "string" || name === "") {
      description.report(field, "The field of the form is left out: it has no name");
      continue;
    }
    hasFile ||= type === "file";
    const schema = valueSchema(field);
    properties.push([
      name,
      text === undefined || !isJsonObject(schema) ? schema : placedAt({ ...schema, description: text }, field),
    ]);
    if (isRequired === true) required.push(name);
    const style = listStyle(field, description);
    if (Object.keys(style).length > 0) encoding.push([name, style]);
  }
  const types = consumes.filter(type => isForm(type) && !(hasFile && type.startsWith(URL_ENCODED)));
  const [place] = fields as [DescriptionNode];
  const schema = placedAt(
    {
      type: "object",
      properties: Object.fromEntries(properties),
      ...(required.length === 0 ? {} : { required }),
    },
    place,
  );
  const media = { schema, ...(encoding.length === 0 ? {} : { encoding: Object.fromEntries(encoding) }) };
  const used = types.length > 0 ? types : [hasFile ? MULTIPART : URL_ENCODED];
  return placedAt(
    {
      ...(required.length === 0 ? {} : { required: true }),
      content: Object.fromEntries(used.map(type => [type, placedAt({ ...media }, place)])),
    },
    place,
  );
}

function isForm(type: string): boolean {
  return type.startsWith(MULTIPART) || type.startsWith(URL_ENCODED);
}
