/** Members of an authentication that are not secret: they say how a credential is got and where it goes. */
const PUBLIC_MEMBERS: ReadonlySet<string> = new Set([
  "type",
  "key",
  "placement",
  "grant",
  "authorizationServerUri",
  "tokenEndpoint",
  "authorizationEndpoint",
  "deviceAuthorizationEndpoint",
  "clientId",
  "clientAuthentication",
  "scopes",
  "audience",
  "resource",
  "certificate",
  "certificateAuthority",
  "region",
  "service",
]);

/**
 * Tells whether a member of an authentication is secret. A user name without a password is the credential itself, as
 * APIs take a key in its place.
 */
export function isSecretMember(name: string, authentication: { readonly password?: unknown }): boolean {
  if (name === "username") return (authentication.password ?? "") === "";
  return !PUBLIC_MEMBERS.has(name);
}
