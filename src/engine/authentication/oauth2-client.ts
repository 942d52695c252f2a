import * as oauth from "oauth4webapi";
import { elapsedMs } from "../../net/elapsed-ms.ts";
import type { Observe } from "../../net/layers/exchange-event.ts";
import type { FieldValues, SessionContext } from "./authentication-kind.ts";
import type { StoredTokens } from "./login-store.ts";
import {
  checkAnswer,
  type ExchangeOptions,
  exchangeOptions,
  failed,
  requirePrivate,
  type ServerContext,
  translateError,
} from "./oauth2-exchange.ts";
import { type Endpoint, OAuth2Server } from "./oauth2-server.ts";

/** A token is replaced this long before it expires, one of less than five minutes after nine tenths of its life. */
const LONGEST_MARGIN_MS = 30_000;

/** What one request to the server is made of. */
interface TokenRequest {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly authentication: oauth.ClientAuth;
  readonly options: ExchangeOptions;
}

/** One client of one authorization server. oauth4webapi builds the requests and checks the answers. */
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

  /** The same client, whose exchanges somebody is told of. */
  observedBy(observe: Observe | undefined): OAuth2Client {
    if (observe === undefined) return this;
    const { exchange } = this.#context;
    const observed = { ...exchange, watch: { ...exchange.watch, observe } };
    return new OAuth2Client(this.#values, { ...this.#context, exchange: observed }, this.#server);
  }

  /** RFC 6749, 4.4. */
  clientCredentials(): Promise<StoredTokens> {
    return this.#requestToken("client_credentials", async ({ server, client, authentication, options }) => {
      const { parameters } = this;
      const answer = await oauth.clientCredentialsGrantRequest(
        server,
        client,
        authentication,
        parameters,
        options,
      );
      return oauth.processClientCredentialsResponse(server, client, answer);
    });
  }

  /** RFC 6749, 6. A server that gives no new refresh token leaves the old one in use. */
  async refresh(refreshToken: string): Promise<StoredTokens> {
    const tokens = await this.#requestToken(
      "refresh_token",
      async ({ server, client, authentication, options }) => {
        const more = { ...options, additionalParameters: this.parameters };
        const answer = await oauth.refreshTokenGrantRequest(
          server,
          client,
          authentication,
          refreshToken,
          more,
        );
        return oauth.processRefreshTokenResponse(server, client, answer);
      },
    );
    return { refreshToken, ...tokens };
  }

  /** The client's name at the server. */
  get id(): string {
    return this.#values["clientId"] ?? "";
  }

  /** Where a person logs in (RFC 6749, 3.1). */
  async authorizationEndpoint(): Promise<string> {
    const { authorization_endpoint: url = "" } = await this.#server.with("authorization_endpoint");
    requirePrivate("a login", url, this.#context);
    return url;
  }

  /**
   * RFC 6749, 4.1.3, with RFC 7636.
   *
   * @param received what the server sent to the redirect URI
   */
  exchangeCode(
    received: URLSearchParams,
    {
      state,
      redirectUri,
      verifier,
    }: { readonly state: string; readonly redirectUri: string; readonly verifier: string },
  ): Promise<StoredTokens> {
    return this.#requestToken("authorization_code", async ({ server, client, authentication, options }) => {
      // Without metadata nobody knows what the issuer calls itself (RFC 9207, 2.4).
      if (this.#values["authorizationServerUri"] === undefined) received.delete("iss");
      const checked = oauth.validateAuthResponse(server, client, received, state);
      const answer = await oauth.authorizationCodeGrantRequest(
        server,
        client,
        authentication,
        checked,
        redirectUri,
        verifier,
        options,
      );
      return oauth.processAuthorizationCodeResponse(server, client, answer);
    });
  }

  /** RFC 8628, 3.1. */
  beginDevice(): Promise<oauth.DeviceAuthorizationResponse> {
    return this.#ask("device_authorization_endpoint", "a device code", async asking => {
      const { server, client, authentication, options } = asking;
      const { parameters } = this;
      const answer = await oauth.deviceAuthorizationRequest(
        server,
        client,
        authentication,
        parameters,
        options,
      );
      return oauth.processDeviceAuthorizationResponse(server, client, answer);
    });
  }

  /** RFC 8628, 3.4. */
  exchangeDeviceCode(deviceCode: string): Promise<StoredTokens> {
    return this.#requestToken("device_code", async ({ server, client, authentication, options }) => {
      const answer = await oauth.deviceCodeGrantRequest(server, client, authentication, deviceCode, options);
      return oauth.processDeviceCodeResponse(server, client, answer);
    });
  }

  /**
   * Ends a login at the server too (RFC 7009), where its metadata say how.
   *
   * @returns whether they do
   */
  async revoke({ refreshToken, accessToken }: StoredTokens): Promise<boolean> {
    const { revocation_endpoint: endpoint } = await this.#server.with("token_endpoint");
    if (endpoint === undefined) return false;
    const token = refreshToken ?? accessToken;
    await this.#ask("token_endpoint", "the end of a login", async asking => {
      const { server, client, authentication } = asking;
      // There is nothing in a good answer (RFC 7009, 2.2).
      const options = exchangeOptions(this.#context, "the end of a login", (response, url) => {
        if (response.status !== 200) checkAnswer(response, url);
      });
      await oauth.revocationRequest(server, client, authentication, token, options);
    });
    return true;
  }

  /** What goes along with every request. */
  get parameters(): Record<string, string> {
    const { scopes: scope, audience, resource } = this.#values;
    return {
      ...(scope === undefined ? {} : { scope }),
      ...(audience === undefined ? {} : { audience }),
      ...(resource === undefined ? {} : { resource }),
    };
  }

  async #requestToken(
    grant: string,
    request: (asking: TokenRequest) => Promise<oauth.TokenEndpointResponse>,
  ): Promise<StoredTokens> {
    const asked = this.#context.now();
    const answer = await this.#ask("token_endpoint", "a token", async asking => {
      const startedAt = performance.now();
      const tokens = await request(asking);
      const endpoint = asking.server.token_endpoint ?? "";
      const durationMs = elapsedMs(startedAt);
      this.#context.exchange.watch.observe?.({ type: "token", endpoint, grant, durationMs });
      return tokens;
    });
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = answer;
    if (!/^[!-~]+$/.test(accessToken))
      throw failed("invalid_answer", "The authorization server gave a token that no header can hold");
    if (seconds === undefined)
      return { accessToken, ...(refreshToken === undefined ? {} : { refreshToken }) };
    const lifeMs = seconds * 1000;
    return {
      accessToken,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      expiresAt: asked + lifeMs - Math.min(LONGEST_MARGIN_MS, lifeMs / 10),
    };
  }

  async #ask<Answer>(
    endpoint: Endpoint,
    purpose: string,
    talk: (asking: TokenRequest) => Promise<Answer>,
  ): Promise<Answer> {
    const server = await this.#server.with(endpoint, this.#context);
    try {
      return await talk({
        server,
        client: { client_id: this.id },
        authentication: this.#authentication(server),
        options: exchangeOptions(this.#context, purpose, checkAnswer),
      });
    } catch (error) {
      throw translateError(error, `The answer of the authorization server ${server[endpoint]}`);
    }
  }

  #authentication({
    token_endpoint_auth_methods_supported: methods,
  }: oauth.AuthorizationServer): oauth.ClientAuth {
    const { clientSecret, clientAuthentication } = this.#values;
    if (clientSecret === undefined) return oauth.None();
    const inBody =
      clientAuthentication === undefined
        ? methods?.includes("client_secret_post") && !methods.includes("client_secret_basic")
        : clientAuthentication === "post";
    return inBody ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret);
  }
}
