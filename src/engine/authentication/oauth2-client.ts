import * as oauth from "oauth4webapi";
import { elapsedMs } from "../../net/elapsed-ms.ts";
import type { Observe } from "../../net/layers/exchange-event.ts";
import type { FieldValues, SessionContext } from "./authentication-kind.ts";
import type { StoredTokens } from "./login-store.ts";
import {
  checkAnswer,
  failed,
  type OAuth2ServerOptions,
  requirePrivate,
  type ServerContext,
  serverOptions,
  translateError,
} from "./oauth2-exchange.ts";
import { type OAuth2Endpoint, OAuth2Server } from "./oauth2-server.ts";

/** Time before the expiry at which a token is replaced. A token of less than five minutes: a tenth of its life. */
const LONGEST_MARGIN_MS = 30_000;

/** The parts of a request to the server. */
interface TokenRequest {
  /** The first arguments of each request of oauth4webapi. */
  readonly parties: readonly [oauth.AuthorizationServer, oauth.Client, oauth.ClientAuth];
  readonly options: OAuth2ServerOptions;
}

/** The function of oauth4webapi that reads an answer. */
type Read<Answer> = (server: oauth.AuthorizationServer, client: oauth.Client, response: Response) => Promise<Answer>;

/** A client of an authorization server. oauth4webapi builds the requests and checks the answers. */
export class OAuth2Client {
  readonly #values: FieldValues;
  readonly #context: ServerContext & Pick<SessionContext, "now">;
  readonly #server: OAuth2Server;

  constructor(
    values: FieldValues,
    context: ServerContext & Pick<SessionContext, "now">,
    server: OAuth2Server = new OAuth2Server(values, context),
  ) {
    this.#values = values;
    this.#context = context;
    this.#server = server;
  }

  /** Returns the same client with a listener for its exchanges. */
  observedBy(observe: Observe | undefined): OAuth2Client {
    if (observe === undefined) return this;
    const { exchange } = this.#context;
    const observed = { ...exchange, watch: { ...exchange.watch, observe } };
    return new OAuth2Client(this.#values, { ...this.#context, exchange: observed }, this.#server);
  }

  /** Gets tokens for the client itself (RFC 6749, 4.4). */
  clientCredentials(): Promise<StoredTokens> {
    return this.#requestToken(
      "client_credentials",
      ({ parties, options }) => oauth.clientCredentialsGrantRequest(...parties, this.parameters, options),
      oauth.processClientCredentialsResponse,
    );
  }

