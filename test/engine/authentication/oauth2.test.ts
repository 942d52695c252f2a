import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { OpenOptions } from "../../../src/engine/open-options.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import {
  type AuthorizationServer,
  CLIENT_SECRET,
  startAuthorizationServer,
} from "../../support/authorization-server.ts";
import { MARK } from "../../support/marked-secret.ts";
import { failureOf, openAuthenticated } from "../../support/open-authenticated.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function upstream(answer: Answerer): Promise<Upstream> {
  const server = await startUpstream(answer);
  closing.push(() => server.close());
  return server;
}

function tokenOf(headers: { readonly authorization?: string | undefined }): string | undefined {
  return /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1];
}

describe("oauth2 against oidc-provider", () => {
  let server: AuthorizationServer;
  let api: Upstream;

  beforeAll(async () => {
    server = await startAuthorizationServer();
    api = await startUpstream(async ({ headers }, response) => {
      const token = await server.check(tokenOf(headers));
      answerJson(response, token === undefined ? 401 : 200, token ?? { error: "no valid token" });
    });
  });

  afterAll(async () => {
    await api.close();
    await server.close();
  });

  const open = (declaration: object) =>
    openAuthenticated({
      authentication: { type: "oauth2", clientSecret: "{{CLIENT_SECRET}}", ...declaration },
      baseUri: api.url,
      env: { CLIENT_SECRET },
    });

  it("finds the token endpoint, asks for scopes, and keeps the token", async () => {
    const before = server.grants.length;
    const opened = await open({
      authorizationServerUri: server.url,
      clientId: "service",
      scopes: ["orders:read"],
    });
    for (const q of ["1", "2", "3"]) {
      expect(await opened.run("get", { q })).toMatchObject({ outputs: { scope: "orders:read" } });
    }
    expect(server.grants.slice(before)).toEqual(["client_credentials"]);
  });

  it.each([
    ["service", {}],
    ["service", { clientAuthentication: "basic" }],
    ["service-post", { clientAuthentication: "post" }],
  ])("authenticates the client %s with %j", async (clientId, more) => {
    const opened = await open({ tokenEndpoint: `${server.url}/token`, clientId, ...more });
    expect(await opened.run("get")).toMatchObject({ status: 200 });
  });

  it("asks once for many calls at once", async () => {
    const before = server.grants.length;
    const opened = await open({ tokenEndpoint: `${server.url}/token`, clientId: "service" });
    const results = await Promise.all(Array.from({ length: 20 }, (_, q) => opened.run("get", { q: String(q) })));
    expect(results.map(({ status }) => status)).toEqual(results.map(() => 200));
    expect(server.grants.slice(before)).toEqual(["client_credentials"]);
  });

  it("replaces a token that the API refuses, once for many calls", async () => {
    const opened = await open({ tokenEndpoint: `${server.url}/token`, clientId: "service" });
    await opened.run("get");
    const before = server.grants.length;
    const asked = api.requests.length;
    await server.revoke(tokenOf(api.requests.at(-1)?.headers ?? {}) ?? "");
    const calls = Array.from({ length: 5 }, () => opened.run("put", { body: { a: 1 } }));
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(server.grants.slice(before)).toEqual(["client_credentials"]);
    expect(api.requests.slice(asked).map(({ body }) => body)).toEqual(Array(10).fill('{"a":1}'));
  });

  it("tells the server's reason for refusing the client", async () => {
    const opened = await openAuthenticated({
      authentication: {
        type: "oauth2",
        authorizationServerUri: server.url,
        clientId: "service",
        clientSecret: "{{CLIENT_SECRET}}",
      },
      baseUri: api.url,
      env: { CLIENT_SECRET: `${MARK} wrong` },
    });
    const failure = await failureOf(opened.run("get"));
    expect(failure).toMatchObject({
      code: "AUTHENTICATION_FAILED",
      details: { operation: "get", type: "oauth2", reason: "invalid_client" },
    });
    expect(failure.message).toContain(`${server.url}/token refused: invalid_client (client authentication failed)`);
  });

  it("works by the transport of the command too", async () => {
    const opened = await openAuthenticated({
      authentication: {
        type: "oauth2",
        authorizationServerUri: server.url,
        clientId: "service",
        clientSecret: "{{CLIENT_SECRET}}",
      },
      baseUri: api.url,
      env: { CLIENT_SECRET },
      open: { transport: createNodeHttpTransport() },
    });
    expect(await opened.run("get")).toMatchObject({ status: 200 });
  });
});

