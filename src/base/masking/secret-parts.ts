import { secretName } from "../secret-name.ts";

/** A shorter value of a structure may occur by chance; one that is named a secret is found from four characters on. */
const SHORTEST_MEMBER = 8;
/** More members than a credential has. */
const MOST_PARTS = 200;
const LONGEST_STRUCTURE = 1 << 16;

/** The scheme in front of a credential, as in a variable that holds a whole `Authorization` field (RFC 9110, 11.4). */
const SCHEME = /^(?:Bearer|Basic|Token|ApiKey|Digest)\s+(\S.*)$/is;
/** A URL with a user and a password, such as a database's. */
const USER_INFO = /^[a-z][a-z\d+.-]*:\/\/([^\s/?#@:]*):([^\s/?#]+)@/i;
/** A URL that says where something is. */
const PLAIN_URL = /^https?:\/\/[^\s@]*$/i;

/**
 * What of a secret is secret by itself: the texts in a JSON object, such as the key file of a service account, what stands
 * behind the scheme of a credential, the password in a URL. An API repeats it without the rest.
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
    // It is no JSON, and has no members.
  }
  return parts;
}

function collectTexts(value: unknown, name: string, parts: string[]): void {
  if (parts.length >= MOST_PARTS) return;
  if (typeof value === "string") {
    if (PLAIN_URL.test(value)) return;
    if (value.length >= SHORTEST_MEMBER || secretName(name) !== undefined) parts.push(value);
  } else if (typeof value === "object" && value !== null) {
    for (const [member, item] of Object.entries(value))
      collectTexts(item, Array.isArray(value) ? name : member, parts);
  }
}
