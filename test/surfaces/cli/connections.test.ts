import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCertificateAuthority } from "../../support/certificates.ts";
import { markedSecret } from "../../support/marked-secret.ts";
import { startProxy, type TestProxy } from "../../support/proxy.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const authority = createCertificateAuthority();
const password = markedSecret("proxy");
let upstream: Upstream;
let secure: Server;
let proxy: TestProxy;
let cwd: string;
let env: Record<string, string>;

beforeAll(async () => {
  upstream = await startUpstream();
  secure = createServer(authority.issue("api.test"), (_, response) => response.end('{"secure":true}'));
  await new Promise<void>(resolve => secure.listen(0, "127.0.0.1", resolve));
  const port = Number(new URL(upstream.url).port);
  proxy = await startProxy({
    ports: { "api.test:80": port, "api.test:443": (secure.address() as AddressInfo).port },
    authorization: `Basic ${Buffer.from(`me:${password}`).toString("base64")}`,
  });
  env = { ALL_PROXY: `http://me:${password}@127.0.0.1:${proxy.port}` };
  cwd = await temporaryFolder({
    "ca.pem": authority.cert,
    "bad.pem": "none",
    "shop.yaml": `naftiko: 1.0.0-alpha3
capability:
  consumes:
  - type: http
    namespace: shop
    baseUri: http://api.test
    resources:
    - name: orders
      path: /orders
      operations: [{ name: list, method: GET }]
`,
    "strict.yaml": `capabilities:
  shop:
    allowHosts: [other.test]
    egress: public
    caFile: ca.pem
`,
  });
});

afterAll(async () => {
  await Promise.all([upstream.close(), proxy.close()]);
  secure.closeAllConnections();
  secure.close();
});

function run(args: readonly string[], variables: Record<string, string> = {}) {
  return runCommand(["run", "shop.yaml", "list", ...args], { cwd, env: variables });
}

describe("naftiko run", () => {
  it.each([
    [["--allow-host", "127.0.0.1"], 0],
    [["--allow-host", "other.test", "--allow-host", "*"], 0],
    [["--allow-host", "other.test"], 6],
    [["--egress", "any"], 0],
    [["--egress", "public"], 6],
    [["--egress", "public", "--mock"], 0],
    [["--allow-host", "other.test", "--mock"], 0],
    [["--allow-host", "other.test", "--dry-run"], 0],
  ])("with %j ends with %s", async (args, code) => {
    const { code: found, stderr } = await run(["--base-uri", upstream.url, ...args]);
    expect(found, stderr).toBe(code);
    if (code === 6) expect(stderr).toMatch(/^error: list: Cannot send to 127\.0\.0\.1: .*\n--\S+ \S+ allows it$/m);
  });

  it.each([
    [["--allow-host", "https://api.test/"], 'Cannot use --allow-host "https://api.test/": it is a URL'],
    [["--egress", "publik"], 'Option --egress cannot be "publik"; did you mean "public"? It is one of any, public'],
    [["--ca-cert", "nowhere.pem"], /Cannot use --ca-cert: .*nowhere\.pem cannot be read \(ENOENT\)/],
    [["--ca-cert", "bad.pem"], /Cannot use --ca-cert: .*bad\.pem has no certificate in PEM/],
  ])("refuses %j", async (args, message) => {
    const { code, stderr } = await run(args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });

  it("goes through a proxy, and shows nothing of its password", async () => {
    const plain = await run(["--verbose"], env);
    expect(plain.code, plain.stderr).toBe(0);
    expect(JSON.parse(plain.stdout)).toMatchObject({ url: "/orders", headers: { host: "api.test" } });
    expect(plain.stdout).not.toContain("proxy-authorization");
    const tunnelled = await run(["--base-uri", "https://api.test", "--ca-cert", "ca.pem"], env);
    expect(tunnelled).toMatchObject({ code: 0, stdout: '{"secure":true}\n' });
  });

  it("says which proxy refused, and which is none", async () => {
    const wrong = { ALL_PROXY: `http://127.0.0.1:${proxy.port}` };
    const refused = await run(["--verbose"], wrong);
    expect(refused.code).toBe(6);
    expect(refused.stderr).toMatch(/the proxy 127\.0\.0\.1:\d+ \(ALL_PROXY\) refused: HTTP 407 .*USER:PASSWORD@/);
    const none = await run(["--verbose"], { http_proxy: `socks5://me:${password}@127.0.0.1` });
    expect(none.code).toBe(6);
    expect(none.stderr).toContain('the proxy that http_proxy names, "socks5://127.0.0.1", is not an http or https URL');
  });

  it("does not go through a proxy where NO_PROXY says so, or with --egress public", async () => {
    const before = proxy.requests.length;
    expect(await run([], { ...env, NO_PROXY: "*.test" })).toMatchObject({ code: 6 });
    const refused = await run(["--egress", "public"], env);
    expect(refused).toMatchObject({ code: 6, stderr: expect.stringContaining("unset ALL_PROXY") });
    expect(proxy.requests).toHaveLength(before);
  });

  it("takes it all from an overlay, and says where it stands", async () => {
    const { code, stderr } = await run(["--config", "strict.yaml"]);
    expect(code).toBe(6);
    expect(stderr).toContain("Cannot send to api.test: api.test is not among the allowed hosts (other.test)");
    const shown = await run(["--config", "strict.yaml", "--dry-run", "--egress", "any"]);
    expect(shown.stderr).toContain("overlay: allowHosts is set at");
    expect(shown.stderr).toContain("overlay: caFile is set at");
    expect(shown.stderr).not.toContain("overlay: egress");
  });
});
