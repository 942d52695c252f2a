import type { ResponseHeaders } from "../../base/capability-error.ts";

/** Returns a header field by its name in lower case, the first one if there are several. */
export function fieldOf(headers: ResponseHeaders, name: string): string | undefined {
  const field = headers[name];
  return typeof field === "string" ? field : field?.[0];
}
