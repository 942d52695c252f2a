import { createHash } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { markedSecret } from "../../support/marked-secret.ts";
import { type RunningCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

/** Customers, and the key that each of them presents. `gone` has no secrets. */
const KEYS: Readonly<Record<string, string>> = {
  acme: markedSecret("key-acme"),
  globex: markedSecret("key-globex"),
  gone: markedSecret("key-gone"),
};
const secretOf = (tenant: string): string => markedSecret(`upstream-${tenant}`);
const hashOf = (key: string): string => `sha256:${createHash("sha256").update(key).digest("hex")}`;

const capability = (api: string, note = ""): string => `naftiko: 1.0.0-alpha3
# ${note}
binds:
  - { namespace: customer, location: "file:///./tenants/{tenant}.env", keys: { TOKEN: TOKEN, CLIENT: CLIENT, SECRET: SECRET } }
  - { namespace: shared, location: "file:///./keys.yaml", keys: { NOTE: "{tenant}" } }
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ${api}
      authentication: { type: bearer, token: "{{TOKEN}}" }
      resources:
        - { name: who, path: /who, operations: [ { name: who, method: GET, inputParameters: [ { name: X-Note, in: header, type: string, value: "{{NOTE}}" } ] } ] }
        - { name: kept, path: /kept, operations: [ { name: kept, method: GET } ] }
        - { name: fails, path: /fails, operations: [ { name: fails, method: GET } ] }
    - type: http
      namespace: logged
      baseUri: ${api}
      authentication: { type: oauth2, tokenEndpoint: "${api}/token", clientId: "{{CLIENT}}", clientSecret: "{{SECRET}}" }
      resources: [ { name: by-token, path: /who, operations: [ { name: by-token, method: GET } ] } ]
  exposes:
    - type: rest
      namespace: routes
      port: 0
      authentication: { type: apikey, key: X-Api-Key, in: header, value: "{{UNSET}}" }
      resources:
        - { path: /who, operations: [ { method: GET, call: api.who } ] }
        - { path: /kept, operations: [ { method: GET, call: api.kept } ] }
        - { path: /fails, operations: [ { method: GET, call: api.fails } ] }
        - { path: /token, operations: [ { method: GET, call: logged.by-token } ] }
        - path: /steps
          operations:
            - method: GET
              steps: [ { name: first, type: call, call: api.who }, { name: second, type: call, call: logged.by-token } ]
              outputParameters:
                - { name: first, type: string, value: "{{first.answered}}" }
                - { name: second, type: string, value: "{{second.answered}}" }
        - { path: "/passed/{path}", forward: { targetNamespace: api } }
    - type: mcp
      namespace: agents
      port: 0
      authentication: { type: bearer, token: "{{UNSET}}" }
      tools: [ { name: who, description: Who, call: api.who } ]
    - { type: control, port: 0, management: { reload: true } }
`;

const CONFIG = `capabilities: { shop: { cache: true, circuitBreaker: { minimumCalls: 5, errorRate: 0.5, openMs: 60000 } } }
tenants: { apiKeys: ./hashes.yaml, refreshMs: 200 }
`;

const secretsOf = (tenant: string, secret = secretOf(tenant)): string =>
  `TOKEN=${secret}\nCLIENT=client-${tenant}\nSECRET=${secret}\n`;

/** Tells the tenant whose secret a credential is. */
function ownerOf(credential: string): string {
  return Object.keys(KEYS).find(tenant => credential.includes(`upstream-${tenant}`)) ?? "nobody";
}

let upstream: Upstream;
let folder: string;
let served: RunningCommand;
let routes: string;
let agents: string;
let control: string;
const tokens = new Map<string, string>();
const dispatcher = new Agent({ connections: 40 });

beforeAll(async () => {
  upstream = await startUpstream(({ url, headers, body }, response) => {
    const { authorization = "" } = headers;
    if (url === "/token") {
      const [client = "", secret = ""] = authorization.startsWith("Basic ")
        ? Buffer.from(authorization.slice(6), "base64").toString().split(":").map(decodeURIComponent)
        : ["", body];
      const token = markedSecret(`token-${client}-${tokens.size}`);
      tokens.set(token, ownerOf(secret));
      // Tokens that are used up soon: they are fetched again in the middle of other calls.
      answerJson(response, 200, { access_token: token, token_type: "Bearer", expires_in: 1 });
      return;
    }
    const owner = tokens.get(authorization.slice(7)) ?? ownerOf(authorization);
    if (url === "/fails" && owner === "globex") return answerJson(response, 503, { owner });
    const answer = { answered: owner, note: headers["x-note"] };
    // Bodies of unknown length are passed on as they come, and are not kept.
    if (url === "/kept")
      response
        .setHeader("cache-control", "public, max-age=86400")
        .setHeader("content-length", JSON.stringify(answer).length);
    answerJson(response, 200, answer);
  });
  folder = await temporaryFolder({
    "shop.yaml": capability(upstream.url),
    "naftiko.config.yaml": CONFIG,
    "hashes.yaml": JSON.stringify(Object.fromEntries(Object.entries(KEYS).map(([name, key]) => [name, hashOf(key)]))),
    "keys.yaml": "acme: note of acme\nglobex: note of globex\n",
    "tenants/acme.env": secretsOf("acme"),
    "tenants/globex.env": secretsOf("globex"),
  });
  const args = ["serve", "shop.yaml", "--config", "naftiko.config.yaml", "--retries", "0"];
  served = await startCommand(args, { cwd: folder });
  const [, ...urls] = await served.waitFor(
    /routes listens on (\S+)\n.*agents listens on (\S+)\n.*control listens on (\S+)\n/,
    "stderr",
  );
  [routes = "", agents = "", control = ""] = urls;
});

afterAll(async () => {
  served.child.kill("SIGTERM");
  await served.finished;
  await dispatcher.close();
  await upstream.close();
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function get(route: string, tenant: string, key = KEYS[tenant] ?? ""): Promise<Answer> {
  const { statusCode: status, body } = await request(`${routes}${route}`, {
    headers: { "x-api-key": key },
    dispatcher,
  });
  const text = await body.text();
  return { status, body: text === "" ? undefined : JSON.parse(text) };
}

async function callTool(tenant: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const { body } = await request(`${agents}/mcp`, {
    method: "POST",
    dispatcher,
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      authorization: `Bearer ${KEYS[tenant]}`,
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "who", arguments: {} } }),
  });
  return body.text();
}

