import type { Operation } from "../capability/types.ts";
import type { BindVariable } from "../document/declared-binds.ts";
import { planRequest } from "../request/plan-request.ts";

/** The bind variables that calls of an operation look up, for templates and for the credential. */
export function neededVariables(operation: Operation): BindVariable[] {
  const { variables, credential } = planRequest(operation, "");
  return [...new Set([...variables, ...(credential?.ok ? credential.variables : [])])];
}
