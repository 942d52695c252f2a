import { requireOptions } from "../base/option-kinds.ts";
import { baseUriProblem, shownBaseUri } from "../language/expression/base-uri.ts";
import type { OpenOptions } from "./open-options.ts";
import { openOptions, policyOptions } from "./options.ts";

/**
 * Checks the options of opening a capability.
 *
 * @throws TypeError, RangeError
 */
export function checkOptions(options: OpenOptions): void {
  requireOptions(options, openOptions);
  if (options.policy !== undefined) requireOptions(options.policy, policyOptions);
  for (const [namespace, url] of baseUrisOf(options.baseUri)) {
    const problem = baseUriProblem(url);
    const owner = typeof options.baseUri === "string" ? "" : ` of ${JSON.stringify(namespace)}`;
    if (problem !== undefined)
      throw new TypeError(`The base URI ${JSON.stringify(shownBaseUri(url))}${owner} ${problem}`);
  }
}

/** Returns the base URIs by namespace; one for every adapter is under `"*"`. */
export function baseUrisOf(baseUri: OpenOptions["baseUri"]): ReadonlyMap<string, string> {
  if (baseUri === undefined) return new Map();
  return typeof baseUri === "string" ? new Map([["*", baseUri]]) : new Map(Object.entries(baseUri));
}
