import { isJsonObject } from "../../base/json-object.ts";
import { isSchema, SCHEMA_TYPES } from "../../base/json-schema/schema-document.ts";
import { isNumber } from "../../base/numbers/json-number.ts";

/** A keyword of JSON Schema as OpenAPI takes it. */
interface SchemaKeyword {
  /** A schema, a list of schemas, schemas by name, or anything else. */
  readonly holds: "schema" | "list" | "named" | "value";
  /** Whether OpenAPI 3.0 has the keyword. */
  readonly in30?: true;
  /** Tells whether a value has the form that the keyword takes. */
  fits(value: unknown): boolean;
}

const isText = (value: unknown) => typeof value === "string";
const isFlag = (value: unknown) => typeof value === "boolean";
const isCount = (value: unknown) => isNumber(value) && Number.isInteger(Number(value)) && Number(value) >= 0;
const isNames = (value: unknown) => Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;
const isAny = () => true;
const isList = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isSchema);
const isNamed = (value: unknown) => isJsonObject(value) && Object.values(value).every(isSchema);
const isPositive = (value: unknown) => isNumber(value) && Number(value) > 0;
const isType = (value: unknown) => [value].flat().every(name => SCHEMA_TYPES.has(name)) && [value].flat().length > 0;

const schema: SchemaKeyword = { holds: "schema", fits: isSchema };
const named: SchemaKeyword = { holds: "named", fits: isNamed };
const list: SchemaKeyword = { holds: "list", fits: isList };
const text: SchemaKeyword = { holds: "value", fits: isText };
const flag: SchemaKeyword = { holds: "value", fits: isFlag };
const count: SchemaKeyword = { holds: "value", fits: isCount };
const number: SchemaKeyword = { holds: "value", fits: isNumber };
const any: SchemaKeyword = { holds: "value", fits: isAny };

function in30(keyword: SchemaKeyword): SchemaKeyword {
  return { ...keyword, in30: true };
}

/** The keywords of schemas, but for references (JSON Schema 2020-12; OpenAPI 3.1, Schema Object). */
export const schemaKeywords: Readonly<Record<string, SchemaKeyword>> = {
  type: { holds: "value", in30: true, fits: isType },
  title: in30(text),
  description: in30(text),
  format: in30(text),
  enum: { holds: "value", in30: true, fits: value => Array.isArray(value) && value.length > 0 },
  const: any,
  default: in30(any),
  example: in30(any),
  examples: { holds: "value", fits: Array.isArray },
  multipleOf: { holds: "value", in30: true, fits: isPositive },
  minimum: in30(number),
  maximum: in30(number),
  exclusiveMinimum: number,
  exclusiveMaximum: number,
  minLength: in30(count),
  maxLength: in30(count),
  pattern: in30(text),
  minItems: in30(count),
  maxItems: in30(count),
  uniqueItems: in30(flag),
  minProperties: in30(count),
  maxProperties: in30(count),
  required: { holds: "value", in30: true, fits: isNames },
  dependentRequired: { holds: "value", fits: value => isJsonObject(value) && Object.values(value).every(isNames) },
  minContains: count,
  maxContains: count,
  deprecated: in30(flag),
  readOnly: in30(flag),
  writeOnly: in30(flag),
  contentEncoding: text,
  contentMediaType: text,
  contentSchema: schema,
  discriminator: {
    holds: "value",
    in30: true,
    fits: value => isJsonObject(value) && typeof value["propertyName"] === "string",
  },
  xml: { holds: "value", in30: true, fits: isJsonObject },
  externalDocs: { holds: "value", in30: true, fits: value => isJsonObject(value) && typeof value["url"] === "string" },
  $comment: text,
  $defs: named,
  properties: in30(named),
  patternProperties: named,
  dependentSchemas: named,
  items: in30(schema),
  additionalProperties: in30(schema),
  not: in30(schema),
  if: schema,
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema; nothing awaits the table
  then: schema,
  else: schema,
  contains: schema,
  propertyNames: schema,
  unevaluatedItems: schema,
  unevaluatedProperties: schema,
  allOf: in30(list),
  anyOf: in30(list),
  oneOf: in30(list),
  prefixItems: list,
};
