import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as oauth from "oauth4webapi";
import type { StoredTokens } from "./login-store.ts";
import type { OAuth2Client } from "./oauth2-client.ts";
import { failed } from "./oauth2-exchange.ts";

/** Settings of a login in a browser. */
interface BrowserLoginOptions {
  /** Port of the redirect URI. `0` takes any free port, which most servers allow (RFC 8252, 7.3). */
  readonly port: number;
  /** Time limit for the person, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Receives the address that the person has to open. */
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
    throw failed("login_timeout", `The login was not completed within ${Math.round(timeoutMs / 1000)} seconds`, {
      cause: error,
    });
  } finally {
    callback.close();
  }
}

/** The address to which the browser returns (RFC 8252, 7.3). */
interface LoginCallback {
  readonly redirectUri: string;
  /** The parameters that the browser brings. Rejects when the signal is aborted. */
  readonly received: Promise<URLSearchParams>;
  close(): void;
}

const PATH = "/callback";

/**
 * Listens on the loopback for the request that ends a login. Other requests are refused, such as those of a page that
 * guesses the port: they do not know the `state` of this login.
 *
 * @param port `0` takes any free port
 */
async function listenForCallback(state: string, port: number, signal: AbortSignal): Promise<LoginCallback> {
  let receive: (parameters: URLSearchParams) => void = () => {};
  let fail: (reason: unknown) => void = () => {};
  const received = new Promise<URLSearchParams>((resolve, reject) => {
    receive = resolve;
    fail = reject;
  });
  // A rejection before the first `await` must not end the process.
  received.catch(() => {});

  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.method !== "GET" || pathname !== PATH) return answer(response, 404, "Not found");
    if (searchParams.get("state") !== state) return answer(response, 400, "This is not the login that waits");
    const refused = searchParams.has("error");
    answer(response, 200, refused ? "The login failed" : "You are logged in");
    receive(searchParams);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const onAbort = () => fail(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  return {
    redirectUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`,
    received,
    close() {
      signal.removeEventListener("abort", onAbort);
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    // The address holds the code.
    "referrer-policy": "no-referrer",
    connection: "close",
  });
  response.end(`${text}. You can close this page and go back to the terminal.\n`);
}
