import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { pointedValue, pointerSegments } from "../../base/json-pointer.ts";
import { isTransportHeader } from "../expression/transport-header.ts";
import type { Parameter } from "../model/types.ts";
import type { ExportContext } from "./export-context.ts";
import { sourceValue } from "./exported-value.ts";
import { isCredentialParameter } from "./parameter-credential.ts";

/** Headers that a description tells in another way: a parameter of the name is ignored (OpenAPI 3.1, 4.8.12.1). */
const DESCRIBED_OTHERWISE: ReadonlySet<string> = new Set(["accept", "content-type", "authorization"]);

/** A parameter as it is written, and where the capability declares it. */
export interface ExportedParameter {
  readonly written: JsonObject;
  /** Empty for one that no parameter declares. */
  readonly pointer: string;
}

/** Returns parameters in the order in which they are declared: those that none declares first. */
export function inDeclaredOrder(parameters: readonly ExportedParameter[]): ExportedParameter[] {
  return parameters
    .map(parameter => ({ parameter, place: declaredPlace(parameter.pointer) }))
    .sort((a, b) => a.place - b.place)
    .map(({ parameter }) => parameter);
}

/** More parameters than any list has. */
const LEVEL = 1_000_000;

function declaredPlace(pointer: string): number {
  const [, before = "", index] = /^(.*)\/inputParameters\/(\d+)$/.exec(pointer) ?? [];
  return index === undefined ? 0 : before.split("/").length * LEVEL + Number(index);
}

/** Returns the parameters of an operation outside its path, its query and its body. */
export function exportedParameters(context: ExportContext): ExportedParameter[] {
  return context.operation.parameters.flatMap(parameter => {
    if (parameter.in === "body" || isElsewhere(parameter, context)) return [];
    return [exportedParameter(parameter, parameter.name, context)];
  });
}

function isElsewhere(parameter: Parameter, { operation }: ExportContext): boolean {
  const name = parameter.name.toLowerCase();
  if (parameter.in === "header" && (DESCRIBED_OTHERWISE.has(name) || isTransportHeader(name))) return true;
  return isCredentialParameter(parameter, operation);
}

/** Writes a parameter under a name: in a path it is that of the placeholder. */
export function exportedParameter(parameter: Parameter, name: string, context: ExportContext): ExportedParameter {
  const { schema, required, description } = sourceValue(parameter.source, context);
  // A default makes an input optional for the callers of a capability, and not for the API.
  const isRequired = required || (parameter.source.kind === "input" && parameter.required);
  const written = {
    name,
    in: parameter.in,
    ...(description ? { description } : {}),
    ...(isRequired || parameter.in === "path" ? { required: true } : {}),
    ...(isDeprecated(parameter, context) ? { deprecated: true } : {}),
    ...exportedStyle(parameter),
    schema,
  };
  return { written, pointer: parameter.pointer };
}

function isDeprecated({ pointer }: Parameter, { document }: ExportContext): boolean {
  const found = pointedValue(document, pointerSegments(pointer));
  return isJsonObject(found) && found["deprecated"] === true;
}

/** Returns `style` and `explode` where OpenAPI means something else without them. */
function exportedStyle({ in: location, type, style }: Parameter): JsonObject {
  if (style === undefined) {
    // The language writes objects of a query with their members in brackets, and joins the items of a cookie.
    if (location === "query" && type === "object") return { style: "deepObject", explode: true };
    if (location === "cookie" && (type === "object" || type === "array")) return { explode: false };
    return {};
  }
  if (!style.ok) return {};
  const usual = location === "query" || location === "cookie" ? "form" : "simple";
  const usuallyExploded = style.style === "form";
  return {
    ...(style.style === usual ? {} : { style: style.style }),
    ...(style.explode === usuallyExploded ? {} : { explode: style.explode }),
  };
}
