import type { Operation } from "../capability/types.ts";
import type { CapabilityError } from "../error/capability-error.ts";
import type { SecretMask } from "../error/mask-secrets.ts";
import { headerValueProblem } from "./locations/header.ts";
import type { RequestPlan } from "./plan-request.ts";
import { type RenderScope, renderText } from "./render-template.ts";
import type { RequestDraft } from "./request-draft.ts";
import { requestInvalid } from "./request-error.ts";
import { percentEncode } from "./scalar-text.ts";

/** Tells whether the caller gives a value for the place of the credential. */
export function isReplaced(rivals: readonly string[], inputs: ReadonlyMap<string, unknown>): boolean {
  return rivals.some(key => inputs.has(key));
}

/**
 * Writes the credential into the request, where the caller does not.
 *
 * @param secrets learns the credential
 * @throws CapabilityError `REQUEST_INVALID`
 */
export function placeCredential(
  plan: RequestPlan,
  draft: RequestDraft,
  scope: RenderScope,
  secrets: SecretMask,
): void {
  const { credential, operation } = plan;
  if (credential === undefined) return;
  if (!credential.ok) throw credentialError(operation, credential.reason);
  if (isReplaced(credential.rivals, scope.inputs)) return;
  const values: Record<string, string> = {};
  for (const [name, template] of credential.fields) {
    const value = renderText(template, scope);
    if (value === undefined || value === "") throw credentialError(operation, `its "${name}" is empty`);
    // The binds are known to be secret; a file or an option may also hold a credential itself.
    if (name !== "username") secrets.add(value);
    values[name] = value;
  }
  const text = credential.kind.credential(values);
  secrets.add(text.replace(/^(?:Basic|Bearer) /, ""));
  if (credential.place.in === "query") {
    const pair = `${percentEncode(credential.place.name)}=${percentEncode(text)}`;
    draft.query = draft.query === "" ? pair : `${draft.query}&${pair}`;
    return;
  }
  const problem = headerValueProblem(text);
  if (problem !== undefined) throw credentialError(operation, `the credential ${problem}`);
  draft.headers[credential.place.name] = text;
}

function credentialError(operation: Operation, reason: string): CapabilityError {
  const { authentication, pointer } = operation.adapter;
  return requestInvalid(operation, reason, { pointer: authentication?.pointer ?? pointer });
}
