import { consumedAdapters } from "../document/consumed.ts";
import { type BindVariable, declaredBinds } from "../document/declared-binds.ts";
import type { AuthenticationDeclaration, CapabilityDocument, ConsumesHttp } from "../document/document-types.ts";
import type { AppliedOverlay } from "./applied-overlay.ts";
import type { BindScope } from "./bind-scope.ts";
import { compileTemplate } from "./compile-template.ts";
import { namesCredential } from "./names-credential.ts";
import type { Authentication, Reference, Template } from "./types.ts";

/** Members of a declaration that say where a credential goes, and not what it is. */
const PLACING_MEMBERS = new Set(["type", "key", "placement"]);

/**
 * Compiles a declaration.
 *
 * @param bareNames whether a field that equals a variable's name means the variable. In a file it does; in an option it
 *   is the credential itself
 */
export function compileAuthentication(
  declaration: AuthenticationDeclaration | undefined,
  { scope, bareNames }: { readonly scope: BindScope; readonly bareNames: boolean },
  pointer: string,
): Authentication | undefined {
  if (declaration === undefined || declaration === null) return undefined;
  const fields = new Map<string, Template>();
  for (const [name, value] of Object.entries(declaration)) {
    // A list, such as that of scopes, is one text with spaces, as it is sent (RFC 6749, 3.3).
    const text = Array.isArray(value) ? value.join(" ") : value;
    if (PLACING_MEMBERS.has(name) || typeof text !== "string") continue;
    fields.set(name, compileTemplate(text, { scope, bareNames }));
  }
  return {
    type: declaration.type,
    implied: false,
    key: declaration.key,
    placement: declaration.placement,
    fields,
    pointer,
    origin: undefined,
  };
}

/** The credential that a file may imply, but for its value. */
export const IMPLIED: Pick<Authentication, "type" | "key" | "placement" | "fields"> = {
  type: "bearer",
  key: undefined,
  placement: undefined,
  fields: new Map(),
};

const CREDENTIAL_VARIABLE = /(?:KEY|TOKEN|SECRET|PAT|PASSWORD)$/;

/**
 * Returns the bearer token that published files mean if they bind one credential and leave `authentication` out
 * (language chapter 5.7), for an adapter that declares none, refers to no bind and
 * names no credential in another way. A variable that another adapter
 * refers to has its use there; sending it to this API too would disclose it.
 */
export function impliedAuthentication(
  adapter: ConsumesHttp,
  document: CapabilityDocument,
  scope: BindScope,
  overlay?: AppliedOverlay,
): Authentication | undefined {
  const variable = onlyCredential(document, scope);
  if (variable === undefined || overlay?.refersTo(variable, scope)) return undefined;
  if (refersTo(adapter, scope, () => true) || namesCredential(adapter, document, variable, scope)) return undefined;
  for (const { adapter: other } of consumedAdapters(document)) {
    if (other !== adapter && refersTo(other, scope, reference => isVariable(reference, variable))) return undefined;
  }
  return {
    ...IMPLIED,
    implied: true,
    fields: new Map([["token", { text: `{{${variable.name}}}`, parts: [{ kind: "bind", variable }] }]]),
    // A declaration of an overlay has no place in the file.
    pointer: variable.fromConfig ? "" : variable.pointer,
    origin: undefined,
  };
}

/** Returns the one credential that the file binds. An overlay may say where its value is, but not add another. */
function onlyCredential(document: CapabilityDocument, scope: BindScope): BindVariable | undefined {
  const names = [...declaredBinds(document)].map(({ name }) => name).filter(name => CREDENTIAL_VARIABLE.test(name));
  const [name, ...others] = new Set(names);
  if (name === undefined || others.length > 0) return undefined;
  const reference = scope.bareReference(name);
  return reference?.kind === "bind" ? reference.variable : undefined;
}

/** Tells whether a reference means one variable. */
export function isVariable(reference: Reference, variable: BindVariable): boolean {
  return reference.kind === "bind" && reference.variable === variable;
}

/** Tells whether any string below `value` holds a bind reference that `counts`. */
export function refersTo(value: unknown, scope: BindScope, counts: (reference: Reference) => boolean): boolean {
  if (typeof value === "string") return textRefersTo(value, scope, counts);
  if (typeof value !== "object" || value === null) return false;
  for (const key in value) {
    if (refersTo((value as Record<string, unknown>)[key], scope, counts)) return true;
  }
  return false;
}

/** Longer texts are descriptions: looking one up among the variables would read all of it. */
const LONGEST_NAME = 100;

function textRefersTo(text: string, scope: BindScope, counts: (reference: Reference) => boolean): boolean {
  const bare = text.length <= LONGEST_NAME ? scope.bareReference(text) : undefined;
  if (bare !== undefined) return counts(bare);
  if (!text.includes("{{")) return false;
  for (const [, name = ""] of text.matchAll(/\{\{([^{}]*)\}\}/g)) {
    const reference = scope.bindReference(name.trim());
    if (reference !== undefined && counts(reference)) return true;
  }
  return false;
}
