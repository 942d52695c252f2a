import { isJsonObject, isObject } from "../../base/json-object.ts";
import type { Step } from "../document/document-types.ts";

/** Returns the name of the item of `x-forEach`. `undefined` without it. */
export function itemName({ "x-forEach": loop }: Step): string | undefined {
  if (loop === undefined || loop === null) return undefined;
  return isJsonObject(loop) && typeof loop["as"] === "string" ? loop["as"] : "item";
}

/** Returns the members that the paths of a filter begin with. */
export function firstMembers(filter: unknown): readonly string[] {
  if (!isObject(filter)) return [];
  const { kind, path } = filter as { readonly kind?: unknown; readonly path?: { readonly steps?: unknown } };
  const [first] = kind === "path" && Array.isArray(path?.steps) ? path.steps : [];
  const own =
    isJsonObject(first) && first["kind"] === "member" && typeof first["name"] === "string" ? [first["name"]] : [];
  return [...own, ...Object.values(filter).flatMap(firstMembers)];
}
