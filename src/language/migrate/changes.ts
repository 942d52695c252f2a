import { isMap, type YAMLMap } from "yaml";
import { type Form, type Shape, type ShapeName, shapes } from "../document/dialect/shapes.ts";

/** Changes to an object of the language, and to the objects in it, on the way to the newest form. */
interface Changes {
  /** New names of members, by the older name. */
  readonly renames: Readonly<Record<string, string>>;
  /** Members that hold objects in which more may change, by older and newer name. */
  readonly members: Readonly<Record<string, Member>>;
}

/** Form in which a member holds its objects, and their shape. */
export interface Member {
  readonly form: Form;
  readonly shape: ShapeName;
}

/** Returns the changes to an object, which depend on its other members. */
export function changesIn(object: YAMLMap, name: ShapeName): Changes {
  const shape: Shape = shapes[name];
  const renamed = Object.entries(shape.renamed ?? {});
  const members = Object.entries(shape.members ?? {})
    .filter(([member]) => member !== "outputParameters" || !isMapped(object))
    .map(([member, [form, memberShape]]) => [member, { form, shape: memberShape }] as const);
  const byOlderName = Object.fromEntries(members);
  const byNewerName = renamed.flatMap(([newer, older]) =>
    Object.hasOwn(byOlderName, older) ? [[newer, byOlderName[older] as Member] as const] : [],
  );
  return {
    renames: {
      ...Object.fromEntries(renamed.map(([newer, older]) => [older, newer])),
      // Chapter 10.1: an entry with a location is an import.
      ...(name === "consumes" && object.has("import") ? { location: "from" } : {}),
    },
    members: { ...byOlderName, ...Object.fromEntries(byNewerName) },
  };
}

/**
 * Tells whether the outputs are mapped (chapter 7.7): these need no names and stay a list. Orchestrated and mock
 * outputs have names.
 */
function isMapped(unit: YAMLMap): boolean {
  return unit.has("call") || unit.has("ref");
}

/**
 * Finds a name for an object that needs none in a list and one in a map: the name of the function that it refers to,
 * which it has by default (chapter 9); that of the operation that a REST operation calls; or one made of a REST
 * resource's path.
 */
export function nameFor(object: YAMLMap, shape: ShapeName): string | undefined {
  if (shape === "exposedResource") return nameOfPath(textOf(object, "path"));
  if (shape !== "unit") return undefined;
  const ref = textOf(object, "ref");
  if (ref !== undefined) return ref.split(".").at(-1);
  const method = textOf(object, "method");
  return method === undefined ? undefined : (textOf(object, "call")?.split(".").at(-1) ?? method.toLowerCase());
}

function nameOfPath(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const words = path.match(/[A-Za-z0-9]+/g) ?? ["root"];
  return words.join("-").toLowerCase();
}

function textOf(object: YAMLMap, key: string): string | undefined {
  const value = object.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Tells whether a value that may be one object or many by name is the latter. */
export function isByName(object: YAMLMap): boolean {
  return object.items.every(({ value }) => isMap(value));
}