describe("a server with tenants", () => {
  it.each(["/who", "/kept", "/token", "/passed/who"])("answers each with its own secrets at %s", async route => {
    for (const tenant of ["acme", "globex", "acme"])
      expect(await get(route, tenant)).toMatchObject({ status: 200, body: { answered: tenant } });
  });

  it("fills keys at a location, and all steps of a call", async () => {
    expect((await get("/who", "acme")).body).toMatchObject({ note: "note of acme" });
    expect(await get("/steps", "globex")).toMatchObject({ body: { first: "globex", second: "globex" } });
  });

  it("lets in nobody without a key of a tenant, and sends nothing", async () => {
    const before = upstream.requests.length;
    for (const key of ["", "wrong", hashOf(KEYS["acme"] ?? ""), "acme"])
      expect((await get("/who", "", key)).status).toBe(401);
    expect(upstream.requests).toHaveLength(before);
  });

  it("tells a tenant that has no secrets nothing of them, and its operator what they lack", async () => {
    const answer = await get("/who", "gone");
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toMatch(/tenants|TOKEN|env/);
    const tool = await callTool("gone");
    expect(tool).toContain("its operator is told what");
    expect(tool).not.toMatch(/tenants|TOKEN|env/);
    await served.waitFor(/tenants\/gone\.env/, "stderr");
  });

  it("answers agents by the same rules, and binds their sessions to a tenant", async () => {
    for (const tenant of ["acme", "globex"]) expect(await callTool(tenant)).toContain(tenant);
    const opened = await request(`${agents}/mcp`, {
      method: "POST",
      dispatcher,
      headers: { "content-type": "application/json", authorization: `Bearer ${KEYS["acme"]}` },
      body: JSON.stringify({
        ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
        params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
      }),
    });
    await opened.body.dump();
    const session = { "mcp-session-id": String(opened.headers["mcp-session-id"]) };
    expect(await callTool("acme", session)).toContain("acme");
    expect(await callTool("globex", session)).toContain("Session not found");
  });

  it("takes other secrets of one tenant without a loss of the others'", async () => {
    const other = markedSecret("upstream-globex-second");
    await writeFile(path.join(folder, "tenants/globex.env"), secretsOf("globex", other));
    const seen = () => upstream.requests.some(({ headers }) => headers.authorization === `Bearer ${other}`);
    while (!seen()) expect(await get("/who", "globex")).toMatchObject({ body: { answered: "globex" } });
    expect(await get("/who", "acme")).toMatchObject({ status: 200, body: { answered: "acme" } });
  });

  it("finds tenants that are added to its keys, and none that are taken out", async () => {
    const hashes = (names: readonly string[]) =>
      JSON.stringify(Object.fromEntries(names.map(name => [name, hashOf(KEYS[name] ?? name)])));
    const file = path.join(folder, "hashes.yaml");
    await writeFile(path.join(folder, "tenants/new.env"), secretsOf("acme"));
    await writeFile(file, hashes(["acme", "globex", "new"]));
    while ((await get("/kept", "new", "new")).status !== 200);
    expect((await get("/who", "gone")).status).toBe(401);
    await writeFile(file, '{ "acme": "a key itself" }');
    let isTold = false;
    const telling = served
      .waitFor(/Cannot use the keys in .*hashes\.yaml: the key of "acme" is not "sha256:"/, "stderr")
      .then(() => (isTold = true));
    // The file is looked at when there are requests.
    while (!isTold) expect((await get("/kept", "new", "new")).status).toBe(200);
    await telling;
    expect((await get("/kept", "new", "new")).status).toBe(200);
    await writeFile(file, hashes(["acme", "globex"]));
    while ((await get("/kept", "new", "new")).status !== 401);
    await rm(path.join(folder, "tenants/new.env"));
  });

  it("crosses none of 10,000 interleaved calls, with tokens, kept answers, failures and a reload", async () => {
    const crossed: unknown[] = [];
    const statuses = new Map<string, number>();
    const before = upstream.requests.length;
    const ways = ["/who", "/kept", "/token", "/steps", "/passed/who", "/fails", "tool"] as const;
    let next = 0;
    const work = async () => {
      while (next < 10_000) {
        const number = next++;
        const tenant = number % 2 === 0 ? "acme" : "globex";
        const other = tenant === "acme" ? "globex" : "acme";
        const way = ways[Math.floor(number / 2) % ways.length] ?? "/who";
        const answer = way === "tool" ? { status: 200, body: await callTool(tenant) } : await get(way, tenant);
        const key = `${tenant} ${way} ${answer.status}`;
        statuses.set(key, (statuses.get(key) ?? 0) + 1);
        const text = JSON.stringify(answer.body);
        if (text.includes(other) || (answer.status === 200 && !text.includes(tenant)))
          crossed.push([number, way, text]);
        if (number === 5_000) {
          await writeFile(path.join(folder, "shop.yaml"), capability(upstream.url, "changed"));
          expect((await fetch(`${control}/config/reload`, { method: "POST" })).status).toBe(200);
        }
      }
    };
    await Promise.all(Array.from({ length: 40 }, work));
    expect(crossed).toEqual([]);
    // Kept answers are asked for once by each tenant, and once more after the reload; some calls begin at the same time.
    const asked = upstream.requests.slice(before).filter(({ url }) => url === "/kept");
    expect(asked.length).toBeLessThan(20);
    const failed = [...statuses.keys()].filter(key => !key.endsWith(" 200"));
    // The API fails one tenant alone.
    expect(failed.every(key => key.startsWith("globex /fails "))).toBe(true);
    expect(statuses.get("acme /fails 200")).toBeGreaterThan(600);
  });

  it("leaves the API alone for the tenant that it fails, and for no other", async () => {
    let answer: Answer;
    do answer = await get("/fails", "globex");
    while (!JSON.stringify(answer.body).includes("CIRCUIT_OPEN"));
    expect((await get("/who", "globex")).status).toBe(503);
    expect(await get("/who", "acme")).toMatchObject({ status: 200, body: { answered: "acme" } });
  });
});
