import { createPublicKey } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { markedSecret } from "../../support/marked-secret.ts";
import { answerJson, startUpstream } from "../../support/upstream.ts";
import { type Declared, type GuardedServer, guardOf, startGuarded } from "./guarded-server.ts";
import {
  ecKey,
  edKey,
  hmacToken,
  rsaKey,
  type SigningKey,
  startTokenServer,
  type TokenServer,
  tokenOf,
  unsignedToken,
} from "./token-server.ts";

const RESOURCE = "https://shop.test/api";
const NOW = 1_800_000_000;
const now = () => NOW * 1000;

const closing: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of closing.splice(0)) await close();
});

async function tokenServer(...args: Parameters<typeof startTokenServer>): Promise<TokenServer> {
  const server = await startTokenServer(...args);
  closing.push(() => server.upstream.close());
  return server;
}

const rsa = rsaKey({ kid: "rsa", use: "sig", alg: "RS256" });
const plain = rsaKey({ kid: "plain" });
const encryption = rsaKey({ kid: "enc", use: "enc" });
const short = rsaKey({ kid: "short" }, 1024);
const ec = ecKey({ kid: "ec" });
const ec521 = ecKey({ kid: "ec521" }, "P-521");
const ed = edKey({ kid: "ed" });
const stranger = rsaKey({ kid: "stranger" });
const publicPem = createPublicKey(rsa.key).export({ format: "pem", type: "spki" }).toString();
const symmetric = { kty: "oct", k: Buffer.from("secret").toString("base64url"), kid: "oct", alg: "HS256" };

let issuer: TokenServer;
let server: GuardedServer;

beforeAll(async () => {
  const keys = [rsa, plain, encryption, short, ec, ec521, ed].map(({ jwk }) => jwk);
  issuer = await tokenServer([...keys, symmetric]);
});

const oauth2 = (more: object = {}): Declared => ({
  type: "oauth2",
  authorizationServerUri: issuer.url,
  resource: RESOURCE,
  ...more,
});
const claims = (more: object = {}): object => ({ iss: issuer.url, aud: RESOURCE, exp: NOW + 300, sub: "ann", ...more });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const without = (name: string): object => Object.fromEntries(Object.entries(claims()).filter(([key]) => key !== name));

/** A token; made late, since the address of its issuer is not known before. */
type Token = () => string;
const signed =
  (header: object, more: object = {}, key: SigningKey = rsa): Token =>
  () =>
    tokenOf(header, claims(more), key);
const RS256 = { alg: "RS256", kid: "rsa" };

