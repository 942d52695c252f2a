import type { Diagnostic } from "../../base/capability-error.ts";
import type { Adapter, CapabilityModel } from "./types.ts";

/** Lists the implied credentials of a capability, as findings besides those of validation. */
export function impliedCredentialNotes({ adapters }: CapabilityModel): Diagnostic[] {
  return adapters.flatMap(adapter => impliedCredentialNote(adapter) ?? []);
}

/** Says that an adapter's credential is implied. */
export function impliedCredentialNote({ authentication, namespace, pointer }: Adapter): Diagnostic | undefined {
  if (!authentication?.implied) return undefined;
  const variable = authentication.fields.get("token")?.parts[0];
  const name = typeof variable === "object" && variable.kind === "bind" ? variable.variable.name : "the credential";
  return {
    severity: "info",
    rule: "implied-authentication",
    message: `"${namespace}" declares no authentication, so ${name} is sent as a bearer token`,
    pointer,
    remedy: { option: "impliedAuthentication", value: false },
  };
}
