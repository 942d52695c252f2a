import { createHash } from "node:crypto";
import type { HttpRequest } from "../http-request.ts";
import type { TlsIdentity } from "../transport.ts";

/** Fields that the cache obeys. */
const DIRECTIVE: ReadonlySet<string> = new Set(["cache-control", "pragma"]);

/** Fields that do not identify the caller. Answers differ by them only if `Vary` says so. */
const NEUTRAL = /^(?:accept(?:-.+)?|user-agent)$/;

/** Key of the caller's digest. It is not a valid field name, so that no answer can vary by it. */
const CALLER = ":caller";

/** Returns the header fields of a request for the cache, which stores only digests of them. */
export function keyHeaders({ headers }: HttpRequest, tls: TlsIdentity | undefined): Record<string, string> {
  const seen: Record<string, string> = {};
  const caller: string[] = [];
  for (const name of Object.keys(headers).sort()) {
    const value = headers[name] ?? "";
    if (DIRECTIVE.has(name)) seen[name] = value;
    else if (NEUTRAL.test(name)) seen[name] = digest(value);
    else caller.push(name, value);
  }
  // Any field may contain a credential, so that every field that is not neutral identifies the caller.
  seen[CALLER] = digest(JSON.stringify([caller, tls?.id ?? ""]));
  return seen;
}

/** Returns the digest of a URL, which may contain a credential. */
export function urlDigest(origin: string, path: string): string {
  return digest(origin + path);
}

/** Returns the digest of the parts by which requests to one URL differ, without those that `Vary` names. */
export function variantDigest(method: string, headers: Readonly<Record<string, unknown>>): string {
  return digest(`${method} ${String(headers[CALLER])}`);
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
