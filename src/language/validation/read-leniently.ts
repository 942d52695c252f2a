import type { Diagnostic, Severity } from "../../base/capability-error.ts";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { isJsonObject, isObject } from "../../base/json-object.ts";
import { pointerSegments } from "../../base/json-pointer.ts";
import { numberOf } from "../../base/numbers/number-of.ts";
import { quoteValue } from "../../base/visible-text.ts";
import type { OperationDeclaration, Resource } from "../document/document-types.ts";
import { operationPath } from "../document/operation-path.ts";
import type { Origins } from "../document/origins.ts";
import { keepNumbers, writtenMember } from "../document/written-numbers.ts";
import { memberName } from "./document-path.ts";
import { ExposedParts } from "./exposed-parts.ts";
import { type SchemaError, validate } from "./generated/validate-all.js";

/** Reading of a document that departs from the schema. */
interface LenientReading {
  /** Copy that keeps to the schema, as far as there is only one way to read it. */
  readonly value: object;
  /** One finding for each value that is read in another way than it is written, or ends some calls. */
  readonly findings: readonly Diagnostic[];
  /** Whether the file can be opened. */
  readonly ok: boolean;
}

/** Most passes. A change may reveal other errors, and one validation keeps a bounded number of them. */
const MOST_PASSES = 100;

/**
 * Reads a document that does not keep to the schema. Published files write values in place of those that the schema
 * asks for, which are read if they can only mean one thing: nothing for an optional member, a number for a text, `get`
 * for `GET`, an operation without a name.
 *
 * @param origins receives the place of every copied object
 */
export function readLeniently(document: object, origins?: Origins): LenientReading {
  const value = copyOf(document, origins) as Container;
  const findings: Diagnostic[] = [];
  const exposed = new ExposedParts(value);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    if (validate(value)) {
      exposed.putBack();
      return { value, findings, ok: true };
    }
    const errors = [...(validate.errors ?? [])];
    // From the back, so that the indexes of further list items stay right.
    const found = errors.reverse().flatMap(error => repair(value, error) ?? []);
    if (found.length > 0) {
      findings.push(...found.reverse());
      continue;
    }
    const aside = exposed.setAside(errors);
    if (aside.length > 0) {
      findings.push(...aside);
      continue;
    }
    const notes = errors.reverse().map(error => tolerated(value, error));
    const ok = notes.every(note => note !== undefined);
    if (ok) exposed.putBack();
    return {
      value,
      findings: ok ? [...findings, ...notes.filter(note => note !== undefined)] : findings,
      ok,
    };
  }
  return { value, findings, ok: false };
}

type Container = Record<string, unknown>;

/**
 * Changes the value that an error is about, and returns the finding. Returns `undefined` if its meaning is not clear.
 */
function repair(document: object, error: SchemaError): Diagnostic | undefined {
  const { instancePath: pointer, keyword, params } = error;
  const segments = pointerSegments(pointer);
  if (CONSUMED_BODY.test(pointer)) {
    const operation = valueAt(document, segments.slice(0, -1)) as Container;
    if (isBareData(operation["body"])) {
      operation["body"] = { type: "json", data: operation["body"] };
      return departure(pointer, 'There is no "type" and no "data": read as the data of a JSON body');
    }
  }
  if (keyword === "required") {
    const owner = valueAt(document, segments);
    const member = String(params["missingProperty"]);
    if (!isContainer(owner) || Object.hasOwn(owner, member)) return undefined;
    const meant = defaultOf(document, segments, member);
    if (meant === undefined) return undefined;
    owner[member] = meant;
    return departure(pointer, `"${member}" is missing: read as ${quoteValue(meant)}`);
  }
  const name = segments.pop();
  const owner = valueAt(document, segments);
  if (name === undefined || !isContainer(owner) || !Object.hasOwn(owner, name)) return undefined;
  const written = writtenMember(owner, name);
  if (written === null && keyword !== "minLength") {
    if (CONSUMED_AUTHENTICATION.test(pointer)) {
      // The key stays, which tells that no credential is implied.
      owner[name] = undefined;
      return warning(pointer, "Nothing is written here: no credential is sent");
    }
    if (Array.isArray(owner)) owner.splice(Number(name), 1);
    else delete owner[name];
    return departure(pointer, "Nothing is written here: read as if it were left out");
  }
  const meant = keyword === "minLength" ? defaultOf(document, segments, name) : meantValue(written, error, name);
  if (meant === undefined) return undefined;
  if (meant === UNTYPED) {
    delete owner[name];
    const hint = didYouMean(nearTypes(written, error.params["allowedValues"] as readonly string[]));
    return warning(pointer, `${quoteValue(written)} is no type, and ignored: any value is taken${hint}`);
  }
  owner[name] = meant;
  return departure(pointer, `${quoteValue(written)} is read as ${quoteValue(meant)}`);
}

