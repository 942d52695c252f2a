import { randomBytes } from "node:crypto";
import type { HttpRequest } from "../../net/http-request.ts";
import { isFromOrigin, splitUrl } from "../../net/split-url.ts";
import { type WholeRequest, wholeRequest } from "../../net/whole-request.ts";
import type { AuthenticatedSend, FieldValues } from "./authentication-kind.ts";
import { type DigestAnswer, digestAuthorization } from "./digest-authorization.ts";
import { chooseChallenge, parseChallenges } from "./digest-challenge.ts";
import { remember } from "./remember.ts";

/**
 * Opens a session that sends without credentials until a server asks for them, and from then on with its nonce, counted
 * (RFC 7616, 3.3). A nonce only goes to the origin that gave it. If the server no longer accepts it, its new challenge,
 * `stale` or not, is answered once.
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
    // The answer is for the path with the challenge, which may be the target of a redirect.
    return send(await authorized({ ...request, url: response.url ?? request.url }, origin), exchange);
  };
}

/** Returns the request to hash, with its body only for `auth-int`: a file is not read otherwise. */
async function hashable(request: HttpRequest, { challenge }: DigestAnswer): Promise<WholeRequest> {
  if (challenge.qop === "auth-int") return wholeRequest(request);
  const { body: _, ...bodiless } = request;
  return bodiless;
}
