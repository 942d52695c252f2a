import type { BindVariable } from "../../language/document/declared-binds.ts";
import type { Operation } from "../../language/model/types.ts";
import { NO_CHECKS } from "./input-checks.ts";
import { planRequest } from "./plan-request.ts";

/** Returns the bind variables that calls of an operation look up, for templates, the credential and default inputs. */
export function neededVariables(operation: Operation): BindVariable[] {
  const { binds, defaults } = planRequest(operation, "", NO_CHECKS);
  const inDefaults = defaults.flatMap(plan => plan.variables);
  return [...new Set([...binds.withCredential.variables, ...inDefaults])];
}