const CONSUMED_BODY = /\/consumes\/\d+\/resources\/\d+\/operations\/\d+\/body$/;

/** Tells whether a body is its data alone, without the map that tells its kind. */
export function isBareData(body: unknown): boolean {
  if (Array.isArray(body)) return true;
  return isJsonObject(body) && Object.keys(body).length > 0 && !["type", "data"].some(key => Object.hasOwn(body, key));
}

const CONSUMED_AUTHENTICATION = /\/consumes\/\d+\/authentication$/;

/** Marker for a type that the language does not have: the value is taken as it is. */
const UNTYPED = Symbol("any type");

/** Returns the meaning of a value of the wrong kind, or `undefined`. */
function meantValue(written: unknown, { keyword, params }: SchemaError, name: string): unknown {
  if (keyword === "type") return asType(written, [params["type"]].flat(), name);
  const allowed: readonly unknown[] =
    keyword === "enum" ? (params["allowedValues"] as unknown[]) : keyword === "const" ? [params["allowedValue"]] : [];
  for (const candidate of [written].flat()) {
    if (typeof candidate === "object") continue;
    const text = (BODY_KINDS.get(String(candidate)) ?? String(candidate)).toLowerCase();
    const found = allowed.find(value => typeof value === "string" && value.toLowerCase() === text);
    if (found !== undefined) return found;
  }
  return name === "type" && allowed.includes("integer") ? UNTYPED : undefined;
}

/** Names of types in other languages. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ["int", "integer"],
  ["int32", "integer"],
  ["int64", "integer"],
  ["long", "integer"],
  ["float", "number"],
  ["double", "number"],
  ["decimal", "number"],
  ["bool", "boolean"],
  ["str", "string"],
  ["text", "string"],
  ["list", "array"],
  ["dict", "object"],
  ["map", "object"],
]);

function nearTypes(written: unknown, allowed: readonly string[]): string[] {
  if (typeof written !== "string") return [];
  const meant = TYPES.get(written.toLowerCase());
  return meant === undefined ? suggest(written, allowed) : [meant];
}

/** Names of body kinds that files write. */
const BODY_KINDS: ReadonlyMap<string, string> = new Map([
  ["form", "formUrlEncoded"],
  ["application/x-www-form-urlencoded", "formUrlEncoded"],
  ["multipart", "multipartForm"],
  ["multipart/form-data", "multipartForm"],
  ["application/json", "json"],
  ["application/xml", "xml"],
  ["text/xml", "xml"],
  ["text/plain", "text"],
]);

function asType(written: unknown, types: readonly unknown[], name: string): unknown {
  if (types.includes("string") && isPlainScalar(written)) return String(written);
  // The parts of a multipart form by name.
  if (name === "data" && types.includes("array") && isContainer(written))
    return Object.entries(written).map(([part, value]) => ({ name: part, value }));
  if (typeof written !== "string") return undefined;
  if (types.includes("boolean")) return BOOLEANS.get(written.toLowerCase());
  const isNumber = types.includes("integer") || types.includes("number");
  return isNumber && /^\d+$/.test(written) ? Number(written) : undefined;
}

