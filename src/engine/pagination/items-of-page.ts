import { isJsonObject, member } from "../../base/json-object.ts";
import type { Operation } from "../../language/model/types.ts";
import type { PageAnswer } from "./page-answer.ts";

/**
 * The items that whoever walks the pages wants: what the file makes of an answer goes before what the answer holds.
 *
 * @param own the items of the body
 * @param areDescribed whether somebody has said that these are the items
 */
export function itemsOfPage(
  { outputs: declared }: Pick<Operation, "outputs">,
  { outputs, body }: PageAnswer,
  own: readonly unknown[] | undefined,
  areDescribed: boolean,
): readonly unknown[] | undefined {
  if (areDescribed || declared === undefined) return own;
  const [output, ...others] = declared;
  if (output === undefined || others.length > 0 || !isJsonObject(outputs)) return undefined;
  const value = member(outputs, output.name);
  if (Array.isArray(value)) return value;
  if (value === body) return own;
  // A page without the list, among others that have it.
  return output.type === "array" && (value === null || value === undefined) ? [] : undefined;
}
