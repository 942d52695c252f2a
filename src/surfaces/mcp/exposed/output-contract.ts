import { isJsonObject, type JsonObject, member } from "../../../base/json-object.ts";
import { isInteger, isNumber } from "../../../base/numbers/json-number.ts";
import { setMember } from "../../../base/set-member.ts";
import { hasSource } from "../../../engine/orchestration/compile-shape.ts";
import type { Mapping, Shape, Unit } from "../../../language/model/exposed/types.ts";

/**
 * What a unit promises of its value. Clients refuse an answer that breaks the schema, and the engine gives a value that is
 * not of its declared type as it is (language chapter 7.7): such a part is null for them.
 */
export interface OutputContract {
  readonly schema: JsonObject;
  /** Returns the value itself if it keeps to the schema, else a copy that does. */
  keep(value: unknown): unknown;
}

/** Returns the contract of the outputs that a unit declares. `undefined` if it says nothing of them. */
export function outputContract({ work, outputs = [] }: Unit): OutputContract | undefined {
  switch (work.kind) {
    case "call":
      // Bytes are given as they are, whatever is declared (language chapter 12).
      return work.operation.rawFormat === "binary" ? undefined : shapedContract(outputs);
    case "mock":
      return mockContract(outputs);
    case "steps":
      return work.mappings.length > 0 ? mappedContract(work.mappings, outputs) : describedOutputs(outputs);
    case "function": {
      const { target } = work;
      const isOverridden = outputs !== target.outputs && outputs.some(hasSource);
      if (target.work.kind === "call" && target.work.operation.rawFormat === "binary") return undefined;
      return target.work.kind === "call" || isOverridden ? shapedContract(outputs) : outputContract(target);
    }
  }
}

/** Returns the contract of what shapes make of an answer: of those with names an object (language chapter 7.7). */
function shapedContract(outputs: readonly Shape[]): OutputContract | undefined {
  return outputsContract(outputs, shapeContract, true);
}

/** Returns the contract of steps without mappings, whose last one gives the value. */
function describedOutputs(outputs: readonly Shape[]): OutputContract | undefined {
  return outputsContract(outputs, describedContract, false);
}

/** @param isComplete whether every member is there, if only as null */
function outputsContract(
  outputs: readonly Shape[],
  contractOf: (shape: Shape) => OutputContract,
  isComplete: boolean,
): OutputContract | undefined {
  const [first, ...others] = outputs;
  if (first === undefined) return undefined;
  if (outputs.every(({ name }) => name !== undefined))
    return objectContract(
      outputs.map(shape => [shape.name ?? "", contractOf(shape)]),
      isComplete,
    );
  // Of several without a name, the first that is not null is the value.
  return others.length === 0 ? filled(contractOf(first)) : undefined;
}

/** Returns the contract of a mock: entries without a value are left out (language chapter 7.2). */
function mockContract(outputs: readonly Shape[]): OutputContract {
  const [first, ...others] = outputs;
  if (first !== undefined && others.length === 0 && first.name === undefined && first.type === "object")
    return filled(describedContract(first)) ?? ANY_OBJECT;
  return objectContract(
    outputs.map(shape => [shape.name ?? "value", describedContract(shape)]),
    false,
  );
}

/** Gives an object for no value: an answer without a body has all members null. */
function filled(contract: OutputContract): OutputContract | undefined {
  if (contract === ANYTHING) return undefined;
  const { schema } = contract;
  if (schema["properties"] === undefined) return contract;
  return { schema: { ...schema, type: "object" }, keep: value => contract.keep(isJsonObject(value) ? value : {}) };
}

const ANY_OBJECT: OutputContract = { schema: { type: "object" }, keep: value => (isJsonObject(value) ? value : {}) };
const ANYTHING: OutputContract = { schema: {}, keep: value => value };

/** Returns the contract of the value that a shape gives. Every path may find nothing. */
function shapeContract({ type, properties, items, values, maxLength }: Shape): OutputContract {
  if (type === "array" || items !== undefined) return arrayContract(items && shapeContract(items));
  if (values !== undefined) return mapContract(shapeContract(values));
  if (properties !== undefined && properties.size > 0) {
    const members = Array.from(properties, ([name, shape]) => [name, shapeContract(shape)] as const);
    return nullable(objectContract(members, true));
  }
  return scalarContract(type, maxLength);
}

type Members = readonly (readonly [name: string, contract: OutputContract])[];

