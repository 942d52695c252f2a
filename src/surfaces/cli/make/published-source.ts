import path from "node:path";
import { secretName } from "../../../base/secret-name.ts";
import { rawAddress } from "../raw-address.ts";
import { usageError } from "../usage-error.ts";

/** Where a published file is read from. */
export type PublishedSource =
  | { readonly kind: "url"; readonly url: string }
  /** An absolute path. */
  | { readonly kind: "file"; readonly file: string };

/**
 * Reads what a command line, or a lock, says a file comes from.
 *
 * @param folder where a relative path starts
 * @throws CapabilityError `USAGE` for a URL that is not to be kept in a file, or is not that of a file
 */
export function publishedSource(written: string, folder: string): PublishedSource {
  const [, scheme] = /^([a-z][a-z\d+.-]+):\/\//i.exec(written) ?? [];
  if (scheme === undefined) return { kind: "file", file: path.resolve(folder, written) };
  const url = URL.canParse(written) ? new URL(written) : undefined;
  const shown = JSON.stringify(
    url === undefined ? written.replace(/[?#].*$|\/\/[^/]*@/gs, "…") : `${url.origin}${url.pathname}`,
  );
  const refuse = (reason: string, instead?: string) => usageError(`Cannot add ${shown}: ${reason}`, instead);
  if (url === undefined) throw refuse("it is not a URL");
  if (url.protocol === "http:")
    throw refuse("plain http can be changed on the way", `naftiko add https://${url.host}${url.pathname}`);
  if (url.protocol !== "https:") throw refuse(`its scheme is ${scheme}, and files and https URLs are added`);
  if (url.username !== "" || url.password !== "")
    throw refuse("it holds a user name or password, which the lock would keep: download it, and add the file");
  const secret = [...url.searchParams.keys()].find(name => secretName(name) !== undefined);
  if (secret !== undefined)
    throw refuse(
      `its ${JSON.stringify(secret)} is a credential, which the lock would keep: download it, and add the file`,
    );
  const raw = rawAddress(written);
  if (raw !== undefined) throw refuse("it is a page that shows the file", `naftiko add ${raw}`);
  url.hash = "";
  return { kind: "url", url: url.href };
}
