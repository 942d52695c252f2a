import { CapabilityError } from "../../base/capability-error.ts";
import type { Operation, Parameter } from "../../language/model/types.ts";
import { settingInvalid } from "../../language/overlays/config-error.ts";
import type { OverlayOrigin } from "../../language/overlays/resolved-overlay.ts";

/** Creates an `INPUT_INVALID` error. `problem` continues `input "x" …`. */
export function inputInvalid(
  operation: Pick<Operation, "name">,
  input: string,
  problem: string,
  cause?: unknown,
): CapabilityError<"INPUT_INVALID"> {
  return new CapabilityError("INPUT_INVALID", {
    message: `${messageStart(operation.name)}input ${JSON.stringify(input)} ${problem}`,
    details: { operation: operation.name, input },
    cause,
  });
}

/** Joins the errors of several inputs into one. */
export function joinInvalid(
  { name }: Pick<Operation, "name">,
  errors: readonly CapabilityError<"INPUT_INVALID">[],
): CapabilityError<"INPUT_INVALID"> {
  const [first] = errors;
  if (first !== undefined && errors.length === 1) return first;
  const start = messageStart(name);
  const problems = errors.map(({ message }) => (message.startsWith(start) ? message.slice(start.length) : message));
  const inputs = errors.map(({ details }) => details.input);
  const reasons = problems.map((problem, index) => withoutName(problem, inputs[index] ?? ""));
  return new CapabilityError("INPUT_INVALID", {
    message: start + problems.join("; "),
    details: { operation: name, input: first?.details.input ?? "", inputs, problems: reasons },
    cause: first?.cause,
  });
}

function withoutName(problem: string, input: string): string {
  const start = `input ${JSON.stringify(input)} `;
  return problem.startsWith(start) ? problem.slice(start.length) : problem;
}

function messageStart(operation: string): string {
  return `Cannot build request for operation "${operation}": `;
}

/** Creates an `INPUT_INVALID` error about the value of a parameter. It names the input as the caller writes it. */
export function parameterInvalid(
  operation: Operation,
  { name, source, origin }: Parameter,
  problem: string,
): CapabilityError {
  if (origin !== undefined) return headerInvalid(operation, name, problem, origin);
  return inputInvalid(operation, source.kind === "input" ? source.key : name, problem);
}

/** Creates the error for a header that an overlay adds. It is not an input, and is for the author of the overlay. */
function headerInvalid({ name }: Operation, header: string, problem: string, origin: OverlayOrigin): CapabilityError {
  return settingInvalid(
    `Cannot build request for operation "${name}": header ${JSON.stringify(header)} of an overlay ${problem}`,
    origin,
  );
}
