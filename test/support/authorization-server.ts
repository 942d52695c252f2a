import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClientMetadata, Configuration } from "oidc-provider";
import { MARK } from "./marked-secret.ts";

/** A real authorization server on the loopback, whose pages {@link Person} fills in. */
export interface AuthorizationServer {
  readonly url: string;
  /** Grant type of every request for a token, in order. */
  readonly grants: readonly string[];
  /** Tells whether a token is valid, and for which scopes. */
  check(token: string | undefined): Promise<{ readonly scope: string | undefined } | undefined>;
  /** Makes a token invalid before it expires. */
  revoke(token: string): Promise<void>;
  close(): Promise<void>;
}

export const CLIENT_SECRET: string = `${MARK}/client+secret`;

const service: ClientMetadata = {
  client_id: "service",
  client_secret: CLIENT_SECRET,
  grant_types: ["client_credentials"],
  redirect_uris: [],
  response_types: [],
};

const servicePost: ClientMetadata = {
  ...service,
  client_id: "service-post",
  token_endpoint_auth_method: "client_secret_post",
};

const native: ClientMetadata = {
  client_id: "terminal",
  application_type: "native",
  token_endpoint_auth_method: "none",
  grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
  redirect_uris: ["http://127.0.0.1/callback"],
  response_types: ["code"],
};

/** @param lifeSeconds of the tokens */
export async function startAuthorizationServer(lifeSeconds = 600): Promise<AuthorizationServer> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = await quietly(async () => {
    const { default: Provider } = await import("oidc-provider");
    return new Provider(url, {
      clients: [service, servicePost, native],
      scopes: ["openid", "offline_access", "orders:read"],
      features: {
        clientCredentials: { enabled: true },
        deviceFlow,
        introspection: { enabled: true, allowedPolicy: () => true },
        // A token that is asked for with a resource is signed; the others mean nothing to those who see them.
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_, resource) => ({
            scope: "orders:read",
            audience: resource,
            accessTokenFormat: "jwt" as const,
          }),
        },
        revocation: { enabled: true, allowedPolicy: () => true },
      },
      ttl: {
        AccessToken: lifeSeconds,
        ClientCredentials: lifeSeconds,
        DeviceCode: 600,
        Grant: 600,
        IdToken: 600,
        Interaction: 600,
        RefreshToken: 600,
        Session: 600,
      },
      cookies: { keys: ["test"] },
      issueRefreshToken: () => true,
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    });
  });
  const grants: string[] = [];
  provider.on("grant.success", ({ oidc }) => grants.push(String(oidc.params?.["grant_type"])));
  provider.on("grant.error", ({ oidc }) => grants.push(String(oidc.params?.["grant_type"])));
  server.on("request", provider.callback());
  const find = async (token: string) =>
    (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  return {
    url,
    grants,
    async check(token = "") {
      const found = await find(token);
      return found?.isValid ? { scope: found.scope } : undefined;
    },
    async revoke(token) {
      await (await find(token))?.destroy();
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The pages of a login on another device; those of the package tell the console that they should be replaced. */
const deviceFlow: NonNullable<NonNullable<Configuration["features"]>["deviceFlow"]> = {
  enabled: true,
  userCodeConfirmSource(context, form) {
    context.body = form;
  },
  successSource(context) {
    context.body = "Sign-in Success";
  },
};

/** Runs a function without the package's warnings of what a test server has not set up. */
async function quietly<Value>(make: () => Promise<Value>): Promise<Value> {
  const { warn, info, error } = console;
  const nothing = () => {};
  Object.assign(console, { warn: nothing, info: nothing, error: nothing });
  try {
    return await make();
  } finally {
    Object.assign(console, { warn, info, error });
  }
}

/** A person at a browser: follows redirects, keeps cookies, fills in every form until none is left. */
export class Person {
  readonly #cookies = new Map<string, string>();

  /** Opens an address and does what the pages ask; gives the text of the last one. */
  async visit(start: string): Promise<string> {
    let request: { url: string; form?: URLSearchParams } = { url: start };
    for (let step = 0; step < 30; step++) {
      const response = await this.#send(request);
      const location = response.headers.get("location");
      const text = await response.text();
      const form = /<form[^>]*action="([^"]+)"[^>]*>(.*?)<\/form>/s.exec(text);
      if (location !== null) request = { url: new URL(location, request.url).href };
      else if (form === null) return text;
      else request = { url: new URL(form[1] ?? "", request.url).href, form: fields(form[2] ?? "") };
    }
    throw new Error("The pages do not end");
  }

  async #send({ url, form }: { url: string; form?: URLSearchParams }): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      method: form === undefined ? "GET" : "POST",
      redirect: "manual",
      headers: { cookie },
      ...(form === undefined ? {} : { body: form }),
    });
    for (const field of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(field) ?? [];
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }
}

function fields(html: string): URLSearchParams {
  const form = new URLSearchParams();
  for (const [input] of html.matchAll(/<(?:input|button)[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(input)?.[1];
    if (name !== undefined) form.append(name, /value="([^"]*)"/.exec(input)?.[1] ?? "ann");
  }
  return form;
}
