import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSelfSignedCertificate } from "../../support/certificates.ts";
import { type FakeVault, startVault } from "../../support/fake-vault.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson } from "../../support/upstream.ts";
import { lookUp } from "./support.ts";

const TOKEN = "hvs.root-token";

let vault: FakeVault;
let env: Record<string, string>;

beforeEach(async () => {
  vault = await startVault();
  vault.state.secrets.set("secret/data/app", { token: "s3cret", n: 7, list: [1], "a/b": "slash" });
  env = { VAULT_ADDR: vault.url, VAULT_TOKEN: TOKEN };
});

afterEach(() => vault.close());

const read = (location: string, key = "token") => lookUp({ location, key, surroundings: { env } });

describe("vault: locations", () => {
  it.each([
    ["vault://secret/app", "token", "s3cret"],
    ["vault://secret/data/app", "token", "s3cret"],
    ["vault:///secret/app", "token", "s3cret"],
    ["vault://secret/app/", "token", "s3cret"],
    ["VAULT://secret/app", "n", "7"],
    ["vault://secret/app", "a/b", "slash"],
    ["vault://secret/app", "absent", undefined],
    ["vault://secret/app", "constructor", undefined],
  ])("%s, key %s", async (location, key, expected) => {
    expect(await read(location, key)).toBe(expected);
    expect(vault.requests[0]).toMatchObject({ method: "GET", url: "/v1/secret/data/app", body: "" });
    expect(vault.requests[0]?.headers).toMatchObject({ "x-vault-token": TOKEN, "x-vault-request": "true" });
  });

  it.each([
    ["a mount with slashes", "vault://team/kv/data/app", "team/kv/data/app"],
    ["a path with slashes", "vault://secret/team/app", "secret/data/team/app"],
    ["a name that is to be encoded", "vault://secret/my%20app%3F", "secret/data/my%20app%3F"],
  ])("%s", async (_, location, path) => {
    vault.state.secrets.set(path, { token: "found" });
    expect(await read(location)).toBe("found");
  });

  it("reads version 1 of the engine, also where the path of version 2 is forbidden", async () => {
    vault.state.version1.add("old");
    vault.state.secrets.set("old/app", { token: "v1", data: "d", metadata: "m" });
    expect(await read("vault://old/app")).toBe("v1");
    vault.state.secrets.set("old/data/other", "forbidden").set("old/other", { token: "v1" });
    expect(await read("vault://old/other")).toBe("v1");
  });

  it("asks once for all keys of a secret, at the same time and later", async () => {
    expect(
      await Promise.all([read("vault://secret/app"), read("vault://secret/app", "n"), read("vault://secret/data/app")]),
    ).toEqual(["s3cret", "7", "s3cret"]);
    expect(await read("vault://secret/app", "n")).toBe("7");
    expect(vault.requests.length).toBeLessThanOrEqual(2);
  });

  it("asks again for a key that was not there", async () => {
    expect(await read("vault://secret/app", "new")).toBeUndefined();
    vault.state.secrets.set("secret/data/app", { new: "here" });
    expect(await read("vault://secret/app", "new")).toBe("here");
  });

  it("does not give one token what another has read", async () => {
    expect(await read("vault://secret/app")).toBe("s3cret");
    env = { ...env, VAULT_TOKEN: "hvs.other-token" };
    expect(await read("vault://secret/app")).toContain("does not let the token read secret/app");
  });

  it("names its namespace", async () => {
    env = { ...env, VAULT_NAMESPACE: "team/a" };
    await read("vault://secret/app");
    expect(vault.requests[0]?.headers).toMatchObject({ "x-vault-namespace": "team/a" });
  });
});

describe("credentials for Vault", () => {
  it("come from an AppRole, which is logged into once, and again when its token is refused", async () => {
    vault.state.roles.set("role-1", "secret-id-1");
    vault.state.secrets.set("secret/data/b", { token: "b" }).set("secret/data/c", { token: "c" });
    env = { VAULT_ADDR: vault.url, VAULT_ROLE_ID: "role-1", VAULT_SECRET_ID: "secret-id-1" };
    expect(await Promise.all([read("vault://secret/app"), read("vault://secret/b")])).toEqual(["s3cret", "b"]);
    vault.state.tokens.clear();
    expect(await read("vault://secret/c")).toBe("c");
    const logins = vault.requests.filter(({ url }) => url === "/v1/auth/approle/login");
    expect(logins.length).toBe(2);
    expect(logins[0]).toMatchObject({
      method: "POST",
      body: '{"role_id":"role-1","secret_id":"secret-id-1"}',
    });
  });

  it("come from the file of `vault login`", async () => {
    const home = await temporaryFolder({ ".vault-token": `${TOKEN}\n` });
    env = { VAULT_ADDR: vault.url, HOME: home };
    expect(await read("vault://secret/app")).toBe("s3cret");
  });

  it("are refused as a whole where the role is wrong", async () => {
    env = { VAULT_ADDR: vault.url, VAULT_ROLE_ID: "role-1", VAULT_SECRET_ID: "wrong-secret-id" };
    const found = await read("vault://secret/app");
    expect(found).toBe(`error: Vault at ${vault.url} refuses VAULT_ROLE_ID and VAULT_SECRET_ID`);
  });
});

