import { createHash } from "node:crypto";
import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { orAborted } from "../../base/or-aborted.ts";
import { thrownText } from "../../base/thrown-text.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import { isFromOrigin, splitUrl } from "../../net/split-url.ts";
import { exchangeAborted } from "../../net/transport-error.ts";
import type { AuthenticatedSend, FieldValues, SessionContext } from "./authentication-kind.ts";
import { isLoginGrant } from "./login-grants.ts";
import type { StoredTokens } from "./login-store.ts";
import { OAuth2Client } from "./oauth2-client.ts";
import { failed } from "./oauth2-exchange.ts";
import { remember } from "./remember.ts";
import { sharedTokens } from "./shared-tokens.ts";
import { type RequestTokens, TokenCache } from "./token-cache.ts";

/**
 * Opens a session that sends with a bearer token (RFC 6750, 2.1). If the API refuses a token, it is replaced once and the
 * request is sent again.
 *
 * @throws CapabilityError `AUTHENTICATION_FAILED` for a declaration that can never give a token
 */
export function oauth2Session(values: FieldValues, context: SessionContext): AuthenticatedSend {
  const client = new OAuth2Client(values, context);
  const grant = grantOf(values);
  const caches = new Map<string, TokenCache>();

  /** Returns the cache for an origin. A person's tokens are for one API, an application's for all that it declares. */
  function cacheFor(origin: string): TokenCache {
    const key = isLoginGrant(grant) ? origin : "";
    let cache = caches.get(key);
    if (cache === undefined) {
      cache = new TokenCache(requestTokens(grant, client, values, origin, context), context);
      remember(caches, key, cache);
    }
    return cache;
  }

  return async (request, exchange, send) => {
    const { origin } = splitUrl(request.url);
    const cache = cacheFor(origin);
    const { signal, watch } = exchange;
    const wait = { signal, observe: watch.observe };
    const aborted = () => exchangeAborted(request.url, signal);
    const tokens = await orAborted(cache.get(wait), signal, aborted);
    const response = await send(authorized(request, tokens), exchange);
    if (response.status !== 401 || !isFromOrigin(response, origin)) return response;
    const others = await orAborted(cache.replace(tokens, wait), signal, aborted);
    return send(authorized(request, others), exchange);
  };
}

const GRANTS = ["client_credentials", "refresh_token", "authorization_code", "device_code"] as const;

type Grant = (typeof GRANTS)[number];

/** Returns the grant of a declaration. */
export function grantOf({ grant: declared, refreshToken }: FieldValues): Grant {
  const grant = declared ?? (refreshToken === undefined ? "client_credentials" : "refresh_token");
  const known = GRANTS.find(candidate => candidate === grant);
  if (known !== undefined) return known;
  throw failed("unknown_grant", `The grant ${JSON.stringify(grant)} is not one of ${GRANTS.join(", ")}`);
}

/**
 * Returns the key under which a login is stored. It includes the API: another file with the same client, but requests to
 * elsewhere, must not get the token.
 */
export function loginKey(values: FieldValues, apiOrigin: string): string {
  const { authorizationServerUri, tokenEndpoint, clientId, scopes, audience, resource } = values;
  const parts = [apiOrigin, authorizationServerUri, tokenEndpoint, clientId, scopes, audience, resource];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function authorized(request: HttpRequest, { accessToken }: StoredTokens): HttpRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${accessToken}` } };
}

function requestTokens(
  grant: Grant,
  client: OAuth2Client,
  values: FieldValues,
  origin: string,
  context: SessionContext,
): RequestTokens {
  const { sharing, now } = context;
  const shared = (request: RequestTokens) =>
    sharing === undefined ? request : sharedTokens(request, values, { sharing, now });
  if (grant === "client_credentials") return shared((_, observe) => client.observedBy(observe).clientCredentials());
  if (isLoginGrant(grant)) {
    const key = loginKey(values, origin);
    return (previous, observe, signal) =>
      loginTokens(previous, { client: client.observedBy(observe), key, context, signal }).catch(storeError);
  }
  const { refreshToken: declared } = values;
  if (declared === undefined) throw failed("no_refresh_token", 'The grant "refresh_token" needs a "refreshToken"');
  return shared((previous, observe) => client.observedBy(observe).refresh(previous?.refreshToken ?? declared));
}

interface LoginRequest {
  readonly client: OAuth2Client;
  readonly key: string;
  readonly context: SessionContext;
  readonly signal: AbortSignal;
}

/** Gets the tokens of a login: the stored ones, which another process may have renewed, else new ones. */
async function loginTokens(
  previous: StoredTokens | undefined,
  { client, key, context, signal }: LoginRequest,
): Promise<StoredTokens> {
  const { logins, now, secrets } = context;
  /** Returns whether tokens are neither refused by the API nor expired. */
  function isUsable(stored: StoredTokens): boolean {
    for (const token of [stored.accessToken, stored.refreshToken]) if (token !== undefined) secrets.add(token);
    const isRefused = stored.accessToken === previous?.accessToken;
    return !isRefused && (stored.expiresAt ?? Number.POSITIVE_INFINITY) > now();
  }
  const stored = await logins.read(key);
  if (stored === undefined) throw loginRequired("You are not logged in");
  if (isUsable(stored)) return stored;
  return logins.renew(
    key,
    async current => {
      if (current === undefined) throw loginRequired("The login has ended meanwhile");
      // Another process has renewed them while this one waited.
      if (isUsable(current)) return current;
      if (current.refreshToken === undefined) throw loginRequired("The login has expired");
      return refreshed(client, current.refreshToken);
    },
    signal,
  );
}

async function refreshed(client: OAuth2Client, refreshToken: string): Promise<StoredTokens> {
  try {
    return await client.refresh(refreshToken);
  } catch (error) {
    if (isCapabilityError(error, "AUTHENTICATION_FAILED") && error.details.reason === "invalid_grant")
      throw loginRequired("The login has expired", error);
    throw error;
  }
}

/** Translates an error of the store of logins. @throws CapabilityError */
function storeError(error: unknown): never {
  if (error instanceof CapabilityError) throw error;
  throw failed("login_store", `The stored login cannot be used: ${thrownText(error)}`, { cause: error });
}

function loginRequired(message: string, cause?: unknown): Error {
  return failed("login_required", message, { cause, remedies: [{ action: "login" }] });
}
