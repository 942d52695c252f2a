import { percentDecode } from "../../../base/percent-decoding.ts";
/** A secret of Vault's KV engine, as its API is asked for it. */
export interface VaultSecret {
  /** For messages: `secret/app`. */
  readonly name: string;
  /** Paths of the API, each tried where the one before has nothing: version 2 of the engine, then version 1. */
  readonly paths: readonly string[];
}

/** Parts of Vault that hold no secrets of applications, and give away the caller's own token. */
const RESERVED: ReadonlySet<string> = new Set(["sys", "auth", "identity", "cubbyhole"]);

/**
 * Reads `vault://<mount>/data/<path>`, as the API of version 2 has it, or `vault://<mount>/<path>`, as `vault kv get` has
 * it. Where the mount itself has slashes, `data` tells where it ends.
 *
 * @throws Error for a location that names no secret
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
