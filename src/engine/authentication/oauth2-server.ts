import * as oauth from "oauth4webapi";
import type { FieldValues } from "./authentication-kind.ts";
import { failed, type ServerContext, serverOptions, translateError } from "./oauth2-exchange.ts";

/** An endpoint of an authorization server, as its metadata calls it (RFC 8414, 2). */
export type OAuth2Endpoint = "token_endpoint" | "authorization_endpoint" | "device_authorization_endpoint";

/** The endpoints of an authorization server: the declared ones, else those of its metadata, which are requested once. */
export class OAuth2Server {
  readonly #issuer: string | undefined;
  readonly #declared: Partial<Record<OAuth2Endpoint, string>>;
  readonly #context: ServerContext;
  #metadata: Promise<oauth.AuthorizationServer> | undefined;

  constructor(values: FieldValues, context: ServerContext) {
    this.#context = context;
    this.#issuer = values["authorizationServerUri"];
    const { tokenEndpoint, authorizationEndpoint, deviceAuthorizationEndpoint } = values;
    this.#declared = Object.fromEntries(
      Object.entries({
        token_endpoint: tokenEndpoint,
        authorization_endpoint: authorizationEndpoint,
        device_authorization_endpoint: deviceAuthorizationEndpoint,
      }).filter(([, url]) => url !== undefined),
    );
  }

  /**
   * Returns the server's metadata, which have the token endpoint and `endpoint`.
   *
   * @throws CapabilityError `AUTHENTICATION_FAILED`, `NETWORK`, …
   */
  async with(endpoint: OAuth2Endpoint, context: ServerContext = this.#context): Promise<oauth.AuthorizationServer> {
    let server: oauth.AuthorizationServer = {
      issuer: this.#issuer ?? this.#declared.token_endpoint ?? "",
      ...this.#declared,
    };
    const isKnown = server[endpoint] !== undefined && server.token_endpoint !== undefined;
    if (!isKnown && this.#issuer !== undefined) {
      this.#metadata ??= this.#discover(this.#issuer, context).catch((error: unknown) => {
        // The next call tries again.
        this.#metadata = undefined;
        throw error;
      });
      server = { ...(await this.#metadata), ...this.#declared };
    }
    for (const name of [endpoint, "token_endpoint"] as const) {
      const url = server[name];
      if (url === undefined) {
        const member = name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
        throw failed(
          "no_endpoint",
          `The authorization server ${server.issuer} has no ${name}; the declaration can name it as "${member}"`,
        );
      }
      if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
        throw failed("no_endpoint", `The ${name} ${JSON.stringify(url)} is not an http or https URL`);
    }
    return server;
  }

  /** Gets the metadata of RFC 8414, else those of OpenID Connect Discovery 1.0. */
  async #discover(issuer: string, context: ServerContext): Promise<oauth.AuthorizationServer> {
    if (!URL.canParse(issuer))
      throw failed("no_metadata", `The authorizationServerUri ${JSON.stringify(issuer)} is not a URL`);
    const url = new URL(issuer);
    const statuses: number[] = [];
    try {
      const options = serverOptions(context, "metadata", () => {});
      for (const algorithm of ["oauth2", "oidc"] as const) {
        const response = await oauth.discoveryRequest(url, { algorithm, ...options });
        if (response.status === 200) return await oauth.processDiscoveryResponse(url, response);
        statuses.push(response.status);
      }
    } catch (error) {
      throw translateError(error, `The metadata of the authorization server ${issuer}`);
    }
    throw failed("no_metadata", `The authorization server ${issuer} has no metadata (HTTP ${statuses.join(", ")})`);
  }
}
