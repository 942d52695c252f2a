import type { BindVariable } from "../document/declared-binds.ts";
import type { CapabilityDocument, ConsumedInputParameter, ConsumesHttp } from "../document/document-types.ts";
import { isCredentialName } from "../expression/credential-name.ts";
import { isVariableName } from "../expression/mistaken-reference.ts";
import { parseTemplate } from "../expression/template.ts";
import type { BindScope } from "./bind-scope.ts";

/** Keys that mean authentication, as other languages name them, and `authentication` where it has no effect. */
const AUTHENTICATION_KEY =
  /^(?:auth(?!ors?$)|aut\w{2,20}[ct]ation$|security|credential|api[-_]?key|access[-_]?token|token$|bearer|headers?$)/i;

/**
 * Tells whether a file says itself how an adapter's credential is sent, however wrongly: nothing is implied then. It
 * has a key that means authentication, a constant that is a credential or refers to something like a variable, or an
 * input for the credential.
 */
export function namesCredential(
  adapter: ConsumesHttp,
  document: CapabilityDocument,
  variable: BindVariable,
  scope: BindScope,
): boolean {
  const spelling = spellingOf(variable.name);
  const takesVariable = ({ name }: ConsumedInputParameter) => spellingOf(name) === spelling;
  const isConstant = (input: ConsumedInputParameter) => isConstantCredential(input, scope);
  // Published operations have inputs of their own for other credentials, such as the token of a person.
  const isOfOperation = (input: ConsumedInputParameter) => takesVariable(input) || isConstant(input);
  const isOfAll = (input: ConsumedInputParameter) => isOfOperation(input) || isCredentialName(input.name);
  return (
    [document, document.capability ?? {}, adapter].some(hasAuthenticationKey) ||
    sentInputs(adapter).some(isOfAll) ||
    (adapter.resources ?? []).some(
      resource =>
        hasAuthenticationKey(resource) ||
        sentInputs(resource).some(isOfAll) ||
        resource.operations.some(
          operation => hasAuthenticationKey(operation) || sentInputs(operation).some(isOfOperation),
        ),
    )
  );
}

function hasAuthenticationKey(owner: object): boolean {
  return Object.keys(owner).some(key => AUTHENTICATION_KEY.test(key));
}

/** Lists the parameters that may carry a credential. */
function sentInputs({
  inputParameters = [],
}: {
  readonly inputParameters?: readonly ConsumedInputParameter[];
}): readonly ConsumedInputParameter[] {
  return inputParameters.filter(({ in: location }) => location !== "path" && location !== "environment");
}

/** Tells whether a parameter is a credential that the file gives, or has a value that looks like a variable. */
function isConstantCredential({ name, value, template }: ConsumedInputParameter, scope: BindScope): boolean {
  const text = value ?? template;
  if (typeof text !== "string") return false;
  if (isCredentialName(name) || scope.names.mistakenIn(text) !== undefined) return true;
  const parsed = parseTemplate(text, "double");
  return parsed.ok && parsed.parts.some(part => typeof part === "object" && isVariableLike(part.name, scope));
}

function isVariableLike(name: string, { names }: BindScope): boolean {
  return names.isMisspelt(name, false) || (isVariableName(name) && !names.isOfUnit(name));
}

/** Returns a name without what people change in it to name a header: case, hyphens, and `X-` in front. */
function spellingOf(name: string): string {
  return name
    .replace(/^x[-_]/i, "")
    .replace(/[-_]/g, "")
    .toLowerCase();
}
