import type { Operation } from "../capability/types.ts";
import { CapabilityError } from "../error/capability-error.ts";

/** An `INPUT_INVALID` error. `problem` continues `input "x" …`. */
export function inputInvalid(
  operation: Operation,
  input: string,
  problem: string,
): CapabilityError<"INPUT_INVALID"> {
  return new CapabilityError("INPUT_INVALID", {
    message: `Cannot build request for operation "${operation.name}": input ${JSON.stringify(input)} ${problem}`,
    details: { operation: operation.name, input },
  });
}
