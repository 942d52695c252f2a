import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { isJsonObject, member } from "../../../base/json-object.ts";
import type { BindSurroundings } from "../bind-reader.ts";
import { requestJson } from "../request-json.ts";
import type { SecretFields } from "../shared-reads.ts";

/** The folder in which Kubernetes puts a pod's token, namespace and the authority of its API. */
const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/**
 * Reads a secret with the service account of the pod.
 *
 * @throws Error with the reason; outside of a pod, with the missing variable
 */
export async function readSecretOfApi(
  { namespace, name }: SecretLocation & { readonly kind: "secret" },
  env: BindSurroundings["env"],
  signal: AbortSignal,
): Promise<SecretFields> {
  const host = env["KUBERNETES_SERVICE_HOST"];
  if (!host) {
    throw new Error(
      "KUBERNETES_SERVICE_HOST is not set: this is not a pod; KUBERNETES_SECRETS_DIR names the folder of mounted secrets",
    );
  }
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "443";
  const folder = env["KUBERNETES_SERVICE_ACCOUNT_DIR"] ?? SERVICE_ACCOUNT;
  const token = await readAccount(folder, "token");
  const certificateAuthority = await readAccount(folder, "ca.crt");
  const own = namespace ?? (await readAccount(folder, "namespace"));
  const { status, body } = await requestJson({
    url: `https://${host.includes(":") ? `[${host}]` : host}:${port}/api/v1/namespaces/${own}/secrets/${name}`,
    headers: { authorization: `Bearer ${token}`, accept: "application/json" },
    certificateAuthority,
    signal,
  });
  const secret = `${own}/${name}`;
  if (status === 404) throw new Error(`Kubernetes has no secret ${secret}`);
  if (status === 401 || status === 403)
    throw new Error(`Kubernetes does not let the service account read the secret ${secret} (${status})`);
  if (status !== 200) throw new Error(`Kubernetes answered ${status} for the secret ${secret}`);
  const data = isJsonObject(body) ? member(body, "data") : undefined;
  return new Map(Object.entries(isJsonObject(data) ? data : {}).map(([key, value]) => [key, decode(value)]));
}

async function readAccount(folder: string, name: string): Promise<string> {
  const file = path.join(folder, name);
  try {
    return (await readFile(file, "utf8")).trim();
  } catch (error) {
    throw new Error(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Decodes a value, which the API gives in Base64. Returns `undefined` if it is not text. */
function decode(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const bytes = Buffer.from(value, "base64");
  return isUtf8(bytes) ? bytes.toString("utf8").replace(/\r?\n$/, "") : undefined;
}

/** A secret of Kubernetes, or the folder in which one is mounted. */
export type SecretLocation =
  | { readonly kind: "folder"; readonly folder: string }
  /** Without a `namespace`, that of the process. */
  | { readonly kind: "secret"; readonly namespace: string | undefined; readonly name: string };

/** Names of Kubernetes (RFC 1123, subdomains). */
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * Reads `k8s://<name>`, `k8s://<namespace>/<name>` (with `secrets` between the two, as the API has it, or without), or
 * `k8s:///<folder>`.
 *
 * @throws Error for any other location
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
