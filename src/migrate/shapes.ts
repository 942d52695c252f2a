import { isScalar, type YAMLMap } from "yaml";

// What changes between the dialects, as a table (chapter 12): which members of which objects get another name, and which
// lists become maps. Whatever is not listed stays as it is.

/** What an object of the language holds. */
export interface Shape {
  /** Members by old name with their new one. */
  readonly renames?: Readonly<Record<string, string>>;
  /** Members that hold more objects, by old name. */
  readonly members?: Readonly<Record<string, Member>>;
}

/** The shape of an object, which may depend on what it says of itself. */
export type ShapeOf = (object: YAMLMap) => Shape;

export interface Member {
  /**
   * `object`: one object. `list`: a list that stays one. `named`: a list of objects with names that becomes a map.
   * `map`: a map of objects by name. `fields`: a schema, or a list or map of named ones.
   */
  readonly kind: "object" | "list" | "named" | "map" | "fields";
  readonly shapeOf: ShapeOf;
  /** The name of an object that may go without one and must have one as a member of a map. */
  readonly nameOf?: (object: YAMLMap) => string | undefined;
}

const DISPLAY = { label: "display" };

/** The whole document. */
export function documentShape(): Shape {
  return {
    members: {
      info: { kind: "object", shapeOf: labelled },
      capability: { kind: "object", shapeOf: sections },
      ...SECTIONS,
    },
  };
}

function sections(): Shape {
  return { members: SECTIONS };
}

function labelled(): Shape {
  return { renames: DISPLAY };
}

function unchanged(): Shape {
  return {};
}

function mapping(): Shape {
  return { renames: { targetName: "target" } };
}

const SECTIONS: Readonly<Record<string, Member>> = {
  consumes: { kind: "list", shapeOf: consumedAdapter },
  exposes: { kind: "list", shapeOf: exposedAdapter },
  aggregates: { kind: "list", shapeOf: aggregate },
};

const PARAMETERS: Member = { kind: "named", shapeOf: unchanged };

function consumedAdapter(adapter: YAMLMap): Shape {
  // Chapter 10.1: an entry with a location is an import.
  if (adapter.has("import")) return { renames: { location: "from" } };
  return { members: { inputParameters: PARAMETERS, resources: named(consumedResource) } };
}

function consumedResource(): Shape {
  return {
    renames: DISPLAY,
    members: { inputParameters: PARAMETERS, operations: named(consumedOperation) },
  };
}

function consumedOperation(): Shape {
  return { renames: DISPLAY, members: { inputParameters: PARAMETERS, outputParameters: PARAMETERS } };
}

function exposedAdapter(adapter: YAMLMap): Shape {
  switch (textOf(adapter, "type")) {
    case "rest":
      return { members: { resources: { ...named(restResource), nameOf: nameOfResource } } };
    case "mcp":
      return {
        members: {
          tools: { ...named(unit), nameOf: nameOfReference },
          resources: named(unit),
          prompts: named(prompt),
        },
      };
    case "skill":
      return { members: { skills: named(skill) } };
    default:
      return {};
  }
}

function restResource(): Shape {
  return {
    renames: DISPLAY,
    members: { inputParameters: PARAMETERS, operations: { ...named(unit), nameOf: nameOfOperation } },
  };
}

function prompt(): Shape {
  return { renames: DISPLAY, members: { arguments: named(labelled) } };
}

function skill(): Shape {
  return { renames: DISPLAY, members: { tools: named(labelled) } };
}

function aggregate(): Shape {
  return {
    renames: { ...DISPLAY, functions: "flows" },
    members: { functions: named(unit), flows: named(unit) },
  };
}

/** A REST operation, a tool, an MCP resource or an aggregate's function. */
function unit(object: YAMLMap): Shape {
  // Mapped outputs (chapter 7.7) need no names and stay a list; orchestrated and mock outputs have them.
  const isMapped = object.has("call") || object.has("ref");
  return {
    renames: DISPLAY,
    members: {
      inputParameters: PARAMETERS,
      steps: PARAMETERS,
      mappings: { kind: "list", shapeOf: mapping },
      ...(isMapped ? {} : { outputParameters: named(output) }),
    },
  };
}

function output(): Shape {
  return {
    members: { properties: { kind: "map", shapeOf: output }, items: { kind: "fields", shapeOf: output } },
  };
}

function named(shapeOf: ShapeOf): Member {
  return { kind: "named", shapeOf };
}

/** A unit without a name takes that of the function that it refers to (chapter 9). */
function nameOfReference(object: YAMLMap): string | undefined {
  return textOf(object, "ref")?.split(".").at(-1);
}

function nameOfOperation(operation: YAMLMap): string | undefined {
  const called = textOf(operation, "call")?.split(".").at(-1);
  return nameOfReference(operation) ?? called ?? textOf(operation, "method")?.toLowerCase();
}

function nameOfResource(resource: YAMLMap): string | undefined {
  const path = textOf(resource, "path");
  if (path === undefined) return undefined;
  const words = path.match(/[A-Za-z0-9]+/g) ?? ["root"];
  return words.join("-").toLowerCase();
}

function textOf(object: YAMLMap, key: string): string | undefined {
  const value = object.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Tells whether a value below `items` is a schema of its own, and not fields by name. */
export function isSchema(object: YAMLMap): boolean {
  return isScalar(object.get("type", true));
}
