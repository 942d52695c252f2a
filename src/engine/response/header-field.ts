import type { ResponseHeaders } from "../../base/capability-error.ts";

/** A header field by its name in lower case; the first where a server sent it more than once. */
export function fieldOf(headers: ResponseHeaders, name: string): string | undefined {
  const field = headers[name];
  return typeof field === "string" ? field : field?.[0];
}
