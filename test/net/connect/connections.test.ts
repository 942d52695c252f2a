import { createServer as createHttpsServer, type Server } from "node:https";
import type { AddressInfo, LookupFunction } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { WireOptions } from "../../../src/net/connect/connect-options.ts";
import { type ConnectionRules, USUAL_RULES } from "../../../src/net/connect/connection-rules.ts";
import { readProxies } from "../../../src/net/connect/proxy/proxies.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import type { HttpResponse, Transport } from "../../../src/net/transport.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { openUndici } from "../../../src/net/wire/undici.ts";
import { createCertificateAuthority } from "../../support/certificates.ts";
import { type ExchangeParts, exchangeOf } from "../../support/exchange.ts";
import { startProxy, type TestProxy } from "../../support/proxy.ts";
import { startRawServer } from "../../support/raw-server.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const wires: readonly { name: string; create: (wire?: WireOptions) => Transport }[] = [
  { name: "undici", create: openUndici },
  { name: "node:http", create: createNodeHttpTransport },
];

const authority = createCertificateAuthority();
const other = createCertificateAuthority("Other authority");
const client = authority.issue("client.test");
let upstream: Upstream;
let secure: Server;
let port: number;
let securePort: number;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  upstream = await startUpstream();
  port = Number(new URL(upstream.url).port);
  const options = {
    ...authority.issue("api.test"),
    ca: authority.cert,
    requestCert: true,
    rejectUnauthorized: false,
  };
  secure = createHttpsServer(options, (request, response) => {
    const { authorized } = request.socket as unknown as { readonly authorized: boolean };
    response.end(JSON.stringify({ url: request.url, headers: request.headers, authorized }));
  });
  await new Promise<void>(resolve => secure.listen(0, "127.0.0.1", resolve));
  securePort = (secure.address() as AddressInfo).port;
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(async () => {
  await upstream.close();
  secure.closeAllConnections();
  await new Promise(resolve => secure.close(resolve));
});

function open(create: (wire?: WireOptions) => Transport, wire?: WireOptions): Transport {
  const transport = create(wire);
  closing.push(async () => transport.close?.());
  return transport;
}

function send(
  transport: Transport,
  url: string,
  rules: Partial<ConnectionRules>,
  more: { readonly request?: Partial<HttpRequest>; readonly limits?: Partial<ExchangeParts> } = {},
): Promise<HttpResponse> {
  return transport(
    { method: "GET", url, headers: {}, ...more.request },
    exchangeOf({
      timeoutMs: 5_000,
      maxResponseBytes: 1_000_000,
      rules: { ...USUAL_RULES, id: JSON.stringify(rules), ...rules },
      ...more.limits,
    }),
  );
}

function json({ body }: HttpResponse): Record<string, unknown> {
  return JSON.parse(Buffer.from(body).toString("utf8")) as Record<string, unknown>;
}

/** Creates a DNS that gives the answers in turn, the last one for ever. */
function answering(...answers: readonly (readonly string[])[]): LookupFunction & { readonly asked: string[] } {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, { all }, callback) => {
    const found = answers[Math.min(asked.push(hostname) - 1, answers.length - 1)] ?? [];
    const addresses = found.map(address => ({ address, family: address.includes(":") ? 6 : 4 }));
    if (all) process.nextTick(callback, null, addresses);
    else process.nextTick(callback, null, addresses[0]?.address, addresses[0]?.family);
  };
  return Object.assign(lookup, { asked });
}

