import { isJsonObject } from "../../base/json-object.ts";
import type { NumberForm } from "../../base/numbers/exact-number.ts";
import { setMember } from "../../base/set-member.ts";
import { createPath, type JsonPath } from "../../language/expression/json-path-steps.ts";
import type { Shape } from "../../language/model/exposed/types.ts";
import { compileJsonPath } from "../outputs/compile-json-path.ts";
import { MAX_STEPS_OF_ANSWER, type StepBudget } from "../outputs/step-meter.ts";
import { renderBody } from "../request/render-body.ts";
import type { RenderScope } from "../request/render-template.ts";
import { scalarConversion } from "./convert-scalar.ts";

/** The value that shapes are made of. */
interface ShapeSource {
  /** The decoded body, or the result of steps. */
  readonly root: unknown;
  /** The named outputs of the operation, in which paths look that find nothing in the body. `undefined` without any. */
  readonly named: unknown;
  /** Values for templates of constants. */
  readonly scope: RenderScope;
}

/** Makes an output of a value. */
export type OutputShaper = (source: ShapeSource) => unknown;

interface Shaping {
  readonly numbers: NumberForm;
  /** Whether a single child is a list of one: XML has no lists. */
  readonly wrapsSingle: boolean;
}

/**
 * Compiles declared outputs (language chapter 7.7). Named ones give an object of all; of others, the first that is not
 * null is the output.
 */
export function compileOutputs(shapes: readonly Shape[], shaping: Shaping): OutputShaper {
  const isNamed = shapes.every(({ name }) => name !== undefined);
  const given = isNamed ? shapes : shapes.filter(({ name }) => name === undefined);
  const outputs = given.map(shape => ({ name: shape.name ?? "", read: compileShape(shape, shaping, undefined) }));
  return ({ root, named, scope }) => {
    const place: Place = { named, scope, budget: { left: MAX_STEPS_OF_ANSWER } };
    if (!isNamed) {
      for (const { read } of outputs) {
        const value = read(root, place);
        if (value !== null) return value;
      }
      return null;
    }
    const output: Record<string, unknown> = {};
    for (const { name, read } of outputs) setMember(output, name, read(root, place));
    return output;
  };
}

/** Compiles the outputs of a value that is made already. `undefined` if they only describe it. */
export function compileOverrides(shapes: readonly Shape[] | undefined, numbers: NumberForm): OutputShaper | undefined {
  return shapes?.some(hasSource) ? compileOutputs(shapes, { numbers, wrapsSingle: false }) : undefined;
}

/** Tells whether a shape says where a value comes from. Those of steps only describe what mappings fill. */
export function hasSource({ source, properties, items, values }: Shape): boolean {
  if (source !== undefined) return true;
  return [...(properties?.values() ?? []), items, values].some(inner => inner !== undefined && hasSource(inner));
}

/** What the shapes around a value have in common. */
interface Place {
  readonly named: unknown;
  readonly scope: RenderScope;
  readonly budget: StepBudget;
}

type Read = (root: unknown, place: Place) => unknown;

/** @param list path of the list whose elements the shape is of */
function compileShape(shape: Shape, shaping: Shaping, list: JsonPath | undefined): Read {
  const { source, properties, items, values, type } = shape;
  if (source?.kind === "value") return compileConstant(shape, source.content, shaping);
  const path = source?.path;
  if (type === "array" || items !== undefined) return compileList(shape, shaping, list);
  const base = compileBase(path, list);
  if (values !== undefined) return compileValues(base, compileShape(values, shaping, undefined));
  if (properties !== undefined && properties.size > 0) {
    // Behind a path, others are relative to what it finds.
    const inner = path === undefined ? list : undefined;
    const members = Array.from(properties, ([name, property]) => ({
      name,
      read: compileShape(property, shaping, inner),
    }));
    return compileObject(base, members, path !== undefined && !isRoot(path));
  }
  return type === "object" ? base : compileScalar(shape, base, shaping);
}

function compileConstant({ type }: Shape, content: Parameters<typeof renderBody>[0], { numbers }: Shaping): Read {
  const convert = scalarConversion(type, numbers);
  if (content.kind === "constant") {
    const value = convert(content.value);
    return () => value;
  }
  return (_, { scope }) => convert(renderBody(content, scope) ?? "");
}

function compileList({ source, items }: Shape, shaping: Shaping, outer: JsonPath | undefined): Read {
  const path = source?.kind === "path" ? source.path : undefined;
  const base = compileBase(path, outer);
  const item = items && compileShape(items, shaping, path);
  return (root, place) => {
    let list = base(root, place);
    if (!Array.isArray(list)) {
      if (!shaping.wrapsSingle || list === null || list === undefined) return null;
      list = [list];
    }
    if (item === undefined) return list;
    const element: Place = place.named === undefined ? place : { ...place, named: undefined };
    return (list as readonly unknown[]).map(value => item(value, element));
  };
}

function compileValues(base: Read, member: Read): Read {
  return (root, place) => {
    const object = base(root, place);
    if (!isJsonObject(object)) return null;
    const element: Place = place.named === undefined ? place : { ...place, named: undefined };
    const shaped: Record<string, unknown> = {};
    for (const name of Object.keys(object)) setMember(shaped, name, member(object[name], element));
    return shaped;
  };
}

/** @param isElsewhere whether the object is one that may be missing, and not the value that it is made of */
function compileObject(
  base: Read,
  members: readonly { readonly name: string; readonly read: Read }[],
  isElsewhere: boolean,
): Read {
  return (root, place) => {
    const value = base(root, place);
    if (isElsewhere && value === null) return null;
    const inner: Place = isElsewhere && place.named !== undefined ? { ...place, named: undefined } : place;
    const object: Record<string, unknown> = {};
    for (const { name, read } of members) setMember(object, name, read(value, inner));
    return object;
  };
}

function compileScalar({ type, maxLength }: Shape, base: Read, { numbers }: Shaping): Read {
  const convert = scalarConversion(type, numbers);
  if (maxLength === undefined) return (root, place) => convert(base(root, place));
  return (root, place) => {
    const value = convert(base(root, place));
    return typeof value === "string" ? cut(value, maxLength) : value;
  };
}

/** Cuts a text. A character of two units is left out whole. */
function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const last = text.charCodeAt(maxLength - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? maxLength - 1 : maxLength);
}

/** Tells whether a path is that of the whole value. An empty text names nothing. */
export function isRoot({ text, steps }: JsonPath): boolean {
  return steps.length === 0 && text !== "";
}

/** Compiles a path. A missing value is null. */
function compileBase(path: JsonPath | undefined, list: JsonPath | undefined): Read {
  if (path === undefined || isRoot(path)) return root => root ?? null;
  const read = compileJsonPath(list === undefined ? path : belowElement(path, list));
  return (root, { named, budget }) => {
    const value = read(root, budget);
    return value === null && named !== undefined ? read(named, budget) : value;
  };
}

/**
 * Returns a path relative to an element of a list. Importers write it from the root, with that of the list before it
 * (language chapter 7.7).
 */
function belowElement(path: JsonPath, list: JsonPath): JsonPath {
  const count = list.steps.length;
  const next = path.text[list.text.length];
  const isBelow = path.text.startsWith(list.text) && (next === undefined || next === "." || next === "[");
  if (count === 0 || !isBelow) return path;
  const isOfElement = list.steps.at(-1)?.kind !== "wildcard" && path.steps[count]?.kind === "wildcard";
  return createPath(path.text, path.steps.slice(isOfElement ? count + 1 : count));
}
