import { percentDecode } from "../../../base/percent-decoding.ts";
import { withTenant } from "../../../language/document/tenant-location.ts";

/** A secret of Vault's KV engine, in the terms of its API. */
export interface VaultSecret {
  /** Name for messages: `secret/app`. */
  readonly name: string;
  /** Paths of the API, tried in this order: version 2 of the engine, then version 1. */
  readonly paths: readonly string[];
}

/** Parts of Vault without secrets of applications, which give away the caller's own token. */
const RESERVED: ReadonlySet<string> = new Set(["sys", "auth", "identity", "cubbyhole"]);

/** First words of the paths that version 2 of the engine has below a mount. */
const API_WORDS: ReadonlySet<string> = new Set("config data delete destroy metadata subkeys undelete".split(" "));

/**
 * Reads `vault://<mount>/data/<path>`, as in the API of version 2, or `vault://<mount>/<path>`, as for `vault kv get`. If
 * the mount itself has slashes, `data` tells where it ends.
 *
 * @param tenant put in place of `{tenant}`. Its name never decides what the other parts of the location mean.
 * @throws Error for a location without a secret
 */
export function parseVaultLocation(location: string, tenant?: string): VaultSecret {
  const [, path = ""] = /^vault:\/\/\/?([^?#]*)$/i.exec(location) ?? [];
  const segments = path.replace(/\/$/, "").split("/").map(percentDecode);
  if (segments.length < 2 || segments.some(segment => /^\.{0,2}$|\//.test(segment)))
    throw new Error("it is not vault://<mount>/<path>");
  const meant = tenant === undefined ? segments : segments.map(segment => withTenant(segment, tenant));
  const [mount = "", first = ""] = meant;
  if (RESERVED.has(mount.toLowerCase()))
    throw new Error(`"${mount}" is a part of Vault itself, from which no secret is read`);
  const encoded = meant.map(encodeURIComponent);
  const data = segments.indexOf("data");
  if (data > 0 && data < segments.length - 1)
    return { name: meant.toSpliced(data, 1).join("/"), paths: [encoded.join("/")] };
  const newer = encoded.toSpliced(1, 0, "data").join("/");
  // To version 2, a tenant of this name would be a part of its API.
  const hasOlder = meant[1] === segments[1] || !API_WORDS.has(first.toLowerCase());
  return { name: meant.join("/"), paths: hasOlder ? [newer, encoded.join("/")] : [newer] };
}
