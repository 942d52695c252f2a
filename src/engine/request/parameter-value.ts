import { CapabilityError } from "../../base/capability-error.ts";
import type { Operation, Parameter, Reference, Template } from "../../language/model/types.ts";
import { isBinary } from "./binary-value.ts";
import { parameterInvalid } from "./input-error.ts";
import { type RenderScope, referenceValue, renderValue } from "./render-template.ts";

/**
 * Returns the value of a parameter, or `undefined` for an absent one, which only an optional parameter may be.
 *
 * @throws CapabilityError `INPUT_MISSING` for a required one whose template lacks an input
 */
export function parameterValue(operation: Operation, parameter: Parameter, scope: RenderScope): unknown {
  const { source } = parameter;
  switch (source.kind) {
    case "input":
      return scope.inputs.get(source.key);
    case "constant":
      return source.value;
    case "template": {
      const value = templateValue(source.template, scope);
      if (parameter.in !== "body" && isBinary(value))
        throw parameterInvalid(operation, parameter, "is a file, which only a body can hold");
      if (value === undefined && parameter.required) throw emptyParameter(operation, parameter, source.template);
      return value;
    }
  }
}

/**
 * Returns the value of a template. A text that is empty because values are missing is absent too (language chapter
 * 4.4).
 */
function templateValue(template: Template, scope: RenderScope): unknown {
  const value = renderValue(template, scope) ?? undefined;
  if (value !== "") return value;
  const isMissing = template.parts.every(part => typeof part !== "string" && isAbsent(part, scope));
  return isMissing ? undefined : value;
}

function isAbsent(reference: Reference, scope: RenderScope): boolean {
  return (referenceValue(reference, scope) ?? undefined) === undefined;
}

function emptyParameter(operation: Operation, { name }: Parameter, { parts }: Template): CapabilityError {
  const inputs = parts.flatMap(part => (typeof part === "object" && part.kind === "input" ? part.name : []));
  const needed = inputs.map(input => JSON.stringify(input)).join(", ");
  return new CapabilityError("INPUT_MISSING", {
    message: `Cannot build request for operation "${operation.name}": the template of parameter "${name}" ${needed === "" ? "has no value" : `needs a value for ${needed}`}`,
    details: { operation: operation.name, inputs },
  });
}
