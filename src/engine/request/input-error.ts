import { CapabilityError } from "../../base/capability-error.ts";
import type { Operation, Parameter } from "../../language/model/types.ts";
import { settingInvalid } from "../../language/overlays/config-error.ts";
import type { OverlayOrigin } from "../../language/overlays/resolved-overlay.ts";

/** An `INPUT_INVALID` error. `problem` continues `input "x" …`. */
export function inputInvalid(
  operation: Pick<Operation, "name">,
  input: string,
  problem: string,
  cause?: unknown,
): CapabilityError<"INPUT_INVALID"> {
  return new CapabilityError("INPUT_INVALID", {
    message: `Cannot build request for operation "${operation.name}": input ${JSON.stringify(input)} ${problem}`,
    details: { operation: operation.name, input },
    cause,
  });
}

/** An `INPUT_INVALID` error about the value of a parameter: it names the input as the caller writes it. */
export function parameterInvalid(
  operation: Operation,
  { name, source, origin }: Parameter,
  problem: string,
): CapabilityError {
  if (origin !== undefined) return headerInvalid(operation, name, problem, origin);
  return inputInvalid(operation, source.kind === "input" ? source.key : name, problem);
}

/** A header that an overlay adds is no input: whoever wrote the overlay has to know. */
function headerInvalid(
  { name }: Operation,
  header: string,
  problem: string,
  origin: OverlayOrigin,
): CapabilityError {
  return settingInvalid(
    `Cannot build request for operation "${name}": header ${JSON.stringify(header)} of an overlay ${problem}`,
    origin,
  );
}
