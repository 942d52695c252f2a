import type { SecretMask } from "../base/mask-secrets.ts";
import { MASK } from "../base/masking/mask.ts";
import { isOfCaller } from "../language/document/caller-field.ts";
import type { Operation, ParameterSource, Template } from "../language/model/types.ts";
import { isSecretInput } from "./request/secret-input.ts";
import { references } from "./request/template-references.ts";

/**
 * Makes what writes the URLs of an operation's requests for traces: without the values of query parameters, and without
 * secrets. Looking for known secrets costs as much as the rest of a call: it is done where the file can put one before the
 * query, and for every URL that is not the operation's own.
 */
export function urlsForTraces(
  operation: Operation,
  secrets: Pick<SecretMask, "text">,
): (url: string, isOwn: boolean) => string {
  const mayHold = holdsSecret(operation);
  const holdsCallers = sourcesBeforeQuery(operation).some(isOfCallers);
  return (url, isOwn) => {
    const mark = url.indexOf("?");
    const place = mark < 0 ? url : url.slice(0, mark);
    // Credentials of callers are not among the secrets, which are those of all calls.
    const shown = holdsCallers
      ? MASK
      : mayHold || !isOwn || place.includes("@")
        ? secrets.text(withoutUser(place))
        : place;
    return mark < 0 ? shown : `${shown}?${withoutValues(url.slice(mark + 1))}`;
  };
}

/** Tells whether a URL of an operation may have a secret before its query. */
function holdsSecret(operation: Operation): boolean {
  return sourcesBeforeQuery(operation).some(source => isSecret(source, operation.inputs));
}

function sourcesBeforeQuery({ adapter: { baseUri }, pathParts, baseUriSources }: Operation): ParameterSource[] {
  return [
    ...pathParts.flatMap(part => (typeof part === "string" ? [] : [part.source])),
    ...baseUriSources.values(),
    ...(baseUri.kind === "template" ? [{ kind: "template", template: baseUri.template } as const] : []),
  ];
}

function isOfCallers(source: ParameterSource): boolean {
  return source.kind === "template" && references([[source.template, {}]]).variables.some(isOfCaller);
}

function isSecret(source: ParameterSource, inputs: Operation["inputs"]): boolean {
  if (source.kind === "constant") return false;
  if (source.kind === "template") return isOfVariable(source.template);
  const input = inputs.get(source.key);
  return input !== undefined && isSecretInput(input);
}

function isOfVariable(template: Template): boolean {
  return references([[template, {}]]).variables.length > 0;
}

const USER = /^([a-z]+:\/\/)[^/@]*@/i;

function withoutUser(place: string): string {
  return place.replace(USER, `$1${MASK}@`);
}

function withoutValues(query: string): string {
  return query
    .split("&")
    .map(pair => {
      const end = pair.indexOf("=");
      return end < 0 ? MASK : `${pair.slice(0, end)}=${MASK}`;
    })
    .join("&");
}
