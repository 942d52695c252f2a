import { badRequest } from "../api-error.ts";

/** A parsed request target. */
interface RequestPath {
  /** Path segments, percent-decoded once. A slash at the end does not count. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

/**
 * Splits a request target before decoding it: an encoded slash stays part of its segment.
 *
 * @throws ApiError 400 for a malformed escape
 */
export function parseRequestPath(target: string): RequestPath {
  if (!target.startsWith("/")) throw badRequest("The request target must be a path");
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  const segments = path.slice(1).split("/");
  if (segments.at(-1) === "") segments.pop();
  return {
    segments: segments.map(decodeSegment),
    query: new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1)),
  };
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest("The path holds a malformed percent escape");
  }
}
