import { fileURLToPath } from "node:url";

/** The file that a location means: absolute, or to be found from the folder of the file that declares it. */
export interface FileLocation {
  readonly kind: "absolute" | "relative";
  readonly path: string;
}

/**
 * Reads a location: a `file:` URL, the relative forms `file:///./x` and `file://./x`, or a bare path.
 *
 * @returns nothing for a text that is no path of a file
 */
export function parseFileLocation(location: string): FileLocation | undefined {
  if (location === "" || /\0|%00/.test(location)) return undefined;
  if (!/^file:/i.test(location))
    return { kind: location.startsWith("/") ? "absolute" : "relative", path: location };
  // Not for the URL parser, which would make /x of /./x.
  const relative = /^file:\/{2,3}(\.{1,2}\/.*)$/is.exec(location)?.[1];
  try {
    if (relative !== undefined) return { kind: "relative", path: decodeURIComponent(relative) };
    // What published files write for a file beside them: the URL's host would be the first folder.
    const hostless = /^file:\/\/(?!localhost\/)([^/].*)$/is.exec(location)?.[1];
    if (hostless !== undefined) return { kind: "relative", path: decodeURIComponent(hostless) };
    return { kind: "absolute", path: fileURLToPath(location) };
  } catch {
    return undefined;
  }
}