/** Starts an authorization server that a test scripts, beside an API that takes what `accepts` says. */
async function scripted(
  answer: Answerer,
  {
    accepts = () => true,
    now = Date.now(),
    declaration = {},
  }: {
    readonly accepts?: (token: string | undefined) => boolean;
    readonly now?: number;
    readonly declaration?: object;
  } = {},
) {
  const server = await upstream(answer);
  const api = await upstream(({ headers }, response) =>
    answerJson(response, accepts(tokenOf(headers)) ? 200 : 401, {}),
  );
  const clock = { now };
  const capability = await openAuthenticated({
    authentication: {
      type: "oauth2",
      tokenEndpoint: `${server.url}/token`,
      clientId: "c",
      clientSecret: "{{SECRET}}",
      ...declaration,
    },
    baseUri: api.url,
    env: { SECRET: `${MARK}-s` },
    now: () => clock.now,
  });
  return { server, api, clock, capability };
}

/** Answers with the tokens `t1`, `t2`, … */
function issue(more: object = {}): Answerer {
  let count = 0;
  return (_, response) =>
    answerJson(response, 200, {
      access_token: `${MARK}-t${++count}`,
      token_type: "Bearer",
      ...more,
    });
}

describe("an oauth2 session", () => {
  it.each([
    [3_600, 3_600 - 31, 3_600 - 29],
    [60, 53, 55],
  ])("replaces a token of %d s shortly before it expires", async (expires_in, early, late) => {
    const { server, clock, capability } = await scripted(issue({ expires_in }));
    const start = clock.now;
    await capability.run("get");
    clock.now = start + early * 1000;
    await capability.run("get");
    expect(server.requests).toHaveLength(1);
    clock.now = start + late * 1000;
    await capability.run("get");
    expect(server.requests).toHaveLength(2);
  });

  it("uses a token without expiry until the API refuses it", async () => {
    let refused = "";
    const { server, clock, capability } = await scripted(issue(), { accepts: token => token !== refused });
    await capability.run("get");
    clock.now += 1e12;
    await capability.run("get");
    expect(server.requests).toHaveLength(1);
    refused = `${MARK}-t1`;
    await capability.run("get");
    expect(server.requests).toHaveLength(2);
  });

  it("gives the API's 401 when a new token helps as little", async () => {
    const { server, api, capability } = await scripted(issue(), { accepts: () => false });
    expect(await failureOf(capability.run("get"))).toMatchObject({
      code: "HTTP_STATUS",
      details: { status: 401 },
    });
    expect([server.requests.length, api.requests.length]).toEqual([2, 2]);
  });

  it("sends scopes, audience and resource", async () => {
    const { server, capability } = await scripted(issue(), {
      declaration: { scopes: ["a", "b"], audience: "https://x.test", resource: "https://y.test" },
    });
    await capability.run("get");
    const [{ body, headers } = { body: "", headers: {} }] = server.requests;
    expect(Object.fromEntries(new URLSearchParams(body))).toEqual({
      grant_type: "client_credentials",
      scope: "a b",
      audience: "https://x.test",
      resource: "https://y.test",
    });
    expect(headers["user-agent"]).toMatch(/^naftiko\//);
    expect(headers.authorization).toBe(`Basic ${Buffer.from(`c:${MARK}-s`.replace("-", "%2D")).toString("base64")}`);
  });

  it("refreshes with the newest refresh token", async () => {
    let count = 0;
    const { server, capability, clock } = await scripted(
      (_, response) =>
        answerJson(response, 200, {
          access_token: `${MARK}-t${++count}`,
          token_type: "bearer",
          expires_in: 100,
          ...(count === 2 ? {} : { refresh_token: `${MARK}-r${count}` }),
        }),
      { declaration: { refreshToken: "{{SECRET}}", clientSecret: undefined } },
    );
    for (let call = 0; call < 4; call++) {
      await capability.run("get");
      clock.now += 200_000;
    }
    const sent = server.requests.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));
    expect(sent).toEqual(
      ["s", "r1", "r1", "r3"].map(token => ({
        grant_type: "refresh_token",
        client_id: "c",
        refresh_token: `${MARK}-${token}`,
      })),
    );
  });

  it("is one for adapters and operations with the same declaration, and another for others", async () => {
    const { server, capability } = await scripted(issue());
    await capability.run("get");
    await capability.run("put", { body: {} });
    expect(server.requests).toHaveLength(1);
  });

  it("lets one caller give up while others wait", async () => {
    let answer = () => {};
    const { server, capability } = await scripted((_, response) => {
      answer = () => answerJson(response, 200, { access_token: `${MARK}-t`, token_type: "bearer" });
    });
    const controller = new AbortController();
    const impatient = failureOf(capability.run("get", {}, { signal: controller.signal }));
    const patient = capability.run("get");
    while (server.requests.length === 0) await new Promise(resolve => setImmediate(resolve));
    controller.abort();
    expect(await impatient).toMatchObject({ code: "ABORTED" });
    answer();
    expect(await patient).toMatchObject({ status: 200 });
    expect(server.requests).toHaveLength(1);
  });

  it("leaves the request to a caller who brings the header", async () => {
    const { server, capability } = await scripted(issue());
    await capability.run("put", { Authorization: "mine", body: {} });
    expect(server.requests).toHaveLength(0);
  });
});

