import { SecretMask } from "../../error/mask-secrets.ts";
import { maskBytes } from "../../error/masking/mask-bytes.ts";
import { maskField } from "../../error/masking/mask-field.ts";

const MASK = "***";

/** Deeper values are not kept: nobody has looked through them. */
const DEEPEST = 100;

/**
 * Names of headers, query parameters, and members of JSON, forms and XML whose values are never kept; case, `-` and `_`
 * do not count.
 */
export const REDACTED_FIELDS: readonly string[] = [
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "token",
  "access_token",
  "refresh_token",
  "id_token",
  "api_key",
  "x-api-key",
  "password",
  "passphrase",
  "secret",
  "client_secret",
  "private_key",
];

/** Header fields whose value is a URL, with what its query may hold. */
const URL_FIELDS: ReadonlySet<string> = new Set(["location", "content-location", "referer"]);

/** Takes out of texts what is not to be kept. */
export interface Redactor {
  /** A URL: the values of its query's redacted names, and secrets. */
  url(url: string): string;
  /** A header field's value. */
  header(name: string, value: string): string;
  /** A JSON value, as a copy. */
  json(value: unknown): unknown;
  /** What is no text. */
  bytes(bytes: Uint8Array): Uint8Array;
  /** A form's text. */
  form(text: string): string;
  /** Any other text: what looks like a member of JSON or an element of XML of a redacted name, and secrets. */
  text(text: string): string;
}

/** Shorter values of redacted fields are not looked for elsewhere: they may be there by chance. */
const SHORTEST_LEARNED = 8;

/**
 * The value of a field that is always redacted is a credential: from then on it is masked wherever an API repeats it.
 *
 * @param fields names besides {@link REDACTED_FIELDS}
 * @param maskKnown replaces secrets that are known by their value
 */
export function createRedactor(fields: readonly string[], maskKnown: (text: string) => string): Redactor {
  const credentials = new Set(REDACTED_FIELDS.map(normalise));
  const names = new Set([...credentials, ...fields.map(normalise)]);
  const learned = new SecretMask();
  const mask = (text: string) => learned.text(maskKnown(text));
  const form = (text: string) => mask(redactPairs(text, isRedacted));

  function isRedacted(name: string, value: unknown): boolean {
    const normal = normalise(name);
    if (credentials.has(normal) && typeof value === "string" && value.length >= SHORTEST_LEARNED)
      learned.add(value.replace(/^(?:Bearer|Basic) /, ""));
    return names.has(normal);
  }

  function json(value: unknown, depth = 0, of = ""): unknown {
    if (typeof value === "string") return maskField(of, value, mask);
    if (typeof value === "number" || typeof value === "bigint") {
      const text = String(value);
      return maskField(of, text, mask) === text ? value : MASK;
    }
    if (typeof value !== "object" || value === null) return value;
    if (depth > DEEPEST) return MASK;
    if (Array.isArray(value)) return value.map(item => json(item, depth + 1, of));
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        mask(name),
        member !== null && isRedacted(name, member) ? MASK : json(member, depth + 1, name),
      ]),
    );
  }

  function url(text: string): string {
    const start = text.indexOf("?") + 1;
    return start === 0 ? mask(text) : mask(text.slice(0, start)) + form(text.slice(start));
  }

  return {
    url,
    header(name, value) {
      if (isRedacted(name, value)) return MASK;
      return URL_FIELDS.has(name) ? url(value) : maskField(name, value, mask);
    },
    json: value => json(value),
    form,
    bytes: bytes => maskBytes(bytes, mask),
    text: text => mask(redactMembers(redactElements(text, isRedacted), isRedacted)),
  };
}

function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, "");
}

function redactPairs(text: string, isRedacted: (name: string, value?: string) => boolean): string {
  return text
    .split("&")
    .map(pair => {
      const equals = pair.indexOf("=");
      return equals >= 0 && isRedacted(decode(pair.slice(0, equals)), decode(pair.slice(equals + 1)))
        ? `${pair.slice(0, equals)}=${MASK}`
        : pair;
    })
    .join("&");
}

/** JSON inside of something else, such as one value a line. */
function redactMembers(text: string, isRedacted: (name: string, value?: string) => boolean): string {
  return text.replace(
    /"([^"\\]{1,100})"(\s*:\s*)(?:"(?:[^"\\]|\\.)*"|[-\w.+]+)/gs,
    (member, name: string, colon: string) => (isRedacted(name) ? `"${name}"${colon}"${MASK}"` : member),
  );
}

function redactElements(text: string, isRedacted: (name: string, value?: string) => boolean): string {
  return text.replace(
    /<([\w.-]{1,100})(\s[^<>]*)?>[^<>]*(?=<\/)/g,
    (element, name: string, attributes = "") =>
      isRedacted(name) ? `<${name}${attributes}>${MASK}` : element,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
