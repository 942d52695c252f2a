import type { ResponseHeaders } from "../base/capability-error.ts";
import type { HttpResponse } from "./transport.ts";

/** Copies a response: a change to one copy is not seen in another. */
export function copyResponse(response: HttpResponse): HttpResponse {
  return { ...response, headers: copyHeaders(response.headers), body: new Uint8Array(response.body) };
}

export function copyHeaders(headers: ResponseHeaders): ResponseHeaders {
  const copies = Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]);
  return Object.fromEntries(copies) as ResponseHeaders;
}
