import type { Schema } from "../../base/json-schema/schema-document.ts";
import type { Shape } from "../model/exposed/types.ts";

/**
 * Returns the schema of what shapes make of an answer: an object of those with names, or what the first without one
 * gives (language chapter 7.7).
 */
export function shapesSchema(shapes: readonly Shape[], whole: Schema): Schema {
  if (shapes.length > 0 && shapes.every(({ name }) => name !== undefined))
    return objectSchema(shapes.map(shape => [shape.name ?? "", shape]));
  const choices = shapes.map(shape => (isWhole(shape) ? whole : shapeSchema(shape)));
  const [only = {}, ...others] = choices;
  return others.length === 0 ? only : { anyOf: choices };
}

/** Returns the schema of a mock: an object of the entries that have a value. A single one without a name is the answer. */
export function mockSchema(shapes: readonly Shape[]): Schema {
  const [first, ...others] = shapes;
  if (first !== undefined && others.length === 0 && first.name === undefined && first.type === "object")
    return shapeSchema(first);
  return objectSchema(shapes.filter(hasValue).map(shape => [shape.name ?? "value", shape]));
}

/** Tells whether a shape, or a part of it, gives a value without an answer. */
export function hasValue(shape: Shape): boolean {
  const parts = [...(shape.properties?.values() ?? []), shape.items, shape.values];
  return shape.source?.kind === "value" || parts.some(part => part !== undefined && hasValue(part));
}

/** Tells whether a shape gives the answer as it is, of whatever type. */
function isWhole({ type, source, properties, items, values }: Shape): boolean {
  const isRoot = source === undefined || (source.kind === "path" && source.path.steps.length === 0);
  return type === "object" && isRoot && properties === undefined && items === undefined && values === undefined;
}

/** Returns the schema of the value that a shape gives. */
export function shapeSchema(shape: Shape): Schema {
  const { type, source, properties, items, values, maxLength } = shape;
  // A path may find nothing, which gives null; without one, the value is of the API or of a step.
  const isNullable =
    source === undefined ? properties === undefined : source.kind === "path" && source.path.steps.length > 0;
  if (type === "object") {
    if (properties === undefined && values === undefined) return source?.kind === "value" ? { type } : {};
    const written = properties === undefined ? { type } : (objectSchema([...properties]) as Record<string, unknown>);
    return {
      ...written,
      type: isNullable ? [type, "null"] : type,
      ...(values === undefined ? {} : { additionalProperties: shapeSchema(values) }),
    };
  }
  if (type === "array")
    return {
      type: isNullable ? [type, "null"] : type,
      items: items === undefined ? {} : shapeSchema(items),
    };
  if (!SCALARS.has(type)) return {};
  return { type: isNullable ? [type, "null"] : type, ...(maxLength === undefined ? {} : { maxLength }) };
}

const SCALARS: ReadonlySet<string> = new Set(["string", "number", "integer", "boolean"]);

function objectSchema(members: readonly (readonly [name: string, shape: Shape])[]): Schema {
  // The others may be left out.
  const filled = members.filter(([, { source, properties }]) => (source ?? properties) !== undefined);
  return {
    type: "object",
    properties: Object.fromEntries(members.map(([name, shape]) => [name, shapeSchema(shape)])),
    ...(filled.length === 0 ? {} : { required: [...new Set(filled.map(([name]) => name))] }),
  };
}
