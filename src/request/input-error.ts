import type { Operation, Parameter } from "../capability/types.ts";
import { CapabilityError } from "../error/capability-error.ts";

/** An `INPUT_INVALID` error. `problem` continues `input "x" …`. */
export function inputInvalid(
  operation: Pick<Operation, "name">,
  input: string,
  problem: string,
): CapabilityError<"INPUT_INVALID"> {
  return new CapabilityError("INPUT_INVALID", {
    message: `Cannot build request for operation "${operation.name}": input ${JSON.stringify(input)} ${problem}`,
    details: { operation: operation.name, input },
  });
}

/** An `INPUT_INVALID` error about the value of a parameter: it names the input as the caller writes it. */
export function parameterInvalid(
  operation: Operation,
  { name, source }: Parameter,
  problem: string,
): CapabilityError<"INPUT_INVALID"> {
  return inputInvalid(operation, source.kind === "input" ? source.key : name, problem);
}