describe("a Vault that gives nothing", () => {
  it.each([
    ["sealed", () => (vault.state.sealed = true), "is sealed"],
    [
      "forbidden",
      () => vault.state.secrets.set("secret/data/app", "forbidden"),
      "does not let the token read secret/app",
    ],
    ["not there", () => vault.state.secrets.clear(), "has no secret secret/app"],
    [
      "deleted",
      () => (vault.state.answer = (_, response) => answerJson(response, 404, { data: { data: null } })),
      "has no secret secret/app",
    ],
    [
      "broken, and telling what it was told",
      () => {
        vault.state.answer = (request, response) =>
          answerJson(response, 500, { errors: [`no ${String(request.headers["x-vault-token"])}\nhidden`] });
      },
      "answered 500: no ***",
    ],
    [
      "another server than the active one",
      () => (vault.state.answer = (_, response) => response.writeHead(307, { location: "/" }).end()),
      "redirects to another server: point VAULT_ADDR there",
    ],
    ["no Vault", () => (vault.state.answer = (_, response) => response.end("<html>")), "answered with no secret"],
    [
      "endless",
      () => (vault.state.answer = (_, response) => response.end("x".repeat(3 * 1024 * 1024))),
      "its answer is larger than 2097152 bytes",
    ],
    ["gone", () => vault.close(), "cannot be reached: ECONNREFUSED"],
  ])("%s", async (_, happens, expected) => {
    await happens();
    const found = await read("vault://secret/app");
    expect(found).toContain(expected);
    expect(found).toContain(vault.url);
    expect(found).not.toContain(TOKEN);
  });

  it("is left when nobody waits any longer", async () => {
    vault.state.answer = () => {};
    const signal = AbortSignal.timeout(20);
    const found = await lookUp({ location: "vault://secret/app", surroundings: { env }, signal });
    expect(found).toContain(`error: ${vault.url} `);
  });

  it.each([
    ["VAULT_ADDR is not set", {}],
    ["VAULT_ADDR is not a URL", { VAULT_ADDR: "vault.example:8200", VAULT_TOKEN: TOKEN }],
    ["VAULT_ADDR is not a URL", { VAULT_ADDR: "https://a:b@vault.example", VAULT_TOKEN: TOKEN }],
    [
      'token over plain http to vault.example -> {"option":"allowInsecureAuthentication","value":true}',
      { VAULT_ADDR: "http://vault.example", VAULT_TOKEN: TOKEN },
    ],
    ["no credential for Vault: set VAULT_TOKEN", { VAULT_ADDR: "https://vault.example" }],
    ["VAULT_CACERT cannot be read: ENOENT", { VAULT_ADDR: "https://vault.example", VAULT_CACERT: "/nope" }],
    ["ERR_INVALID_CHAR", { VAULT_ADDR: "http://127.0.0.1:1", VAULT_TOKEN: "a\nb" }],
  ])("%s", async (expected, given) => {
    env = given;
    expect(await read("vault://secret/app")).toContain(`${expected}`);
  });

  it.each([
    "vault://secret",
    "vault://",
    "vault:secret/app",
    "vault://secret/../sys/raw",
    "vault://secret/%2e%2e/x",
    "vault://secret/a%2Fb",
    "vault://secret//app",
    "vault://secret/app?version=1",
  ])("%s is not a secret", async location => {
    expect(await read(location)).toBe("error: it is not vault://<mount>/<path>");
  });

  it.each(["vault://auth/token/lookup-self", "vault://SYS/health", "vault://identity/x", "vault://cubbyhole/x"])(
    "%s is a part of Vault itself",
    async location => {
      expect(await read(location, "id")).toContain("is a part of Vault itself");
      expect(vault.requests).toEqual([]);
    },
  );
});

describe("Vault over TLS", () => {
  let server: Server;
  const certificate = createSelfSignedCertificate();

  beforeEach(async () => {
    server = createServer(certificate, (_, response) => answerJson(response, 200, { data: { token: "tls" } }));
    await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
    env = { VAULT_ADDR: `https://localhost:${(server.address() as AddressInfo).port}`, VAULT_TOKEN: TOKEN };
  });

  afterEach(() => {
    server.close();
  });

  it("is trusted by VAULT_CACERT alone", async () => {
    expect(await read("vault://secret/app")).toBe(
      `error: the certificate of ${env["VAULT_ADDR"]} is not trusted: DEPTH_ZERO_SELF_SIGNED_CERT`,
    );
    const folder = await temporaryFolder({ "ca.pem": certificate.cert });
    env = { ...env, VAULT_CACERT: `${folder}/ca.pem` };
    expect(await read("vault://secret/app")).toBe("tls");
  });
});