describe.each(wires)("connections of $name", ({ create }) => {
  describe("with public addresses alone", () => {
    const publicOnly = { publicOnly: true };

    it.each([
      "http://127.0.0.1:{port}/",
      "http://2130706433:{port}/",
      "http://0x7f.1:{port}/",
      "http://0177.0.0.1:{port}/",
      "http://127.1:{port}/",
      "http://[::1]:{port}/",
      "http://[::ffff:127.0.0.1]:{port}/",
      "http://[64:ff9b::7f00:1]:{port}/",
      "https://10.0.0.1/",
      "http://169.254.169.254/latest/meta-data/",
      "http://localhost:{port}/",
    ])("refuses %s before anything is sent", async text => {
      const url = text.replace("{port}", String(port));
      const before = upstream.requests.length;
      await expect(send(open(create), url, publicOnly)).rejects.toMatchObject({
        code: "EGRESS_REFUSED",
        message: expect.stringContaining("is not public, and only public addresses are allowed"),
        details: { host: new URL(url).hostname, url: expect.any(String), address: expect.any(String) },
        remedies: [{ option: "egress", value: "any" }],
      });
      expect(upstream.requests).toHaveLength(before);
    });

    it.each([
      [["127.0.0.1"]],
      [["8.8.8.8", "127.0.0.1"]],
      [["127.0.0.1", "8.8.8.8"]],
      [["2606:4700::1111", "::1"]],
      [["fd00::1"]],
    ])("refuses a name with the addresses %j", async addresses => {
      const lookup = answering(addresses);
      const before = upstream.requests.length;
      await expect(send(open(create, { lookup }), `http://api.test:${port}/`, publicOnly)).rejects.toMatchObject({
        code: "EGRESS_REFUSED",
        details: { host: "api.test" },
      });
      expect(lookup.asked).toEqual(["api.test"]);
      expect(upstream.requests).toHaveLength(before);
    });

    it("looks a name up for each connection, and connects to what was looked up then", async () => {
      const lookup = answering(["8.8.8.8", "::1"], ["127.0.0.1"]);
      const transport = open(create, { lookup });
      const before = upstream.requests.length;
      for (const address of ["::1", "127.0.0.1"]) {
        await expect(send(transport, `http://rebind.test:${port}/`, publicOnly)).rejects.toMatchObject({
          code: "EGRESS_REFUSED",
          details: { address },
        });
      }
      expect(lookup.asked).toEqual(["rebind.test", "rebind.test"]);
      expect(upstream.requests).toHaveLength(before);
    });

    it("does not use a connection that was opened without the rule", async () => {
      const transport = open(create);
      expect((await send(transport, upstream.url, {})).status).toBe(200);
      await expect(send(transport, upstream.url, publicOnly)).rejects.toMatchObject({
        code: "EGRESS_REFUSED",
      });
      expect((await send(transport, upstream.url, {})).status).toBe(200);
    });
  });

  describe("with further authorities", () => {
    const certificateAuthority = `${other.cert}${authority.cert}`;

    async function secureServer(): Promise<string> {
      const options = {
        ...authority.issue("localhost"),
        ca: other.cert,
        requestCert: true,
        rejectUnauthorized: false,
      };
      const server = createHttpsServer(options, (_, response) => response.end("hello"));
      await new Promise<void>(resolve => server.listen(0, "localhost", resolve));
      closing.push(async () => {
        server.closeAllConnections();
        server.close();
      });
      return `https://localhost:${(server.address() as AddressInfo).port}/`;
    }

    it("trusts them, and without them says what to do", async () => {
      const url = await secureServer();
      const transport = open(create);
      const error = {
        code: "NETWORK",
        remedies: [{ option: "certificateAuthority" }],
      };
      await expect(send(transport, url, {})).rejects.toMatchObject(error);
      expect((await send(transport, url, { certificateAuthority })).status).toBe(200);
      await expect(send(transport, url, { certificateAuthority: other.cert })).rejects.toMatchObject(error);
      await expect(send(transport, url, {})).rejects.toMatchObject(error);
    });

    it("trusts them besides those of a client's identity", async () => {
      const { key: privateKey, cert: certificate } = other.issue("client.test");
      const tls = { id: "own", certificate, privateKey, certificateAuthority: other.cert };
      const url = await secureServer();
      const transport = open(create);
      await expect(send(transport, url, {}, { limits: { tls } })).rejects.toMatchObject({ code: "NETWORK" });
      const rules = { certificateAuthority: authority.cert };
      expect((await send(transport, url, rules, { limits: { tls } })).status).toBe(200);
    });
  });

  describe("by a proxy", () => {
    const ports = () => ({ "api.test:80": port, "api.test:443": securePort });

    async function proxied(
      options: Partial<Parameters<typeof startProxy>[0]> = {},
      userInfo = "",
    ): Promise<{ proxy: TestProxy; rules: Partial<ConnectionRules> }> {
      const proxy = await startProxy({ ports: ports(), ...options });
      closing.push(proxy.close);
      const scheme = options.tls === undefined ? "http" : "https";
      const proxies = readProxies({ ALL_PROXY: `${scheme}://${userInfo}localhost:${proxy.port}` });
      return { proxy, rules: { certificateAuthority: authority.cert, ...(proxies && { proxies }) } };
    }

    it("sends plain http in absolute form", async () => {
      const { proxy, rules } = await proxied();
      const request = { method: "POST", body: "hello", headers: { "x-a": "1" } };
      const response = await send(open(create), "http://api.test/a%2Fb/../c?d=1", rules, { request });
      expect(json(response)).toMatchObject({
        method: "POST",
        body: "hello",
        headers: { host: "api.test", "x-a": "1" },
      });
      expect(proxy.requests).toEqual(["POST http://api.test/a%2Fb/../c?d=1"]);
    });

    it("tunnels https, and trusts whom it would trust without a proxy", async () => {
      const { proxy, rules } = await proxied();
      const response = await send(open(create), "https://api.test/x", rules);
      expect(json(response)).toMatchObject({ url: "/x", authorized: false, headers: { host: "api.test" } });
      expect(proxy.requests).toEqual(["CONNECT api.test:443"]);
      const { certificateAuthority: _, ...untrusting } = rules;
      await expect(send(open(create), "https://api.test/x", untrusting)).rejects.toMatchObject({
        code: "NETWORK",
        message: expect.stringMatching(/^Cannot reach api\.test: the .*certificate/),
        remedies: [{ option: "certificateAuthority" }],
      });
    });

    it("shows the client's certificate to the server behind it", async () => {
      const { rules } = await proxied();
      const limits = { tls: { id: "client", certificate: client.cert, privateKey: client.key } };
      const response = await send(open(create), "https://api.test/x", rules, { limits });
      expect(json(response)).toMatchObject({ authorized: true });
    });

    it("reaches a proxy by TLS", async () => {
      const { proxy, rules } = await proxied({ tls: authority.issue("localhost") });
      const transport = open(create);
      expect(json(await send(transport, "http://api.test/x", rules))).toMatchObject({ url: "/x" });
      expect(json(await send(transport, "https://api.test/x", rules))).toMatchObject({ url: "/x" });
      expect(proxy.requests).toEqual(["GET http://api.test/x", "CONNECT api.test:443"]);
    });

    it("gives the proxy its credential, and nobody else", async () => {
      const authorization = `Basic ${Buffer.from("me:pa:ss").toString("base64")}`;
      const { proxy, rules } = await proxied({ authorization }, "me:pa%3Ass@");
      const transport = open(create);
      for (const url of ["http://api.test/x", "https://api.test/x"]) {
        const { headers } = json(await send(transport, url, rules));
        expect(headers).not.toHaveProperty("proxy-authorization");
      }
      expect(proxy.requests).toEqual([
        `GET http://api.test/x ${authorization}`,
        `CONNECT api.test:443 ${authorization}`,
      ]);
    });

    it.each(["http://api.test/x", "https://api.test/x"])("says that it wants a credential: %s", async url => {
      const { proxy, rules } = await proxied({ authorization: "Basic eA==" });
      await expect(send(open(create), url, rules)).rejects.toMatchObject({
        code: "NETWORK",
        message: expect.stringMatching(
          `^Cannot reach api\\.test: the proxy localhost:${proxy.port} \\(ALL_PROXY\\) refused: HTTP 407 .*; it wants a user name and a password: ALL_PROXY=http://USER:PASSWORD@localhost:${proxy.port}$`,
        ),
        details: { reason: "PROXY_REFUSED", url },
      });
    });

    it("says that a credential is not taken, without it", async () => {
      const { rules } = await proxied({ authorization: "Basic eA==" }, "me:pass@");
      const error: unknown = await send(open(create), "https://api.test/x", rules).catch((thrown: unknown) => thrown);
      expect(String(error)).toMatch(/it does not take the user name and the password in ALL_PROXY$/);
      expect(String(error)).not.toMatch("pass@");
    });

    it("says that it does not reach the server", async () => {
      const { rules } = await proxied();
      await expect(send(open(create), "https://nowhere.test/x", rules)).rejects.toMatchObject({
        code: "NETWORK",
        message: expect.stringMatching(/the proxy localhost:\d+ \(ALL_PROXY\) refused: HTTP 502/),
      });
    });

    it.each(["http://api.test/x", "https://api.test/x"])("says that it cannot be reached: %s", async url => {
      const { proxy, rules } = await proxied();
      await proxy.close();
      await expect(send(open(create), url, rules)).rejects.toMatchObject({
        code: "NETWORK",
        message: `Cannot reach api.test: the proxy localhost:${proxy.port} (ALL_PROXY): the connection was refused (ECONNREFUSED)`,
        details: { reason: "ECONNREFUSED", url },
      });
    });

    it.each(["http://api.test/x", "https://api.test/x"])("refuses to go by one to public addresses: %s", async url => {
      const { proxy, rules } = await proxied();
      await expect(send(open(create), url, { ...rules, publicOnly: true })).rejects.toMatchObject({
        code: "EGRESS_REFUSED",
        message: expect.stringContaining("unset ALL_PROXY, or name the host in NO_PROXY"),
      });
      expect(proxy.requests).toEqual([]);
    });

    it.each<[string, Partial<ExchangeParts>, object]>([
      ["http://api.test/x", { timeoutMs: 50 }, { timeoutMs: 50 }],
      ["https://api.test/x", { timeoutMs: 50 }, { timeoutMs: 50 }],
      ["https://api.test/x", { connectTimeoutMs: 50 }, { timeoutMs: 50, reason: "connect" }],
    ])("ends in time while the proxy is silent: %s with %j", async (url, limits, details) => {
      const silent = await startRawServer(() => {});
      closing.push(silent.close);
      const proxies = readProxies({ ALL_PROXY: `http://127.0.0.1:${silent.port}` });
      const called = send(open(create), url, { ...(proxies && { proxies }) }, { limits });
      await expect(called).rejects.toMatchObject({ code: "TIMEOUT", details: { ...details, url } });
    });
  });
});
