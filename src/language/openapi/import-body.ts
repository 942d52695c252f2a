import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { isFormType, isJsonType, isMultipartFormType } from "../../base/media-types.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { Description } from "./description.ts";
import type { DescriptionNode } from "./description-node.ts";
import { type ImportContext, valueKeys, withFittingDefault } from "./import-parameters.ts";
import { importedText } from "./imported-text.ts";
import { preferredJson } from "./preferred-json.ts";
import { schemaType } from "./schema-type.ts";

/** A media type of a body, with its description. */
interface Media {
  readonly type: string;
  readonly node: DescriptionNode;
}

/**
 * Reads the body of an operation as inputs: the fields of a form by name, any other body as one input `body`. The content
 * type is a constant header, unless it is that of JSON.
 */
export function readBody(operation: DescriptionNode, context: ImportContext): JsonObject[] {
  const written = operation.child("requestBody");
  const body = written && context.description.resolve(written);
  if (body === undefined || !isJsonObject(body.value)) return [];
  const media = chosenMedia(body, context);
  if (media === undefined) return [];
  const isRequired = body.value["required"] === true;
  const description = importedText(body.value["description"]);
  const isForm = isFormType(media.type) || isMultipartFormType(media.type);
  const fields = isForm ? formFields(media, context) : undefined;
  if (fields !== undefined) return [...contentType(media), ...fields];
  return [
    ...contentType(media),
    {
      name: "body",
      in: "body",
      ...typeOf(media, context),
      ...(description === undefined ? {} : { description }),
      ...(isRequired ? { required: true } : {}),
      ...schemaOf(media, context),
    },
  ];
}

/** Chooses the media type to send: JSON, else the first. */
function chosenMedia(body: DescriptionNode, { description, findings }: ImportContext): Media | undefined {
  const all = (body.child("content")?.children() ?? []).flatMap(([type, node]): Media[] => {
    const media = description.resolve(node);
    return media === undefined ? [] : [{ type: type.trim(), node: media }];
  });
  const chosen = preferredJson(all) ?? withFiles(all, description) ?? all[0];
  if (chosen !== undefined && all.length > 1)
    findings.add("media", body, `Of the media types of a body, one is taken: ${quoteValue(chosen.type)}`);
  return chosen;
}

/** A form in parts can hold all that a form in pairs can, and files. */
function withFiles(all: readonly Media[], description: Description): Media | undefined {
  const [first] = all;
  if (first === undefined || !isFormType(first.type)) return undefined;
  return all.find(({ type, node }) => isMultipartFormType(type) && hasFile(node, description));
}

function hasFile(media: DescriptionNode, description: Description): boolean {
  const fields = description.member(media, "schema", "properties")?.children() ?? [];
  return fields.some(([, field]) => {
    const value = description.resolve(field)?.value;
    return isJsonObject(value) && value["format"] === "binary";
  });
}

/** Returns the header for a content type. JSON needs none; one that stands for several is the caller's to name. */
function contentType({ type }: Media): JsonObject[] {
  if (type === "" || /^application\/json$/i.test(type) || /^\*\/\*/.test(type)) return [];
  if (type.includes("*"))
    return [
      { name: "Content-Type", in: "header", type: "string", description: `A media type of ${type}`, required: true },
    ];
  return [{ name: "Content-Type", in: "header", value: type }];
}

function isJson(type: string): boolean {
  return type === "" || type.startsWith("*/*") || isJsonType(type);
}

function typeOf({ type, node }: Media, { description }: ImportContext): JsonObject {
  const schema = node.child("schema");
  const found = schema && schemaType(schema, description);
  // A body of type string is the text itself; in JSON, it is a text in quotes.
  if (found === "string") return isJson(type) ? {} : { type: "string" };
  if (isJson(type) || found === "object" || found === "array") return found === undefined ? {} : { type: found };
  return { type: "string" };
}

function schemaOf({ type, node }: Media, { description, schemas }: ImportContext): JsonObject {
  const schema = node.child("schema");
  if (schema === undefined) return {};
  const isText = !isJson(type) && schemaType(schema, description) === "string";
  // Bytes and texts are sent as they are: a schema says nothing more of them.
  if (isText) return {};
  const read = schemas.read(schema);
  if (read === true || (isJsonObject(read) && isBare(read))) return {};
  // XML is given as a text too, which no schema of an object describes.
  return { "x-schema": read };
}

