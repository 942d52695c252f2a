import { member } from "../../base/json-object.ts";
import { isCredentialHeader, withoutScheme } from "../../base/mask-header.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import { secretName } from "../../base/secret-name.ts";
import type { Input, Operation, PlacedParameter } from "../../language/model/types.ts";
import { authentications } from "../authentication/authentications.ts";
import { headerNameProblem, headerValueProblem } from "./locations/header.ts";
import { rememberCredentialPlace } from "./remember-places.ts";

/** Headers and query parameters that a caller gives for one call. */
export interface AddedFields {
  /**
   * Headers by name, in place of those of the same names: of the file, of an overlay, of an input, of the credential. `null`
   * leaves a header out. They hold for each page of a walk, and for each call of waiting.
   */
  readonly headers?: Readonly<Record<string, string | null | undefined>> | undefined;
  /** Query parameters by name, in place of those of the same names, as headers are. A list repeats the name. */
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>> | undefined;
}

/** Tells whether a call has headers or query parameters of its own. */
export function hasAdded({ headers, query }: AddedFields): boolean {
  return headers !== undefined || query !== undefined;
}

/**
 * Returns an operation that sends these fields in place of those of the same names, which the file, an overlay, an input
 * or a credential would give. Inputs that they replace need no value.
 *
 * @throws TypeError for a field that cannot be sent
 */
export function withAdded(operation: Operation, added: AddedFields): Operation {
  if (!hasAdded(added)) return operation;
  const headers = headersOf(added);
  const query = queryOf(added);
  const isReplaced = (place: string, name: string) =>
    place === "header" ? headers.has(name.toLowerCase()) : place === "query" && query.has(name);
  const relax = (input: Input): Input => (isReplaced(input.in, input.name) ? { ...input, required: false } : input);
  const { adapter, pathParts, queryParts, baseUriSources, body, outputs } = operation;
  const { authentication } = adapter;
  const place = authentication && placeOf(authentication);
  const isWithout = place !== undefined && isReplaced(place.in, place.name);
  return {
    ...operation,
    // An operation that is compiled on its first use has them by getters.
    ...{ pathParts, queryParts, baseUriSources, body, outputs },
    adapter: isWithout ? { ...adapter, authentication: undefined } : adapter,
    parameters: [
      ...operation.parameters.filter(parameter => !isReplaced(parameter.in, parameter.name)),
      ...[...headers].flatMap(([name, value]) => (value === null ? [] : constant("header", name, value))),
      ...[...query].flatMap(([name, values]) => values.map(value => constant("query", name, value))),
    ],
    inputs: new Map([...operation.inputs].map(([key, input]) => [key, relax(input)])),
  };
}

/** Returns the names of the headers that a call is sent without, in lower case. */
export function omittedHeaders(added: AddedFields): readonly string[] {
  return [...headersOf(added)].flatMap(([name, value]) => (value === null ? name : []));
}

/** Adds to `secrets` the values of fields whose names mean a secret. */
export function rememberAdded(added: AddedFields, secrets: SecretMask): void {
  const remember = (name: string, value: string) => {
    if (value === "") return;
    secrets.add(value);
    if (secrets.hasShort) rememberCredentialPlace(name, value, secrets);
  };
  for (const [name, value] of headersOf(added)) {
    if (value === null || !isCredentialHeader(name)) continue;
    if (name === "cookie") for (const pair of value.split("; ")) remember(name, pair.replace(/^[^=]*=/, ""));
    // A scheme of any name: what follows it is the secret.
    else remember(name, withoutScheme(value).replace(/^[A-Za-z][\w-]* +(?=\S+$)/, ""));
  }
  for (const [name, values] of queryOf(added))
    if (secretName(name) !== undefined) for (const value of values) remember(name, value);
}

function placeOf(authentication: NonNullable<Operation["adapter"]["authentication"]>) {
  const place = member(authentications, authentication.type)?.place(authentication);
  return typeof place === "object" ? place : undefined;
}

function constant(place: "header" | "query", name: string, value: string): PlacedParameter {
  return { name, in: place, type: "string", source: { kind: "constant", value }, required: false, pointer: "" };
}

/** Returns the headers by their names in lower case; `null` for one to be left out. */
function headersOf({ headers = {} }: AddedFields): ReadonlyMap<string, string | null> {
  const checked = new Map<string, string | null>();
  for (const [written, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const name = written.toLowerCase();
    const problem = headerNameProblem(name) ?? (value === null ? undefined : headerValueProblem(value));
    if (problem !== undefined) throw new TypeError(`headers: ${JSON.stringify(written)} ${problem}`);
    checked.set(name, value);
  }
  return checked;
}

function queryOf({ query = {} }: AddedFields): ReadonlyMap<string, readonly string[]> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return new Map(given.map(([name, value]) => [name, typeof value === "string" ? [value] : (value ?? [])]));
}
