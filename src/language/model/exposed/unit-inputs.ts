import { isObject } from "../../../base/json-object.ts";
import type { Schema } from "../../../base/json-schema/schema-document.ts";
import type { ExposedInputParameter, ToolInputParameter } from "../../document/document-types.ts";
import type { InputType } from "../../document/input-schema.ts";
import { writtenMember } from "../../document/written-numbers.ts";
import { parseWrittenPath } from "../../expression/json-path.ts";
import { parseTemplate } from "../../expression/template.ts";
import type { Input, Operation } from "../types.ts";
import { normalised } from "./call-index.ts";
import type { UnitInput } from "./types.ts";
import { afterPrefix } from "./unit-scope.ts";

type With = Readonly<Record<string, unknown>>;
type Inputs = ReadonlyMap<string, UnitInput>;

/** Where the inputs of a REST operation are read. */
export interface Route {
  readonly method: string;
  /** Placeholders of the path, in its order. */
  readonly placeholders: readonly string[];
}

/** The operation that a unit calls with its inputs. */
export interface CalledOperation {
  readonly operation: Operation;
  readonly with: With | undefined;
  readonly closed: ReadonlySet<string>;
  readonly prefixes: ReadonlySet<string>;
}

interface Declared {
  readonly declaration: ExposedInputParameter | ToolInputParameter;
  readonly pointer: string;
}

/** Compiles the inputs that a unit declares. A later declaration of a name replaces an earlier one. */
export function declaredInputs(
  declared: readonly Declared[],
  route: Route | undefined,
  called: CalledOperation | undefined,
): Inputs {
  const consumed = called === undefined ? undefined : consumedByInput(called);
  const inputs = new Map<string, UnitInput>();
  for (const { declaration, pointer } of declared) {
    const { name } = declaration;
    const { in: location, pattern } = declaration as Partial<ExposedInputParameter>;
    const taken = consumed?.get(name);
    const type: InputType = declaration.type ?? taken?.type ?? (location === "body" ? "any" : "string");
    const value = writtenMember(declaration, "value") as UnitInput["constant"] | null;
    const bodyPath = location === "body" && typeof value === "string" && value.startsWith("$") ? value : undefined;
    const constant = bodyPath === undefined ? (value ?? undefined) : undefined;
    const isRequired = location === undefined ? (declaration.required ?? true) : declaration.required === true;
    const own: readonly Schema[] = pattern === undefined || pattern === null ? [] : [{ pattern }];
    inputs.set(name, {
      name,
      type,
      required: constant === undefined && (location === "path" || isRequired),
      description: declaration.description ?? undefined,
      in: route === undefined ? undefined : (location ?? placeOf(route, name)),
      placeholder: undefined,
      itemType: type === "array" ? taken?.itemType : undefined,
      schemas: [...own, ...(taken?.type === type ? (taken.schemas ?? []) : [])],
      constant,
      bodyPath: bodyPath === undefined ? undefined : pathOf(bodyPath),
      pointer,
    });
  }
  return route === undefined ? inputs : placed(inputs, route);
}

/**
 * Derives the inputs of a unit that calls and declares none (language chapter 7.8): the references of `with`, what the
 * path needs, and the other parameters of the operation where `with` is absent or they are required.
 */
export function derivedInputs(called: CalledOperation, route: Route | undefined, pointer: string): Inputs {
  const { operation, closed, prefixes } = called;
  const derived = new Map<string, Input | undefined>();
  const mentioned = new Set(Object.keys(called.with ?? {}));
  for (const [key, value] of Object.entries(called.with ?? {})) {
    const name = referredInput(value, prefixes);
    if (name === undefined || derived.has(name)) continue;
    const consumed = consumedInput(operation, key);
    if (consumed === undefined || !closed.has(consumed.key)) derived.set(name, consumed);
  }
  for (const input of operation.inputs.values()) {
    if (closed.has(input.key) || mentioned.has(input.key) || mentioned.has(input.name)) continue;
    if (input.in !== "path" && !input.required && called.with !== undefined) continue;
    if (!derived.has(input.name)) derived.set(input.name, input);
  }
  const inputs = new Map<string, UnitInput>();
  for (const [name, consumed] of inPathOrder(derived, operation)) {
    inputs.set(name, {
      name,
      type: consumed?.type ?? "string",
      required: consumed?.required ?? false,
      description: consumed?.description,
      in: route === undefined ? undefined : locationOf(consumed, route),
      placeholder: undefined,
      itemType: consumed?.itemType,
      schemas: consumed?.schemas ?? [],
      constant: undefined,
      bodyPath: undefined,
      pointer: consumed?.pointer ?? pointer,
    });
  }
  return route === undefined ? inputs : placed(inputs, route);
}

/**
 * Returns the inputs of a function as a unit that refers to it has them, placed in the requests of a route (language
 * chapter 9). Callers need not give those that `with` fills from something else.
 */
export function inheritedInputs(
  inputs: Inputs,
  own: Inputs,
  {
    route,
    with: entries = {},
    prefixes,
  }: Pick<CalledOperation, "with" | "prefixes"> & { readonly route: Route | undefined },
): Inputs {
  const asked = new Set(Object.values(entries).flatMap(value => askedInputs(value, prefixes)));
  const all = new Map(
    Array.from(inputs, ([name, input]) => {
      const required = input.required && (!Object.hasOwn(entries, name) || asked.has(name));
      return [name, { ...input, required, in: route && placeOf(route, name) }] as const;
    }),
  );
  const merged = new Map([...all, ...own]);
  return route === undefined ? merged : placed(merged, route);
}

