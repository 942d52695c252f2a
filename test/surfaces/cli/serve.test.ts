import { X509Certificate } from "node:crypto";
import { rename, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSelfSignedCertificate } from "../../support/certificates.ts";
import { type CommandOptions, type RunningCommand, runCommand, startCommand } from "../../support/run-command.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Returns a file with adapters as they are written. */
function exposing(...adapters: readonly string[]): string {
  return `naftiko: 1.0.0-alpha2
capability:
  exposes:
${adapters.map(adapter => `    - ${adapter.trim().replaceAll("\n", "\n      ")}\n`).join("")}`;
}

/** Returns an adapter with one route, which answers `{"answer":"<answer>"}`. */
function rest(port: number, answer: string, more = ""): string {
  return `type: rest
namespace: api
port: ${port}
${more}resources:
  - path: /ping
    operations:
      - method: GET
        outputParameters: [ { name: answer, type: string, value: ${answer} } ]`;
}

const CONSUMING = `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.example.test
      resources: [ { path: /items, name: items, operations: [ { name: list, method: GET } ] } ]
`;

const certificate = createSelfSignedCertificate();

let folder: string;
let taken: Server;
let takenPort: number;

beforeAll(async () => {
  taken = createServer();
  await new Promise<void>(resolve => taken.listen(0, "127.0.0.1", resolve));
  takenPort = (taken.address() as { readonly port: number }).port;
  folder = await temporaryFolder({
    "one.yaml": exposing(rest(0, "one")),
    "two.yml": exposing(rest(0, "two")),
    "many/one.yaml": exposing(rest(0, "one of many")),
    "many/two.yaml": exposing(rest(0, "two of many")),
    "many/deep/three.yaml": exposing(rest(0, "three of many")),
    "many/consuming.yaml": CONSUMING,
    "many/broken.yaml": "naftiko: [",
    "clash/a/same.yaml": exposing(rest(0, "a")),
    "clash/b/same.yaml": exposing(rest(0, "b")),
    "mixed/good.yaml": exposing(rest(0, "good")),
    "mixed/consuming.yaml": CONSUMING,
    "empty/notes.txt": "",
    "consuming.yaml": CONSUMING,
    "dangling.yaml": `${CONSUMING}  exposes:
    - { type: rest, namespace: api, port: 0, resources: [{ path: /a, operations: [{ method: GET, call: shop.nowhere }] }] }
`,
    "taken.yaml": exposing(rest(0, "first"), rest(takenPort, "second").replace("api", "other")),
    "twice.yaml": exposing(rest(18_080, "first"), rest(18_080, "second").replace("api", "other")),
    "elsewhere.yaml": exposing(rest(0, "far", 'address: "192.0.2.1"\n')),
    "secret.yaml": exposing(rest(0, "closed", 'authentication: { type: bearer, token: "{{CALLER_TOKEN}}" }\n')).replace(
      "capability:",
      "binds:\n  - namespace: env\n    keys: { CALLER_TOKEN: CALLER_TOKEN }\ncapability:",
    ),
    "agent.yaml": exposing(`type: mcp
namespace: tools
port: 0
tools:
  - name: ping
    description: Says pong
    outputParameters: [ { name: answer, type: string, value: pong } ]`),
    ".env": "CALLER_TOKEN=found\n",
    "named.env": "CALLER_TOKEN=named\n",
    "cert.pem": "no certificate",
    "good.pem": certificate.cert,
    "key.pem": certificate.key,
    "other-key.pem": createSelfSignedCertificate().key,
    "nothing.pem": "",
    "odd.yaml":
      exposing(rest(99_999, "odd"), rest(0, "even").replace("api", "more")) +
      CONSUMING.slice(CONSUMING.indexOf("  consumes")),
  });
});
afterAll(() => taken.close());

interface Served extends RunningCommand {
  /** The first address that it tells. */
  readonly url: string;
  /** Waits until it has told something since the last time. */
  waitForNew(told: RegExp): Promise<void>;
}

