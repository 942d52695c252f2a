import type { Diagnostic } from "../../base/capability-error.ts";
import type { Adapter, CapabilityModel } from "./types.ts";

/** Lists the implied credentials of a capability, as findings besides those of validation. */
export function impliedCredentialNotes(capability: CapabilityModel): Diagnostic[] {
  return capability.adapters.flatMap(adapter => {
    const message = impliedCredentialNote(adapter);
    if (message === undefined) return [];
    const { pointer } = adapter;
    return [{ severity: "info", rule: "implied-authentication", message, pointer } satisfies Diagnostic];
  });
}

/** Says that an adapter's credential is implied, and how to turn that off. */
export function impliedCredentialNote({ authentication, namespace }: Adapter): string | undefined {
  if (!authentication?.implied) return undefined;
  const variable = authentication.fields.get("token")?.parts[0];
  const name =
    typeof variable === "object" && variable.kind === "bind" ? variable.variable.name : "the credential";
  return `"${namespace}" declares no authentication; ${name} is sent as a bearer token (--no-implied-auth turns it off)`;
}
