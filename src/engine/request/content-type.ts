import { member } from "../../base/json-object.ts";
import type { BodyNode, Operation } from "../../language/model/types.ts";

/**
 * Returns the content type from a header parameter, before anything is written. `undefined` if there is no such parameter
 * or its value is a template.
 *
 * @param inputs the caller's values by input key
 */
export function declaredContentType(
  { parameters, inputs: declared }: Pick<Operation, "parameters" | "inputs">,
  inputs: Readonly<Record<string, unknown>>,
): string | undefined {
  const parameter = parameters.find(({ in: place, name }) => place === "header" && isContentType(name));
  if (parameter === undefined || parameter.source.kind === "template") return undefined;
  const { source } = parameter;
  const value =
    source.kind === "constant"
      ? source.value
      : (member(inputs, source.key) ?? constantOf(declared.get(source.key)?.default?.content));
  return typeof value === "string" ? value : undefined;
}

function constantOf(content: BodyNode | undefined): unknown {
  return content?.kind === "constant" ? content.value : undefined;
}

function isContentType(name: string): boolean {
  return name.toLowerCase() === "content-type";
}
