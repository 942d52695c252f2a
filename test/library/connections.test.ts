import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMemoryTransport, type OpenOptions } from "../../src/index.ts";
import { createCertificateAuthority } from "../support/certificates.ts";
import { markedSecret } from "../support/marked-secret.ts";
import { openText, operationText } from "../support/open-text.ts";
import { startProxy, type TestProxy } from "../support/proxy.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const authority = createCertificateAuthority();
const password = markedSecret("proxy");
let upstream: Upstream;
let secure: Server;
let proxy: TestProxy;

beforeAll(async () => {
  upstream = await startUpstream();
  secure = createServer(authority.issue("localhost"), (_, response) => response.end("{}"));
  await new Promise<void>(resolve => secure.listen(0, "localhost", resolve));
  proxy = await startProxy({
    ports: { "api.test:80": Number(new URL(upstream.url).port) },
    authorization: `Basic ${Buffer.from(`me:${password}`).toString("base64")}`,
  });
});

afterAll(async () => {
  await Promise.all([upstream.close(), proxy.close()]);
  secure.closeAllConnections();
  secure.close();
});

async function call(baseUri: string, options: OpenOptions): Promise<unknown> {
  await using capability = await openText(operationText("", { baseUri }), options);
  return (await capability.run("op")).outputs;
}

const echoing = createMemoryTransport(({ url }) => ({ body: Buffer.from(JSON.stringify({ url })) }));

describe("openCapability()", () => {
  it.each([
    [["api.test"], true],
    [["*.test"], true],
    [["*"], true],
    [["other.test"], false],
    [[], false],
  ])("with allowHosts %j sends: %s", async (allowHosts, sends) => {
    const called = call("https://api.test", { allowHosts, transport: echoing });
    if (sends) expect(await called).toEqual({ url: "https://api.test/" });
    else await expect(called).rejects.toMatchObject({ code: "EGRESS_REFUSED", details: { operation: "op" } });
  });

  it("asks no host for a token that is not allowed", async () => {
    const text = `
- type: http
  namespace: api
  baseUri: https://api.test
  authentication: { type: oauth2, tokenEndpoint: "https://login.test/token", clientId: a, clientSecret: b }
  resources: [{ name: r, path: /, operations: [{ name: op, method: GET }] }]`;
    const transport = createMemoryTransport(({ url }) => ({
      headers: { "content-type": "application/json" },
      body: Buffer.from(url.includes("login") ? '{"access_token":"t","token_type":"bearer"}' : "{}"),
    }));
    await using refused = await openText(text, { transport, allowHosts: ["api.test"] });
    await expect(refused.run("op")).rejects.toMatchObject({
      code: "EGRESS_REFUSED",
      details: { host: "login.test" },
    });
    await using allowed = await openText(text, { transport, allowHosts: ["api.test", "login.test"] });
    expect((await allowed.run("op")).status).toBe(200);
  });

  it("follows a redirect to a host that is allowed, and to no other", async () => {
    const transport = createMemoryTransport(({ url }) =>
      url.startsWith("https://api.test")
        ? { status: 302, headers: { location: "https://other.test/x" } }
        : { body: Buffer.from("{}") },
    );
    const follow = (options: OpenOptions) => call("https://api.test", { transport, ...options });
    expect(await follow({ allowHosts: ["api.test", "other.test"] })).toEqual({});
    for (const options of [{}, { allowHosts: ["api.test"] }]) {
      await expect(follow(options)).rejects.toMatchObject({
        code: "EGRESS_REFUSED",
        message: expect.stringContaining("Cannot follow the redirect of https://api.test/ to https://other.test/x"),
        details: { host: "other.test" },
      });
    }
  });

  it("with egress public refuses this computer", async () => {
    const before = upstream.requests.length;
    await expect(call(upstream.url, { egress: "public" })).rejects.toMatchObject({
      code: "EGRESS_REFUSED",
      details: { host: "127.0.0.1", address: "127.0.0.1", operation: "op" },
    });
    expect(upstream.requests).toHaveLength(before);
  });

  it("trusts a certificateAuthority", async () => {
    const baseUri = `https://localhost:${(secure.address() as AddressInfo).port}`;
    await expect(call(baseUri, {})).rejects.toMatchObject({ code: "NETWORK" });
    expect(await call(baseUri, { certificateAuthority: authority.cert })).toEqual({});
  });

  it("goes through the proxy of its environment, not of the process, and tells nobody its password", async () => {
    const env = { http_proxy: `http://me:${password}@127.0.0.1:${proxy.port}` };
    expect(await call("http://api.test/v1", { env })).toMatchObject({ url: "/v1/" });
    const wrong = { ...env, http_proxy: env.http_proxy.replace("me:", "you:") };
    const error: unknown = await call("http://api.test/v1", { env: wrong }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "NETWORK", details: { reason: "PROXY_REFUSED" } });
    expect(JSON.stringify(error) + String(error)).not.toContain(password);
  });

  it.each<[object, string]>([
    [{ allowHosts: "api.test" }, "allowHosts must be a list of host names"],
    [
      { allowHosts: ["https://api.test"] },
      'allowHosts cannot have "https://api.test": it is a URL: write the host alone',
    ],
    [{ egress: "private" }, 'egress must be "any" or "public"'],
    [{ certificateAuthority: 1 }, "certificateAuthority must be certificates in PEM"],
    [{ certificateAuthority: "x" }, "certificateAuthority has no certificate in PEM (-----BEGIN CERTIFICATE-----)"],
    [
      {
        certificateAuthority: `${authority.cert}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`,
      },
      "certificateAuthority has a certificate that cannot be read (number 2 of 2)",
    ],
    [{ http2: 1 }, "http2 must be true or false"],
  ])("refuses %j", async (options, message) => {
    await expect(openText(operationText(""), options)).rejects.toThrow(new TypeError(message));
  });
});

describe("overlays", () => {
  const overlays = (overlay: object) => ({ overlays: { capabilities: { api: overlay } } });

  it("set allowHosts and egress, which options beat", async () => {
    const options = { ...overlays({ allowHosts: ["other.test"] }), transport: echoing };
    await expect(call("https://api.test", options)).rejects.toMatchObject({ code: "EGRESS_REFUSED" });
    expect(await call("https://api.test", { ...options, allowHosts: ["api.test"] })).toBeDefined();
    const egress = overlays({ egress: "public" });
    await expect(call(upstream.url, egress)).rejects.toMatchObject({ code: "EGRESS_REFUSED" });
    expect(await call(upstream.url, { ...egress, egress: "any" })).toBeDefined();
  });

  it("set a caFile", async () => {
    const folder = await temporaryFolder({});
    const file = path.join(folder, "ca.pem");
    await writeFile(file, authority.cert);
    const baseUri = `https://localhost:${(secure.address() as AddressInfo).port}`;
    expect(await call(baseUri, overlays({ caFile: file }))).toEqual({});
  });

  it.each<[object, RegExp]>([
    [{ allowHosts: ["api.test:80"] }, /allowHosts cannot have "api\.test:80": ports do not matter/],
    [{ caFile: "/nowhere/ca.pem" }, /caFile: there is no file \/nowhere\/ca\.pem/],
    [{ caFile: path.resolve("package.json") }, /caFile: .* has no certificate in PEM/],
    // A pipe or a device would never end.
    [{ caFile: "/dev/zero" }, /caFile: \/dev\/zero cannot be read: it is not a file/],
    [{ egress: "private" }, /egress/],
  ])("refuse %j", async (overlay, message) => {
    await expect(call("https://api.test", overlays(overlay))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(message),
    });
  });
});
