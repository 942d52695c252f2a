import { isJsonObject, type JsonObject, member } from "../../base/json-object.ts";
import { pointerSegment } from "../../base/json-pointer.ts";
import { SHORTEST_SECRET } from "../../base/masking/mask.ts";
import { secretName } from "../../base/secret-name.ts";
import { isSecretMember } from "../document/secret-members.ts";
import { isCredentialName } from "../expression/credential-name.ts";
import { mistakenReference } from "../expression/mistaken-reference.ts";
import { queryPairs, textPairs } from "../expression/text-pairs.ts";

/** Credential that a file holds itself, in place of a variable. */
interface LiteralCredential {
  readonly pointer: string;
  /** The part of the text that is secret. */
  readonly secret: string;
  /** Name of the member, parameter or variable, for people. */
  readonly name: string;
}

/** Secret members of an authentication. */
const SECRET_MEMBERS = new Set([
  "token",
  "password",
  "value",
  "clientSecret",
  "refreshToken",
  "privateKey",
  "passphrase",
  "secretAccessKey",
  "sessionToken",
]);

/** Members that are not sent. */
const NOT_SENT = new Set(["description", "label", "outputParameters", "info"]);

/** Credentials that look like none other, by their publishers' beginnings. */
const SHAPES = new RegExp(
  [
    "[rs]k_(?:live|test)_[A-Za-z0-9]{10,}",
    "sk-(?:(?:ant|proj|or-v1|svcacct)-[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{32,})",
    "gh[pousr]_[A-Za-z0-9]{20,}",
    "github_pat_[A-Za-z0-9_]{20,}",
    "gl(?:pat|ptt|dt|rt|cbt|ft|soat)-[A-Za-z0-9_-]{16,}",
    "xox[abeoprs]-[A-Za-z0-9-]{10,}",
    "xapp-[A-Za-z0-9-]{10,}",
    "(?:AKIA|ASIA)[A-Z0-9]{16}",
    "AIza[A-Za-z0-9_-]{30,}",
    "ya29\\.[A-Za-z0-9_-]{20,}",
    "eyJ[A-Za-z0-9_-]{8,}\\.eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}",
    "SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,}",
    "(?:npm_|dop_v1_|doo_v1_|hf_|shpat_|shpss_|lin_api_|ntn_|figd_|dckr_pat_|hv[sb]\\.|glsa_|nfp_|gsk_|xai-|r8_|secret_)[A-Za-z0-9]{24,}",
    "-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
  ]
    .map(shape => `(?<![A-Za-z0-9])${shape}`)
    .join("|"),
);

/** Fewest characters of a text of a known shape. */
const SHORTEST_SHAPE = 15;

const SCHEME = /^(?:Bearer|Basic|Token|ApiKey|Digest|Key) +/i;

/**
 * Lists the credentials that a value of a document holds as text: secret members of authentication, constants of
 * parameters and body members of a credential's name, such pairs of a query in a path or of the text of a body, and
 * texts of a known shape. One of a few characters is no credential.
 */
export function literalCredentials(value: unknown, pointer: string = ""): readonly LiteralCredential[] {
  const found: LiteralCredential[] = [];
  collect(value, { pointer, name: "", kind: "other" }, found);
  return found;
}

/**
 * Makes the function that tells whether a text in place of a credential is the name of a variable, or looks like a
 * reference to one.
 *
 * @param names the declared ones
 */
export function referenceTest(names: ReadonlySet<string>): (text: string) => boolean {
  const isDeclared = (name: string) => names.has(name);
  return text => isDeclared(text.replace(/^\$/, "")) || mistakenReference(text, isDeclared)?.written === text;
}

interface Place {
  readonly pointer: string;
  readonly name: string;
  readonly kind: "other" | "authentication" | "body" | "credential";
}

/** Collects the credentials of a value. Every value of a document comes here, so that generators would take long. */
function collect(value: unknown, { pointer, name, kind }: Place, found: LiteralCredential[]): void {
  if (typeof value === "string") {
    found.push(...credentialsInText(value, { pointer, name, kind }));
  } else if (typeof value === "number") {
    if (kind === "credential") found.push(...credentialsInText(String(value), { pointer, name, kind }));
  } else if (Array.isArray(value)) {
    const ofItems = kind === "credential" ? "other" : kind;
    for (const [index, item] of value.entries())
      collect(item, { pointer: `${pointer}/${index}`, name, kind: ofItems }, found);
  } else if (isJsonObject(value)) {
    const parameter = nameOfParameter(value);
    for (const key in value) {
      if (NOT_SENT.has(key)) continue;
      const isConstant = parameter !== undefined && (key === "value" || key === "template");
      const place = `${pointer}/${pointerSegment(key)}`;
      const keyKind = isConstant && isCredentialName(parameter) ? "credential" : kindOf(key, value, kind);
      collect(value[key], { pointer: place, name: isConstant ? parameter : key, kind: keyKind }, found);
    }
  }
}

/** Returns the name of a consumed parameter or of a part of a form. */
function nameOfParameter(value: JsonObject): string | undefined {
  const name = member(value, "name");
  const isSent = member(value, "in") !== "environment";
  return typeof name === "string" && isSent ? name : undefined;
}

function kindOf(key: string, owner: JsonObject, kind: Place["kind"]): Place["kind"] {
  if (kind === "authentication") {
    const isKeyAsUser = key === "username" && isSecretMember(key, owner);
    return SECRET_MEMBERS.has(key) || isKeyAsUser ? "credential" : "other";
  }
  if (kind === "body") return secretName(key) === "secret" ? "credential" : "body";
  if (key === "authentication") return "authentication";
  return key === "body" ? "body" : "other";
}

function credentialsInText(text: string, place: Place): Iterable<LiteralCredential> {
  const mayHold = place.kind === "credential" || place.kind === "body" || place.name === "path";
  return mayHold || text.length >= SHORTEST_SHAPE ? readCredentials(text, place) : [];
}

function* readCredentials(text: string, { pointer, name, kind }: Place): Generator<LiteralCredential> {
  if (kind === "credential" && !text.includes("{{")) {
    const secret = text.replace(SCHEME, "").trim();
    if (secret.length >= SHORTEST_SECRET) yield { pointer, name, secret };
    return;
  }
  const shape = text.length < SHORTEST_SHAPE ? null : SHAPES.exec(text);
  if (shape !== null) yield { pointer, name, secret: shape[0].startsWith("-----") ? text : shape[0] };
  if (kind === "body" && (name === "body" || name === "data")) {
    for (const { name: key, value: secret } of textPairs(text)) {
      const isLiteral = secret.length >= SHORTEST_SECRET && !secret.includes("{{");
      if (isLiteral && secretName(key) === "secret") yield { pointer, name: key, secret };
    }
  }
  if (name !== "path") return;
  for (const { name: key, value: secret } of queryPairs(text)) {
    if (secret.length >= SHORTEST_SECRET && !secret.includes("{") && isCredentialName(key))
      yield { pointer, name: key, secret };
  }
}
