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
    const isHost = input.in === "baseUri" || hosts.has(key);
    if (isCredential || isForbidden || isHost || isAuthorization(operation, input)) closed.add(key);
  }
  return closed;
}

/** Returns the inputs, by key, that fill placeholders of the base URI in use. */
export function hostInputs({ adapter, baseUriSources }: Operation): ReadonlySet<string> {
  const hosts = new Set<string>();
  const parts = adapter.baseUri.kind === "template" ? adapter.baseUri.template.parts : [];
  for (const part of parts) {
    const source = typeof part === "object" && part.kind === "input" ? baseUriSources.get(part.name) : undefined;
    if (source?.kind === "input") hosts.add(source.key);
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
