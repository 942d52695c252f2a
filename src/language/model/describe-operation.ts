import { isObject } from "../../base/json-object.ts";
import type { Schema } from "../../base/json-schema/schema-document.ts";
import { ExactNumber } from "../../base/numbers/exact-number.ts";
import { type OverlaidSetting, overlaidSettings } from "./overlaid-settings.ts";
import type { Input, Operation } from "./types.ts";

/** Description of an operation for its callers. */
export interface OperationDescription {
  /** Shortest text that names this operation alone within its capability. */
  readonly reference: string;
  readonly name: string;
  readonly namespace: string;
  readonly resource: string;
  readonly method: string;
  /** As written in the file. */
  readonly path: string;
  readonly label?: string;
  readonly description?: string;
  /** Inputs in the order of the file; those that placeholders imply come last. */
  readonly inputs: readonly InputDescription[];
  /** Names and types of the outputs. Empty if the decoded body is the result. */
  readonly outputs: readonly { readonly name: string; readonly type: string; readonly value: string }[];
  /** `json`, `xml`, … */
  readonly outputRawFormat: string;
  /** JSON Schema (2020-12) of the decoded answer, if the file has one. */
  readonly answerSchema?: unknown;
  /** Further names from an overlay. */
  readonly aliases?: readonly string[];
  /** Settings of overlays, with their places. */
  readonly overlay?: readonly OverlaidSetting[];
}

/** Description of an input. */
export interface InputDescription {
  /** Name that the caller writes: the name, or `location:name` if two locations share the name. */
  readonly name: string;
  /** `query`, `header`, `path`, `cookie`, `body`, `baseUri`, or `template` for a placeholder of the file. */
  readonly in: Input["in"];
  /** `any` if the file declares none. */
  readonly type: Input["type"];
  readonly required: boolean;
  readonly description?: string;
  /** Value of the file or of an overlay, used if the caller gives none. `{{NAME}}` in one of an overlay is a variable. */
  readonly default?: unknown;
  /** JSON Schema (2020-12) of the value, if the file has one. A default of the file stands in it too. */
  readonly schema?: unknown;
}

export function describeOperation(operation: Operation): OperationDescription {
  const { adapter, outputs, inputs, label, description, aliases } = operation;
  const overlay = overlaidSettings(operation);
  const { answerSchema } = operation;
  return {
    reference: operation.reference,
    name: operation.name,
    namespace: adapter.namespace,
    resource: operation.resource,
    method: operation.method,
    path: operation.path,
    ...(label === undefined ? {} : { label }),
    ...(description === undefined ? {} : { description }),
    inputs: [...inputs.values()].map(input => ({
      name: input.key,
      in: input.in,
      type: input.type,
      required: input.required,
      ...(input.description === undefined ? {} : { description: input.description }),
      ...(input.default === undefined ? {} : { default: described(input.default.value) }),
      ...describedSchema(input),
    })),
    outputs: (outputs ?? []).map(({ name, type, path }) => ({ name, type, value: path.text })),
    outputRawFormat: operation.rawFormat,
    ...(answerSchema === undefined ? {} : { answerSchema }),
    ...(aliases.length === 0 ? {} : { aliases: aliases.map(({ value }) => value) }),
    ...(overlay.length === 0 ? {} : { overlay }),
  };
}

/** Returns the schemas of an input as one, with its type and a default of the file. */
export function describedSchema({ type, schemas = [], default: given }: Pick<Input, "type" | "schemas" | "default">): {
  readonly schema?: unknown;
} {
  const ofFile = given !== undefined && given.origin === undefined ? { default: described(given.value) } : {};
  const [first, ...others] = schemas.map(described) as Schema[];
  if (first === undefined && !("default" in ofFile)) return {};
  const typed = type === "any" ? {} : { type };
  if (first === undefined || typeof first === "boolean" || others.length > 0)
    return { schema: { ...typed, ...ofFile, ...(schemas.length === 0 ? {} : { allOf: [first, ...others] }) } };
  return { schema: { ...typed, ...first, ...ofFile } };
}

/** Returns a value of a file for programs: numbers are doubles, integers that these cannot hold are of type `bigint`. */
function described(value: unknown): unknown {
  if (value instanceof ExactNumber) return Number(value);
  if (Array.isArray(value)) return value.map(described);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, described(member)]));
}
