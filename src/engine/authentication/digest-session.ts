import { createHash, randomBytes } from "node:crypto";
import type { HttpRequest } from "../../net/http-request.ts";
import { isFromOrigin, splitUrl } from "../../net/split-url.ts";
import { type WholeRequest, wholeRequest } from "../../net/whole-request.ts";
import type { AuthenticatedSend, FieldValues } from "./authentication-kind.ts";
import { chooseChallenge, type DigestChallenge, parseChallenges } from "./digest-challenge.ts";
import { remember } from "./remember.ts";

/**
 * Sends without credentials until a server asks for them, and from then on with its nonce, counted (RFC 7616, 3.3). A
 * nonce goes to the origin that gave it and to no other. One that the server no longer takes, it replaces by a new
 * challenge, `stale` or not, which is answered once.
 */
export function digestSession({ username = "", password = "" }: FieldValues): AuthenticatedSend {
  const answers = new Map<string, { -readonly [Name in keyof DigestAnswer]: DigestAnswer[Name] }>();

  async function authorized(request: HttpRequest, origin: string): Promise<HttpRequest> {
    const answer = answers.get(origin);
    if (answer === undefined) return request;
    answer.count++;
    const authorization = digestAuthorization(await hashable(request, answer), answer);
    return { ...request, headers: { ...request.headers, authorization } };
  }

  return async (request, exchange, send) => {
    const { origin } = splitUrl(request.url);
    const response = await send(await authorized(request, origin), exchange);
    if (response.status !== 401 || !isFromOrigin(response, origin)) return response;
    const challenge = chooseChallenge(parseChallenges(response.headers["www-authenticate"]));
    const cnonce = randomBytes(18).toString("base64url");
    remember(answers, origin, { challenge, username, password, cnonce, count: 0 });
    // Its answer holds for the path that asked, which may be where a redirect led.
    return send(await authorized({ ...request, url: response.url ?? request.url }, origin), exchange);
  };
}

/** Of a body only `auth-int` has to know what it holds: a file is not read for anything else. */
async function hashable(request: HttpRequest, { challenge }: DigestAnswer): Promise<WholeRequest> {
  if (challenge.qop === "auth-int") return wholeRequest(request);
  const { body: _, ...bodiless } = request;
  return bodiless;
}

/** What an answer is made of, besides the request. */
export interface DigestAnswer {
  readonly challenge: DigestChallenge;
  readonly username: string;
  readonly password: string;
  /** The client's nonce. It stays the same for one nonce of the server, because a `-sess` key holds both. */
  readonly cnonce: string;
  /** How often the server's nonce was used, this time included. */
  readonly count: number;
}

/** The `Authorization` field that answers a challenge (RFC 7616, 3.4). */
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

/** The user's name as it is, hashed (RFC 7616, 3.4.4), or in the form of RFC 8187 where a header cannot hold it. */
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
