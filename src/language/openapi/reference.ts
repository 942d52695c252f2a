import path from "node:path";
import { fileURLToPath } from "node:url";

/** A reference, split and completed. */
interface Reference {
  /** Absolute path, or URL without its fragment. */
  readonly location: string;
  /** Without its `#`, as written. Empty for the whole file. */
  readonly fragment: string;
}

/**
 * Splits a reference, and completes its location by that of the file it is written in.
 *
 * @param from absolute path, or URL
 * @returns `undefined` if it names no file and no URL of http
 */
export function splitReference(reference: string, from: string): Reference | undefined {
  const hash = reference.indexOf("#");
  const fragment = hash < 0 ? "" : reference.slice(hash + 1);
  const named = hash < 0 ? reference : reference.slice(0, hash);
  if (named === "") return { location: from, fragment };
  const location = completed(named, from);
  return location === undefined ? undefined : { location, fragment };
}

/** Tells a URL of http from a path. */
export function isHttpUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}

function completed(named: string, from: string): string | undefined {
  if (isHttpUrl(from) || isHttpUrl(named)) {
    if (!URL.canParse(named, isHttpUrl(from) ? from : undefined)) return undefined;
    // A path may hold a colon: what has another scheme is refused by the reader, who names it.
    const url = new URL(named, isHttpUrl(from) ? from : undefined);
    url.hash = "";
    return url.href;
  }
  if (/^file:/i.test(named)) return attempt(() => fileURLToPath(named));
  if (/^[a-z][a-z0-9+.-]+:/i.test(named)) return undefined;
  return attempt(() => path.resolve(path.dirname(from), decodeURIComponent(named)));
}

function attempt(make: () => string): string | undefined {
  try {
    const made = make();
    return made.includes("\0") ? undefined : made;
  } catch {
    return undefined;
  }
}
