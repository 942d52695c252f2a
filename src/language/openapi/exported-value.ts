import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import type { Schema } from "../../base/json-schema/schema-document.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { isInteger, isNumber } from "../../base/numbers/json-number.ts";
import type { Input, ParameterSource, Reference, Template } from "../model/types.ts";
import type { ExportContext } from "./export-context.ts";

/** A value of a request: its schema, and whether a request without it cannot be sent. */
export interface ExportedValue {
  readonly schema: Schema;
  readonly required: boolean;
  readonly description?: string | undefined;
}

/** Returns the schema of a value that a caller gives: its type, its keywords and its `x-schema` in one. */
export function inputSchema(
  input: Pick<Input, "type" | "default" | "schemas">,
  { schemas }: Pick<ExportContext, "schemas">,
): Schema {
  const [first = {}, ...others] = input.schemas ?? [];
  const [second] = others;
  const root = second ?? first;
  const whole = first === true ? {} : first;
  if (!isJsonObject(whole)) return schemas.write(whole, root);
  const joined =
    second === undefined
      ? whole
      : isJsonObject(second) && areApart(whole, second)
        ? { ...whole, ...second }
        : undefined;
  const schema: Record<string, unknown> = { ...(joined ?? whole) };
  const isWhole = ["$ref", "type", "allOf", "anyOf", "oneOf"].some(name => schema[name] !== undefined);
  const written: JsonObject = {
    ...(isWhole || input.type === "any" ? {} : { type: input.type }),
    ...schema,
    ...(joined === undefined ? { allOf: [second] } : {}),
    ...(input.default === undefined ? {} : { default: input.default.value }),
  };
  // The definitions are those of the whole.
  const { $defs: _, definitions: __, ...rest } = written;
  return schemas.write(rest, root);
}

function areApart(first: JsonObject, second: JsonObject): boolean {
  return Object.keys(first).every(name => !Object.hasOwn(second, name));
}

/** Returns the schema of a value that the file gives. One that holds a credential is a text. */
export function constantSchema(value: unknown, { schemas, secrets }: ExportContext): Schema {
  if (secrets.size > 0 && holdsSecret(value, secrets)) return TEXT;
  const type = typeOf(value);
  const schema = { ...(type === undefined ? {} : { type }), const: value, default: value };
  return schemas.write(schema, schema);
}

function holdsSecret(value: unknown, secrets: ReadonlySet<string>): boolean {
  const text = typeof value === "string" ? value : (stringify(value) ?? "");
  return [...secrets].some(secret => text.includes(secret));
}

function typeOf(value: unknown): string | undefined {
  if (isNumber(value)) return isInteger(value) ? "integer" : "number";
  if (Array.isArray(value)) return "array";
  if (value === null) return undefined;
  return typeof value === "object" ? "object" : typeof value;
}

/** Returns the value that a source gives a request. */
export function sourceValue(source: ParameterSource, context: ExportContext): ExportedValue {
  if (source.kind === "constant") return { schema: constantSchema(source.value, context), required: true };
  if (source.kind === "template") return templateValue(source.template, context);
  return inputValue(source.key, context);
}

function inputValue(key: string, context: ExportContext): ExportedValue {
  const input = context.operation.inputs.get(key);
  if (input === undefined) return { schema: {}, required: false };
  const { required, description } = input;
  return { schema: inputSchema(input, context), required, description };
}

/** Returns the value of a template: that of an input if it is nothing else, otherwise a text. */
export function templateValue({ parts }: Template, context: ExportContext): ExportedValue {
  const [only, ...others] = parts;
  if (only === undefined) return { schema: constantSchema("", context), required: true };
  if (others.length === 0)
    return typeof only === "object" ? referenceValue(only, context) : constantValue(only, context);
  const required = parts.every(part => typeof part === "string" || referenceValue(part, context).required);
  return { schema: { type: "string" }, required };
}

function constantValue(value: unknown, context: ExportContext): ExportedValue {
  return value === undefined || value === null
    ? { schema: {}, required: false }
    : { schema: constantSchema(value, context), required: true };
}

function referenceValue(reference: Reference, context: ExportContext): ExportedValue {
  switch (reference.kind) {
    case "bind":
      return { schema: TEXT, required: true, description: `Value of the variable ${reference.variable.name}` };
    case "constant":
      return constantValue(reference.value, context);
    case "template":
      return templateValue(reference.template, context);
    case "input":
      return reference.members.length === 0
        ? inputValue(reference.name, context)
        : { ...inputValue(reference.name, context), schema: {} };
    default:
      return { schema: TEXT, required: true };
  }
}

const TEXT: Schema = { type: "string" };
