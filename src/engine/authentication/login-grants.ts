/** Returns whether a grant gives the tokens of a person who is logged in. */
export function isLoginGrant(grant: string | undefined): boolean {
  return grant === "authorization_code" || grant === "device_code";
}
