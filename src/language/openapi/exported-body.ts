import { type JsonObject, member } from "../../base/json-object.ts";
import type { Schema } from "../../base/json-schema/schema-document.ts";
import type { BodyNode, DeclaredBody, Input, Operation } from "../model/types.ts";
import type { ExportContext } from "./export-context.ts";
import { constantSchema, type ExportedValue, sourceValue, templateValue } from "./exported-value.ts";

/** Content type of each kind of body, unless a header says another. */
const contentTypes: Readonly<Record<string, string>> = {
  json: "application/json",
  text: "text/plain",
  xml: "application/xml",
  sparql: "application/sparql-query",
  formUrlEncoded: "application/x-www-form-urlencoded",
  multipartForm: "multipart/form-data",
};

/** Returns the request body of an operation, `undefined` without one. */
export function exportedBody(context: ExportContext): JsonObject | undefined {
  const { body } = context.operation;
  const declared = declaredTypes(context.operation);
  if (body === undefined) return inputBody(declared, context);
  const types = declared ?? [member(contentTypes, body.type) ?? "application/octet-stream"];
  const { schema, encoding } =
    body.type === "multipartForm" ? partsOf(body.content, context) : contentOf(body, context);
  return { required: true, content: contentFor(types, { schema, ...(encoding === undefined ? {} : { encoding }) }) };
}

interface BodyContent {
  readonly schema: Schema;
  readonly encoding?: JsonObject;
}

function contentOf({ type, content }: DeclaredBody, context: ExportContext): BodyContent {
  const isText = type === "text" || type === "xml" || type === "sparql";
  return { schema: isText && content.kind !== "constant" ? { type: "string" } : nodeValue(content, context).schema };
}

/** Returns the body that inputs make: the one named `body`, or the members of an object. */
function inputBody(declared: readonly string[] | undefined, context: ExportContext): JsonObject | undefined {
  const parameters = context.operation.parameters.filter(parameter => parameter.in === "body");
  const whole = parameters.find(({ name }) => name === "body");
  if (whole !== undefined) {
    const { schema, required, description } = sourceValue(whole.source, context);
    const isText = whole.type === "string";
    const types = declared ?? [isText ? "text/plain" : "application/json"];
    return {
      ...(description ? { description } : {}),
      ...(required ? { required } : {}),
      content: contentFor(types, { schema }),
    };
  }
  if (parameters.length === 0) return undefined;
  const values = parameters.map(({ name, source }) => [name, sourceValue(source, context)] as const);
  const schema = objectSchema(values);
  const required = values.some(([, value]) => value.required);
  const encoding = parameters.flatMap(({ name, style }) =>
    style?.ok ? [[name, { style: style.style, explode: style.explode }] as const] : [],
  );
  const content = { schema, ...(encoding.length === 0 ? {} : { encoding: Object.fromEntries(encoding) }) };
  return { ...(required ? { required } : {}), content: contentFor(declared ?? ["application/json"], content) };
}

function contentFor(types: readonly string[], content: JsonObject): JsonObject {
  return Object.fromEntries(types.map(type => [type, content]));
}

/** Returns the content types that a header of the operation may have. `undefined` where none tells. */
function declaredTypes(operation: Operation): readonly string[] | undefined {
  const header = operation.parameters.find(
    ({ in: location, name }) => location === "header" && /^content-type$/i.test(name),
  );
  if (header === undefined) return undefined;
  const { source } = header;
  const texts =
    source.kind === "constant"
      ? [source.value]
      : source.kind === "input"
        ? choices(operation.inputs.get(source.key))
        : [];
  const types = texts.filter(text => typeof text === "string" && /^[\w.+-]+\/[\w.+*-]+/.test(text)) as string[];
  return types.length === 0 ? undefined : [...new Set(types)];
}

/** Returns the values that an input may have: its default first. */
function choices(input: Input | undefined): readonly unknown[] {
  const listed = input?.schemas?.flatMap(schema => (typeof schema === "object" ? [schema["enum"]].flat() : [])) ?? [];
  return [input?.default?.value, ...listed];
}

/** Returns the value of a part of a declared body. */
function nodeValue(node: BodyNode, context: ExportContext): ExportedValue {
  switch (node.kind) {
    case "constant":
      return { schema: constantSchema(node.value, context), required: true };
    case "value":
      return templateValue(node.template, context);
    case "text":
      // A text with quoted parts is JSON that is read when its values are there.
      return { schema: node.quoted === undefined ? { type: "string" } : {}, required: true };
    case "array": {
      const items = node.items.map(item => nodeValue(item, context).schema);
      const [only, ...others] = items;
      return {
        schema: { type: "array", items: others.length === 0 ? (only ?? {}) : { anyOf: items } },
        required: true,
      };
    }
    case "object":
      return {
        schema: objectSchema(node.members.map(([name, member]) => [name.text, nodeValue(member, context)])),
        required: true,
      };
  }
}

function objectSchema(members: readonly (readonly [name: string, value: ExportedValue])[]): Schema {
  const properties = Object.fromEntries(
    members.map(([name, { schema, description }]) => [name, described(schema, description)]),
  );
  const required = [...new Set(members.filter(([, value]) => value.required).map(([name]) => name))];
  return { type: "object", properties, ...(required.length === 0 ? {} : { required }) };
}

function described(schema: Schema, description: string | undefined): Schema {
  if (!description || typeof schema === "boolean" || schema["description"] !== undefined) return schema;
  return "$ref" in schema ? schema : { ...schema, description };
}

/** Returns the content of a form in parts: one property for each name. */
function partsOf(content: BodyNode, context: ExportContext): BodyContent {
  if (content.kind !== "array") return { schema: { type: "object" } };
  const members: (readonly [string, ExportedValue])[] = [];
  const encoding: Record<string, JsonObject> = {};
  for (const part of content.items) {
    if (part.kind !== "object") continue;
    const parts = new Map(part.members.map(([name, node]) => [name.text, node]));
    const name = constantText(parts.get("name")) ?? "";
    const value = parts.get("value");
    const contentType = constantText(parts.get("contentType"));
    if (contentType !== undefined) encoding[name] = { contentType };
    const found = value === undefined ? { schema: {}, required: false } : nodeValue(value, context);
    members.push([name, parts.has("filename") ? { ...found, schema: FILE[context.version] } : found]);
  }
  return { schema: objectSchema(members), ...(Object.keys(encoding).length === 0 ? {} : { encoding }) };
}

const FILE: Readonly<Record<ExportContext["version"], Schema>> = {
  "3.0": { type: "string", format: "binary" },
  "3.1": { type: "string", contentMediaType: "application/octet-stream" },
};

function constantText(node: BodyNode | undefined): string | undefined {
  return node?.kind === "constant" && typeof node.value === "string" ? node.value : undefined;
}