interface FailureCase {
  readonly what: string;
  readonly answer: Answerer;
  readonly reason: string;
  readonly says: string;
}

const text =
  (status: number, type: string, body: string, headers: Readonly<Record<string, string>> = {}): Answerer =>
  (_, response) => {
    response.writeHead(status, { "content-type": type, ...headers }).end(body);
  };

const failures: readonly FailureCase[] = [
  {
    what: "HTML",
    answer: text(200, "text/html; charset=utf-8", "<html>Sign in</html>"),
    reason: "invalid_answer",
    says: "answered HTTP 200 with text/html, not JSON",
  },
  {
    what: "an error page",
    answer: text(502, "text/html", `<html>${MARK}-s</html>`),
    reason: "invalid_answer",
    says: "answered HTTP 502 with text/html, not JSON",
  },
  {
    what: "an error of its own",
    answer: text(400, "application/json", '{"error":"invalid_scope","error_description":"no\\u001b[2J such scope"}'),
    reason: "invalid_scope",
    says: "refused: invalid_scope (no\\u001b[2J such scope)",
  },
  {
    what: "an error that repeats the secret",
    answer: (request, response) =>
      answerJson(response, 401, {
        error: "invalid_client",
        error_description: request.headers.authorization,
      }),
    reason: "invalid_client",
    says: "refused: invalid_client",
  },
  {
    what: "a challenge with its error",
    answer: text(401, "application/json", '{"error":"invalid_client"}', {
      "www-authenticate": 'Basic realm="x"',
    }),
    reason: "invalid_client",
    says: "refused: invalid_client",
  },
  {
    what: "JSON that is no error either",
    answer: text(500, "application/json", "{}"),
    reason: "invalid_answer",
    says: "HTTP 500 with JSON without an error code",
  },
  {
    what: "a redirect, which might go anywhere",
    answer: text(302, "text/plain", "", { location: "https://elsewhere.test/token" }),
    reason: "invalid_answer",
    says: "a redirect to https://elsewhere.test/token",
  },
  {
    what: "no token",
    answer: text(200, "application/json", '{"token_type":"bearer"}'),
    reason: "invalid_answer",
    says: "access_token",
  },
  {
    what: "a token of another type",
    answer: text(200, "application/json", `{"access_token":"${MARK}-t","token_type":"mac"}`),
    reason: "invalid_answer",
    says: "cannot be used",
  },
  {
    what: "a token with a line break",
    answer: text(200, "application/json", `{"access_token":"${MARK}\\r\\nx: y","token_type":"bearer"}`),
    reason: "invalid_answer",
    says: "no header can hold",
  },
  {
    what: "an expiry that is no number",
    answer: text(200, "application/json", `{"access_token":"${MARK}-t","token_type":"bearer","expires_in":"soon"}`),
    reason: "invalid_answer",
    says: "expires_in",
  },
];

