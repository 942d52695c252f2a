import { STATUS_CODES } from "node:http";
import type { ErrorCode } from "../base/capability-error.ts";
import { stringify } from "../base/numbers/exact-json.ts";

/** Content type of a {@link Problem}. */
export const PROBLEM_TYPE = "application/problem+json";

/** Answer of a server that could not do what was asked (RFC 9457). */
export interface Problem {
  readonly type: "about:blank";
  /** Reason phrase of the status. */
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Code of the error that it tells of. */
  readonly code?: ErrorCode;
  /** The inputs that are missing or wrong. */
  readonly errors?: readonly InputProblem[];
  /** The step that failed. */
  readonly step?: string;
  /** Answer of the API that made a step fail. */
  readonly upstream?: { readonly status: number; readonly body: unknown };
}

/** Input that is missing or wrong. */
export interface InputProblem {
  readonly input: string;
  /** Where the request has it, or should have it. */
  readonly in?: string;
  readonly detail: string;
}

/** Makes a problem. */
export function problemOf(
  status: number,
  detail: string,
  more?: Pick<Problem, "code" | "errors" | "step" | "upstream">,
): Problem {
  return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail, ...more };
}

/** Writes a problem as JSON. */
export function problemText(problem: Problem): string {
  return stringify(problem) ?? "";
}
