import { isSecretMember } from "../document/secret-members.ts";

/** Key and scalar value in a line of YAML, in block or flow style. */
const MEMBER =
  /((?:^|[\s{,])(["']?)([^\s"'{},:]+)\2\s*:\s+)("(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|[^\s"'{}[\],#&|>][^,}#]*)/g;

/** Names of members that hold a credential, or may. */
const CREDENTIAL_MEMBER = /(?:token|secret|password|pat|key|authorization|cookie|credential)s?$|^(?:value|username)$/i;

/** Values of misspelt members that are no credentials: URLs without a query, and ways to an OAuth 2 token. */
const PUBLIC_VALUE =
  /^["']?(?:https?:\/\/[^\s?"']*|client_credentials|refresh_token|authorization_code|device_code)["']?\s*$/;

/** User name and password of a URL. */
const USER = /\/\/[^/@\s]*@/g;

/** Variable, the name of one, or what looks like a reference to one. */
const VARIABLE = /^["']?(?:\{\{|[$#%]?[{(]{0,2}[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+[})%]{0,2}["']?\s*$)/;

/**
 * Masks possible credentials in a line of a configuration, to show it to people. Columns before them stay.
 *
 * @param pointer JSON pointer of the value that the line is shown for
 */
export function withoutCredentials(line: string, pointer: string): string {
  const isDeclaration = /\/authentication(?:\/|$)/.test(pointer);
  const withoutUser = line.replace(USER, "//***@");
  return withoutUser.replace(MEMBER, (found, key: string, _quote, name: string, value: string) => {
    const isCredential = isDeclaration
      ? isSecretMember(name, {}) && !PUBLIC_VALUE.test(value)
      : CREDENTIAL_MEMBER.test(name) && name !== "key";
    return isCredential && !VARIABLE.test(value) ? `${key}***` : found;
  });
}
