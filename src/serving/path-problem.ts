const NUL = "\0";

/**
 * Tells why the path of a request is refused: two readers could understand it in two ways. `undefined` for all others.
 *
 * @param path as sent, from its slash on
 */
export function pathProblem(path: string): string | undefined {
  // Most paths have neither.
  if (!path.includes("%") && !path.includes("/.")) return path.startsWith("/") ? undefined : "The URL is not a path";
  for (const segment of path.split("/")) {
    let decoded: string;
    try {
      decoded = decodeURIComponent(segment);
    } catch {
      return "The path has a malformed percent escape";
    }
    if (decoded.includes(NUL)) return "The path has a NUL character";
    if (isDots(decoded)) return 'The path has a segment "." or ".."';
  }
  return path.startsWith("/") ? undefined : "The URL is not a path";
}

/** Tells whether a decoded path has a segment that a reader could resolve, behind slashes of any kind. */
export function hasDots(decoded: string): boolean {
  return decoded.split(/[/\\]/).some(isDots);
}

function isDots(segment: string): boolean {
  return segment === "." || segment === "..";
}
