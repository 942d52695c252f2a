import type { IncomingMessage, ServerResponse } from "node:http";
import { CallerFields } from "../engine/binds/caller-fields.ts";
import { withOwnVary } from "./send-answer.ts";
import { tenantOfRequest } from "./tenant/tenant-of-request.ts";

/** Gives the fields of a request, and its tenant, to the calls that answer it. Fields are read where a variable of `request:` needs one. */
export function callerFieldsOf(request: IncomingMessage): CallerFields {
  return new CallerFields(name => {
    const { headersDistinct } = request;
    return Object.hasOwn(headersDistinct, name) ? headersDistinct[name] : undefined;
  }, tenantOfRequest(request));
}

/** Tells caches on the way that an answer is for requests with the same fields, if it was had with some. */
export function varyByCaller(raw: ServerResponse, { names }: CallerFields): void {
  if (names.size > 0 && !raw.headersSent) raw.setHeader("vary", withOwnVary(raw, [...names].join(", ")));
}