describe("access tokens", () => {
  it.each<[name: string, token: Token]>([
    ["RS256", signed(RS256)],
    ["PS256", signed({ alg: "PS256", kid: "plain" }, {}, plain)],
    ["RS512", signed({ alg: "RS512", kid: "plain" }, {}, plain)],
    ["ES256", signed({ alg: "ES256", kid: "ec" }, {}, ec)],
    ["ES512", signed({ alg: "ES512", kid: "ec521" }, {}, ec521)],
    ["EdDSA", signed({ alg: "EdDSA", kid: "ed" }, {}, ed)],
    ["Ed25519", signed({ alg: "Ed25519", kid: "ed" }, {}, ed)],
    ["no kid, one key of the kind", signed({ alg: "ES256" }, {}, ec)],
    ["no kid, several keys", signed({ alg: "RS256" }, {}, plain)],
    ["issuer with a slash", () => tokenOf(RS256, claims({ iss: `${issuer.url}/` }), rsa)],
    ["audience among others", signed(RS256, { aud: ["https://other.test", RESOURCE] })],
    ["expired within the skew", signed(RS256, { exp: NOW - 20 })],
    ["not yet valid within the skew", signed(RS256, { nbf: NOW + 20 })],
    ["issued in the future", signed(RS256, { iat: NOW + 20 })],
    ["typ at+jwt", signed({ ...RS256, typ: "at+jwt" })],
    ["no subject", signed(RS256, { sub: undefined, client_id: "service" })],
    ["long", signed(RS256, { groups: "x".repeat(9_000) })],
    ["an embedded key counts for nothing", signed({ ...RS256, jwk: stranger.jwk, jku: "http://127.0.0.1:1/keys" })],
  ])("admits: %s", async (_, token) => {
    server = await startGuarded(oauth2(), { now });
    expect(await server.ask(bearer(token()))).toMatchObject({ status: 200 });
  });

  it.each<[name: string, token: Token, description: string]>([
    ["alg none", () => unsignedToken({ alg: "none" }, claims()), "Signature algorithm not allowed"],
    [
      "alg none with a kid",
      () => unsignedToken({ alg: "none", kid: "rsa" }, claims()),
      "Signature algorithm not allowed",
    ],
    ["alg NoNe", () => unsignedToken({ alg: "NoNe", kid: "rsa" }, claims()), "Signature algorithm not allowed"],
    ["no alg", () => unsignedToken({ kid: "rsa" }, claims(), "eA"), "Malformed token"],
    ["no signature", () => unsignedToken(RS256, claims()), "Signature verification failed"],
    [
      "HS256 by the RSA key",
      () => hmacToken({ alg: "HS256", kid: "rsa" }, claims(), publicPem),
      "Signature algorithm not allowed",
    ],
    [
      "HS256 by the RSA key, no kid",
      () => hmacToken({ alg: "HS256" }, claims(), publicPem),
      "Signature algorithm not allowed",
    ],
    [
      "HS256 by a published secret",
      () => hmacToken({ alg: "HS256", kid: "oct" }, claims(), "secret"),
      "Signature algorithm not allowed",
    ],
    [
      "RS256 by an EC key",
      () => unsignedToken({ alg: "RS256", kid: "ec" }, claims(), "eA"),
      "Signature verification failed",
    ],
    ["ES256 by another curve", signed({ alg: "ES256", kid: "ec521" }, {}, ec521), "Signature verification failed"],
    ["PS256 by a key for RS256", signed({ alg: "PS256", kid: "rsa" }), "Signature verification failed"],
    ["another key of the same kid", signed(RS256, {}, stranger), "Signature verification failed"],
    ["an unknown kid", signed({ alg: "RS256", kid: "stranger" }, {}, stranger), "Signature verification failed"],
    ["no kid, none of the keys", signed({ alg: "RS256" }, {}, stranger), "Signature verification failed"],
    ["a key for encryption", signed({ alg: "RS256", kid: "enc" }, {}, encryption), "Signature verification failed"],
    ["a short key", signed({ alg: "RS256", kid: "short" }, {}, short), "Signature verification failed"],
    ["an embedded key", signed({ alg: "RS256", jwk: stranger.jwk }, {}, stranger), "Signature verification failed"],
    [
      "a place of keys",
      signed({ alg: "RS256", kid: "stranger", jku: "http://127.0.0.1:1/", x5u: "http://127.0.0.1:1/" }, {}, stranger),
      "Signature verification failed",
    ],
    [
      "an unknown critical extension",
      signed({ ...RS256, crit: ["x-new"], "x-new": 1 }),
      "Signature verification failed",
    ],
    ["an unencoded payload", signed({ ...RS256, crit: ["b64"], b64: false }), "Malformed token"],
    [
      "a changed payload",
      () =>
        signed(RS256)().replace(
          /\.[^.]*\./,
          `.${Buffer.from(JSON.stringify(claims({ sub: "eve" }))).toString("base64url")}.`,
        ),
      "Signature verification failed",
    ],
    ["expired", signed(RS256, { exp: NOW - 60 }), "Token expired"],
    ["expired at the skew", signed(RS256, { exp: NOW - 30 }), "Token expired"],
    ["no expiry", () => tokenOf(RS256, without("exp"), rsa), "Token without an expiry"],
    ["an expiry that is no number", signed(RS256, { exp: "soon" }), "Token without an expiry"],
    ["not yet valid", signed(RS256, { nbf: NOW + 300 }), "Token not yet valid"],
    ["another issuer", signed(RS256, { iss: "https://other.test" }), "Invalid issuer"],
    ["no issuer", () => tokenOf(RS256, without("iss"), rsa), "Invalid issuer"],
    ["a list of issuers", () => tokenOf(RS256, claims({ iss: [issuer.url] }), rsa), "Invalid issuer"],
    ["another audience", signed(RS256, { aud: "https://other.test" }), "Invalid audience"],
    ["a list of other audiences", signed(RS256, { aud: ["https://other.test", `${RESOURCE}/x`] }), "Invalid audience"],
    ["no audience", () => tokenOf(RS256, without("aud"), rsa), "Invalid audience"],
    ["claims that are a list", () => tokenOf(RS256, [1], rsa), "Malformed token"],
    ["claims that are a text", () => tokenOf(RS256, "x", rsa), "Malformed token"],
    ["a JWE", () => `${unsignedToken({ alg: "RSA-OAEP", enc: "A256GCM" }, "x", "eA")}.eA.eA`, "Malformed token"],
    ["four parts", () => "not.a.valid.jwt", "Malformed token"],
    ["no parts", () => "abc", "Malformed token"],
    ["dots", () => "..", "Malformed token"],
    ["many dots", () => ".".repeat(9_000), "Malformed token"],
    ["long nonsense", () => `${"a".repeat(5_000)}.${"b".repeat(5_000)}.c`, "Malformed token"],
  ])("refuses: %s", async (_, token, description) => {
    server = await startGuarded(oauth2(), { now });
    const answer = await server.ask(bearer(token()));
    expect(answer.status).toBe(401);
    expect(answer.challenge).toBe(`Bearer error="invalid_token", error_description="${description}", realm="naftiko"`);
  });

  it("asks for a token without an error code", async () => {
    server = await startGuarded(oauth2({ scopes: ["read", "write"] }), { now });
    for (const headers of [{}, { authorization: "Bearer" }, { authorization: "Basic eDp5" }]) {
      const answer = await server.ask(headers);
      expect(answer).toMatchObject({ status: 401, challenge: 'Bearer scope="read write", realm="naftiko"' });
    }
    expect(issuer.upstream.requests.length).toBeGreaterThan(0);
  });

  it("takes another audience than the resource", async () => {
    server = await startGuarded(oauth2({ audience: "shop" }), { now });
    expect(await server.ask(bearer(tokenOf(RS256, claims({ aud: "shop" }), rsa)))).toMatchObject({ status: 200 });
    expect(await server.ask(bearer(tokenOf(RS256, claims(), rsa)))).toMatchObject({ status: 401 });
  });

  it.each<[granted: object, status: number]>([
    [{ scope: "read write admin" }, 200],
    [{ scp: ["write", "read"] }, 200],
    [{ scp: "read write" }, 200],
    [{ scope: "read", scp: ["write"] }, 200],
    [{ scope: "read" }, 403],
    [{ scope: "readwrite" }, 403],
    [{ scope: { read: 1, write: 1 } }, 403],
    [{}, 403],
  ])("wants every scope: %j", async (granted, status) => {
    server = await startGuarded(oauth2({ scopes: ["read", "write"] }), { now });
    const token = tokenOf(RS256, claims(granted), rsa);
    for (let times = 0; times < 2; times++) {
      const answer = await server.ask(bearer(token));
      expect(answer.status).toBe(status);
      if (status === 403) {
        expect(answer.challenge).toContain('Bearer error="insufficient_scope", error_description="Required scope \'');
        expect(answer.challenge).toContain('scope="read write"');
      }
    }
  });

  it("tells callers apart by their subject", async () => {
    server = await startGuarded(oauth2(), { now });
    const callers = [];
    for (const more of [{ sub: "ann" }, { sub: "ann", jti: "2" }, { sub: "bob" }])
      callers.push((await server.ask(bearer(tokenOf(RS256, claims(more), rsa)))).body.caller);
    expect(callers[0]).toBe(callers[1]);
    expect(callers[0]).not.toBe(callers[2]);
  });

  it("gives what clients find the authorization server by", async () => {
    const { resource } = await guardOf(oauth2({ scopes: ["read"] }));
    expect(resource).toEqual({
      resource: RESOURCE,
      authorization_servers: [issuer.url],
      scopes_supported: ["read"],
      bearer_methods_supported: ["header"],
    });
  });

  it.each<[more: object, code: string, message: string]>([
    [{ authorizationServerUri: "{{TOKEN}}" }, "BIND_MISSING", '"authorizationServerUri" of the oauth2 authentication'],
    [{ authorizationServerUri: "id.test" }, "CAPABILITY_INVALID", "no http or https URL as its authorizationServerUri"],
    [{ authorizationServerUri: "http://id.test" }, "CAPABILITY_INVALID", "plain http URL"],
    [{ introspectionEndpoint: "ftp://id.test" }, "CAPABILITY_INVALID", "introspectionEndpoint"],
  ])("does not start with %j", async (more, code, message) => {
    const error = await guardOf(oauth2(more)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});

describe("keys of an authorization server", () => {
  it.each<[path: string, metadataPath: string]>([
    ["", "/.well-known/oauth-authorization-server"],
    ["", "/.well-known/openid-configuration"],
    ["/tenant/a", "/.well-known/oauth-authorization-server/tenant/a"],
    ["/tenant/a", "/tenant/a/.well-known/oauth-authorization-server"],
    ["/tenant/a", "/tenant/a/.well-known/openid-configuration"],
  ])("are found for the issuer %s at %s", async (path, metadataPath) => {
    const { url } = await tokenServer([rsa.jwk], { path, metadataPath });
    server = await startGuarded(oauth2({ authorizationServerUri: url }), { now });
    expect(await server.ask(bearer(tokenOf(RS256, claims({ iss: url }), rsa)))).toMatchObject({ status: 200 });
  });

  it.each<[name: string, metadata: (url: string) => object]>([
    ["of another issuer", () => ({ issuer: "https://other.test" })],
    ["without keys", () => ({ jwks_uri: undefined })],
    ["with keys at a plain http URL", () => ({ jwks_uri: "http://id.test/keys" })],
    ["with keys at no URL", () => ({ jwks_uri: "file:///etc/passwd" })],
    ["with keys where there are none", url => ({ jwks_uri: `${url}/nothing` })],
    ["with keys that are none", url => ({ jwks_uri: `${url}/.well-known/oauth-authorization-server` })],
  ])("cannot be had from metadata %s", async (_, metadata) => {
    const { url } = await tokenServer([rsa.jwk], { metadata });
    server = await startGuarded(oauth2({ authorizationServerUri: url }), { now });
    const answer = await server.ask(bearer(tokenOf(RS256, claims({ iss: url }), rsa)));
    expect(answer).toMatchObject({ status: 503, retryAfter: "5", challenge: "" });
    expect(answer.body.detail).not.toContain(url);
  });

  it("are requested once, and again after five minutes", async () => {
    let at = NOW * 1000;
    const keys = await tokenServer([rsa.jwk]);
    server = await startGuarded(oauth2({ authorizationServerUri: keys.url }), { now: () => at });
    const ask = async (count = 1) => {
      const tokens = Array.from({ length: count }, (_, jti) =>
        tokenOf(RS256, claims({ iss: keys.url, jti, exp: at / 1000 + 9 }), rsa),
      );
      return (await Promise.all(tokens.map(token => server.ask(bearer(token))))).map(({ status }) => status);
    };
    expect(await ask(20)).toEqual(Array(20).fill(200));
    expect(keys.paths()).toEqual(["/.well-known/oauth-authorization-server", "/keys"]);
    at += 299_000;
    await ask();
    expect(keys.paths()).toHaveLength(2);
    at += 2_000;
    await ask(5);
    expect(keys.paths()).toHaveLength(3);
    // The server is down: its keys are kept, and it is not asked for each token.
    keys.status = 500;
    at += 301_000;
    expect(await ask(5)).toEqual(Array(5).fill(200));
    expect(await ask(5)).toEqual(Array(5).fill(200));
    expect(keys.paths()).toHaveLength(4);
    keys.status = 200;
    at += 31_000;
    await ask(5);
    // The metadata were doubted too.
    expect(keys.paths().slice(4)).toEqual(["/.well-known/oauth-authorization-server", "/keys"]);
  });

  it("are requested again for an unknown one, at most every 30 seconds", async () => {
    let at = NOW * 1000;
    const keys = await tokenServer([rsa.jwk]);
    server = await startGuarded(oauth2({ authorizationServerUri: keys.url }), { now: () => at });
    const ask = (kid: string, key: SigningKey) =>
      server.ask(bearer(tokenOf({ alg: "RS256", kid }, claims({ iss: keys.url }), key))).then(({ status }) => status);
    expect(await ask("rsa", rsa)).toBe(200);
    keys.keys = [stranger.jwk];
    expect(await ask("stranger", stranger)).toBe(200);
    expect(keys.paths()).toHaveLength(3);
    const flood = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(`unknown-${index}`, stranger)));
    expect(new Set(flood)).toEqual(new Set([401]));
    expect(keys.paths()).toHaveLength(3);
    at += 30_001;
    await Promise.all(Array.from({ length: 100 }, (_, index) => ask(`unknown-${index}`, stranger)));
    expect(keys.paths()).toHaveLength(4);
    expect(await ask("stranger", stranger)).toBe(200);
  });

  it.each<[name: string, others: readonly unknown[]]>([
    ["null", [null]],
    ["texts and lists", ["x", [], 5]],
    ["keys of unknown kinds", [{ kty: "XYZ", kid: "rsa2" }, { kid: "none" }, { kty: 5 }]],
    ["broken keys of other names", [{ kty: "EC", crv: "P-256", kid: "ec", x: "AA", y: "!" }]],
  ])("count though there are %s among them", async (_, others) => {
    const keys = await tokenServer([...others, rsa.jwk]);
    server = await startGuarded(oauth2({ authorizationServerUri: keys.url }), { now });
    expect(await server.ask(bearer(tokenOf(RS256, claims({ iss: keys.url }), rsa)))).toMatchObject({ status: 200 });
  });

  it("are not requested for each token while there are none", async () => {
    let at = NOW * 1000;
    const keys = await tokenServer([], { metadata: url => ({ jwks_uri: `${url}/nothing` }) });
    server = await startGuarded(oauth2({ authorizationServerUri: keys.url }), { now: () => at });
    const token = tokenOf(RS256, claims({ iss: keys.url }), rsa);
    for (let times = 0; times < 10; times++) expect(await server.ask(bearer(token))).toMatchObject({ status: 503 });
    expect(keys.paths()).toHaveLength(2);
    at += 1_000;
    expect(await server.ask(bearer(token))).toMatchObject({ status: 503 });
    expect(keys.paths()).toHaveLength(4);
  });

  it("are had as soon as a server that was down is up", async () => {
    let at = NOW * 1000;
    const keys = await tokenServer([rsa.jwk]);
    keys.status = 503;
    server = await startGuarded(oauth2({ authorizationServerUri: keys.url }), { now: () => at });
    const token = tokenOf(RS256, claims({ iss: keys.url }), rsa);
    const down = await Promise.all(Array.from({ length: 10 }, () => server.ask(bearer(token))));
    expect(new Set(down.map(({ status }) => status))).toEqual(new Set([503]));
    // Each place of the metadata once.
    expect(keys.paths()).toHaveLength(2);
    keys.status = 200;
    at += 1_000;
    expect(await server.ask(bearer(token))).toMatchObject({ status: 200 });
  });

  it("cannot be had from a server that does not listen", async () => {
    const reports: unknown[] = [];
    const report = (error: unknown) => reports.push(error);
    server = await startGuarded(oauth2({ authorizationServerUri: "http://127.0.0.1:1" }), { now, report });
    const answer = await server.ask(bearer(signed(RS256)()));
    expect(answer).toMatchObject({ status: 503, retryAfter: "5" });
    expect(reports).toEqual([expect.objectContaining({ code: "NETWORK" })]);
  });
});

describe("introspection", () => {
  const CLIENT_SECRET = markedSecret("cl:ie nt");

  async function start(answer: (token: string, authorization: string | undefined) => [status: number, body: object]) {
    const upstream = await startUpstream(({ url, body, headers }, response) => {
      if (url.startsWith("/.well-known"))
        return answerJson(response, 200, {
          issuer: upstream.url,
          introspection_endpoint: `${upstream.url}/introspect`,
        });
      answerJson(response, ...answer(new URLSearchParams(body).get("token") ?? "", headers.authorization));
    });
    closing.push(() => upstream.close());
    const declared = {
      authorizationServerUri: upstream.url,
      tokenValidation: "introspection",
      scopes: ["read"],
      clientId: "shop",
      clientSecret: "{{TOKEN}}",
    };
    return { upstream, server: await startGuarded(oauth2(declared), { now, env: { TOKEN: CLIENT_SECRET } }) };
  }

  it.each<[answer: object, status: number, error: string]>([
    [{ active: true, scope: "read" }, 200, ""],
    [{ active: true, scope: "read", aud: [RESOURCE], exp: NOW + 5, nbf: NOW - 5, sub: "ann" }, 200, ""],
    [{ active: false }, 401, "Token is not active"],
    [{ active: "true", scope: "read" }, 401, "Token is not active"],
    [{}, 401, "Token is not active"],
    [{ active: true, scope: "write" }, 403, "Required scope 'read' not present in token"],
    [{ active: true, scope: "read", aud: "https://other.test" }, 401, "Invalid audience"],
    [{ active: true, scope: "read", iss: "https://other.test" }, 401, "Invalid issuer"],
    [{ active: true, scope: "read", exp: NOW - 60 }, 401, "Token expired"],
    [{ active: true, scope: "read", exp: "never" }, 401, "Token expired"],
    [{ active: true, scope: "read", nbf: NOW + 60 }, 401, "Token not yet valid"],
  ])("reads %j", async (answer, status, error) => {
    const { server } = await start(() => [200, answer]);
    const given = await server.ask(bearer("opaque"));
    expect(given.status).toBe(status);
    expect(given.challenge).toContain(error);
  });

  it("presents the client, and asks once for a while", async () => {
    const { server, upstream } = await start((token, authorization) => {
      expect(authorization).toBe(`Basic ${Buffer.from("shop:5ecret-cl%3Aie+nt").toString("base64")}`);
      return [200, { active: token === "good", scope: "read" }];
    });
    const answers = await Promise.all(["good", "good", "bad"].map(token => server.ask(bearer(token))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 401]);
    await server.ask(bearer("good"));
    await server.ask(bearer("bad"));
    const asked = upstream.requests.filter(({ url }) => url === "/introspect");
    expect(asked.map(({ body }) => new URLSearchParams(body).get("token"))).toEqual(["good", "bad", "bad"]);
  });

  it.each([401, 500, 302])("answers 503 where the server answers %i", async status => {
    const { server } = await start(() => [status, { active: true, scope: "read" }]);
    expect(await server.ask(bearer("opaque"))).toMatchObject({ status: 503, retryAfter: "5" });
  });
});
