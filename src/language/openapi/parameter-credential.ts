import { isCredentialName } from "../expression/credential-name.ts";
import type { Operation, Parameter } from "../model/types.ts";

/**
 * Tells whether a parameter carries a credential that the file gives, or that a caller gives in the header for one: it is
 * a security scheme of a description.
 */
export function isCredentialParameter(parameter: Parameter, operation: Operation): boolean {
  const { in: location, source, name } = parameter;
  if (location !== "header" && location !== "query" && location !== "cookie") return false;
  if (isAuthorization(parameter)) return operation.adapter.authentication === undefined;
  if (source.kind === "input") return false;
  if (source.kind === "constant") return isCredentialName(name);
  return (
    isCredentialName(name) ||
    source.template.parts.some(
      part => typeof part === "object" && part.kind === "bind" && isCredentialName(part.variable.name),
    )
  );
}

/** Tells whether a parameter is the header `Authorization`. */
function isAuthorization({ in: location, name }: Parameter): boolean {
  return location === "header" && name.toLowerCase() === "authorization";
}
