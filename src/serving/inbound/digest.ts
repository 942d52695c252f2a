import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { parseChallenges } from "../../engine/authentication/digest-challenge.ts";
import { Refusal } from "../refusal.ts";
import { callerId } from "./caller-id.ts";
import type { Guard } from "./guard.ts";
import type { InboundKind } from "./inbound-kind.ts";
import { NonceUses } from "./nonce-uses.ts";
import { Challenge, credentialsOf, REALM, secretCheck } from "./presented.ts";

/** How long a client may use one nonce. Later it gets another without being asked for the password again. */
const NONCE_LIFE_MS = 300_000;
/** The offered hashes, the best one first (RFC 7616, 3.7), by their names in `node:crypto`. */
const HASHES = { "SHA-256": "sha256", MD5: "md5" } as const;
type HashName = keyof typeof HASHES;

/** Proof of the password, which is not sent (RFC 7616). */
export const digest: InboundKind = {
  fields: ["username", "password"],
  optionalFields: [],
  publicFields: ["username"],
  problem: () => undefined,
  open: (_, { username = "", password = "" }, { session }) => openDigest(username, password, session.now),
};

function openDigest(username: string, password: string, now: () => number): Guard {
  const caller = { id: callerId("digest", username) };
  const nonces = new Nonces(now);
  const uses = new NonceUses();
  const keys = mapHashes(name => hash(name, `${username}:${REALM}:${password}`));
  const names = mapHashes(name => [username, hash(name, `${username}:${REALM}`)] as const);

  const challenge = (isStale = false): Refusal["headers"] => {
    const nonce = nonces.create();
    const end = `nonce="${nonce}", charset=UTF-8, userhash=true${isStale ? ", stale=true" : ""}`;
    const challenges = Object.keys(HASHES).map(
      name => `Digest realm="${REALM}", qop="auth", algorithm=${name}, ${end}`,
    );
    return { "www-authenticate": challenges };
  };
  const refused = (detail: string) => new Refusal(401, detail, challenge());

  return {
    resource: undefined,
    admit(request) {
      const credentials = credentialsOf(request, "digest");
      if (credentials === undefined)
        throw new Challenge("This server asks for a user name and a password by Digest", challenge());
      const answer = readAnswer(credentials);
      if (typeof answer === "string") throw refused(`The Digest credentials cannot be used: ${answer}`);
      const { name, nonce, count, cnonce } = answer;
      if (answer.uri !== request.url) throw refused("The Digest credentials are those of another request");
      const message = hash(name, `${request.method}:${answer.uri}`);
      const middle = `${nonce}:${answer.nc}:${cnonce}:auth`;
      const isRight = secretCheck(hash(name, `${keys[name]}:${middle}:${message}`))(answer.response);
      const isUser = secretCheck(names[name][answer.isHashed ? 1 : 0])(answer.username);
      if (!isRight || !isUser) throw refused("The user name or the password is wrong");
      const issuedMs = nonces.issuedMs(nonce);
      if (issuedMs === undefined)
        throw new Challenge("The nonce has expired: answer the new challenge", challenge(true));
      if (!uses.admit(nonce, issuedMs, count, issuedMs + NONCE_LIFE_MS, now()))
        throw new Challenge("The nonce was used with this count before: answer the new challenge", challenge(true));
      return caller;
    },
  };
}

/** Answer to a challenge (RFC 7616, 3.4). */
interface DigestAnswer {
  readonly name: HashName;
  readonly username: string;
  /** Whether `username` is the hash of the name (3.4.4). */
  readonly isHashed: boolean;
  readonly nonce: string;
  readonly uri: string;
  /** As sent. */
  readonly nc: string;
  readonly count: number;
  readonly cnonce: string;
  readonly response: string;
}

/** Reads an answer. Returns what is wrong with one that does not fit the challenges. */
function readAnswer(credentials: string): DigestAnswer | string {
  // Credentials are written as challenges are (RFC 9110, 11.4).
  const [answer, ...others] = parseChallenges(`Digest ${credentials}`);
  if (answer === undefined || others.length > 0) return "they are malformed";
  const get = (parameter: string) => answer.parameters.get(parameter);
  const given = get("algorithm")?.toUpperCase() ?? "MD5";
  if (!Object.hasOwn(HASHES, given)) return "the algorithm was not offered";
  const [nonce, uri, nc, cnonce, response] = ["nonce", "uri", "nc", "cnonce", "response"].map(get);
  if (nonce === undefined || uri === undefined || response === undefined) return "they lack a parameter";
  if (get("qop")?.toLowerCase() !== "auth" || cnonce === undefined) return 'they have no qop "auth"';
  if (nc === undefined || !/^[\da-f]{8}$/i.test(nc)) return "nc is not eight hexadecimal digits";
  const isHashed = get("userhash")?.toLowerCase() === "true";
  const extended = get("username*");
  const username = extended === undefined ? utf8(get("username") ?? "") : extendedText(extended);
  const count = Number.parseInt(nc, 16);
  return { name: given as HashName, username, isHashed, nonce, uri, nc, count, cnonce, response };
}

/** Returns a text that a client has written as UTF-8. Node reads fields as Latin-1. */
function utf8(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

/** Reads a value of RFC 8187, such as `UTF-8''J%C3%A4`. */
function extendedText(value: string): string {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(value)?.[1] ?? "";
  try {
    return decodeURIComponent(encoded);
  } catch {
    return "";
  }
}

/** The nonces of one guard. A nonce proves itself when it was issued: none of those that nobody used is kept. */
class Nonces {
  readonly #key = randomBytes(32);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  create(): string {
    const bytes = Buffer.alloc(14);
    bytes.writeUIntBE(this.#now(), 0, 6);
    randomBytes(8).copy(bytes, 6);
    return Buffer.concat([bytes, this.#proof(bytes)]).toString("base64url");
  }

  /** Returns when a nonce was issued; `undefined` for one that has expired or is not of this guard. */
  issuedMs(nonce: string): number | undefined {
    const bytes = Buffer.from(nonce, "base64url");
    if (bytes.length !== 30) return undefined;
    const head = bytes.subarray(0, 14);
    if (!timingSafeEqual(bytes.subarray(14), this.#proof(head))) return undefined;
    const issuedMs = head.readUIntBE(0, 6);
    return this.#now() - issuedMs > NONCE_LIFE_MS ? undefined : issuedMs;
  }

  #proof(head: Uint8Array): Buffer {
    return createHmac("sha256", this.#key).update(head).digest().subarray(0, 16);
  }
}

function mapHashes<Value>(make: (name: HashName) => Value): Readonly<Record<HashName, Value>> {
  return { "SHA-256": make("SHA-256"), MD5: make("MD5") };
}

function hash(name: HashName, text: string): string {
  return createHash(HASHES[name]).update(text).digest("hex");
}
