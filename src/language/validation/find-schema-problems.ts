import { isJsonObject } from "../../base/json-object.ts";
import { pointerSegment } from "../../base/json-pointer.ts";
import { checkValue } from "../../base/json-schema/check-value.ts";
import { patternProblem } from "../../base/json-schema/compile-patterns.ts";
import { isSchema, type Schema, SchemaDocument } from "../../base/json-schema/schema-document.ts";
import { isNumber } from "../../base/numbers/json-number.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { ConsumedInputParameter } from "../document/document-types.ts";
import { asType, inputSchemas, inputType, ownSchema } from "../document/input-schema.ts";
import { definitionName, type NamedSchemas } from "../document/named-schemas.ts";
import { writtenValue } from "../document/written-numbers.ts";
import type { ReportFinding } from "./rule.ts";

/**
 * Finds the members of `x-schemas` that are no schemas. What is inside of one is not looked at: a file may hold
 * thousands, and opening it would wait for all of them.
 */
export function findNamedSchemaProblems(named: unknown, pointer: string, report: ReportFinding): void {
  if (!isJsonObject(named)) {
    report("warning", pointer, "x-schemas is no map of JSON Schemas by name: no x-schema can refer to it");
    return;
  }
  for (const [name, schema] of Object.entries(named))
    if (!isSchema(schema))
      report(
        "warning",
        `${pointer}/${pointerSegment(name)}`,
        `${quoteValue(name)} of x-schemas is no JSON Schema: a schema that refers to it is not checked`,
      );
}

/**
 * Finds what a schema of a parameter has that cannot be checked, and a default that does not keep to it.
 *
 * @param named schemas of the adapter that `x-schema` may refer to
 */
export function findSchemaProblems(
  parameter: ConsumedInputParameter,
  pointer: string,
  named: NamedSchemas | undefined,
  report: ReportFinding,
): void {
  const own = ownSchema(parameter);
  const { "x-schema": schema, default: value } = parameter;
  if (own !== undefined) reportKeywords(own, parameter.name, pointer, report);
  if (schema !== undefined && !isSchema(schema))
    report(
      "warning",
      `${pointer}/x-schema`,
      `The x-schema of "${parameter.name}" is no JSON Schema: it is not checked`,
    );
  else if (schema !== undefined) reportSchema(schema, parameter.name, `${pointer}/x-schema`, report, named);
  const problem = (value ?? undefined) === undefined ? undefined : defaultProblem(parameter, named);
  if (problem === undefined) return;
  const place = problem.pointer === "" ? "" : `${problem.pointer} `;
  report(
    "warning",
    `${pointer}/default`,
    `The default of "${parameter.name}" does not fit: ${place}${problem.message}`,
  );
}

const KINDS: Readonly<Record<string, { readonly is: (value: unknown) => boolean; readonly name: string }>> = {
  enum: { is: value => Array.isArray(value) && value.length > 0, name: "a list of values" },
  minimum: { is: isNumber, name: "a number" },
  maximum: { is: isNumber, name: "a number" },
  exclusiveMinimum: { is: isNumber, name: "a number" },
  exclusiveMaximum: { is: isNumber, name: "a number" },
  multipleOf: { is: value => isNumber(value) && value !== 0, name: "a number" },
  minLength: { is: isCount, name: "a count" },
  maxLength: { is: isCount, name: "a count" },
  minItems: { is: isCount, name: "a count" },
  maxItems: { is: isCount, name: "a count" },
  uniqueItems: { is: value => typeof value === "boolean", name: "true or false" },
  items: { is: isSchema, name: "a JSON Schema" },
  format: { is: value => typeof value === "string", name: "a text" },
  pattern: { is: value => typeof value === "string", name: "a regular expression" },
};

function reportKeywords(
  own: Readonly<Record<string, unknown>>,
  name: string,
  pointer: string,
  report: ReportFinding,
): void {
  for (const [keyword, value] of Object.entries(own)) {
    const kind = KINDS[keyword];
    if (kind !== undefined && !kind.is(value))
      report(
        "warning",
        `${pointer}/${keyword}`,
        `"${keyword}" of "${name}" must be ${kind.name}, found ${quoteValue(value)}: it is not checked`,
      );
  }
  reportSchema(own, name, pointer, report);
}

/** Reports what a schema holds that cannot be checked. */
function reportSchema(
  schema: Schema,
  name: string,
  pointer: string,
  report: ReportFinding,
  named?: NamedSchemas,
): void {
  const document = new SchemaDocument(schema);
  for (const pattern of document.patterns) {
    const problem = patternProblem(pattern);
    if (problem !== undefined) report("warning", pointer, `The pattern ${quoteValue(pattern)} of "${name}" ${problem}`);
  }
  const isNamed = (reference: string) => named?.has(definitionName(reference) ?? "") ?? false;
  for (const problem of document.problems(isNamed)) report("warning", pointer, `The schema of "${name}" ${problem}`);
}

/**
 * Returns how a default is not of the type, or does not keep to the schemas, apart from their patterns. `undefined` if it
 * fits.
 *
 * @param named schemas of the adapter that `x-schema` may refer to
 */
export function defaultProblem(
  parameter: ConsumedInputParameter,
  named: NamedSchemas | undefined,
): { readonly pointer: string; readonly message: string } | undefined {
  const type = inputType(parameter);
  const value = asType(type, writtenValue(parameter, "default"));
  const ofType: readonly Schema[] =
    type === "any" || (parameter.in === "body" && typeof value === "string") ? [] : [{ type }];
  for (const schema of [...ofType, ...inputSchemas(parameter, named)]) {
    try {
      const [problem] = checkValue(new SchemaDocument(schema), value, new Map());
      if (problem !== undefined) return problem;
    } catch {
      // What the schema lacks is reported by itself.
    }
  }
  return undefined;
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
