import type { ConsumedInputParameter } from "../document/document-types.ts";
import { parseTemplate, type TemplatePiece } from "../expression/template.ts";
import type { BindScope } from "./bind-scope.ts";
import type { InputCollector } from "./input-collector.ts";
import type { Operation, Parameter, ParameterSource } from "./types.ts";

/** Path of a resource, split at its placeholders. */
interface ParsedPath {
  readonly path: readonly TemplatePiece[];
  /** Part behind the `?`. */
  readonly query: readonly TemplatePiece[];
}

/** Locations of the parameters that a placeholder may take, in this order. */
const IN_PATH: readonly PlacingLocation[] = ["path"];
const IN_QUERY: readonly PlacingLocation[] = ["path", "query"];

type PlacingLocation = "path" | "query";

/** The first parameter of each name. */
type DeclaredIn = Readonly<Record<PlacingLocation, Map<string, Parameter>>>;

/**
 * Parses a path. The part behind a `#` only tells operations apart and is dropped; that behind a `?` is the initial
 * query (language chapter 5.2).
 */
export function parsePath(text: string): ParsedPath {
  const [sent = ""] = text.split("#", 1);
  const query = sent.indexOf("?");
  return query < 0
    ? { path: parseParts(sent), query: [] }
    : { path: parseParts(sent.slice(0, query)), query: parseParts(sent.slice(query + 1)) };
}

function parseParts(text: string): readonly TemplatePiece[] {
  const parsed = parseTemplate(text, "path");
  if (!parsed.ok) throw new TypeError(`Invalid path ${text}: ${parsed.reason}`);
  return parsed.parts;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Returns the names of the placeholders that neither a parameter nor a bind fills. Each is an input of its own. */
export function impliedByPath(
  { path, query }: ParsedPath,
  declarations: readonly ConsumedInputParameter[],
  scope: BindScope,
): ReadonlySet<string> {
  if (path.length < 2 && query.length === 0 && typeof path[0] !== "object") return NO_NAMES;
  const names = new Set<string>();
  const collect = (parts: readonly TemplatePiece[], locations: readonly PlacingLocation[]) => {
    if (!parts.some(part => typeof part === "object")) return;
    const declared = new Set<string>();
    for (const { name, in: location } of declarations)
      if (locations.some(placing => placing === location)) declared.add(name);
    for (const part of parts) {
      if (typeof part === "object" && !declared.has(part.name) && scope.bindReference(part.name) === undefined)
        names.add(part.name);
    }
  };
  collect(path, IN_PATH);
  collect(query, IN_QUERY);
  return names;
}

/** Values that the placeholders of a path may take. */
interface PathContext {
  readonly declared: readonly Parameter[];
  readonly inputs: InputCollector;
  readonly scope: BindScope;
  readonly pointer: string;
}

/**
 * Replaces placeholders by parameters: the declared one of the name; without one a bind variable, or else an implied,
 * required string input.
 */
export function placeParameters(
  { path, query }: ParsedPath,
  context: PathContext,
): Pick<Operation, "pathParts" | "queryParts"> {
  const implied = new Map<string, Parameter>();
  const declaredIn: DeclaredIn = { path: new Map(), query: new Map() };
  for (const parameter of context.declared) {
    if (parameter.in !== "path" && parameter.in !== "query") continue;
    const ofLocation = declaredIn[parameter.in];
    if (!ofLocation.has(parameter.name)) ofLocation.set(parameter.name, parameter);
  }
  const place = (parts: readonly TemplatePiece[], locations: readonly PlacingLocation[]) =>
    parts.map(part => {
      if (typeof part === "string") return locations === IN_QUERY ? (mistakenPart(part, context) ?? part) : part;
      const declared = declaredParameter(part.name, locations, declaredIn) ?? implied.get(part.name);
      if (declared !== undefined) return declared;
      const parameter = implyParameter(part.name, context);
      implied.set(part.name, parameter);
      return parameter;
    });
  return { pathParts: place(path, IN_PATH), queryParts: place(query, IN_QUERY) };
}

/** Returns a parameter without a value for a text that looks like a reference: no call may send it. */
function mistakenPart(text: string, { scope, pointer }: PathContext): Parameter | undefined {
  const mistaken = scope.names.mistakenWithin(text);
  if (mistaken === undefined) return undefined;
  const source: ParameterSource = { kind: "template", template: { text, parts: [mistaken] } };
  return { name: text, in: "path", type: "string", source, required: true, pointer };
}

function declaredParameter(
  name: string,
  locations: readonly PlacingLocation[],
  declaredIn: DeclaredIn,
): Parameter | undefined {
  for (const location of locations) {
    const found = declaredIn[location].get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function implyParameter(name: string, { inputs, scope, pointer }: PathContext): Parameter {
  const reference = scope.bindReference(name);
  const source: ParameterSource =
    reference === undefined
      ? { kind: "input", key: inputs.needPathInput(name, pointer) }
      : { kind: "template", template: { text: `{{${name}}}`, parts: [reference] } };
  return { name, in: "path", type: "string", source, required: true, pointer };
}