async function startServe(args: readonly string[], options: CommandOptions = {}): Promise<Served> {
  const running = await startCommand(["serve", ...args], { cwd: folder, ...options });
  const [, url = ""] = await running.waitFor(/ on (https?:\/\/[^/\s;]+)[^\n]*\n/, "stderr");
  let seen = 0;
  const waitForNew = async (told: RegExp) => {
    const match = await running.waitFor(new RegExp(`^[^]{${seen},}?(?:${told.source})[^]*?\n`), "stderr");
    seen = match[0].length;
  };
  return { ...running, url, waitForNew };
}

async function stop({ child, finished }: RunningCommand, signal: "SIGINT" | "SIGTERM" = "SIGTERM") {
  child.kill(signal);
  return finished;
}

describe.concurrent("serve", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("ends with 0 at %s, and prints nothing on standard output", async signal => {
    const served = await startServe(["one.yaml"]);
    expect(await stop(served, signal)).toMatchObject({ code: 0, stdout: "" });
  });

  it("finds a name where run finds it", async () => {
    const served = await startServe(["three", "--dir", "many", "--port", "0"]);
    expect(await stop(served)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^1 capability served on http:\/\/127\.0\.0\.1:\d+\/three\/\n$/),
    });
  });

  it("serves an adapter of tools", async () => {
    const served = await startServe(["agent.yaml"]);
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" });
    const answer = await fetch(served.url, { method: "POST", body, headers: { "content-type": "application/json" } });
    expect(await answer.json()).toMatchObject({ id: 1, result: { tools: [{ inputSchema: { type: "object" } }] } });
    const { stderr } = await stop(served);
    expect(stderr).toMatch(/^agent: mcp tools listens on http:\/\/127\.0\.0\.1:\d+\n/);
  });

  it("tells of an adapter that it does not understand, and serves the others", async () => {
    const served = await startServe(["odd.yaml"]);
    expect(await (await fetch(`${served.url}/ping`)).json()).toEqual({ answer: "even" });
    expect((await stop(served)).stderr).toMatch(/odd\.yaml: exposes\[0\]\.port: .*cannot be served/);
  });

  it("answers 404 for capabilities that do not exist, in one segment alone", async () => {
    const served = await startServe(["many", "--port", "0"]);
    try {
      const { origin } = new URL(served.url);
      for (const target of ["/", "/nothing", "/nothing/ping", "/one%2Fping", "/%zz/ping", "/__proto__/ping"]) {
        const response = await fetch(origin + target);
        expect([target, response.status]).toEqual([target, 404]);
        expect(response.headers.get("content-type")).toBe("application/problem+json");
      }
    } finally {
      await stop(served);
    }
  });

  it("tells of a broken file at its first call, and tells its caller nothing of it", async () => {
    const served = await startServe(["many", "--port", "0"]);
    try {
      const { origin } = new URL(served.url);
      const response = await fetch(`${origin}/broken/ping`);
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain("broken.yaml");
      await served.waitFor(/many\/broken\.yaml cannot be served as it is/, "stderr");
      expect((await fetch(`${origin}/consuming/ping`)).status).toBe(404);
    } finally {
      await stop(served);
    }
  });

  it("leaves out the files of a folder that expose nothing, and says how many", async () => {
    const served = await startServe(["mixed"]);
    await served.waitFor(/1 file exposes nothing/, "stderr");
    expect((await stop(served)).code).toBe(0);
  });

  it("reads variables from the files alone that are named", async () => {
    const refused = await runCommand(["serve", "secret.yaml"], { cwd: folder });
    expect(refused).toMatchObject({ code: 4, stdout: "" });
    expect(refused.stderr).toContain("CALLER_TOKEN");
    const served = await startServe(["secret.yaml", "--env-file", "named.env"]);
    try {
      expect((await fetch(`${served.url}/ping`)).status).toBe(401);
      const headers = { authorization: "Bearer named" };
      expect((await fetch(`${served.url}/ping`, { headers })).status).not.toBe(401);
    } finally {
      await stop(served);
    }
  });
});