/** Tells whether a schema says no more than its type and texts. */
function isBare(schema: JsonObject): boolean {
  return Object.keys(schema).every(
    key => (key === "type" && typeof schema[key] === "string") || key === "description" || key === "title",
  );
}

/** Returns the fields of a form as inputs. `undefined` if the schema does not tell all of them. */
function formFields({ type, node }: Media, context: ImportContext): JsonObject[] | undefined {
  const schema = node.child("schema");
  const found = new Map<string, DescriptionNode>();
  const required = new Set<string>();
  if (schema === undefined || !collectFields(schema, found, required, context, 0)) return undefined;
  if (found.size === 0 || found.has("body")) return undefined;
  // OpenAPI 3.0 ignores styles in a form in parts; Swagger 2.0 and OpenAPI 3.1 do not.
  const isPlain = context.description.version === "3.0" && isMultipartFormType(type);
  const styles = isPlain ? undefined : fieldStyles(node, found, context);
  reportEncoding(type, node, found, context);
  return [...found].map(([name, field]) => {
    const resolved = context.description.resolve(field)?.value;
    const text = importedText(isJsonObject(resolved) ? resolved["description"] : undefined);
    const fieldType = schemaType(field, context.description);
    const input = {
      name,
      in: "body",
      ...(fieldType === undefined ? {} : { type: fieldType }),
      ...(text === undefined ? {} : { description: text }),
      ...(required.has(name) ? { required: true } : {}),
      ...valueKeys(field, context),
      ...styles?.get(name),
    };
    return withFittingDefault(input, field, context);
  });
}

const DEEPEST = 8;

/** Gathers the members of an object. Returns whether these are all that the schema allows. */
function collectFields(
  node: DescriptionNode,
  fields: Map<string, DescriptionNode>,
  required: Set<string>,
  context: ImportContext,
  depth: number,
): boolean {
  const schema = depth > DEEPEST ? undefined : context.description.resolve(node);
  if (schema === undefined || !isJsonObject(schema.value)) return false;
  const { additionalProperties: others, required: names } = schema.value;
  if (others === true || isJsonObject(others)) return false;
  if (["oneOf", "anyOf", "patternProperties"].some(key => Object.hasOwn(schema.value as object, key))) return false;
  for (const [name, field] of schema.child("properties")?.children() ?? []) {
    if (name === "") return false;
    const value = context.description.resolve(field)?.value;
    if (isJsonObject(value) && value["readOnly"] === true) continue;
    fields.set(name, field);
  }
  if (Array.isArray(names)) for (const name of names) if (typeof name === "string") required.add(name);
  return (schema.child("allOf")?.children() ?? []).every(([, part]) =>
    collectFields(part, fields, required, context, depth + 1),
  );
}

/** Returns the styles of the fields of a form, where they are not those that we write by ourselves. */
function fieldStyles(
  media: DescriptionNode,
  fields: ReadonlyMap<string, DescriptionNode>,
  { description }: ImportContext,
): ReadonlyMap<string, JsonObject> {
  const styles = new Map<string, JsonObject>();
  for (const [name, { value }] of media.child("encoding")?.children() ?? []) {
    const field = fields.get(name);
    if (field === undefined || !isJsonObject(value)) continue;
    const { style = "form", explode = style === "form" } = value;
    const type = schemaType(field, description);
    const isSaid = (value["style"] ?? value["explode"]) !== undefined;
    if (!isSaid || (type !== "array" && type !== "object")) continue;
    if ((style === "spaceDelimited" || style === "pipeDelimited") && explode === false)
      styles.set(name, { "x-style": style });
    else if (style === "form" && explode === false) styles.set(name, { "x-explode": false });
    else if (style === "form" && type === "object") styles.set(name, { "x-style": "form" });
  }
  return styles;
}

/** Tells of encodings of fields that are not those that we write. */
function reportEncoding(
  type: string,
  media: DescriptionNode,
  fields: ReadonlyMap<string, DescriptionNode>,
  { findings }: ImportContext,
): void {
  for (const [name, node] of media.child("encoding")?.children() ?? []) {
    const { value } = node;
    if (!isJsonObject(value) || !fields.has(name)) continue;
    const { contentType: given, headers } = value;
    if (typeof given === "string" && (isMultipartFormType(type) || isJsonType(given)))
      findings.add(
        "part-type",
        node,
        `The content type ${quoteValue(given)} of the field ${quoteValue(name)} is left out`,
      );
    if (headers !== undefined)
      findings.add("part-headers", node, `Headers of the field ${quoteValue(name)} are left out`);
  }
}
