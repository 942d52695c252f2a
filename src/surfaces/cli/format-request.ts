import { maskHeader } from "../../base/mask-header.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import { type HttpRequest, isBodyStream, type RequestBody } from "../../net/http-request.ts";

/** Returns a request as lines for people: request line, headers, body; secrets masked. */
export function formatRequest(request: HttpRequest, secrets: SecretMask): string[] {
  const { method, url, headers, body } = shownRequest(request, secrets);
  const lines = [`${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
  // The lines of a form in parts end in CR LF: shown as escapes, they would hide the rest.
  if (body !== undefined) lines.push("", ...body.split(/\r\n|\n/));
  return lines;
}

/** Returns a request with secrets masked. */
export function shownRequest(
  { method, url, headers, body }: HttpRequest,
  secrets: SecretMask,
): { method: string; url: string; headers: Record<string, string>; body?: string } {
  return {
    method,
    url: secrets.text(url),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, maskHeader(name, value, secrets)]),
    ),
    ...(body === undefined ? {} : { body: secrets.text(shownBody(body)) }),
  };
}

/** Returns a body as far as people can read it. */
function shownBody(body: RequestBody): string {
  if (typeof body === "string") return body;
  if (!isBodyStream(body)) return `(${body.byteLength} bytes)`;
  return body.outline ?? `(${body.size} bytes)`;
}
