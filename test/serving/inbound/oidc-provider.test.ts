import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AuthorizationServer,
  CLIENT_SECRET,
  startAuthorizationServer,
} from "../../support/authorization-server.ts";
import { startGuarded } from "./guarded-server.ts";

const RESOURCE = "https://shop.test/api";
let server: AuthorizationServer;

beforeAll(async () => {
  server = await startAuthorizationServer();
});

afterAll(() => server.close());

/** Gets a token as the client `service`. */
async function token(parameters: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(`${server.url}/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`service:${encodeURIComponent(CLIENT_SECRET)}`).toString("base64")}`,
    },
    body: new URLSearchParams({ grant_type: "client_credentials", ...parameters }),
  });
  const { access_token: found } = (await response.json()) as { readonly access_token: string };
  return found;
}

describe("tokens of oidc-provider", () => {
  const declaration = { type: "oauth2", resource: RESOURCE, scopes: ["orders:read"] };

  it.each<[name: string, parameters: Record<string, string>, status: number]>([
    ["of the resource", { resource: RESOURCE, scope: "orders:read" }, 200],
    ["without the scope", { resource: RESOURCE }, 403],
    ["of another resource", { resource: "https://other.test", scope: "orders:read" }, 401],
    ["that are not signed", { scope: "orders:read" }, 401],
  ])("are checked by its keys: those %s", async (_, parameters, status) => {
    const guarded = await startGuarded({ ...declaration, authorizationServerUri: server.url });
    const answer = await guarded.ask({ authorization: `Bearer ${await token(parameters)}` });
    expect(answer.status).toBe(status);
  });

  it("are asked about", async () => {
    const guarded = await startGuarded(
      {
        ...{ ...declaration, authorizationServerUri: server.url, tokenValidation: "introspection" },
        ...{ clientId: "service", clientSecret: "{{TOKEN}}" },
      },
      { env: { TOKEN: CLIENT_SECRET } },
    );
    const ask = async (given: string) => (await guarded.ask({ authorization: `Bearer ${given}` })).status;
    expect(await ask(await token({ scope: "orders:read" }))).toBe(200);
    expect(await ask(await token({}))).toBe(403);
    const revoked = await token({ scope: "orders:read" });
    await server.revoke(revoked);
    expect(await ask(revoked)).toBe(401);
    expect(await ask("nonsense")).toBe(401);
  });

  it("cannot be asked about by a client that the server does not know", async () => {
    const guarded = await startGuarded({
      ...{ ...declaration, authorizationServerUri: server.url, tokenValidation: "introspection" },
      ...{ clientId: "stranger", clientSecret: "nothing" },
    });
    expect(await guarded.ask({ authorization: "Bearer x" })).toMatchObject({ status: 503, retryAfter: "5" });
  });
});
