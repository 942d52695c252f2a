import type { AuthorizationServer } from "./authorization-server.ts";
import type { InboundValues } from "./inbound-kind.ts";
import { type CheckToken, CLOCK_SKEW_SECONDS, InvalidToken, type TokenRules } from "./token-claims.ts";

/** Returns a check of tokens that asks their server (RFC 7662). */
export function introspection(
  server: AuthorizationServer,
  { introspectionEndpoint, clientId, clientSecret = "" }: InboundValues,
  { issuer, audience, now }: TokenRules,
): CheckToken {
  return async token => {
    const url = introspectionEndpoint ?? (await server.endpoint("introspection_endpoint"));
    const form = new URLSearchParams({ token, token_type_hint: "access_token" });
    const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
    const authorization = clientId === undefined ? {} : { authorization: basicOf(clientId, clientSecret) };
    const claims = await server.json({
      method: "POST",
      url,
      headers: { ...headers, ...authorization },
      body: form.toString(),
    });
    const { active, exp, nbf, iss = issuer, aud = audience } = claims;
    if (active !== true) throw new InvalidToken("Token is not active");
    const nowSeconds = now() / 1000;
    if (exp !== undefined && !(Number(exp) > nowSeconds - CLOCK_SKEW_SECONDS)) throw new InvalidToken("Token expired");
    if (nbf !== undefined && !(Number(nbf) <= nowSeconds + CLOCK_SKEW_SECONDS))
      throw new InvalidToken("Token not yet valid");
    // The server may leave these out (RFC 7662, 2.2): it answers for its own tokens, and to a resource that it knows.
    if (typeof iss !== "string" || iss.replace(/\/+$/, "") !== issuer) throw new InvalidToken("Invalid issuer");
    if (![aud].flat().includes(audience)) throw new InvalidToken("Invalid audience");
    return claims;
  };
}

/** Returns the credentials of a client. Both parts are encoded as in a form (RFC 6749, 2.3.1). */
function basicOf(clientId: string, clientSecret: string): string {
  const [id, secret] = [clientId, clientSecret].map(text => new URLSearchParams({ "": text }).toString().slice(1));
  return `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
}