/** What happens to a file, the answer then, what is told. */
const CHANGES: readonly (readonly [string, (file: string) => Promise<void>, string, RegExp])[] = [
  ["written in place", file => writeFile(file, exposing(rest(0, "two"))), "two", /served anew/],
  ["replaced by another", file => replace(file, exposing(rest(0, "three"))), "three", /served anew/],
  ["no YAML", file => writeFile(file, "naftiko: ["), "three", /older state is still served/],
  ["empty", file => replace(file, ""), "three", /document is empty/],
  ["gone", file => rm(file), "three", /Cannot find capability/],
  ["there again", file => writeFile(file, exposing(rest(0, "four"))), "four", /served anew/],
];

async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

describe("serve --watch", () => {
  it("serves files as they change, and the older state of those that are broken", async () => {
    const watched = await temporaryFolder({ "shop.yaml": exposing(rest(0, "one")) });
    const served = await startServe(["shop.yaml", "--watch"], { cwd: watched });
    const found: unknown[] = [];
    try {
      for (const [change, apply, , told] of CHANGES) {
        await apply(path.join(watched, "shop.yaml"));
        await served.waitForNew(told);
        const response = await fetch(`${served.url}/ping`);
        found.push([change, await response.json()]);
      }
    } finally {
      await stop(served);
    }
    expect(found).toEqual(CHANGES.map(([change, , answer]) => [change, { answer }]));
  });

  it("serves a file anew when the import that it lacked is there", async () => {
    const watched = await temporaryFolder({ "shop.yaml": exposing(rest(0, "one")) });
    const served = await startServe(["shop.yaml", "--watch"], { cwd: watched });
    try {
      const importing = "  consumes: [ { import: shop, from: ./extra.yaml } ]\n";
      await replace(path.join(watched, "shop.yaml"), exposing(rest(0, "two")) + importing);
      await served.waitForNew(/older state is still served/);
      await replace(path.join(watched, "extra.yaml"), CONSUMING);
      await served.waitForNew(/served anew/);
      expect(await (await fetch(`${served.url}/ping`)).json()).toEqual({ answer: "two" });
    } finally {
      expect((await stop(served)).stderr.match(/older state/g)).toHaveLength(1);
    }
  });

  it("keeps the older state where the newer one cannot have its port", async () => {
    const watched = await temporaryFolder({ "shop.yaml": exposing(rest(0, "one")) });
    const served = await startServe(["shop.yaml", "--watch"], { cwd: watched });
    try {
      const adapters = [
        rest(0, "two"),
        rest(0, "two").replace("api", "more"),
        rest(takenPort, "two").replace("api", "other"),
      ];
      await replace(path.join(watched, "shop.yaml"), exposing(...adapters));
      await served.waitForNew(/older state is still served/);
      expect(await (await fetch(`${served.url}/ping`)).json()).toEqual({ answer: "one" });
      await replace(path.join(watched, "shop.yaml"), exposing(rest(0, "three")));
      await served.waitForNew(/served anew/);
      expect(await (await fetch(`${served.url}/ping`)).json()).toEqual({ answer: "three" });
    } finally {
      await stop(served);
    }
  });

  it("serves new files of a folder, and those no longer that are gone", async () => {
    const watched = await temporaryFolder({ "many/one.yaml": exposing(rest(0, "one")) });
    const served = await startServe(["many", "--port", "0", "--watch"], { cwd: watched });
    try {
      const { origin } = new URL(served.url);
      await writeFile(path.join(watched, "many/two.yaml"), exposing(rest(0, "two")));
      await served.waitForNew(/two is served/);
      expect(await (await fetch(`${origin}/two/ping`)).json()).toEqual({ answer: "two" });
      await rm(path.join(watched, "many/one.yaml"));
      await served.waitForNew(/one is served no longer/);
      expect((await fetch(`${origin}/one/ping`)).status).toBe(404);
    } finally {
      await stop(served);
    }
  });
});

