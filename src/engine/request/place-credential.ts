import type { CapabilityError } from "../../base/capability-error.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import { ALLOW_PLAIN_HTTP } from "../../base/plain-http.ts";
import type { Remedy } from "../../base/remedy.ts";
import type { Operation } from "../../language/model/types.ts";
import type { FieldValues } from "../authentication/authentication-kind.ts";
import type { SessionCredential } from "../authentication/sessions.ts";
import { headerValueProblem } from "./locations/header.ts";
import type { CredentialPlan, RequestPlan } from "./plan-request.ts";
import { rememberCredentialPlace } from "./remember-places.ts";
import { type RenderScope, renderText } from "./render-template.ts";
import type { RequestDraft } from "./request-draft.ts";
import { errorPlace, requestInvalid } from "./request-error.ts";
import { percentEncode } from "./scalar-text.ts";

/** Receiver of a credential. */
export interface CredentialTarget {
  /** The beginning of the request's URL. */
  readonly base: string;
  /** Whether the credential must not be sent there, because others could read it on the way. */
  readonly isRefused: boolean;
}

/**
 * Writes the credential into the request, where the caller does not.
 *
 * @param secrets learns the credential
 * @returns a credential that can only be added while the request is sent
 * @throws CapabilityError `REQUEST_INVALID`
 */
export function placeCredential(
  { credential, operation }: RequestPlan,
  draft: RequestDraft,
  { base, isRefused }: CredentialTarget,
  scope: RenderScope,
  secrets: SecretMask,
): SessionCredential | undefined {
  if (credential === undefined) return undefined;
  if (!credential.ok) throw credentialError(operation, credential.reason);
  if (credential.rivals.some(key => scope.inputs.has(key))) return undefined;
  if (isRefused) {
    throw credentialError(operation, `its credential would go over plain http to ${new URL(base).host}`, [
      ALLOW_PLAIN_HTTP,
    ]);
  }
  const { type, kind, place } = credential;
  const values = fieldValues(operation, credential, scope, secrets);
  if ("open" in kind) return { type, kind, values };
  const text = kind.credential(values);
  if (kind.derived !== undefined) secrets.add(kind.derived(text));
  if (secrets.hasShort && place !== undefined) rememberCredentialPlace(place.name, text, secrets);
  if (place?.in === "query") {
    const name = percentEncode(place.name);
    // A parameter of the name, which the file fixes, gives way as a header of the name does.
    const others = draft.query.split("&").filter(pair => pair !== "" && !pair.startsWith(`${name}=`));
    draft.query = [...others, `${name}=${percentEncode(text)}`].join("&");
  } else if (place !== undefined) {
    const problem = headerValueProblem(text);
    if (problem !== undefined) throw credentialError(operation, `the credential ${problem}`);
    draft.headers[place.name] = text;
  }
  return undefined;
}

/** Returns the values of a credential's fields, and adds the secret ones to `secrets`. */
export function fieldValues(
  operation: Pick<Operation, "name" | "adapter">,
  { kind, fields }: Pick<CredentialPlan & { ok: true }, "kind" | "fields">,
  scope: RenderScope,
  secrets: SecretMask,
): FieldValues {
  const values: Record<string, string> = {};
  for (const [name, template] of fields) {
    const value = renderText(template, scope) ?? "";
    if (value === "" && !kind.allowsEmpty) throw credentialError(operation, `its "${name}" is empty`);
    values[name] = value;
  }
  const given = Object.keys(values).filter(name => values[name] !== "");
  if (kind.allowsEmpty && given.length === 0)
    throw credentialError(operation, `its ${kind.fields.map(name => JSON.stringify(name)).join(" and ")} are empty`);
  for (const name of given) {
    // The binds are known to be secret; a file or an option may also hold a credential itself. The only value is secret
    // even as a user name: many APIs take a key as one.
    const isPublic = kind.publicFields?.includes(name) && !(kind.allowsEmpty && given.length === 1);
    if (!isPublic) secrets.add(values[name] ?? "");
  }
  return values;
}

function credentialError(
  operation: Pick<Operation, "name" | "adapter">,
  reason: string,
  remedies: readonly Remedy[] = [],
): CapabilityError<"REQUEST_INVALID"> {
  const { authentication, pointer } = operation.adapter;
  const place = errorPlace(authentication?.pointer ?? pointer, authentication?.origin);
  return requestInvalid(operation, reason, { ...place, remedies });
}
