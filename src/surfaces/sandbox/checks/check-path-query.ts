import type { Operation } from "../../../language/model/types.ts";
import { quote } from "../api-error.ts";
import { decodePattern, matchSegment, splitParts } from "../routing/segment-pattern.ts";

/** What of a query that is written in the path did not arrive: literal text, or the value of a placeholder. */
export function pathQueryProblem({ queryParts }: Operation, query: URLSearchParams): string | undefined {
  // In a query a plus sign is a space.
  const parts = queryParts.map(part => (typeof part === "string" ? part.replaceAll("+", " ") : part));
  for (const [first, ...others] of splitParts(parts, "&")) {
    // A placeholder in a name is not compared: no request could be told by it.
    if (typeof first !== "string" || first === "" || (others.length > 0 && !first.includes("="))) continue;
    if (others.some(part => typeof part !== "string" && !part.required)) continue;
    const [before = "", ...after] = first.split("=");
    const [name = ""] = decodePattern([before]);
    const pattern = decodePattern([after.join("="), ...others]);
    if (query.getAll(String(name)).some(text => matchSegment(pattern, text) !== undefined)) continue;
    const expected = pattern.map(part => (typeof part === "string" ? part : `{${part.name}}`)).join("");
    return `Query parameter ${quote(String(name))} must be ${quote(expected)}`;
  }
  return undefined;
}
