const AUTHORITY = /^https?:\/\/[^/]*/i;

/**
 * Tells why a URL cannot be the base of HTTP requests, as the end of a sentence that starts with "it". `undefined` if
 * it can.
 */
export function baseUriProblem(text: string): string | undefined {
  const url = parseUrl(text);
  if (url === undefined) return "is not an absolute URL";
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return `has the scheme ${JSON.stringify(url.protocol.slice(0, -1))}, not http or https`;
  }
  if (AUTHORITY.exec(text)?.[0].includes("@")) return "holds a user name or password";
  if (text.includes("?") || text.includes("#")) return 'holds a "?" or "#"';
  // Parsers drop a line break and a tab, and take a backslash for a slash; a space they encode.
  if (/[^\S ]|\\|^https?:(?!\/\/[^/])/i.test(text)) return "is not written as scheme://host";
  return undefined;
}

/** Returns a base URI for people to read, without user name and password. */
export function shownBaseUri(text: string): string {
  return text.replace(/^([a-z][\w+.-]*:)?\/\/[^/?#]*@/i, "$1//***@");
}

/** Returns a valid base URI as the first part of a URL: encoded, and without slashes at its end. */
export function baseUrl(text: string): string {
  const { origin, pathname } = new URL(text);
  const written = text.replace(AUTHORITY, "");
  // Kept as written if a URL can hold it: the parser would fold dot segments, which are up to the file.
  const path = /^[!-~]*$/.test(written) && !/["<>^`{|}]/.test(written) ? written : pathname;
  return (origin + path).replace(/\/+$/, "");
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
