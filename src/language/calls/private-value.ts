import { parseJson } from "../../base/parse-json.ts";
import { queryDecode } from "../../base/percent-decoding.ts";
import { isCredentialName } from "../expression/credential-name.ts";
import { textPairs } from "../expression/text-pairs.ts";
import { literalCredentials } from "../validation/literal-credentials.ts";

/** Names of values that are secret for a while, or tell who somebody is. */
const PRIVATE_NAME = /^(?:code|state|nonce|sid|session[-_]?id|session|app[-_]?id|email|e-mail|phone|ssn|iban)$/i;

/** A credential behind the name of its scheme. */
const SCHEME = /^(?:Bearer|Basic|Token|ApiKey|Digest|Negotiate)\s+\S{6,}/i;

/** A run of letters and digits that nobody made up: a key, a token, the id of something. */
const RANDOM_RUN = /(?<![A-Za-z\d])(?=[A-Za-z\d]{0,1000}[A-Za-z])(?=(?:[A-Za-z]{0,1000}\d){3})[A-Za-z\d]{12,}/;
const RANDOM_WORD = /(?<![\w-])(?=[\w-]{0,1000}[a-z])(?=[\w-]{0,1000}[A-Z])(?=(?:[A-Za-z_-]{0,1000}\d){3})[\w-]{20,}/;

const COMPACT_TIME = /^\d{8}T\d{4,6}Z?$/;

const MAIL_ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** A variable of the shell in place of a value. */
const SHELL_VARIABLE = /^\$\{?[A-Za-z_]\w*\}?$/;

/** User and password of a URL. */
const USER_INFO = /:\/\/[^/\s@]+@/;

/** Longest text whose parts are looked at. One that is longer is private. */
const LONGEST = 10_000;

/** Tells whether a value that somebody sent may be a secret, or about a person, by its name or by its looks. */
export function isPrivateValue(name: string, value: string): boolean {
  return isCredentialName(name) || PRIVATE_NAME.test(name) || looksPrivate(value);
}

/** Tells whether a text may be a secret, hold one, or be about a person. */
export function looksPrivate(text: string): boolean {
  if (text.length > LONGEST) return true;
  if (SCHEME.test(text) || SHELL_VARIABLE.test(text) || MAIL_ADDRESS.test(text) || USER_INFO.test(text)) return true;
  if (isRandom(text) || literalCredentials(text).length > 0) return true;
  return /^\s*[[{]/.test(text) ? holdsPrivateMember(text) : holdsPrivatePair(text);
}

/** Tells whether a text has a part that looks as if a program had made it at random. */
function isRandom(text: string): boolean {
  return (RANDOM_RUN.test(text) || RANDOM_WORD.test(text)) && !COMPACT_TIME.test(text);
}

/** Texts in texts are strings there, so that all of them are looked at. */
function holdsPrivateMember(text: string): boolean {
  const parsed = parseJson(text);
  if (!parsed.ok) return holdsPrivatePair(text);
  let isPrivate = false;
  const look = (name: string, value: unknown): void => {
    if (isPrivate) return;
    if (typeof value === "object" && value !== null) {
      for (const [key, member] of Object.entries(value)) look(Array.isArray(value) ? name : key, member);
    } else if (value !== null) isPrivate = isPrivateValue(name, String(value));
  };
  look("", parsed.value);
  return isPrivate;
}

/** Looks at the members, elements and fields of a text, and at the query and the fragment of a URL. */
function holdsPrivatePair(text: string): boolean {
  for (const { name } of textPairs(text)) if (isCredentialName(name)) return true;
  return text
    .split(/[?&#;]/)
    .slice(1)
    .some(pair => isCredentialName(queryDecode(pair.split("=", 1)[0] ?? "")));
}
