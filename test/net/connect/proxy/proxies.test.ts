import { describe, expect, it } from "vitest";
import { readProxies } from "../../../../src/net/connect/proxy/proxies.ts";
import { markedSecret } from "../../../support/marked-secret.ts";

const P = "http://p.test:1";

const choices: readonly { env: Record<string, string>; url: string; host?: string }[] = [
  { env: { HTTP_PROXY: P }, url: "http://api.test/", host: "p.test:1" },
  { env: { HTTP_PROXY: P }, url: "https://api.test/" },
  { env: { HTTPS_PROXY: P }, url: "https://api.test/", host: "p.test:1" },
  { env: { HTTPS_PROXY: P }, url: "http://api.test/" },
  { env: { ALL_PROXY: P }, url: "http://api.test/", host: "p.test:1" },
  { env: { all_proxy: P }, url: "https://api.test/", host: "p.test:1" },
  { env: { HTTPS_PROXY: P, https_proxy: "http://q.test:2" }, url: "https://api.test/", host: "q.test:2" },
  { env: { ALL_PROXY: P, HTTPS_PROXY: "http://q.test:2" }, url: "https://api.test/", host: "q.test:2" },
  { env: { HTTP_PROXY: "p.test:3128" }, url: "http://api.test/", host: "p.test:3128" },
  { env: { HTTP_PROXY: "http://p.test" }, url: "http://api.test/", host: "p.test:80" },
  { env: { HTTP_PROXY: "https://p.test" }, url: "http://api.test/", host: "p.test:443" },
  { env: { HTTP_PROXY: "http://[::5]:8/" }, url: "http://api.test/", host: "[::5]:8" },
  // This computer is never asked of a proxy.
  { env: { ALL_PROXY: P }, url: "http://localhost:8080/" },
  { env: { ALL_PROXY: P }, url: "http://api.localhost/" },
  { env: { ALL_PROXY: P }, url: "http://127.9.9.9/" },
  { env: { ALL_PROXY: P }, url: "https://[::1]/" },
  { env: { ALL_PROXY: P }, url: "https://localhost.test/", host: "p.test:1" },
];

const exceptions: readonly { no: string; url: string; excepted: boolean }[] = [
  { no: "*", url: "http://api.test/", excepted: true },
  { no: "api.test", url: "http://api.test/", excepted: true },
  { no: "API.test", url: "http://api.test/", excepted: true },
  { no: "api.test", url: "http://v2.api.test/", excepted: true },
  { no: ".api.test", url: "http://v2.api.test/", excepted: true },
  { no: ".api.test", url: "http://api.test/", excepted: true },
  { no: "*.api.test", url: "http://v2.api.test/", excepted: true },
  { no: "api.test", url: "http://xapi.test/", excepted: false },
  { no: "a.test, api.test", url: "http://api.test/", excepted: true },
  { no: "a.test api.test", url: "http://api.test/", excepted: true },
  { no: "api.test:80", url: "http://api.test/", excepted: true },
  { no: "api.test:443", url: "https://api.test/", excepted: true },
  { no: "api.test:8080", url: "http://api.test/", excepted: false },
  { no: "api.test:8080", url: "http://api.test:8080/", excepted: true },
  { no: "10.0.0.0/8", url: "http://10.1.2.3/", excepted: true },
  { no: "10.0.0.0/8", url: "http://11.1.2.3/", excepted: false },
  { no: "10.0.0.0/99", url: "http://10.1.2.3/", excepted: false },
  { no: "10.1.2.3", url: "http://10.1.2.3/", excepted: true },
  { no: "2.3", url: "http://10.1.2.3/", excepted: false },
  { no: "fd00::/8", url: "http://[fd12::1]/", excepted: true },
  { no: "fd12::1", url: "http://[fd12::1]/", excepted: true },
  { no: "[fd12::1]:8", url: "http://[fd12::1]:8/", excepted: true },
  { no: ",,", url: "http://api.test/", excepted: false },
  { no: ".", url: "http://api.test/", excepted: false },
];

describe("readProxies()", () => {
  it.each([{}, { NO_PROXY: "*" }, { HTTP_PROXY: "" }])("gives nothing for %j", env => {
    expect(readProxies(env)).toBeUndefined();
  });

  it.each(choices)("$env: $url goes through $host", ({ env, url, host }) => {
    expect(readProxies(env)?.for(url)?.host).toBe(host);
  });

  it.each(exceptions)("NO_PROXY $no: $url is excepted: $excepted", ({ no, url, excepted }) => {
    expect(readProxies({ ALL_PROXY: P, NO_PROXY: no })?.for(url) === undefined).toBe(excepted);
  });

  it("reads no_proxy before NO_PROXY", () => {
    const proxies = readProxies({ ALL_PROXY: P, NO_PROXY: "*", no_proxy: "a.test" });
    expect(proxies?.for("http://api.test/")?.host).toBe("p.test:1");
  });

  it("decodes the credential, and tells what of it is secret", () => {
    const password = markedSecret("p@ss");
    const proxies = readProxies({ HTTP_PROXY: `http://me:${encodeURIComponent(password)}@p.test:1` });
    const basic = Buffer.from(`me:${password}`).toString("base64");
    expect(proxies?.for("http://api.test/")).toMatchObject({
      authorization: `Basic ${basic}`,
      host: "p.test:1",
    });
    expect(proxies?.secrets).toEqual(expect.arrayContaining([password, basic]));
  });

  it.each([
    ["socks5://p.test:1", '"socks5://p.test:1"'],
    ["http://", '"http://"'],
    ["http://p.test:99999", '"http://p.test:99999"'],
    [`socks5://me:${markedSecret("x")}@p.test`, '"socks5://p.test"'],
    [`me:${markedSecret("x")}@p test`, '"p test"'],
  ])("refuses %s when it is needed", (value, shown) => {
    const proxies = readProxies({ HTTPS_PROXY: value });
    expect(proxies?.for("http://api.test/")).toBeUndefined();
    expect(() => proxies?.for("https://api.test/")).toThrow(
      expect.objectContaining({
        code: "NETWORK",
        message: `Cannot reach api.test: the proxy that HTTPS_PROXY names, ${shown}, is not an http or https URL; correct it, or name the host in NO_PROXY`,
        details: { reason: "PROXY_INVALID", url: "https://api.test/" },
      }),
    );
  });
});
