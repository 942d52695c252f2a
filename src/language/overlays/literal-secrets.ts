import { isSecretMember } from "../document/secret-members.ts";
import { mistakenReference } from "../expression/mistaken-reference.ts";
import type { ResolvedOverlay } from "./resolved-overlay.ts";

/** Ends of the names of headers and inputs that carry a credential. */
const CREDENTIAL_FIELD = /(?:key|token|secret|password|pat|authorization|cookie)$/i;

const SCHEME = /^(?:Bearer|Basic|Token) /i;

/**
 * Lists the credentials that an overlay holds itself, where a variable would be better. They are masked like the values
 * of variables.
 */
export function* literalSecrets(overlay: ResolvedOverlay): Generator<string> {
  for (const { value } of overlay.authentication.values()) {
    if (value === "none") continue;
    for (const [name, text] of Object.entries(value)) {
      if (isSecretMember(name, value)) yield* literal(text);
    }
  }
  for (const settings of [overlay, ...overlay.operations.map(operation => operation.settings)]) {
    for (const { value } of settings.headers.values()) {
      if (CREDENTIAL_FIELD.test(value.name)) yield* literal(value.value);
    }
    for (const [name, { value }] of settings.inputs) {
      if (CREDENTIAL_FIELD.test(name)) yield* literal(value);
    }
  }
}

function* literal(value: unknown): Generator<string> {
  if (typeof value !== "string" || value.includes("{{")) return;
  // The message about it names the variable.
  if (mistakenReference(value, () => false)?.written === value) return;
  yield value;
  yield value.replace(SCHEME, "");
}
