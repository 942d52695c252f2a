import type { Parameter } from "../../language/model/types.ts";
import { parameterInvalid } from "./input-error.ts";
import { encodePathValue, refuseDotSegments } from "./locations/path.ts";
import { parameterValue } from "./parameter-value.ts";
import type { RequestPlan } from "./plan-request.ts";
import type { RenderScope } from "./render-template.ts";
import { commaText, percentEncode } from "./scalar-text.ts";

/**
 * Returns the path behind the base URI, with a slash in front; empty for an empty path.
 *
 * @throws CapabilityError `INPUT_INVALID`, `INPUT_MISSING`
 */
export function renderPath({ operation, path }: RequestPlan, scope: RenderScope): string {
  let text = "";
  let masked = "";
  let suspect: Parameter | undefined;
  for (const part of path) {
    if (typeof part === "string") {
      text += part;
      masked += part;
      continue;
    }
    const value = parameterValue(operation, part, scope);
    const encoded = encodePathValue(operation, part, value ?? "");
    // Only values of dots can complete a dot segment: anything else in a segment keeps it from being one.
    if (encoded === "." || encoded === "..") suspect = part;
    text += encoded;
    masked += "x";
  }
  if (suspect !== undefined) refuseDotSegments(operation, suspect, text, masked);
  return text;
}

/**
 * Returns the path's own query. A pair whose whole value is absent is left out; inside a longer value absent is empty.
 */
export function renderQuery({ operation, query }: RequestPlan, scope: RenderScope): string {
  const pairs: string[] = [];
  for (const pair of query) {
    let text = "";
    let isAbsent = false;
    for (const [index, part] of pair.entries()) {
      if (typeof part === "string") {
        text += part;
        continue;
      }
      const invalid = (problem: string) => parameterInvalid(operation, part, problem);
      const value = parameterValue(operation, part, scope);
      if (value !== undefined) text += percentEncode(commaText(value, invalid), invalid);
      else isAbsent = index === pair.length - 1 && /^[^=]*=?$/.test(text);
    }
    if (!isAbsent) pairs.push(text);
  }
  return pairs.join("&");
}
