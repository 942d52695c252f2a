import type { JsonObject } from "../../base/json-object.ts";
import type { InboundAuthentication } from "../../language/model/exposed/types.ts";
import { Refusal } from "../refusal.ts";
import { tenantOfClaims } from "../tenant/tenant-source.ts";
import { AuthorizationServer } from "./authorization-server.ts";
import { callerId } from "./caller-id.ts";
import type { Caller, Guard, GuardContext } from "./guard.ts";
import type { InboundValues } from "./inbound-kind.ts";
import { introspection } from "./introspection.ts";
import { jwtCheck } from "./jwt-check.ts";
import { KnownTokens, type Lasting } from "./known-tokens.ts";
import { Challenge, credentialsOf, REALM } from "./presented.ts";
import { metadataUrl } from "./protected-resource.ts";
import { type CheckToken, CLOCK_SKEW_SECONDS, InvalidToken, scopesOf, type TokenRules } from "./token-claims.ts";

/** How long a token that was checked is not checked again, by `tokenValidation`. */
const KNOWN_MS = { jwks: 60_000, introspection: 30_000 } as const;
/** When a client may try again while the authorization server does not answer, in seconds. */
const RETRY_AFTER = "5";

/** Opens the guard of a resource server. The authorization server is asked when the first token is there. */
export function openOAuth2(
  { scopes, tokenValidation }: InboundAuthentication,
  values: InboundValues,
  { session, servesMetadata, tenants, report }: GuardContext,
): Guard {
  const { authorizationServerUri = "", resource = "", audience = resource } = values;
  const { now } = session;
  const server = new AuthorizationServer(authorizationServerUri, session);
  const rules: TokenRules = { issuer: server.issuer, audience, now };
  const check: CheckToken =
    tokenValidation === "introspection" ? introspection(server, values, rules) : jwtCheck(server, rules);
  const known = new KnownTokens<Caller | InvalidToken | Refusal>();
  const metadata = servesMetadata ? metadataUrl(resource) : undefined;

  /** Checks a token. One that lacks a scope is genuine: it is remembered too. */
  async function outcomeOf(token: string): Promise<Lasting<Caller | InvalidToken | Refusal>> {
    const claims = await check(token);
    const { exp } = claims;
    const knownMs = now() + KNOWN_MS[tokenValidation];
    const endMs = typeof exp === "number" ? Math.min(knownMs, (exp + CLOCK_SKEW_SECONDS) * 1000) : knownMs;
    const granted = scopesOf(claims);
    const lacking = scopes.find(scope => !granted.has(scope));
    if (lacking !== undefined)
      return {
        value: new InvalidToken(`Required scope '${lacking}' not present in token`, "insufficient_scope"),
        endMs,
      };
    const subject = subjectOf(claims) ?? token;
    if (tenants?.kind !== "claim") return { value: { id: callerId("oauth2", subject) }, endMs };
    try {
      const tenant = tenantOfClaims(claims, tenants.name);
      return { value: { id: callerId("tenant", JSON.stringify([tenant, subject])), tenant }, endMs };
    } catch (error) {
      if (error instanceof Refusal) return { value: error, endMs };
      throw error;
    }
  }

  async function admit(token: string): Promise<Caller> {
    let outcome: Caller | InvalidToken | Refusal;
    try {
      outcome = await known.get(token, now(), () => outcomeOf(token));
    } catch (error) {
      if (error instanceof InvalidToken) outcome = error;
      else {
        report(error);
        throw unavailable();
      }
    }
    if (outcome instanceof InvalidToken) throw refused(outcome.message, outcome);
    if (outcome instanceof Refusal) throw outcome;
    return outcome;
  }

  /** Makes a refusal with its challenge (RFC 6750, 3). */
  function refused(detail: string, error?: InvalidToken): Refusal {
    const parameters: readonly (readonly [name: string, value: string | undefined])[] = [
      ["error", error?.code],
      ["error_description", error?.message],
      ["scope", scopes.length > 0 && error?.code !== "invalid_token" ? scopes.join(" ") : undefined],
      ["resource_metadata", metadata],
      ["realm", REALM],
    ];
    const written = parameters.flatMap(([name, value]) => (value === undefined ? [] : `${name}="${quoted(value)}"`));
    const status = error?.code === "insufficient_scope" ? 403 : 401;
    const headers = { "www-authenticate": `Bearer ${written.join(", ")}` };
    return error === undefined ? new Challenge(detail, headers) : new Refusal(status, detail, headers);
  }

  return {
    resource: {
      resource,
      authorization_servers: [authorizationServerUri],
      ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
      bearer_methods_supported: ["header"],
    },
    admit(request) {
      const token = credentialsOf(request, "bearer");
      // A request without a token gets no error code (RFC 6750, 3.1).
      if (token === undefined) throw refused("This server asks for an access token");
      return admit(token);
    },
  };
}

/** Returns the name of the one that a token stands for: a person, else a client. */
function subjectOf({ sub, client_id: client, azp }: JsonObject): string | undefined {
  return [sub, client, azp].find(name => typeof name === "string" && name !== "") as string | undefined;
}

/** Makes a refusal of a request whose token cannot be checked. */
function unavailable(): Refusal {
  const detail = "Access tokens cannot be checked for now: their authorization server gives no usable answer";
  return new Refusal(503, detail, { "retry-after": RETRY_AFTER });
}

/** Returns a text for a quoted string, in which a header may only have printable characters of ASCII (RFC 6750, 3). */
function quoted(text: string): string {
  return text.replace(/[^ -~]/g, "?").replace(/["\\]/g, "\\$&");
}
