import { isJsonObject, isObject } from "../base/json-object.ts";
import { kinds } from "../engine/kinds.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";
import { parseGiven } from "../engine/request/given-json.ts";
import { closedInputs, hostInputs } from "../language/model/exposed/closed-inputs.ts";
import type { Input, Operation } from "../language/model/types.ts";
import { argumentNames } from "./argument-names.ts";

/** Arguments of a tool: inputs, by the names that agents have for them. */
export type Arguments = ReadonlyMap<string, Input>;

/** Returns the arguments of an operation, by their names. Inputs that no agent may fill are left out. */
export function argumentsOf(operation: Operation): Arguments {
  const closed = closedToAgents(operation);
  const open = [...operation.inputs.values()].filter(({ key }) => !closed.has(key));
  const names = argumentNames(open.map(({ key }) => key));
  return new Map(open.map((input, index) => [names[index] ?? input.key, input]));
}

/**
 * Returns the inputs that agents do not fill: those of callers of units. One that chooses the host is closed only where a
 * credential goes there, since nothing else could be had from it.
 */
function closedToAgents(operation: Operation): ReadonlySet<string> {
  const closed = new Set(closedInputs(operation, kinds));
  if (operation.adapter.authentication !== undefined) return closed;
  const hosts = hostInputs(operation);
  for (const { key, in: location } of operation.inputs.values())
    if (location === "baseUri" || hosts.has(key)) closed.delete(key);
  return closed;
}

/** Something that a tool does not take. */
export type Unknown = readonly [name: string, value: unknown];

/** The arguments of a call, read as far as they can be. */
interface ReadArguments {
  /** Values by input key. */
  readonly inputs: Inputs;
  /** Names that are none of an argument, with what is given by them. */
  readonly unknown: readonly Unknown[];
}

/**
 * Reads what an agent has given. Models write numbers, lists and objects as texts, and `null` for what they leave out:
 * these are read as what they mean, where that is one thing only.
 *
 * @returns `undefined` for something that is no object
 */
export function readArguments(declared: Arguments, given: unknown): ReadArguments | undefined {
  if (given === undefined || given === null) return NOTHING;
  if (!isJsonObject(given)) return undefined;
  const inputs: [string, unknown][] = [];
  let unknown: Unknown[] | undefined;
  for (const name of Object.keys(given)) {
    const input = declared.get(name) ?? withKey(declared, name);
    if (input === undefined) {
      unknown ??= [];
      unknown.push([name, given[name]]);
      continue;
    }
    const value = readArgument(input, given[name]);
    if (value !== undefined) inputs.push([input.key, value]);
  }
  return { inputs: Object.fromEntries(inputs), unknown: unknown ?? [] };
}

const NOTHING: ReadArguments = { inputs: {}, unknown: [] };

/** Returns the argument whose input has the name in the file: agents may know that from elsewhere. */
function withKey(declared: Arguments, key: string): Input | undefined {
  for (const input of declared.values()) if (input.key === key) return input;
  return undefined;
}

function readArgument(input: Input, value: unknown): unknown {
  if (value === null) return mayBeNull(input) ? null : undefined;
  const { type } = input;
  if (type === "array") return readStructure(value, "[");
  return type === "object" ? readStructure(value, "{") : value;
}

/** Reads a text of JSON that is an object or a list, and begins so. */
export function readStructure(value: unknown, start: "[" | "{"): unknown {
  if (typeof value !== "string" || !value.trimStart().startsWith(start)) return value;
  const parsed = parseGiven(value);
  return parsed.ok && isObject(parsed.value) ? parsed.value : value;
}

/** Tells whether `null` is a value that the file allows: many APIs clear a member by it (RFC 7396). */
function mayBeNull({ in: location, name, type, schemas = [] }: Input): boolean {
  if (location !== "template" && (location !== "body" || name === "body")) return false;
  return type === "any" || schemas.some(schema => isJsonObject(schema) && allowsNull(schema));
}

function allowsNull({ type, enum: values, nullable }: Readonly<Record<string, unknown>>): boolean {
  return [type].flat().includes("null") || (Array.isArray(values) && values.includes(null)) || nullable === true;
}
