import { member } from "../../base/json-object.ts";
import type { Operation } from "../../language/model/types.ts";

/**
 * The content type that a header parameter gives the request before anything is written; `undefined` where there is
 * none, or a template decides.
 *
 * @param inputs the caller's values by input key
 */
export function declaredContentType(
  { parameters }: Operation,
  inputs: Readonly<Record<string, unknown>>,
): string | undefined {
  const parameter = parameters.find(({ in: place, name }) => place === "header" && isContentType(name));
  if (parameter === undefined || parameter.source.kind === "template") return undefined;
  const { source } = parameter;
  const value = source.kind === "constant" ? source.value : member(inputs, source.key);
  return typeof value === "string" ? value : undefined;
}

function isContentType(name: string): boolean {
  return name.toLowerCase() === "content-type";
}
