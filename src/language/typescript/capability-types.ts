import { isJsonObject, member } from "../../base/json-object.ts";
import { pathReference } from "../model/references.ts";
import type { CapabilityModel, Input, Operation, Output } from "../model/types.ts";
import { arrayOf, SchemaTypes } from "./schema-types.ts";
import { comment, memberName, TypeNames, textLiteral } from "./type-text.ts";

/** Names that the written types use. */
export const USED_NAMES = ["BinaryValue", "NoInputs", "Operations", "Record", "Uint8Array"] as const;

/** Returns the namespace with the types of a capability's operations, which its interface `Operations` lists. */
export function capabilityTypes(namespace: string, { info, operations }: CapabilityModel): string {
  const names = new TypeNames(USED_NAMES);
  const schemas = new SchemaTypes(names);
  const inputs: string[] = [];
  const members = operations.map(operation => {
    const hasInputs = operation.inputs.size > 0;
    const name = hasInputs ? names.of(`${operation.name} inputs`) : "NoInputs";
    if (hasInputs) inputs.push(inputInterface(name, operation, schemas));
    const text = [operation.description ?? operation.label, `(${operation.method} ${operation.path})`];
    return `${comment(text.filter(Boolean).join(" ").replace(/\s+/g, " "), "    ")}    ${memberName(operation.reference)}: { inputs: ${name}; outputs: ${outputsType(operation, schemas)} };\n`;
  });
  return [
    comment(info.description ?? info.label, ""),
    `export namespace ${namespace} {\n`,
    `  interface Operations {\n${members.join("")}${pathMembers(operations)}  }\n`,
    ...inputs,
    ...schemas.declarations,
    "}\n",
  ].join("");
}

/** Returns a member for each `METHOD /path` that names one operation and is not its reference. */
function pathMembers(operations: readonly Operation[]): string {
  const counts = new Map<string, number>();
  for (const operation of operations) {
    const path = pathReference(operation);
    counts.set(path, (counts.get(path) ?? 0) + 1);
  }
  const references = new Set(operations.map(({ reference }) => reference));
  return operations
    .map(operation => {
      const path = pathReference(operation);
      if (counts.get(path) !== 1 || references.has(path)) return "";
      return `    ${memberName(path)}: Operations[${textLiteral(operation.reference)}];\n`;
    })
    .join("");
}

function inputInterface(name: string, operation: Operation, schemas: SchemaTypes): string {
  const members = Array.from(operation.inputs.values(), input => {
    const type = inputType(input, operation, schemas);
    const optional = input.required ? "" : "?";
    const undefinedToo = input.required || type === "unknown" ? "" : " | undefined";
    return `${comment(input.description, "    ")}    ${memberName(input.key)}${optional}: ${type}${undefinedToo};\n`;
  });
  return `  interface ${name} {\n${members.join("")}  }\n`;
}

function inputType(input: Input, operation: Operation, schemas: SchemaTypes): string {
  const { type, itemType = "any", in: location, name } = input;
  const described = [...new Set((input.schemas ?? []).map(schema => describedType(schema, type, schemas)))];
  const known = described.filter(found => found !== "unknown");
  const isWholeBody = location === "body" && name === "body";
  const declared = known.length === 0 ? declaredType(type, itemType) : known.map(parenthesised).join(" & ");
  const isNumeric = declared === "number" && location !== "body";
  const isList = type === "array" && known.length < 2 && declared.endsWith("[]") && !declared.includes("[] ");
  const forms = [isNumeric ? "number | bigint" : isList ? `readonly ${declared}` : declared];
  if (declared === "unknown") return declared;
  if (location === "body") {
    if (type === "string" && declared === "string") forms.push("BinaryValue");
    // Text of another type than JSON, such as XML: files declare every body as an object.
    if (isWholeBody && type === "object" && hasContentType(operation)) forms.push("string");
    // A member of a body may always be null: many APIs clear a field by it.
    if (!isWholeBody) forms.push("null");
  }
  return forms.join(" | ");
}

/** Returns the type of a schema at an input whose type is declared beside it. */
function describedType(schema: unknown, type: Input["type"], schemas: SchemaTypes): string {
  const found = schemas.typeOf(schema);
  if (found !== "unknown" || !isJsonObject(schema) || type === "any" || type === "object") return found;
  return schemas.typeOf({ ...schema, type }, schema);
}

/** Returns the type of an input without a schema. */
function declaredType(type: Input["type"], itemType: Input["type"]): string {
  if (type === "any") return "unknown";
  if (type === "number" || type === "integer") return "number | bigint";
  // Whatever has members: a program's own types have no index.
  return type === "array" ? arrayOf(declaredType(itemType, "any")) : type;
}

function hasContentType({ parameters }: Operation): boolean {
  return parameters.some(({ in: location, name }) => location === "header" && name.toLowerCase() === "content-type");
}

function parenthesised(type: string): string {
  return / \| /.test(type) ? `(${type})` : type;
}

function outputsType(operation: Operation, schemas: SchemaTypes): string {
  const { outputs } = operation;
  if (outputs === undefined) return answerType(operation, schemas);
  if (outputs.length === 0) return "Record<string, never>";
  const members = new Map(outputs.map(output => [output.name, outputType(output, operation, schemas)]));
  return `{ ${Array.from(members, ([name, type]) => `${memberName(name)}: ${type}`).join("; ")} }`;
}

/** Types of outputs by their declared type. */
const OUTPUT_TYPES: Readonly<Record<string, string>> = {
  string: "string",
  number: "number",
  integer: "number",
  boolean: "boolean",
  array: "unknown[]",
  object: "Record<string, unknown>",
  binary: "Uint8Array",
};

function outputType({ type, path }: Output, operation: Operation, schemas: SchemaTypes): string {
  const isWhole = path.text === "$" || path.text === "$.";
  const answer = isWhole ? answerType(operation, schemas) : "unknown";
  if (answer !== "unknown") return answer;
  return member(OUTPUT_TYPES, type) ?? "unknown";
}

/** Types of decoded answers by raw format, without a schema. Those of other formats are not known. */
const ANSWER_TYPES: Readonly<Record<string, string>> = {
  text: "string",
  binary: "Uint8Array",
  csv: "Record<string, string>[]",
  tsv: "Record<string, string>[]",
  psv: "Record<string, string>[]",
};

function answerType({ answerSchema, rawFormat }: Operation, schemas: SchemaTypes): string {
  const described = answerSchema === undefined ? "unknown" : schemas.typeOf(answerSchema);
  if (described !== "unknown") return described;
  return member(ANSWER_TYPES, rawFormat) ?? "unknown";
}
