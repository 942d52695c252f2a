import type { Operation } from "../../../language/model/types.ts";
import { badRequest } from "../api-error.ts";
import { checkBody } from "./check-body.ts";
import { constantProblem, inputProblem } from "./check-parameters.ts";
import type { ReceivedParameters } from "./received-parameters.ts";

/** An operation that a request is for, and the body as it takes it. */
interface ChosenOperation {
  readonly operation: Operation;
  readonly body: unknown;
}

/**
 * Chooses among operations on one path and method: constants tell them apart, then whether the inputs fit. Where none
 * fits, the first one with its constants says why.
 *
 * @throws ApiError 400
 */
export function chooseOperation(
  operations: readonly Operation[],
  received: ReceivedParameters,
  body: Uint8Array,
): ChosenOperation {
  const problems: string[] = [];
  const constantProblems: string[] = [];
  for (const operation of operations) {
    const constant = constantProblem(operation, received);
    if (constant !== undefined) {
      constantProblems.push(constant);
      continue;
    }
    const input = inputProblem(operation, received);
    const checked = input === undefined ? checkBody(operation, body, received.headers) : undefined;
    if (checked?.ok) return { operation, body: checked.value };
    problems.push(input ?? (checked?.ok === false ? checked.problem : ""));
  }
  throw badRequest([...problems, ...constantProblems][0] ?? "The request fits no operation");
}
