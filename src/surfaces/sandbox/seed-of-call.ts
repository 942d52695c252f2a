import type { Inputs } from "../../engine/request/check-inputs.ts";
import { readScalar } from "../../engine/request/read-text.ts";
import type { Operation, Parameter } from "../../language/model/types.ts";
import { namesItemInBody } from "./routing/action-words.ts";
import { fillParts, type ResourcePart, resourceParts } from "./routing/resource-path.ts";
import { splitSegments } from "./routing/segment-pattern.ts";

/**
 * Returns the seed for the sandbox of one call: the item that its path names, `/api_keys/{id}` or
 * `/api_keys/{id}/revoke`, or its body, `/api_keys/verify`. Items above it in the path need not be seeded.
 */
export function seedOfCall(operation: Operation, inputs: Inputs): object | undefined {
  const parts = resourceParts(splitSegments(operation.pathParts));
  const steps = fillParts(
    parts,
    parts.flatMap(parametersOf).map(parameter => textOf(parameter, inputs)),
  );
  const { namespace } = operation.adapter;
  const { body } = inputs;
  if (namesItemInBody(operation) && typeof body === "object" && body !== null) {
    return { [namespace]: { [pathTo(steps, -1)]: [body] } };
  }
  const index = parts.findLastIndex(part => part.kind === "value");
  if (index < 0) return undefined;
  return { [namespace]: { [pathTo(steps, index)]: [{ id: idOf(parts[index], steps[index] ?? "") }] } };
}

function parametersOf(part: ResourcePart): readonly Parameter[] {
  return part.kind === "value" ? part.parameters : [];
}

function textOf({ source }: Parameter, inputs: Inputs): string {
  return source.kind === "input" && Object.hasOwn(inputs, source.key) ? String(inputs[source.key]) : "";
}

/** Returns the id in its declared type, so that the sandbox shows a number if it would create numbers. */
function idOf(part: ResourcePart | undefined, text: string): unknown {
  const [parameter, ...others] = part === undefined ? [] : parametersOf(part);
  const isNumber = parameter?.type === "integer" || parameter?.type === "number";
  return isNumber && others.length === 0 ? readScalar("integer", text) : text;
}

function pathTo(steps: readonly string[], end: number): string {
  return `/${steps.slice(0, end).join("/")}`;
}
