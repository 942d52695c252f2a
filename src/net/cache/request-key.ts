import { createHash } from "node:crypto";
import type { HttpRequest } from "../http-request.ts";
import type { TlsIdentity } from "../transport.ts";

/** What the cache obeys. */
const DIRECTIVE: ReadonlySet<string> = new Set(["cache-control", "pragma"]);

/** Fields that say nothing about who asks: answers differ by them where `Vary` says so. */
const NEUTRAL = /^(?:accept(?:-.+)?|user-agent)$/;

/** No name of a header field, so that no answer can vary by it. */
const CALLER = ":caller";

/** The header fields of a request as a cache may see them: no field that it keeps is more than a digest. */
export function keyHeaders({ headers }: HttpRequest, tls: TlsIdentity | undefined): Record<string, string> {
  const seen: Record<string, string> = {};
  const caller: string[] = [];
  for (const name of Object.keys(headers).sort()) {
    const value = headers[name] ?? "";
    if (DIRECTIVE.has(name)) seen[name] = value;
    else if (NEUTRAL.test(name)) seen[name] = digest(value);
    else caller.push(name, value);
  }
  // Any field may hold a credential, whatever its name: what is not known to be neutral tells callers apart.
  seen[CALLER] = digest(JSON.stringify([caller, tls?.id ?? ""]));
  return seen;
}

/** The digest of a URL, which may hold a credential. */
export function urlDigest(origin: string, path: string): string {
  return digest(origin + path);
}

/** The digest of all that tells requests to one URL apart, but for what `Vary` names. */
export function variantDigest(method: string, headers: Readonly<Record<string, unknown>>): string {
  return digest(`${method} ${String(headers[CALLER])}`);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
