import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { JsonObject } from "../../base/json-object.ts";
import type { AuthorizationServer } from "./authorization-server.ts";
import { ServerKeys } from "./server-keys.ts";
import { type CheckToken, CLOCK_SKEW_SECONDS, InvalidToken, type TokenRules } from "./token-claims.ts";

/** Signatures by private keys. None of the others counts: everybody knows the keys that check them. */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];
/** Most keys that a token without a key's name is checked with. */
const MOST_TRIED = 10;

/** Returns a check of signed tokens (RFC 7519) by the keys of their server. */
export function jwtCheck(server: AuthorizationServer, { issuer, audience, now }: TokenRules): CheckToken {
  const keys = new ServerKeys(server, now);
  return async token => {
    const options = {
      algorithms: ALGORITHMS,
      issuer: [issuer, `${issuer}/`],
      audience,
      requiredClaims: ["exp"],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(now()),
    };
    const verified = (key: JWTVerifyGetKey): Promise<JWTPayload> =>
      jwtVerify(token, key, options).then(({ payload }) => payload);
    try {
      return (await verified(keys.find).catch(async (error: unknown) => {
        if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
        return withAny(error, verified);
      })) as JsonObject;
    } catch (error) {
      const problem = problemOf(error);
      throw problem === undefined ? error : new InvalidToken(problem);
    }
  };
}

/** Checks a token with each of the keys that it may be signed by. */
async function withAny(
  keys: errors.JWKSMultipleMatchingKeys,
  verified: (key: JWTVerifyGetKey) => Promise<JWTPayload>,
): Promise<JWTPayload> {
  let tried = 0;
  for await (const key of keys) {
    if (++tried > MOST_TRIED) break;
    try {
      return await verified(() => key);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

const CLAIMS: Readonly<Record<string, string>> = {
  iss: "Invalid issuer",
  aud: "Invalid audience",
  nbf: "Token not yet valid",
  exp: "Token without an expiry",
};

/** Returns what is wrong with a token; `undefined` for an error that is not about the token. */
function problemOf(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return "Token expired";
  if (error instanceof errors.JWTClaimValidationFailed)
    return Object.hasOwn(CLAIMS, error.claim) ? CLAIMS[error.claim] : "Invalid claims";
  if (error instanceof errors.JOSEAlgNotAllowed) return "Signature algorithm not allowed";
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return "Malformed token";
  // Such as a key that is too short for its algorithm, or a signature without a key.
  if (error instanceof errors.JOSEError || error instanceof TypeError) return "Signature verification failed";
  return undefined;
}
