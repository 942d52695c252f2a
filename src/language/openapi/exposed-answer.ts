import type { JsonObject } from "../../base/json-object.ts";
import type { Schema } from "../../base/json-schema/schema-document.ts";
import type { Mapping, Shape, Unit } from "../model/exposed/types.ts";
import type { Operation } from "../model/types.ts";
import { answerSchema, exportedContent } from "./exported-responses.ts";
import type { ExportedSchemas } from "./exported-schemas.ts";
import { hasValue, mockSchema, shapeSchema, shapesSchema } from "./exposed-shapes.ts";

/** Answer of a unit that succeeds. */
interface ExposedAnswer {
  /** `2XX`: the status is that of the API. */
  readonly status: "200" | "204" | "2XX";
  /** Media types with their schemas. `undefined`: the answer has no body. */
  readonly content: JsonObject | undefined;
}

/** Returns the answer of a unit, as far as the file tells it. */
export function exposedAnswer(unit: Unit, schemas: ExportedSchemas): ExposedAnswer {
  const { work, outputs } = unit;
  switch (work.kind) {
    case "call":
      return callAnswer(work.operation, outputs, schemas);
    case "steps":
      return json(schemas.write(stepsSchema(work.mappings, outputs), true));
    case "mock": {
      const shapes = outputs ?? [];
      return shapes.some(hasValue)
        ? json(schemas.write(mockSchema(shapes), true))
        : { status: "204", content: undefined };
    }
    case "function": {
      const answer = exposedAnswer(work.target, schemas);
      return outputs === undefined || answer.content === undefined
        ? answer
        : { ...answer, ...json(schemas.write(shapesSchema(outputs, {}), true)), status: answer.status };
    }
  }
}

function callAnswer(
  operation: Operation,
  outputs: readonly Shape[] | undefined,
  schemas: ExportedSchemas,
): ExposedAnswer {
  const status = operation.method === "GET" || operation.method === "HEAD" ? "200" : "2XX";
  if (operation.method === "HEAD") return { status, content: undefined };
  if (outputs === undefined) return { status, content: exportedContent({ operation, schemas }) };
  // The schema of the file is written once: it is in the form of the version already.
  const whole = answerSchema({ operation, schemas });
  const schema = shapesSchema(outputs, WHOLE);
  return { ...json(schema === WHOLE ? whole : schemas.write(schema, true)), status };
}

/** Stands for the answer as it is. */
const WHOLE: Schema = {};

function json(schema: Schema): ExposedAnswer {
  return { status: "200", content: { "application/json": { schema } } };
}

/** Returns the schema of the result of steps: what mappings fill, as far as `outputParameters` tell its types. */
function stepsSchema(mappings: readonly Mapping[], outputs: readonly Shape[] = []): Schema {
  if (mappings.length === 0) return outputs.length === 0 ? {} : shapesSchema(outputs, {});
  const root: Tree = new Map();
  for (const { target } of mappings) addTarget(root, target);
  return treeSchema(root, new Map(outputs.flatMap(shape => (shape.name === undefined ? [] : [[shape.name, shape]]))));
}

/** Members that mappings fill. */
type Tree = Map<string, Tree>;

function addTarget(root: Tree, target: readonly string[]): void {
  let tree = root;
  for (const name of target) {
    const next = tree.get(name) ?? new Map();
    tree.set(name, next);
    tree = next;
  }
}

function treeSchema(tree: Tree, shapes: ReadonlyMap<string, Shape>): Schema {
  const members = [...tree].map(([name, below]) => {
    const shape = shapes.get(name);
    if (below.size > 0) return [name, treeSchema(below, shape?.properties ?? new Map())] as const;
    return [name, shape === undefined ? {} : shapeSchema(shape)] as const;
  });
  // A member whose mapping finds nothing is left out.
  return { type: "object", properties: Object.fromEntries(members) };
}
