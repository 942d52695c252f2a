import type { Diagnostic } from "../../base/capability-error.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { pointerSegment } from "../../base/json-pointer.ts";
import { quoteValue } from "../../base/visible-text.ts";
import { isUnquotedBraces, QUOTE_BRACES } from "../document/unquoted-braces.ts";
import { kindOf, listOfTypes, memberName, valueAt } from "./document-path.ts";
import type { SchemaError } from "./generated/validate-all.js";

/** Messages for schema errors, by keyword. Keywords that only repeat others are left out. */
const MESSAGES: Readonly<Record<string, (error: SchemaError, found: unknown) => string | undefined>> = {
  required: ({ params }, found) => {
    const missing = String(params["missingProperty"]);
    const keys = typeof found === "object" && found !== null ? Object.keys(found) : [];
    return `${JSON.stringify(missing)} is missing${didYouMean(suggest(missing, keys))}`;
  },
  type: ({ params }, found) => {
    const advice = isUnquotedBraces(found) ? `; ${QUOTE_BRACES}` : "";
    return `Expected ${listOfTypes(params["type"])}, found ${kindOf(found)}${advice}`;
  },
  enum: ({ params }, found) => {
    const allowed = (params["allowedValues"] as readonly unknown[]).map(String);
    const hint = typeof found === "string" ? didYouMean(suggest(found, allowed)) : "";
    return `Expected one of ${allowed.join(", ")}, found ${quoteValue(found)}${hint}`;
  },
  const: ({ params }, found) => `Expected ${JSON.stringify(params["allowedValue"])}, found ${quoteValue(found)}`,
  minItems: () => "The list is empty",
  minLength: () => "The text is empty",
  minProperties: () => "The map is empty",
  propertyNames: () => undefined,
  if: () => undefined,
  anyOf: () => undefined,
  oneOf: () => undefined,
};

/** Lists every way in which a value departs from the schema. Loads the validator that does not stop at the first. */
export async function schemaDiagnostics(value: unknown): Promise<Diagnostic[]> {
  const { validate } = await import("./generated/validate-all.js");
  validate(value);
  const diagnostics = describeSchemaErrors(value, validate.errors ?? []).map(({ diagnostic }) => diagnostic);
  if (diagnostics.length > 0) return diagnostics;
  return [{ severity: "error", rule: "schema", message: "The document does not match the schema", pointer: "" }];
}

/** Error of a validator in words. */
export interface SchemaFinding {
  readonly diagnostic: Diagnostic;
  /** Whether the key is wrong, and not its value. */
  readonly isAboutKey: boolean;
}

/** Describes the errors of a validator, each once. */
export function describeSchemaErrors(value: unknown, errors: readonly SchemaError[]): SchemaFinding[] {
  const findings: SchemaFinding[] = [];
  const seen = new Set<string>();
  for (const error of errors) {
    const isAboutKey = error.propertyName !== undefined;
    const message = isAboutKey ? describeKey(error) : describeValue(error, value);
    if (message === undefined || seen.has(`${error.instancePath} ${message}`)) continue;
    seen.add(`${error.instancePath} ${message}`);
    const owner = memberName(error.instancePath);
    const diagnostic: Diagnostic = {
      severity: "error",
      rule: "schema",
      message: owner === "" ? message : `${owner}: ${message}`,
      pointer: isAboutKey ? `${error.instancePath}/${pointerSegment(error.propertyName ?? "")}` : error.instancePath,
    };
    findings.push({ diagnostic, isAboutKey });
  }
  return findings;
}

function describeValue(error: SchemaError, value: unknown): string | undefined {
  const describe = MESSAGES[error.keyword];
  if (describe === undefined) return `The value ${error.message ?? "is not valid"}`;
  return describe(error, valueAt(value, error.instancePath));
}

/** Describes the mistake in a key: an object knows only some keys, or its keys must have a form. */
function describeKey({ keyword, params, propertyName = "" }: SchemaError): string {
  if (keyword !== "enum") return `The key ${quoteValue(propertyName)} is not valid here`;
  const known = (params["allowedValues"] as readonly unknown[]).map(String);
  const hint = didYouMean(suggest(propertyName, known)) || `; known are ${known.join(", ")}`;
  return `Unknown key ${quoteValue(propertyName)}${hint}`;
}
