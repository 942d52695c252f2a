import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import { pointerSegment } from "../../../base/json-pointer.ts";
import { quoteValue } from "../../../base/visible-text.ts";
import { kindOf, listOfTypes, memberName, valueAt } from "../document-path.ts";
import type { SchemaError } from "../generated/validate-all.js";
import type { Departure, DepartureRule } from "./departure.ts";

/** Titles of the kinds of objects and texts in a published schema, and the keys of the objects. */
type Definitions = Readonly<Record<string, { readonly title: string; readonly keys: readonly string[] }>>;

interface Context {
  readonly error: SchemaError;
  readonly definition: string;
  readonly title: string;
  readonly knownKeys: readonly string[];
  /** Value that the error is about, or the name of a member. */
  readonly found: unknown;
}

interface DepartureText {
  readonly rule: DepartureRule;
  readonly message: string;
  /** Member that the error is about, if that is not the whole value. */
  readonly key?: string;
}

const NAMES: ReadonlySet<string> = new Set(["Identifier", "ExtendedIdentifier", "VariableName"]);

/** Keys that would do as well as the missing one, by definition and key. */
const ALTERNATIVES: Readonly<Record<string, readonly string[]>> = {
  "/consumes": ["capability"],
  "/capability": ["consumes", "exposes", "aggregates", "binds"],
  "Capability/consumes": ["exposes"],
  "ExposedResource/operations": ["forward"],
  "McpResource/call": ["steps", "location"],
  "UnitModes/outputParameters": ["call", "steps"],
  "Prompt/template": ["location"],
  "SkillTool/from": ["instruction"],
  "MappedScalar/mapping": ["value"],
};

/** Keys that exclude a key, by definition and key. */
const RIVALS: Readonly<Record<string, string>> = {
  "/consumes": '"capability"',
  "/exposes": '"consumes"',
  "/aggregates": '"consumes" or "exposes"',
  "/binds": '"consumes", "exposes" or "aggregates"',
  "ExposesMcp/port": '"transport: stdio"',
  "ExposedOperation/responseBinary": '"responses"',
  "McpResource/call": '"location"',
  "McpResource/steps": '"location"',
  "CallOrSteps/steps": '"call"',
  "Prompt/template": '"location"',
  "SkillTool/from": '"instruction"',
  "MappedScalar/mapping": '"value"',
};

/** Finding of each keyword of the published schemas. Other keywords repeat these findings. */
const FINDINGS: Readonly<Record<string, (context: Context) => DepartureText>> = {
  additionalProperties: ({ error, title, knownKeys }) => {
    const key = String(error.params["additionalProperty"]);
    const hint = didYouMean(suggest(key, knownKeys)) || `; it has ${knownKeys.join(", ")}`;
    return {
      rule: "unknown-key",
      key,
      message: `The published specification has no ${quoteValue(key)} in ${withArticle(title)}${hint}`,
    };
  },
  required: ({ error, definition, found }) => {
    const missing = String(error.params["missingProperty"]);
    const [last, ...others] = [missing, ...(ALTERNATIVES[`${definition}/${missing}`] ?? [])]
      .map(key => JSON.stringify(key))
      .reverse();
    const wanted = others.length === 0 ? last : `${others.reverse().join(", ")} or ${last}`;
    const keys = typeof found === "object" && found !== null ? Object.keys(found) : [];
    return { rule: "missing-key", message: `${wanted} is missing${didYouMean(suggest(missing, keys))}` };
  },
  "false schema": ({ error, definition }) => {
    const key = error.instancePath.slice(error.instancePath.lastIndexOf("/") + 1);
    const rival = RIVALS[`${definition}/${key}`] ?? "another key here";
    return { rule: "exclusive-keys", message: `"${key}" cannot stand beside ${rival}` };
  },
  type: ({ error, found }) => ({
    rule: "value-type",
    message: `Expected ${listOfTypes(error.params["type"])}, found ${kindOf(found)}`,
  }),
  enum: ({ error, found }) => {
    const isVersion = error.instancePath === "/naftiko" || error.instancePath === "/ikanos";
    const allowed = error.params["allowedValues"] as readonly unknown[];
    return { rule: isVersion ? "version" : "allowed-value", message: oneOf(allowed, found) };
  },
  const: ({ error, found }) => ({
    rule: "allowed-value",
    message: oneOf([error.params["allowedValue"]], found),
  }),
  pattern: ({ definition, title, found }) => ({
    rule: NAMES.has(definition) ? "name-pattern" : "text-form",
    message: `Expected ${withArticle(title)}, found ${quoteValue(found)}`,
  }),
  minLength: () => ({ rule: "text-form", message: "The text is empty" }),
  maxLength: ({ error }) => ({
    rule: "text-form",
    message: `The text is longer than ${error.params["limit"]} characters`,
  }),
  minimum: numberRange,
  maximum: numberRange,
  minItems: () => ({ rule: "empty-list", message: "The list is empty" }),
  minProperties: () => ({ rule: "empty-list", message: "The map is empty" }),
};

/** Describes an error of a published schema. Returns `undefined` if another error says the same. */
export function describeDeparture(error: SchemaError, value: unknown, definitions: Definitions): Departure | undefined {
  const describe = FINDINGS[error.keyword];
  if (describe === undefined) return undefined;
  const definition = /^#\/\$defs\/(\w+)/.exec(error.schemaPath)?.[1] ?? "";
  const { title = "", keys: knownKeys = [] } = definitions[definition] ?? {};
  const found = error.propertyName ?? valueAt(value, error.instancePath);
  const {
    rule,
    message,
    key = error.propertyName,
  } = describe({
    error,
    definition,
    title,
    knownKeys,
    found,
  });
  const owner = memberName(error.instancePath);
  return {
    rule,
    pointer: key === undefined ? error.instancePath : `${error.instancePath}/${pointerSegment(key)}`,
    message: owner === "" ? message : `${owner}: ${message}`,
    definition,
    ...(error.keyword === "additionalProperties" ? { knownKeys } : {}),
  };
}

function oneOf(allowed: readonly unknown[], found: unknown): string {
  const names = allowed.map(String);
  const hint = typeof found === "string" ? didYouMean(suggest(found, names)) : "";
  const wanted = names.length === 1 ? names[0] : `one of ${names.join(", ")}`;
  return `Expected ${wanted}, found ${quoteValue(found)}${hint}`;
}

function numberRange({ error, found }: Context): DepartureText {
  const bound = error.keyword === "minimum" ? "at least" : "at most";
  return {
    rule: "number-range",
    message: `Expected a number of ${bound} ${error.params["limit"]}, found ${quoteValue(found)}`,
  };
}

function withArticle(title: string): string {
  return `${/^(?:[aeio]|MCP|OAuth|API|OTLP|http)/.test(title) ? "an" : "a"} ${title}`;
}
