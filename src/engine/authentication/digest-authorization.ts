import { createHash } from "node:crypto";
import { splitUrl } from "../../net/split-url.ts";
import type { WholeRequest } from "../../net/whole-request.ts";
import type { DigestChallenge } from "./digest-challenge.ts";

/** The parts of an answer, besides the request. */
export interface DigestAnswer {
  readonly challenge: DigestChallenge;
  readonly username: string;
  readonly password: string;
  /** The client's nonce. It stays the same for one nonce of the server, because a `-sess` key contains both. */
  readonly cnonce: string;
  /** Number of uses of the server's nonce, this one included. */
  readonly count: number;
}

/** Returns the `Authorization` field that answers a challenge (RFC 7616, 3.4). */
export function digestAuthorization(request: WholeRequest, answer: DigestAnswer): string {
  const { challenge, username, password, cnonce } = answer;
  const { realm, nonce, qop, opaque, algorithm } = challenge;
  const hash = (data: string | Uint8Array) => createHash(challenge.hash).update(data).digest("hex");
  const uri = splitUrl(request.url).path;
  const nc = answer.count.toString(16).padStart(8, "0");

  const secret = hash(`${username}:${realm}:${password}`);
  const key = challenge.session ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const content = qop === "auth-int" ? `:${hash(request.body ?? "")}` : "";
  const message = hash(`${request.method}:${uri}${content}`);
  const middle = qop === undefined ? nonce : `${nonce}:${nc}:${cnonce}:${qop}`;

  const parameters = [
    ...nameParameters(username, challenge, hash),
    `realm=${quote(realm)}`,
    `uri=${quote(uri)}`,
    ...(algorithm === undefined ? [] : [`algorithm=${algorithm}`]),
    `nonce=${quote(nonce)}`,
    ...(qop === undefined ? [] : [`nc=${nc}`]),
    ...(qop === undefined && !challenge.session ? [] : [`cnonce=${quote(cnonce)}`]),
    ...(qop === undefined ? [] : [`qop=${qop}`]),
    `response=${quote(hash(`${key}:${middle}:${message}`))}`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
  ];
  return `Digest ${parameters.join(", ")}`;
}

/** Returns the user's name unchanged, hashed (RFC 7616, 3.4.4), or as in RFC 8187 if a header cannot hold it. */
function nameParameters(
  username: string,
  { userhash, realm }: DigestChallenge,
  hash: (data: string) => string,
): string[] {
  if (userhash) return [`username=${quote(hash(`${username}:${realm}`))}`, "userhash=true"];
  if (/^[ -~]*$/.test(username)) return [`username=${quote(username)}`];
  const encoded = encodeURIComponent(username.toWellFormed()).replace(
    /['()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return [`username*=UTF-8''${encoded}`];
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