  /** Gets tokens for a refresh token (RFC 6749, 6). If the answer has no new refresh token, the old one stays in use. */
  async refresh(refreshToken: string): Promise<StoredTokens> {
    const tokens = await this.#requestToken(
      "refresh_token",
      ({ parties, options }) => {
        const more = { ...options, additionalParameters: this.parameters };
        return oauth.refreshTokenGrantRequest(...parties, refreshToken, more);
      },
      oauth.processRefreshTokenResponse,
    );
    return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
  }

  /** Returns the client's name at the server. */
  get id(): string {
    return this.#values["clientId"] ?? "";
  }

  /** Returns the address of the login page (RFC 6749, 3.1). */
  async authorizationEndpoint(): Promise<string> {
    const { authorization_endpoint: url = "" } = await this.#server.with("authorization_endpoint");
    requirePrivate("a login", url, this.#context);
    return url;
  }

  /**
   * Gets tokens for an authorization code (RFC 6749, 4.1.3, with RFC 7636).
   *
   * @param received the parameters that the server sent to the redirect URI
   */
  exchangeCode(
    received: URLSearchParams,
    login: { readonly state: string; readonly redirectUri: string; readonly verifier: string },
  ): Promise<StoredTokens> {
    const { state, redirectUri, verifier } = login;
    return this.#requestToken(
      "authorization_code",
      ({ parties, options }) => {
        // Without metadata the issuer's own name is unknown (RFC 9207, 2.4).
        if (this.#values["authorizationServerUri"] === undefined) received.delete("iss");
        const [server, client] = parties;
        const checked = oauth.validateAuthResponse(server, client, received, state);
        return oauth.authorizationCodeGrantRequest(...parties, checked, redirectUri, verifier, options);
      },
      oauth.processAuthorizationCodeResponse,
    );
  }

  /** Begins a login on another device (RFC 8628, 3.1). */
  beginDevice(): Promise<oauth.DeviceAuthorizationResponse> {
    return this.#ask("device_authorization_endpoint", "a device code", async ({ parties, options }) => {
      const [server, client] = parties;
      const answer = await oauth.deviceAuthorizationRequest(...parties, this.parameters, options);
      return oauth.processDeviceAuthorizationResponse(server, client, answer);
    });
  }

  /** Gets tokens for a device code (RFC 8628, 3.4). */
  exchangeDeviceCode(deviceCode: string): Promise<StoredTokens> {
    return this.#requestToken(
      "device_code",
      ({ parties, options }) => oauth.deviceCodeGrantRequest(...parties, deviceCode, options),
      oauth.processDeviceCodeResponse,
    );
  }

  /**
   * Ends a login at the server too (RFC 7009), if its metadata name an endpoint for that.
   *
   * @returns whether they do
   */
  async revoke({ refreshToken, accessToken }: StoredTokens): Promise<boolean> {
    const { revocation_endpoint: endpoint } = await this.#server.with("token_endpoint");
    if (endpoint === undefined) return false;
    const token = refreshToken ?? accessToken;
    await this.#ask("token_endpoint", "the end of a login", async ({ parties }) => {
      // A good answer is empty (RFC 7009, 2.2).
      const options = serverOptions(this.#context, "the end of a login", (response, url) => {
        if (response.status !== 200) checkAnswer(response, url);
      });
      await oauth.revocationRequest(...parties, token, options);
    });
    return true;
  }

  /** Returns the parameters of every request. */
  get parameters(): Record<string, string> {
    const { scopes: scope, audience, resource } = this.#values;
    const given = Object.entries({ scope, audience, resource });
    return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  async #requestToken(
    grant: string,
    send: (asking: TokenRequest) => Promise<Response>,
    read: Read<oauth.TokenEndpointResponse>,
  ): Promise<StoredTokens> {
    const asked = this.#context.now();
    const answer = await this.#ask("token_endpoint", "a token", async asking => {
      const startedAt = performance.now();
      const [server, client] = asking.parties;
      const tokens = await read(server, client, await send(asking));
      const endpoint = server.token_endpoint ?? "";
      const durationMs = elapsedMs(startedAt);
      this.#context.exchange.watch.observe?.({ type: "token", endpoint, grant, durationMs });
      return tokens;
    });
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = answer;
    if (!/^[!-~]+$/.test(accessToken))
      throw failed("invalid_answer", "The authorization server gave a token that no header can hold");
    const lifeMs = seconds === undefined ? undefined : seconds * 1000;
    const expiresAt = lifeMs === undefined ? undefined : asked + lifeMs - Math.min(LONGEST_MARGIN_MS, lifeMs / 10);
    return { accessToken, refreshToken, expiresAt };
  }

  async #ask<Answer>(
    endpoint: OAuth2Endpoint,
    purpose: string,
    talk: (asking: TokenRequest) => Promise<Answer>,
  ): Promise<Answer> {
    const server = await this.#server.with(endpoint, this.#context);
    try {
      return await talk({
        parties: [server, { client_id: this.id }, this.#authentication(server)],
        options: serverOptions(this.#context, purpose, checkAnswer),
      });
    } catch (error) {
      throw translateError(error, `The answer of the authorization server ${server[endpoint]}`);
    }
  }

  #authentication({ token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer): oauth.ClientAuth {
    const { clientSecret, clientAuthentication } = this.#values;
    if (clientSecret === undefined) return oauth.None();
    const inBody =
      clientAuthentication === undefined
        ? methods?.includes("client_secret_post") && !methods.includes("client_secret_basic")
        : clientAuthentication === "post";
    return inBody ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret);
  }
}