/** @param isComplete whether every member is there, if only as null */
function objectContract(members: Members, isComplete: boolean): OutputContract {
  const known = new Map(members);
  return {
    schema: {
      type: "object",
      properties: Object.fromEntries(Array.from(known, ([name, { schema }]) => [name, schema])),
    },
    keep(value) {
      const object = isJsonObject(value) ? value : {};
      let kept: Record<string, unknown> | undefined = object === value ? undefined : {};
      for (const [name, contract] of known) {
        const given = member(object, name);
        if (given === undefined && !isComplete) continue;
        const ofMember = given === undefined ? contract.keep(null) : contract.keep(given);
        if (ofMember === given) continue;
        kept ??= { ...object };
        setMember(kept, name, ofMember);
      }
      return kept ?? object;
    },
  };
}

function nullable({ schema, keep }: OutputContract): OutputContract {
  return {
    schema: { ...schema, type: ["object", "null"] },
    keep: value => (value === null ? null : keep(value)),
  };
}

function mapContract(values: OutputContract): OutputContract {
  return {
    schema: { type: ["object", "null"], additionalProperties: values.schema },
    keep(value) {
      if (!isJsonObject(value)) return null;
      let kept: Record<string, unknown> | undefined;
      for (const name of Object.keys(value)) {
        const ofMember = values.keep(value[name]);
        if (ofMember === value[name]) continue;
        kept ??= { ...value };
        setMember(kept, name, ofMember);
      }
      return kept ?? value;
    },
  };
}

function arrayContract(items: OutputContract | undefined): OutputContract {
  return {
    schema: { type: ["array", "null"], items: items?.schema ?? {} },
    keep(value) {
      if (!Array.isArray(value)) return null;
      if (items === undefined) return value;
      let kept: unknown[] | undefined;
      for (const [index, item] of value.entries()) {
        const ofItem = items.keep(item);
        if (ofItem === item) continue;
        kept ??= [...value];
        kept[index] = ofItem;
      }
      return kept ?? value;
    },
  };
}

const OF_TYPE: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: value => typeof value === "string",
  number: isNumber,
  integer: isInteger,
  boolean: value => typeof value === "boolean",
};

function scalarContract(type: string, maxLength: number | undefined): OutputContract {
  const isOfType = member(OF_TYPE, type);
  if (isOfType === undefined) return ANYTHING;
  return {
    schema: { type: [type, "null"], ...(maxLength === undefined || type !== "string" ? {} : { maxLength }) },
    keep: value => (isOfType(value) ? value : null),
  };
}

/** Members that mappings fill, with what outputs beside them say of their types. */
type Tree = Map<string, Tree>;

/** Returns the contract of what mappings fill. A member whose mapping finds nothing is left out. */
function mappedContract(mappings: readonly Mapping[], outputs: readonly Shape[]): OutputContract {
  const root: Tree = new Map();
  for (const { target } of mappings) {
    let tree = root;
    for (const name of target) {
      const next: Tree = tree.get(name) ?? new Map();
      tree.set(name, next);
      tree = next;
    }
  }
  const [only, ...others] = outputs;
  const shapes =
    only !== undefined && others.length === 0 && only.name === undefined
      ? (only.properties ?? NO_SHAPES)
      : new Map(outputs.flatMap(shape => (shape.name === undefined ? [] : [[shape.name, shape] as const])));
  return treeContract(root, shapes);
}

const NO_SHAPES: ReadonlyMap<string, Shape> = new Map();

function treeContract(tree: Tree, shapes: ReadonlyMap<string, Shape>): OutputContract {
  const members = Array.from(tree, ([name, below]): readonly [string, OutputContract] => {
    const shape = shapes.get(name);
    if (below.size > 0) return [name, treeContract(below, shape?.properties ?? NO_SHAPES)];
    return [name, shape === undefined ? ANYTHING : describedContract(shape)];
  });
  return objectContract(members, false);
}

/** Returns the contract of a value that a shape only describes: no member of it need be there. */
function describedContract(shape: Shape): OutputContract {
  const { type, items, properties } = shape;
  if (type === "array" || items !== undefined) return arrayContract(items && describedContract(items));
  if (properties !== undefined && properties.size > 0)
    return nullable(
      objectContract(
        Array.from(properties, ([name, inner]) => [name, describedContract(inner)] as const),
        false,
      ),
    );
  return shapeContract(shape);
}
