import { member } from "../../../base/json-object.ts";
import type { Kinds } from "../../document/kinds.ts";
import { isTransportHeader } from "../../expression/transport-header.ts";
import type { Input, Operation } from "../types.ts";

/**
 * Returns the inputs of an operation, by key, that no caller of a unit fills: placeholders of the base URI, as a caller
 * would choose the host that receives the credential (language chapter 5.2, rule 5); the place of the credential, which
 * `authentication` fills (5.4); headers that only the transport writes.
 */
export function closedInputs(operation: Operation, kinds: Kinds): ReadonlySet<string> {
  const place = credentialPlace(operation, kinds);
  const hosts = hostInputs(operation);
  const closed = new Set<string>();
  for (const [key, input] of operation.inputs) {
    const isCredential =
      place !== undefined && input.in === place.in && nameIn(place.in, input.name) === nameIn(place.in, place.name);
    const isForbidden = input.in === "header" && isTransportHeader(input.name);
    if (isCredential || isForbidden || isAuthorization(operation, input) || hosts.has(key)) closed.add(key);
  }
  return closed;
}

/** Returns the inputs, by key, that fill placeholders of the base URI. */
export function hostInputs({ adapter, baseUriSources, inputs }: Operation): ReadonlySet<string> {
  const hosts = new Set<string>();
  const parts = adapter.baseUri.kind === "template" ? adapter.baseUri.template.parts : [];
  const needed = new Set(parts.map(part => (typeof part === "object" && part.kind === "input" ? part.name : "")));
  for (const [name, source] of baseUriSources) {
    if (source.kind === "input" && (needed.has(name) || inputs.get(source.key)?.in === "baseUri"))
      hosts.add(source.key);
  }
  return hosts;
}

function credentialPlace({ adapter }: Operation, { authentications }: Kinds) {
  const { authentication } = adapter;
  const place = authentication && member(authentications, authentication.type)?.place(authentication);
  return typeof place === "object" ? place : undefined;
}

function isAuthorization({ adapter }: Operation, { in: location, name }: Input): boolean {
  return location === "header" && name.toLowerCase() === "authorization" && adapter.authentication !== undefined;
}

function nameIn(location: string, name: string): string {
  return location === "header" ? name.toLowerCase() : name;
}
