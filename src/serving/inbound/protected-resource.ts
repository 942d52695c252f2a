/** Path of the metadata of protected resources (RFC 9728, 3). */
const WELL_KNOWN = "/.well-known/oauth-protected-resource";

/** Returns the URL of the metadata of a resource; `undefined` for a resource that is not named by a URL. */
export function metadataUrl(resource: string): string | undefined {
  if (!/^https?:/i.test(resource) || !URL.canParse(resource)) return undefined;
  const { origin, pathname, search } = new URL(resource);
  return `${origin}${WELL_KNOWN}${pathname === "/" ? "" : pathname}${search}`;
}