describe("oauth2 with a token endpoint that answers", () => {
  it.each(failures)("$what", async ({ answer, reason, says }) => {
    const { api, capability } = await scripted(answer);
    const failure = await failureOf(capability.run("get"));
    expect(failure).toMatchObject({
      code: "AUTHENTICATION_FAILED",
      details: { operation: "get", type: "oauth2", reason },
    });
    expect(failure.message).toContain(says);
    expect(api.requests).toHaveLength(0);
  });
});

describe("oauth2 refuses", () => {
  const run = async (declaration: object, open: object = {}) =>
    failureOf(
      (
        await openAuthenticated({
          authentication: { type: "oauth2", clientId: "c", clientSecret: `${MARK}-s`, ...declaration },
          baseUri: "http://127.0.0.1:1",
          open,
        })
      ).run("get"),
    );

  it("a token endpoint that is down", async () => {
    const failure = await run({ tokenEndpoint: "http://127.0.0.1:1/token" });
    expect(failure).toMatchObject({ code: "NETWORK", details: { reason: "ECONNREFUSED" } });
    expect(failure.message).toContain("Cannot get a token from http://127.0.0.1:1/token");
  });

  it("a token endpoint that never answers", async () => {
    const server = await upstream(() => {});
    const failure = await run({ tokenEndpoint: server.url }, { timeoutMs: 50 });
    expect(failure).toMatchObject({ code: "TIMEOUT" });
    expect(failure.message).toContain(`Cannot get a token from ${server.url}`);
  });

  it.each([
    [{ tokenEndpoint: "http://id.test/token" }, "plain_http", "over plain http"],
    [{ authorizationServerUri: "http://id.test" }, "plain_http", "metadata"],
    [{ tokenEndpoint: "ftp://id.test/token" }, "no_endpoint", "not an http or https URL"],
    [{ authorizationServerUri: "id.test" }, "no_metadata", "is not a URL"],
    [{ tokenEndpoint: "https://id.test", grant: "refresh_token" }, "no_refresh_token", '"refreshToken"'],
  ])("%j", async (declaration, reason, says) => {
    const failure = await run(declaration);
    expect(failure).toMatchObject({ code: "AUTHENTICATION_FAILED", details: { reason } });
    expect(failure.message).toContain(says);
  });

  it("a grant that no file could name", async () => {
    const api = {
      type: "oauth2",
      clientId: "c",
      tokenEndpoint: "https://id.test",
      grant: "password",
    } as object;
    const authentication = { api } as NonNullable<OpenOptions["authentication"]>;
    expect(await run({ tokenEndpoint: "https://id.test" }, { authentication })).toMatchObject({
      code: "AUTHENTICATION_FAILED",
      details: { reason: "unknown_grant" },
    });
  });

  it("metadata of another issuer", async () => {
    const server = await upstream((_, response) =>
      answerJson(response, 200, { issuer: "https://evil.test", token_endpoint: "https://evil.test/token" }),
    );
    expect(await run({ authorizationServerUri: server.url })).toMatchObject({
      code: "AUTHENTICATION_FAILED",
      details: { reason: "invalid_answer" },
    });
    expect(server.requests).toHaveLength(1);
  });

  it("a server without metadata, and asks again the next time", async () => {
    const server = await upstream((_, response) => response.writeHead(404).end());
    const api = await openAuthenticated({
      authentication: { type: "oauth2", clientId: "c", authorizationServerUri: `${server.url}/tenant` },
      baseUri: "http://127.0.0.1:1",
    });
    for (const call of [1, 2]) {
      const failure = await failureOf(api.run("get"));
      expect({ call, failure }).toMatchObject({ call, failure: { details: { reason: "no_metadata" } } });
    }
    expect(server.requests.map(({ url }) => url)).toEqual(
      Array(2)
        .fill(["/.well-known/oauth-authorization-server/tenant", "/tenant/.well-known/openid-configuration"])
        .flat(),
    );
  });
});
