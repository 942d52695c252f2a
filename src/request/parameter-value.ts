import type { Operation, Parameter, Template } from "../capability/types.ts";
import { CapabilityError } from "../error/capability-error.ts";
import { type RenderScope, renderValue } from "./render-template.ts";

/**
 * The value of a parameter; `undefined` where it is absent, which only an optional one may be.
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
      const value = renderValue(source.template, scope) ?? undefined;
      if (value === undefined && parameter.required)
        throw emptyParameter(operation, parameter, source.template);
      return value;
    }
  }
}

function emptyParameter(operation: Operation, { name }: Parameter, { parts }: Template): CapabilityError {
  const inputs = parts.flatMap(part => (typeof part === "object" && part.kind === "input" ? part.name : []));
  return new CapabilityError("INPUT_MISSING", {
    message: `Cannot build request for operation "${operation.name}": the template of parameter "${name}" needs a value for ${inputs.map(input => JSON.stringify(input)).join(", ")}`,
    details: { operation: operation.name, inputs },
  });
}
