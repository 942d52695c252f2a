/** A secret of Kubernetes, or the folder in which one is mounted. */
export type SecretLocation =
  | { readonly kind: "folder"; readonly folder: string }
  /** Without a `namespace` it is the one that the process runs in. */
  | { readonly kind: "secret"; readonly namespace: string | undefined; readonly name: string };

/** Names of Kubernetes (RFC 1123, subdomains). */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * Reads `k8s://<name>`, `k8s://<namespace>/<name>` (with `secrets` between the two, as the API has it, or without), or
 * `k8s:///<folder>`.
 *
 * @throws Error for anything else
 */
export function parseSecretLocation(location: string): SecretLocation {
  const [, path = ""] = /^k8s(?:-secret)?:\/\/([^?#]*)$/i.exec(location) ?? [];
  if (path.startsWith("/")) return { kind: "folder", folder: decodeURIComponent(path) };
  const [first = "", ...rest] = path.replace(/\/$/, "").split("/");
  if (rest.length === 2 && /^secrets?$/.test(rest[0] ?? "")) rest.shift();
  const [name = first] = rest;
  if (rest.length > 1 || !NAME.test(first) || !NAME.test(name))
    throw new Error("it is not k8s://<namespace>/<name>, nor k8s:///<folder of a mounted secret>");
  return { kind: "secret", namespace: rest.length === 0 ? undefined : first, name };
}
