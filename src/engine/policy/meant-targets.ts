import { percentDecode } from "../../base/percent-decoding.ts";
import type { Adapter, CapabilityModel, Operation } from "../../language/model/types.ts";
import { matchesGlob } from "../../language/overlays/matches-glob.ts";
import type { PolicyTarget } from "./operation-pattern.ts";
import { targetOf } from "./targets.ts";

/**
 * Lists what a request that is passed on may come to at the API, besides itself: the operations of the file that send the
 * same method to the same path, and the path without what some servers leave out. A rule that denies an operation would
 * else be passed by.
 *
 * @param passed the request
 */
export function meantBy(adapter: Adapter, passed: PolicyTarget, model: CapabilityModel): PolicyTarget[] {
  const segments = segmentsOf(passed.path);
  const operations = model.operations.filter(
    operation =>
      operation.adapter === adapter &&
      operation.method === passed.method &&
      isMatch(segmentsOf(templateOf(operation)), segments),
  );
  // All of a namespace is denied by a pattern that leaves the name open.
  const bare = { ...passed, names: [`${adapter.namespace}.`], path: `/${segments.join("/")}` };
  return [bare, ...operations.map(operation => targetOf(operation, model))];
}

/** Cuts a decoded path, without empty segments and without the parameters of segments (RFC 3986, 3.3). */
function segmentsOf(path: string): string[] {
  return path
    .split("/")
    .map(segment => segment.replace(/;.*/s, ""))
    .filter(segment => segment !== "");
}

/** Returns the path of an operation as a glob. */
function templateOf({ pathParts }: Operation): string {
  return pathParts.map(part => (typeof part === "string" ? percentDecode(part) : "*")).join("");
}

function isMatch(globs: readonly string[], segments: readonly string[]): boolean {
  return globs.length === segments.length && globs.every((glob, index) => matchesGlob(glob, segments[index] as string));
}
