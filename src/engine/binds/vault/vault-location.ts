import { percentDecode } from "../../../base/percent-decoding.ts";
/** A secret of Vault's KV engine, in the terms of its API. */
export interface VaultSecret {
  /** Name for messages: `secret/app`. */
  readonly name: string;
  /** Paths of the API, tried in this order: version 2 of the engine, then version 1. */
  readonly paths: readonly string[];
}

/** Parts of Vault without secrets of applications, which give away the caller's own token. */
const RESERVED: ReadonlySet<string> = new Set(["sys", "auth", "identity", "cubbyhole"]);

/**
 * Reads `vault://<mount>/data/<path>`, as in the API of version 2, or `vault://<mount>/<path>`, as for `vault kv get`. If
 * the mount itself has slashes, `data` tells where it ends.
 *
 * @throws Error for a location without a secret
 */
export function parseVaultLocation(location: string): VaultSecret {
  const [, path = ""] = /^vault:\/\/\/?([^?#]*)$/i.exec(location) ?? [];
  const segments = path.replace(/\/$/, "").split("/").map(percentDecode);
  const [mount = ""] = segments;
  if (segments.length < 2 || segments.some(segment => /^\.{0,2}$|\//.test(segment)))
    throw new Error("it is not vault://<mount>/<path>");
  if (RESERVED.has(mount.toLowerCase()))
    throw new Error(`"${mount}" is a part of Vault itself, from which no secret is read`);
  const encoded = segments.map(encodeURIComponent);
  const data = segments.indexOf("data");
  if (data > 0 && data < segments.length - 1)
    return { name: segments.toSpliced(data, 1).join("/"), paths: [encoded.join("/")] };
  return { name: segments.join("/"), paths: [encoded.toSpliced(1, 0, "data").join("/"), encoded.join("/")] };
}
