import { isJsonObject } from "../../base/json-object.ts";
import { secretName } from "../../base/secret-name.ts";
import type { BindVariable } from "../document/declared-binds.ts";
import type { CapabilityDocument, ConsumedInputParameter, ConsumesHttp } from "../document/document-types.ts";
import { isCredentialName } from "../expression/credential-name.ts";
import { parseTemplate } from "../expression/template.ts";
import { queryPairs, textPairs } from "../expression/text-pairs.ts";
import type { BindScope } from "./bind-scope.ts";

/** Keys that mean authentication, as other languages name them, and `authentication` where it has no effect. */
const AUTHENTICATION_KEY =
  /^(?:auth(?!ors?$)|aut\w{2,20}[ct]ation$|security|credential|api[-_]?key|access[-_]?token|token$|bearer|headers?$)/i;

/**
 * Tells whether a file says itself how an adapter's credential is sent, however wrongly: nothing is implied then. It
 * has a key that means authentication, a constant that is a credential or refers to something like a variable, an input
 * for the credential, or a placeholder for a variable in a path.
 */
export function namesCredential(
  adapter: ConsumesHttp,
  document: CapabilityDocument,
  variable: BindVariable,
  scope: BindScope,
): boolean {
  const spelling = spellingOf(variable.name);
  // Most names are too short for it.
  const takesVariable = ({ name }: ConsumedInputParameter) =>
    name.length >= spelling.length && spellingOf(name) === spelling;
  const isConstant = (input: ConsumedInputParameter) => isConstantCredential(input, scope);
  // Published operations have inputs of their own for other credentials, such as the token of a person.
  const isOfOperation = (input: ConsumedInputParameter) => takesVariable(input) || isConstant(input);
  const isOfAll = (input: ConsumedInputParameter) => isOfOperation(input) || isCredentialName(input.name);
  const isInPath = (path: string | undefined) => path !== undefined && pathNames(path, spelling, scope);
  const resources = adapter.resources ?? [];
  const operations = resources.flatMap(resource => resource.operations);
  return (
    hasAuthenticationKey([document, document.capability ?? {}, adapter, ...resources, ...operations]) ||
    isInPath(adapter.baseUri) ||
    sends(adapter, isOfAll) ||
    resources.some(resource => isInPath(resource.path) || sends(resource, isOfAll)) ||
    operations.some(
      operation =>
        isInPath(operation.path) || sends(operation, isOfOperation) || holdsCredential(operation.body, scope),
    )
  );
}

/** Keys of nearly every file, which need no look at their letters. */
const USUAL_KEYS: ReadonlySet<string> = new Set(
  `naftiko info capability binds consumes exposes type namespace baseUri resources name path label description
   operations method inputParameters outputRawFormat outputParameters body`.split(/\s+/),
);

/** Tells whether any of the owners has a key that means authentication. */
function hasAuthenticationKey(owners: readonly object[]): boolean {
  for (const owner of owners) {
    for (const key of Object.keys(owner)) if (!USUAL_KEYS.has(key) && AUTHENTICATION_KEY.test(key)) return true;
  }
  return false;
}

/** Tells whether a parameter that may carry a credential is one of those. */
function sends(
  { inputParameters }: { readonly inputParameters?: readonly ConsumedInputParameter[] },
  isCredential: (input: ConsumedInputParameter) => boolean,
): boolean {
  return (
    inputParameters?.some(input => input.in !== "path" && input.in !== "environment" && isCredential(input)) === true
  );
}

/** Tells whether a parameter is a credential that the file gives, or has a value that looks like a variable. */
function isConstantCredential({ name, value, template }: ConsumedInputParameter, scope: BindScope): boolean {
  const text = value ?? template;
  if (typeof text !== "string") return false;
  if (isCredentialName(name) || scope.names.mistakenIn(text) !== undefined) return true;
  const parsed = parseTemplate(text, "double");
  return parsed.ok && parsed.parts.some(part => typeof part === "object" && isVariableLike(part.name, scope));
}

/** Tells whether a path has a placeholder for something like a variable, or such a value of a credential in its query. */
function pathNames(path: string, spelling: string, scope: BindScope): boolean {
  if (!path.includes("{") && !path.includes("?")) return false;
  for (const [, name = ""] of path.matchAll(PLACEHOLDER)) {
    if (scope.bindReference(name) !== undefined || scope.names.looksBound(name)) return true;
  }
  return queryPairs(path).some(({ name, value }) => {
    if (!isCredentialName(name)) return false;
    return !value.includes("{") || spellingOf(value.replace(/[{}\s]/g, "")) === spelling;
  });
}

const PLACEHOLDER = /\{\s*([^{}\s]{1,200})\s*\}/g;

/** Tells whether a body has a constant of a credential's name, or a text that looks like a variable. */
function holdsCredential(body: unknown, scope: BindScope): boolean {
  if (typeof body === "string") {
    if (scope.names.mistakenWithin(body) !== undefined) return true;
    return Array.from(textPairs(body)).some(({ name, value }) => isCredential(name, value));
  }
  if (Array.isArray(body)) return body.some(item => holdsCredential(item, scope));
  if (!isJsonObject(body)) return false;
  return Object.entries(body).some(([name, value]) => isCredential(name, value) || holdsCredential(value, scope));
}

function isCredential(name: string, value: unknown): boolean {
  return typeof value === "string" && !value.includes("{{") && secretName(name) === "secret";
}

function isVariableLike(name: string, { names }: BindScope): boolean {
  return names.isMisspelt(name, false) || names.looksBound(name);
}

/** Returns a name without what people change in it to name a header: case, hyphens, and `X-` in front. */
function spellingOf(name: string): string {
  return name.toLowerCase().replace(/^x[-_]|[-_]/g, "");
}