/** Returns the names of the inputs that a value of `with` asks for. */
function askedInputs(value: unknown, prefixes: ReadonlySet<string>): string[] {
  if (isObject(value)) return Object.values(value).flatMap(member => askedInputs(member, prefixes));
  if (typeof value !== "string") return [];
  const whole = referredInput(value, prefixes);
  if (whole !== undefined) return [whole];
  const parsed = parseTemplate(value, "double");
  const names = parsed.ok ? parsed.parts.flatMap(part => (typeof part === "object" ? part.name : [])) : [];
  return names.flatMap(name => [name, afterPrefix(name, prefixes) ?? name, name.split(".", 1)[0] ?? name]);
}

/** Returns the input that a whole text means: `namespace.input` or `{{input}}`. */
function referredInput(value: unknown, prefixes: ReadonlySet<string>): string | undefined {
  if (typeof value !== "string") return undefined;
  const name = afterPrefix(value.startsWith("$this.") ? value.slice("$this.".length) : value, prefixes);
  if (name !== undefined || !value.startsWith("{{")) return name;
  const parsed = parseTemplate(value, "double");
  const [only] = parsed.ok ? parsed.parts : [];
  if (!parsed.ok || parsed.parts.length !== 1 || typeof only !== "object") return undefined;
  // A name of a variable is not a caller's.
  if (/^(?:[\w-]+\.)?[A-Z][A-Z0-9_]*$/.test(only.name)) return undefined;
  return afterPrefix(only.name, prefixes) ?? (only.name.includes(".") ? undefined : only.name);
}

function consumedInput({ inputs }: Operation, key: string): Input | undefined {
  const found = inputs.get(key);
  if (found !== undefined) return found;
  for (const input of inputs.values()) if (input.name === key) return input;
  return undefined;
}

/** Returns the consumed input that each input of a unit fills alone, by the name of the latter. */
function consumedByInput(called: CalledOperation): ReadonlyMap<string, Input> {
  const found = new Map<string, Input>();
  const { operation, prefixes } = called;
  for (const input of operation.inputs.values()) {
    if (called.with === undefined || !Object.hasOwn(called.with, input.name)) found.set(input.name, input);
  }
  for (const [key, value] of Object.entries(called.with ?? {})) {
    const name = referredInput(value, prefixes);
    const consumed = name === undefined ? undefined : consumedInput(operation, key);
    if (name !== undefined && consumed !== undefined) found.set(name, consumed);
  }
  return found;
}

function locationOf(consumed: Input | undefined, route: Route): UnitInput["in"] {
  if (consumed === undefined) return "query";
  return isPlace(consumed.in) ? consumed.in : hasBody(route) ? "body" : "query";
}

/** Tells whether a REST operation can read an input from a location of consumed parameters. */
function isPlace(location: string): location is NonNullable<UnitInput["in"]> {
  return ["path", "query", "header", "cookie", "body"].includes(location);
}

/** Returns where a REST operation reads an input of a function. */
function placeOf(route: Route, name: string): UnitInput["in"] {
  const isInPath = route.placeholders.some(each => each === name || normalised(each) === normalised(name));
  return isInPath ? "path" : hasBody(route) ? "body" : "query";
}

function hasBody({ method }: Route): boolean {
  return !["GET", "HEAD", "DELETE", "OPTIONS"].includes(method);
}

/**
 * Gives each input of the path its placeholder: that of its name, else of its name but for signs and case, else the next
 * that is left. An input without one is read from the query (language chapter 7.8, rule 5).
 */
function placed(inputs: Inputs, { placeholders }: Route): Inputs {
  const inPath = [...inputs.values()].filter(input => input.in === "path");
  if (inPath.length === 0) return inputs;
  const left = new Set(placeholders);
  const taken = new Map<string, string>();
  const match = (find: (name: string, each: string) => boolean) => {
    for (const { name } of inPath) {
      if (taken.has(name)) continue;
      const placeholder = [...left].find(each => find(name, each));
      if (placeholder === undefined) continue;
      taken.set(name, placeholder);
      left.delete(placeholder);
    }
  };
  match((name, each) => name === each);
  match((name, each) => normalised(name) === normalised(each));
  match(() => true);
  return new Map(
    [...inputs].map(([name, input]) => {
      if (input.in !== "path") return [name, input];
      const placeholder = taken.get(name);
      return [name, placeholder === undefined ? { ...input, in: "query" } : { ...input, placeholder }];
    }),
  );
}

/** Sorts the inputs of the path in its order, as placeholders of routes are matched by it. */
function inPathOrder(derived: ReadonlyMap<string, Input | undefined>, { pathParts }: Operation) {
  const order = pathParts.flatMap(part =>
    typeof part === "object" && part.source.kind === "input" ? [part.source.key] : [],
  );
  const rank = (input: Input | undefined) => (input?.in === "path" ? order.indexOf(input.key) : order.length);
  return [...derived].sort(([, a], [, b]) => rank(a) - rank(b));
}

function pathOf(written: string): UnitInput["bodyPath"] {
  const parsed = parseWrittenPath(written);
  if (!parsed.ok) throw new TypeError(`Invalid JSONPath ${written}: ${parsed.reason}`);
  return parsed.path;
}
