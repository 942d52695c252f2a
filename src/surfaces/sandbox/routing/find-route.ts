import type { Operation } from "../../../language/model/types.ts";
import { ApiError, badRequest, quote } from "../api-error.ts";
import type { Endpoint, Site } from "./endpoint.ts";
import { matchSegment } from "./segment-pattern.ts";

/** The endpoint of a request. */
interface Route {
  readonly endpoint: Endpoint;
  /** The operations of the request's method, at least one. */
  readonly operations: readonly [Operation, ...Operation[]];
  /** Values of the path's parameters in order. */
  readonly values: readonly string[];
  readonly query: URLSearchParams;
}

/**
 * Finds the endpoint of a request. HEAD is served as GET (RFC 9110, 9.3.2).
 *
 * @param target path and query as received
 * @throws ApiError 400 for a malformed target, 404 for an unknown path, 405 for a path without the method
 */
export function findRoute(site: Site, method: string, target: string): Route {
  if (!target.startsWith("/")) throw badRequest("The request target must be a path");
  const [path = "", search = ""] = target.split(/\?(.*)/s);
  const query = new URLSearchParams(search);
  const segments = splitPath(path);
  const allowed = new Set<string>();
  for (const endpoint of site.endpoints.get(segments.length) ?? []) {
    const values = matchPath(endpoint, segments);
    if (values === undefined) continue;
    const [first, ...others] =
      endpoint.operations.get(method) ?? (method === "HEAD" ? endpoint.operations.get("GET") : undefined) ?? [];
    if (first !== undefined) return { endpoint, operations: [first, ...others], values, query };
    for (const known of endpoint.operations.keys()) allowed.add(known);
  }
  const shown = quote(`/${segments.join("/")}`);
  if (allowed.size === 0) throw new ApiError(404, "not_found", `No operation has the path ${shown}`);
  if (allowed.has("GET")) allowed.add("HEAD");
  const methods = [...allowed].filter(known => /^[A-Z]+$/.test(known)).sort();
  const message = `No operation has the method ${quote(method)} on ${shown}; it has ${methods.join(", ")}`;
  throw new ApiError(405, "method_not_allowed", message, { allow: methods.join(", ") });
}

function matchPath({ pattern }: Endpoint, segments: readonly string[]): string[] | undefined {
  const values: string[] = [];
  for (const [index, segment] of pattern.entries()) {
    const found = matchSegment(segment, segments[index] ?? "");
    if (found === undefined) return undefined;
    values.push(...found);
  }
  return values;
}

/** Splits a path before decoding it: an encoded slash stays part of its segment. A slash at the end does not count. */
function splitPath(path: string): string[] {
  const segments = path.slice(1).split("/");
  if (segments.at(-1) === "") segments.pop();
  return segments.map(segment => {
    try {
      return decodeURIComponent(segment);
    } catch {
      throw badRequest("The path holds a malformed percent escape");
    }
  });
}
