import type { Operation } from "../../../language/model/types.ts";
import { badRequest } from "../api-error.ts";
import { checkBody } from "./check-body.ts";
import { constantProblem, inputProblem } from "./check-parameters.ts";
import type { ReceivedParameters } from "./received-parameters.ts";

/** The operation of a request, and the decoded body. */
interface ChosenOperation {
  readonly operation: Operation;
  readonly body: unknown;
}

/**
 * Chooses among operations with one path and method: constants tell them apart, then whether the inputs fit. If none
 * fits, the first one with matching constants says why.
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
