import type { ResponseHead } from "../../transport.ts";

/** A way in which a body is packed for its way (RFC 9110, 8.4.1; RFC 7932; RFC 8878). */
export type ContentCoding = "gzip" | "deflate" | "br" | "zstd";

const CODINGS: ReadonlyMap<string, ContentCoding> = new Map([
  ["gzip", "gzip"],
  ["x-gzip", "gzip"],
  ["deflate", "deflate"],
  ["br", "br"],
  ["zstd", "zstd"],
]);

/**
 * Reads the codings of a body, in the order they were applied. `undefined` without codings or a body, and if one is not
 * known: servers write anything there, such as a charset. Then the body is given as it came.
 */
export function contentCodings(
  { status, headers }: ResponseHead,
  method: string,
): readonly ContentCoding[] | undefined {
  const field = headers["content-encoding"];
  if (field === undefined || method === "HEAD" || status === 204 || status === 304) return undefined;
  const found: ContentCoding[] = [];
  for (const written of String(field).split(",")) {
    const name = written.trim().toLowerCase();
    if (name === "" || name === "identity") continue;
    const coding = CODINGS.get(name);
    if (coding === undefined) return undefined;
    found.push(coding);
  }
  return found.length === 0 ? undefined : found;
}
