import * as oauth from "oauth4webapi";
import { listenForCallback } from "./login-callback.ts";
import type { StoredTokens } from "./login-store.ts";
import type { OAuth2Client } from "./oauth2-client.ts";
import { failed } from "./oauth2-exchange.ts";

/** Settings of a login in a browser. */
export interface BrowserLoginOptions {
  /** Port of the redirect URI. `0` takes any free port, which most servers allow (RFC 8252, 7.3). */
  readonly port: number;
  /** Time limit for the person, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called with the address that the person has to open. */
  readonly onAddress: (url: string) => void;
}

/**
 * Lets a person log in with a browser: authorization code with PKCE and a redirect to the loopback (RFC 8252).
 *
 * @throws CapabilityError `AUTHENTICATION_FAILED`
 */
export async function loginByBrowser(
  client: OAuth2Client,
  { port, timeoutMs, signal, onAddress }: BrowserLoginOptions,
): Promise<StoredTokens> {
  const address = new URL(await client.authorizationEndpoint());
  const state = oauth.generateRandomState();
  const verifier = oauth.generateRandomCodeVerifier();
  const deadline = AbortSignal.timeout(timeoutMs);
  const callback = await listenForCallback(state, port, AbortSignal.any([signal, deadline]));
  const { redirectUri } = callback;
  try {
    const parameters = {
      ...client.parameters,
      response_type: "code",
      client_id: client.id,
      redirect_uri: redirectUri,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      // Without it OpenID Connect ignores the scope and gives no refresh token (Core 1.0, 11).
      ...(client.parameters["scope"]?.split(" ").includes("offline_access") ? { prompt: "consent" } : {}),
    };
    for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
    onAddress(address.href);
    return await client.exchangeCode(await callback.received, { state, redirectUri, verifier });
  } catch (error) {
    if (!deadline.aborted || error !== deadline.reason) throw error;
    throw failed(
      "login_timeout",
      `The login was not completed within ${Math.round(timeoutMs / 1000)} seconds`,
      error,
    );
  } finally {
    callback.close();
  }
}
