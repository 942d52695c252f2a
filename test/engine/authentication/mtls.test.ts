import { createPrivateKey } from "node:crypto";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { openUndici } from "../../../src/net/wire/undici.ts";
import { createCertificateAuthority } from "../../support/certificates.ts";
import { MARK } from "../../support/marked-secret.ts";
import { failureOf, openAuthenticated } from "../../support/open-authenticated.ts";

const PASSPHRASE = `${MARK} words`;
const authority = createCertificateAuthority();
const stranger = createCertificateAuthority();
const client = authority.issue("ann");
const other = authority.issue("bob");
const expired = authority.issue("old", { from: -9, to: -2 });
const encrypted = createPrivateKey(client.key).export({
  type: "pkcs8",
  format: "pem",
  cipher: "aes-256-cbc",
  passphrase: PASSPHRASE,
}) as string;

/** Variables that hold one line each. */
const ENV = {
  CERTIFICATE: client.cert.replaceAll("\n", "\\n"),
  KEY: client.key,
  AUTHORITY: authority.cert,
};

const declaration = {
  type: "mtls",
  certificate: "{{CERTIFICATE}}",
  privateKey: "{{KEY}}",
  certificateAuthority: "{{AUTHORITY}}",
};

let server: Server;
let url: string;
const connections: string[] = [];

beforeAll(async () => {
  server = createServer(
    { ...authority.issue("localhost"), ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const { subject } = (request.socket as TLSSocket).getPeerCertificate();
      response.end(JSON.stringify({ client: subject.CN }));
    },
  );
  server.on("secureConnection", socket => connections.push(String(socket.getPeerCertificate().subject?.CN)));
  server.on("tlsClientError", () => {});
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  url = `https://localhost:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise(resolve => server.close(resolve)));

const transports = [
  ["undici", openUndici],
  ["node:http", createNodeHttpTransport],
] as const;

describe.each(transports)("mtls by %s", (_, createTransport) => {
  it("shows the certificate and trusts the declared authority", async () => {
    const transport = createTransport();
    const api = await openAuthenticated({
      authentication: declaration,
      baseUri: url,
      env: ENV,
      open: { transport },
    });
    expect(await api.run("get")).toMatchObject({ outputs: { client: "ann" } });
    await transport.close?.();
  });

  it("keeps the connections of two certificates apart", async () => {
    const transport = createTransport();
    const run = async (env: Readonly<Record<string, string>>) =>
      (await openAuthenticated({ authentication: declaration, baseUri: url, env, open: { transport } })).run("get");
    const bob = { ...ENV, CERTIFICATE: other.cert, KEY: other.key };
    expect(await run(ENV)).toMatchObject({ outputs: { client: "ann" } });
    expect(await run(bob)).toMatchObject({ outputs: { client: "bob" } });
    expect(await run(ENV)).toMatchObject({ outputs: { client: "ann" } });
    await transport.close?.();
  });

  it("opens an encrypted key", async () => {
    const transport = createTransport();
    const api = await openAuthenticated({
      authentication: { ...declaration, passphrase: "{{PASSPHRASE}}" },
      baseUri: url,
      env: { ...ENV, KEY: encrypted, PASSPHRASE },
      open: { transport },
    });
    expect(await api.run("get")).toMatchObject({ outputs: { client: "ann" } });
    await transport.close?.();
  });

  it.each([
    ["a server of another authority", { AUTHORITY: stranger.cert }, /certificate/],
    ["a certificate that the server does not take", stranger.issue("eve"), /certificate/],
  ])("fails in the handshake with %s", async (__, change, says) => {
    const transport = createTransport();
    const env = "cert" in change ? { ...ENV, CERTIFICATE: change.cert, KEY: change.key } : { ...ENV, ...change };
    const api = await openAuthenticated({
      authentication: declaration,
      baseUri: url,
      env,
      open: { transport },
    });
    const failure = await failureOf(api.run("get"));
    expect(failure).toMatchObject({ code: "NETWORK" });
    expect(failure.message).toMatch(says);
    await transport.close?.();
  });
});

describe("mtls refuses before it connects", () => {
  it.each([
    ["a certificate that does not fit its key", { KEY: other.key }, "key_mismatch", "(CN=ann) does not fit"],
    [
      "an expired certificate",
      { CERTIFICATE: expired.cert, KEY: expired.key },
      "certificate_expired",
      "(CN=old) has expired on",
    ],
    ["a certificate that is none", { CERTIFICATE: `${MARK}!` }, "certificate_unreadable", '"certificate"'],
    ["an authority that is none", { AUTHORITY: client.key }, "certificate_unreadable", '"certificateAuthority"'],
    ["a key that is none", { KEY: `${MARK} key` }, "key_unreadable", "not a private key in PEM"],
    ["an encrypted key without passphrase", { KEY: encrypted }, "key_unreadable", 'the "passphrase" is missing'],
    [
      "a passphrase that does not open the key",
      { KEY: encrypted, PASSPHRASE: `${MARK} wrong` },
      "key_unreadable",
      "does not open it",
    ],
  ])("%s", async (_, change, reason, says) => {
    const before = connections.length;
    const authentication = "PASSPHRASE" in change ? { ...declaration, passphrase: "{{PASSPHRASE}}" } : declaration;
    const api = await openAuthenticated({ authentication, baseUri: url, env: { ...ENV, ...change } });
    const failure = await failureOf(api.run("get"));
    expect(failure).toMatchObject({
      code: "AUTHENTICATION_FAILED",
      details: { operation: "get", type: "mtls", reason },
    });
    expect(failure.message).toContain(says);
    expect(connections).toHaveLength(before);
  });

  it("plain http", async () => {
    const api = await openAuthenticated({
      authentication: declaration,
      baseUri: "http://127.0.0.1:1",
      env: ENV,
    });
    expect(await failureOf(api.run("get"))).toMatchObject({ details: { reason: "not_https" } });
  });
});
