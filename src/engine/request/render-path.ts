import { queryDecode } from "../../base/percent-decoding.ts";
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
    const encoded = encodePathValue(operation, part, value ?? []);
    // Only values of dots can complete a dot segment: anything else in a segment keeps it from being one.
    if (encoded === "." || encoded === "..") suspect = part;
    text += encoded;
    masked += "x";
  }
  if (suspect !== undefined) refuseDotSegments(operation, suspect, text, masked);
  return text;
}

/**
 * Returns the pairs of the path's own query. A pair whose whole value is absent is left out; inside a longer value absent is empty.
 */
export function renderQuery({ operation, query }: RequestPlan, scope: RenderScope): readonly string[] {
  if (query.length === 0) return NO_PAIRS;
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
      const written = value === undefined ? undefined : commaText(value, invalid, item => percentEncode(item, invalid));
      if (written !== undefined) text += written;
      else isAbsent = index === pair.length - 1 && /^[^=]*=?$/.test(text);
    }
    if (!isAbsent) pairs.push(text);
  }
  return pairs;
}

const NO_PAIRS: readonly string[] = [];

/**
 * Joins the path's own query and the pairs of parameters. A pair of the path gives way to a parameter of its name
 * that has a value.
 */
export function joinQuery(own: readonly string[], pairs: string): string {
  if (own.length === 0) return pairs;
  if (pairs === "") return own.join("&");
  const given = new Set(pairs.split("&").map(pairName));
  return [...own.filter(pair => !given.has(pairName(pair))), pairs].join("&");
}

function pairName(pair: string): string {
  const [name = ""] = pair.split("=", 1);
  return queryDecode(name);
}
