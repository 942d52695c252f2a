/** Differences between the two generations of the language in one kind of object (language chapter 12). */
export interface Shape {
  /** The newer generation's names of members, with the names that later stages read. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** The members that may hold differences, by the older name. */
  readonly members?: Readonly<Record<string, readonly [form: Form, shape: ShapeName]>>;
}

/**
 * How a member holds its objects: `one` alone, in a `list` or a `map` in both generations, or `named`: in a list of
 * objects with a name, or in a map by name. `namedOrOne` may also be one object alone; those of `spaced` have a
 * `namespace` in place of the name.
 */
export type Form = "one" | "list" | "map" | "named" | "namedOrOne" | "spaced";

export type ShapeName =
  | "document"
  | "capability"
  | "consumes"
  | "resource"
  | "operation"
  | "exposes"
  | "exposedResource"
  | "unit"
  | "output"
  | "mapping"
  | "prompt"
  | "skill"
  | "aggregate"
  | "labelled"
  | "plain";

const label = { display: "label" } as const;

const sections: Shape["members"] = {
  consumes: ["list", "consumes"],
  exposes: ["list", "exposes"],
  aggregates: ["spaced", "aggregate"],
};

const unitMembers: Shape["members"] = {
  inputParameters: ["named", "plain"],
  steps: ["named", "plain"],
  outputParameters: ["named", "output"],
  mappings: ["list", "mapping"],
};

/** Every kind of object that differs, or holds one that does. Both generations may use either form. */
export const shapes: Readonly<Record<ShapeName, Shape>> = {
  document: {
    renamed: { ikanos: "naftiko" },
    members: { info: ["one", "labelled"], capability: ["one", "capability"], ...sections },
  },
  capability: { members: sections },
  consumes: { members: { inputParameters: ["named", "plain"], resources: ["named", "resource"] } },
  resource: {
    renamed: label,
    members: { inputParameters: ["named", "plain"], operations: ["named", "operation"] },
  },
  operation: {
    renamed: label,
    members: { inputParameters: ["named", "plain"], outputParameters: ["named", "plain"] },
  },
  exposes: {
    members: {
      inputParameters: ["named", "plain"],
      resources: ["named", "exposedResource"],
      tools: ["named", "unit"],
      prompts: ["named", "prompt"],
      skills: ["named", "skill"],
    },
  },
  /** A REST resource, which has operations, or an MCP resource, which runs itself. */
  exposedResource: { renamed: label, members: { ...unitMembers, operations: ["named", "unit"] } },
  /** Unit that runs: a REST operation, a tool, a function. */
  unit: { renamed: label, members: unitMembers },
  output: {
    renamed: label,
    members: {
      items: ["namedOrOne", "output"],
      mapping: ["one", "output"],
      properties: ["map", "output"],
      values: ["one", "output"],
    },
  },
  mapping: { renamed: { target: "targetName" } },
  prompt: { renamed: label, members: { arguments: ["named", "labelled"] } },
  skill: { renamed: label, members: { tools: ["named", "labelled"] } },
  aggregate: { renamed: { ...label, flows: "functions" }, members: { functions: ["named", "unit"] } },
  labelled: { renamed: label },
  /** Nothing differs in it. */
  plain: {},
};
