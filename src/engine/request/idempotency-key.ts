import { isIdempotent } from "../../net/layers/idempotent.ts";
import type { PreparedRequest } from "./build-request.ts";
import { headerValueProblem } from "./locations/header.ts";

/** Key by which a server tells a repeated request from another one, and its place. */
export interface IdempotencyKey {
  /** Name of the header in lower case. */
  readonly header: string;
  readonly value: string;
}

/** Settings for the key of a call. */
interface KeyChoice {
  readonly header: string;
  /** Whether calls that change something each time get a key. */
  readonly isUsual: boolean;
  /** Key of the caller, or whether to make one. */
  readonly given: boolean | string | undefined;
}

/**
 * Returns the key of one call, which all its attempts share.
 *
 * @throws TypeError for a key that cannot be sent
 */
export function chooseKey({ header, isUsual, given }: KeyChoice, method: string): IdempotencyKey | undefined {
  if (typeof given === "string") {
    const problem = given.trim() === "" ? "is empty" : headerValueProblem(given);
    if (problem !== undefined) throw new TypeError(`idempotencyKey ${problem}`);
    return { header, value: given };
  }
  const isWanted = given ?? (isUsual && !isIdempotent(method));
  return isWanted ? { header, value: crypto.randomUUID() } : undefined;
}

/** Adds the key to the request, unless the caller gives one as an input. */
export function addKey(prepared: PreparedRequest, key: IdempotencyKey | undefined): PreparedRequest {
  if (key === undefined) return prepared;
  const { request } = prepared;
  const { header, value } = key;
  if (Object.hasOwn(request.headers, header)) return prepared;
  return { ...prepared, request: { ...request, headers: { ...request.headers, [header]: value } } };
}
