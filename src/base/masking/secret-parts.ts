import { secretName } from "../secret-name.ts";

/**
 * Shortest member of a structure that is found by itself: shorter ones occur by chance. A member with the name of a
 * secret is found from four characters on.
 */
const SHORTEST_MEMBER = 8;
/** Most parts of a secret; no credential has as many members. */
const MOST_PARTS = 200;
const LONGEST_STRUCTURE = 1 << 16;

/** The scheme in front of a credential, as in a variable that holds a whole `Authorization` field (RFC 9110, 11.4). */
const SCHEME = /^(?:Bearer|Basic|Token|ApiKey|Digest)\s+(\S.*)$/is;
/** A URL with a user and a password, such as a database's. */
const USER_INFO = /^[a-z][a-z\d+.-]*:\/\/([^\s/?#@:]*):([^\s/?#]+)@/i;
/** URL that only names a place. */
const PLAIN_URL = /^https?:\/\/[^\s@]*$/i;

/**
 * Returns the parts of a secret that are secret by themselves: the texts in a JSON object, such as the key file of a
 * service account; the text behind the scheme of a credential; the password in a URL. An API may repeat them without
 * the rest.
 */
export function secretParts(secret: string): readonly string[] {
  const text = secret.trim();
  const [, credential] = SCHEME.exec(text) ?? [];
  if (credential !== undefined) return [credential];
  const [, , password] = USER_INFO.exec(text) ?? [];
  if (password !== undefined) return [password];
  if (!text.startsWith("{") || text.length > LONGEST_STRUCTURE) return [];
  const parts: string[] = [];
  try {
    collectTexts(JSON.parse(text), "", parts);
  } catch {
    // Other text has no members.
  }
  return parts;
}

function collectTexts(value: unknown, name: string, parts: string[]): void {
  if (parts.length >= MOST_PARTS) return;
  if (typeof value === "string") {
    if (PLAIN_URL.test(value)) return;
    if (value.length >= SHORTEST_MEMBER || secretName(name) !== undefined) parts.push(value);
  } else if (typeof value === "object" && value !== null) {
    for (const [member, item] of Object.entries(value)) collectTexts(item, Array.isArray(value) ? name : member, parts);
  }
}
