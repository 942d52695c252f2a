import { writeHar } from "../../har/har-entry.ts";
import { type ShownRequest, withPlaceholders } from "../pieces.ts";
import type { ShowForm } from "../show-form.ts";

/** Writes an HTTP Archive 1.2 with the request alone. The format asks for an answer, which is an empty one. */
export const har: ShowForm = ({ method, url, headers, body }, startedAt) => {
  const request = {
    method,
    url: withPlaceholders(url),
    headers: headers.map(([name, value]) => ({ name, value: withPlaceholders(value) })),
    bodySize: sizeOf(body),
    body: body === undefined || body instanceof Uint8Array ? body : withPlaceholders(body),
  };
  return writeHar([{ startedAt, request }]);
};

/** Returns the size of a body, or -1 if it depends on variables. */
function sizeOf(body: ShownRequest["body"]): number {
  if (body === undefined) return 0;
  if (body instanceof Uint8Array) return body.length;
  return body.every(piece => typeof piece === "string") ? Buffer.byteLength(body.join("")) : -1;
}
