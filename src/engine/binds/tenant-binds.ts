import { changeError, type Diagnostic } from "../../base/capability-error.ts";
import { diagnosticsError } from "../../base/diagnostics-error.ts";
import type { BindVariable } from "../../language/document/declared-binds.ts";
import { isOfTenant, meetingPlaces, tenantProblem } from "../../language/document/tenant-location.ts";

/**
 * Requires that no tenant reaches what is another's by its name.
 *
 * @returns the places of variables that are for all callers: no tenant whose name leads there has a value
 * @throws CapabilityError `CAPABILITY_INVALID`
 */
export function requireApart(variables: readonly BindVariable[]): ReadonlySet<string> {
  for (const variable of variables) {
    const problem = isOfTenant(variable) ? tenantProblem(variable) : undefined;
    if (problem !== undefined) throw invalid(variable, `bind "${variable.namespace}" ${problem}`);
  }
  const [one, other] = meetingPlaces(variables) ?? [];
  if (one !== undefined && other !== undefined) {
    const places = [one, other].map(({ name, location = "", key }) => `${name} at ${location} (${key})`);
    throw invalid(other, `${places.join(" and ")} can be one place, of two tenants: give them folders of their own`);
  }
  const shared = variables.filter(variable => !isOfTenant(variable));
  return new Set(shared.flatMap(variable => [variable.location ?? "", placeOf(variable)]));
}

/** Returns the place of a value. */
export function placeOf({ location = "", key }: Pick<BindVariable, "location" | "key">): string {
  return `${location}\0${key}`;
}

function invalid({ pointer, source, fromConfig }: BindVariable, message: string): Error {
  const rule = "tenant-location";
  const finding: Diagnostic = { severity: "error", rule, message, pointer, source };
  const error = diagnosticsError(fromConfig ? "CONFIG_INVALID" : "CAPABILITY_INVALID", "Cannot serve tenants", [
    finding,
  ]);
  return changeError(error, fromConfig ? { source } : { pointer });
}
