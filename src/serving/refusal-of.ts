import { CapabilityError, type ErrorDetails, isCapabilityError } from "../base/capability-error.ts";
import type { UnitInput } from "../language/model/exposed/types.ts";
import { httpStatusOf } from "./http-status.ts";
import type { InputProblem, Problem } from "./problem.ts";
import { Refusal } from "./refusal.ts";

/**
 * Returns what a caller is told of an error. It names neither hosts nor variables: those are for the operator.
 *
 * @param inputs of what was called, by name
 * @param given the values that the caller gave for them
 */
export function refusalOf(
  error: unknown,
  inputs: ReadonlyMap<string, UnitInput>,
  given: Readonly<Record<string, unknown>> = {},
): Refusal {
  if (error instanceof Refusal) return error;
  const status = httpStatusOf(error);
  if (!(error instanceof CapabilityError)) return new Refusal(status, "The server has failed");
  const { code } = error;
  const step = "step" in error.details && typeof error.details.step === "string" ? error.details.step : undefined;
  const more = { code, ...(step === undefined ? {} : { step }), ...factsOf(error, inputs, given) };
  const reason = reasonOf(error);
  const detail =
    step === undefined ? upperFirst(reason) : `Step ${JSON.stringify(step)} failed: ${withoutStep(reason, step)}`;
  return new Refusal(status, detail, retryOf(error), more);
}

type Facts = Pick<Problem, "errors" | "upstream">;

function factsOf(
  error: CapabilityError,
  inputs: ReadonlyMap<string, UnitInput>,
  given: Readonly<Record<string, unknown>>,
): Facts {
  if (isCapabilityError(error, "HTTP_STATUS")) {
    const { status, body } = error.details;
    return { upstream: { status, body } };
  }
  const errors = inputProblems(error, inputs, given);
  return errors === undefined ? {} : { errors };
}

function inputProblems(
  error: CapabilityError,
  declared: ReadonlyMap<string, UnitInput>,
  given: Readonly<Record<string, unknown>>,
): readonly InputProblem[] | undefined {
  const problem = (input: string, detail: string): InputProblem => {
    const place = declared.get(input)?.in;
    return place === undefined ? { input, detail } : { input, in: place, detail };
  };
  if (isCapabilityError(error, "INPUT_MISSING"))
    return error.details.inputs.map(input => problem(input, "has no value"));
  if (isCapabilityError(error, "INPUT_INVALID")) {
    // A call ends at the first kind of problem: what is missing too is found here.
    const missing = [...declared.values()].filter(
      ({ name, required, constant }) => required && constant === undefined && given[name] === undefined,
    );
    const { input, inputs = [input], problems = [error.message] } = error.details;
    const invalid = inputs.map((name, index) => problem(name, problems[index] ?? "is not valid"));
    return [...invalid, ...missing.map(({ name }) => problem(name, "has no value"))];
  }
  return undefined;
}

/** Returns a reason without the step that it begins with. */
function withoutStep(reason: string, step: string): string {
  const start = `Step "${step}": `;
  return reason.startsWith(start) ? reason.slice(start.length) : reason;
}

/** Reasons of a script that callers are told: others name files, and are for the operator. */
const SCRIPT_REASONS: ReadonlySet<string> = new Set([
  "busy",
  "error",
  "memory",
  "pending",
  "result",
  "stack",
  "statementLimit",
  "timeout",
]);

/** Returns the reason of an error, as the end of a sentence. */
function reasonOf(error: CapabilityError): string {
  if (isCapabilityError(error, "HTTP_STATUS")) return `the API answered ${error.details.status}`;
  if (isCapabilityError(error, "NETWORK")) return `the API cannot be reached (${error.details.reason})`;
  if (isCapabilityError(error, "SCRIPT_FAILED") && SCRIPT_REASONS.has(error.details.reason)) return error.message;
  if (isCapabilityError(error, "TIMEOUT")) return `the API has not answered within ${error.details.timeoutMs} ms`;
  if (isCapabilityError(error, "BIND_MISSING") && error.details.headers !== undefined)
    return lackingFields(error.details);
  switch (error.code) {
    case "INPUT_MISSING":
    case "INPUT_INVALID":
    case "INPUT_UNKNOWN":
    case "STEP_FAILED":
    case "OPERATION_REFUSED":
    case "CONFIRMATION_MISSING":
      return error.message;
    case "AUTHENTICATION_FAILED":
      return "the API's authorization server gives no credential";
    case "CIRCUIT_OPEN":
      return "the API has failed too often, and is left alone for a while";
    case "RESPONSE_TOO_LARGE":
      return "the API's answer is too large";
    case "RESPONSE_INVALID":
      return "the API's answer cannot be read";
    case "REDIRECT_REFUSED":
    case "EGRESS_REFUSED":
    case "NOT_RECORDED":
      return "the request may not be sent where it would go";
    case "ABORTED":
      return "the call was ended";
    default:
      return "the server lacks something that this operation needs; its operator is told what";
  }
}

/** Says which header fields a request lacks. */
function lackingFields({ headers = [], reasons }: ErrorDetails["BIND_MISSING"]): string {
  const why = Object.values(reasons);
  const problem = why.length === 0 ? "" : `: ${[...new Set(why)].join("; ")}`;
  return `the request needs the header ${headers.join(" and the header ")}, with the caller's own credential${problem}`;
}

function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function retryOf(error: CapabilityError): Readonly<Record<string, string>> {
  if (!isCapabilityError(error, "CIRCUIT_OPEN")) return {};
  return { "retry-after": String(Math.ceil((error.details.retryInMs ?? 1_000) / 1_000)) };
}