/** Words for booleans, with those of YAML 1.1: in YAML 1.2 most of them are text. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["yes", true],
  ["on", true],
  ["false", false],
  ["no", false],
  ["off", false],
]);

/** Returns the meaning of a missing or empty member in the consumed part of a document, or `undefined`. */
function defaultOf(document: object, segments: readonly string[], member: string): unknown {
  const list = segments.at(-2);
  if (list === "binds") return member === "namespace" ? "env" : member === "keys" ? {} : undefined;
  if (!segments.includes("consumes")) return undefined;
  const owner = valueAt(document, segments) as Container;
  if (segments.at(-1) === "body" && list !== "body") return member === "type" ? "json" : undefined;
  switch (`${list} ${member}`) {
    case "consumes type":
      return "http";
    case "consumes baseUri":
      return "";
    case "resources path":
      return holdsPaths(owner["operations"]) ? "" : undefined;
    case "resources operations":
      return [];
    case "operations method":
      return "GET";
    // Only addressing depends on these names.
    case "resources name":
      return textOr(owner["path"], "/");
    case "operations name": {
      const resource = valueAt(document, segments.slice(0, -2)) as Resource;
      const path = operationPath({ ...resource, path: textOr(resource.path, "") }, owner as never);
      return `${textOr(owner["method"], "GET").toUpperCase()} ${path}`;
    }
    case "inputParameters in":
      return pathOf(document, segments).includes(`{${textOr(owner["name"], "")}}`) ? "path" : "query";
    case "outputParameters value":
      return "$";
    case "outputParameters name":
      return "value";
    default:
      return undefined;
  }
}

/** Tells whether every operation of a resource has a path of its own. */
function holdsPaths(operations: unknown): boolean {
  return Array.isArray(operations) && operations.every(item => isContainer(item) && textOr(item["path"], "") !== "");
}

/** Returns the path that parameters at a place can stand in. */
function pathOf(document: object, segments: readonly string[]): string {
  const at = segments.indexOf("resources");
  if (at < 0) return "";
  const resource = valueAt(document, segments.slice(0, at + 2)) as Resource;
  const operation = valueAt(document, segments.slice(0, at + 4)) as OperationDeclaration;
  const path = textOr(resource.path, "");
  return segments[at + 2] === "operations" ? operationPath({ ...resource, path }, operation) : path;
}

/** Returns a warning for an error that only ends calls of one adapter or operation. */
function tolerated(document: object, { instancePath: pointer, keyword, params }: SchemaError): Diagnostic | undefined {
  if (keyword !== "enum" || !/\/consumes\/\d+\/(?:authentication\/(?:type|placement)|.*\/body\/type)$/.test(pointer))
    return undefined;
  const found = valueAt(document, pointerSegments(pointer));
  // Every later stage takes it for a text.
  if (typeof found !== "string") return undefined;
  const allowed = (params["allowedValues"] as unknown[]).join(", ");
  return warning(pointer, `${quoteValue(found)} is not one of ${allowed}: calls that need it will fail`);
}

function departure(pointer: string, message: string): Diagnostic {
  return finding("departure", pointer, message);
}

function warning(pointer: string, message: string): Diagnostic {
  return finding("warning", pointer, message);
}

function finding(severity: Severity, pointer: string, message: string): Diagnostic {
  const owner = memberName(pointer);
  const text = owner === "" ? message : `${owner}: ${message}`;
  return { severity, rule: "lenient-reading", message: text, pointer };
}

function textOr(value: unknown, other: string): string {
  return typeof value === "string" && value !== "" ? value : other;
}

/** Copies a value. Only own members, and as members: a key may be "__proto__". */
function copyOf(value: unknown, origins: Origins | undefined): unknown {
  if (!isContainer(value)) return value;
  const copy = Array.isArray(value)
    ? value.map((item: unknown) => copyOf(item, origins))
    : Object.fromEntries(Object.entries(value).map(([name, member]) => [name, copyOf(member, origins)] as const));
  const place = origins?.placeOf(value);
  if (place !== undefined) origins?.add(copy, place);
  keepNumbers(value, copy);
  return copy;
}

/** Tells a number, whose text has its digits, or a boolean. */
function isPlainScalar(value: unknown): boolean {
  return typeof value === "boolean" || numberOf(value) !== undefined;
}

function isContainer(value: unknown): value is Container {
  return isObject(value);
}

function valueAt(document: object, segments: readonly string[]): unknown {
  let found: unknown = document;
  for (const segment of segments) {
    if (!isContainer(found) || !Object.hasOwn(found, segment)) return undefined;
    found = found[segment];
  }
  return found;
}