describe("serve with TLS", () => {
  it("gives new connections a new certificate, and keeps the older one of a pair that does not fit", async () => {
    const newer = createSelfSignedCertificate();
    const watched = await temporaryFolder({
      "shop.yaml": exposing(rest(0, "one")),
      "cert.pem": certificate.cert,
      "key.pem": certificate.key,
    });
    const served = await startServe(["shop.yaml", "--tls-cert", "cert.pem", "--tls-key", "key.pem"], { cwd: watched });
    const at = (name: string) => path.join(watched, name);
    try {
      expect(await certificateOf(served.url)).toBe(fingerprint(certificate.cert));
      for (const broken of ["", newer.cert]) {
        await replace(at("cert.pem"), broken);
        await served.waitForNew(/the older certificate stays in use/);
        expect(await certificateOf(served.url)).toBe(fingerprint(certificate.cert));
      }
      await replace(at("key.pem"), newer.key);
      await served.waitForNew(/new connections get the certificate/);
      expect(await certificateOf(served.url)).toBe(fingerprint(newer.cert));
    } finally {
      expect((await stop(served)).code).toBe(0);
    }
  });
});

function fingerprint(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}

/** Returns the fingerprint of the certificate that a server gives a new connection. */
function certificateOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: Number(new URL(url).port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

/** What is served, exit code, a part of what is told. */
const REFUSED: readonly (readonly [readonly string[], number, string])[] = [
  [[], 2, "argument"],
  [["nowhere"], 3, 'Cannot find capability "nowhere"'],
  [["empty"], 3, "no capability files"],
  [["consuming.yaml"], 2, "exposes nothing"],
  [["many/broken.yaml"], 3, "broken.yaml"],
  [["many/broken.yaml", "--port", "0"], 3, "broken.yaml"],
  [["dangling.yaml"], 3, "dangling.yaml:9:"],
  [["clash", "--port", "0"], 2, 'two capabilities of one name: "same" is '],
  [["one.yaml", "many/one.yaml"], 2, "many/one.yaml"],
  [["taken.yaml"], 2, "EADDRINUSE"],
  [["twice.yaml"], 2, "another adapter of the file listens"],
  [["elsewhere.yaml"], 2, "this computer does not have the address"],
  [["one.yaml", "--host", "no host"], 2, "Cannot listen on no host"],
  [["one.yaml", "--port", "65536"], 2, "--port is a number"],
  [["one.yaml", "--max-connections", "0"], 2, "--max-connections is a number"],
  [["one.yaml", "--tls-cert", "cert.pem"], 2, "--tls-key"],
  [["one.yaml", "--tls-cert", "absent.pem", "--tls-key", "cert.pem"], 2, "ENOENT"],
  [["one.yaml", "--tls-cert", "cert.pem", "--tls-key", "cert.pem"], 2, "Cannot use"],
  [["one.yaml", "--tls-cert", "nothing.pem", "--tls-key", "key.pem"], 2, "the certificate is none in PEM"],
  [["one.yaml", "--tls-cert", "good.pem", "--tls-key", "nothing.pem"], 2, "the key is none in PEM"],
  [["one.yaml", "--tls-cert", "good.pem", "--tls-key", "other-key.pem"], 2, "the key is that of another certificate"],
  [["one.yaml", "--host", ""], 2, "--host is a name or an address"],
  [["one.yaml", "--profile", "prod"], 2, "--config"],
  [["secret.yaml"], 4, "Set CALLER_TOKEN in the environment or in a file that --env-file names"],
  [["secret.yaml", "--port", "0"], 4, "Set CALLER_TOKEN in the environment or in a file that --env-file names"],
  [["one.yaml", "--base-uri", "other=http://localhost"], 2, "other"],
];

describe.concurrent("serve refuses", () => {
  it.each(REFUSED)("%j with exit code %i", async (args, code, part) => {
    const result = await runMain(["serve", ...args], { cwd: folder });
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(part);
    expect(result.stderr).not.toContain("fault:");
  });

  it("a port that another program has, and names it", async () => {
    const result = await runMain(["serve", "one.yaml", "--port", String(takenPort)], { cwd: folder });
    expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining(`127.0.0.1:${takenPort}`) });
  });

  it("two files of one name, and names both", async () => {
    const { stderr } = await runMain(["serve", "clash", "--port", "0"], { cwd: folder });
    for (const file of ["clash/a/same.yaml", "clash/b/same.yaml"]) expect(stderr).toContain(path.join(folder, file));
  });
});
