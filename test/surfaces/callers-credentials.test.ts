import { StreamableHTTPClientTransport as NewHttp } from "@modelcontextprotocol/client";
import { StreamableHTTPClientTransport as OldHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { connectClient, REVISIONS } from "../support/mcp-clients.ts";
import { openExposed } from "../support/open-exposed.ts";
import { type OpenedOffer, openOffer } from "../support/open-offer.ts";
import { type HttpServer, serveOffer } from "../support/serve-offer.ts";
import { type RestServer, serveRest } from "../support/serve-rest.ts";
import { type Answerer, answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

// Callers of one server, each with a credential of their own for the API behind it.

const HEAD = `
binds: [ { namespace: caller, location: "request:", keys: { CRM_KEY: X-Crm-Key } } ]
capability:
  consumes:
    - type: http
      namespace: crm
      baseUri: ""
      authentication: { type: apikey, key: X-Api-Key, value: "{{CRM_KEY}}" }
      resources:
        - name: any
          path: /{{path}}
          operations:
            - { name: get, method: GET, inputParameters: [ { name: path, in: path } ] }
    - type: http
      namespace: open
      baseUri: ""
      resources:
        - { name: own, path: /own, operations: [ { name: own, method: GET, inputParameters: [ { name: X-Api-Key, in: header } ] } ] }
        - { name: basic, path: /basic, operations: [ { name: basic, method: GET } ] }
    - type: http
      namespace: user
      baseUri: ""
      authentication: { type: basic, username: "{{CRM_KEY}}", password: "" }
      resources: [ { name: user, path: /user, operations: [ { name: user, method: GET } ] } ]
    - type: http
      namespace: kept
      baseUri: ""
      authentication: { type: digest, username: me, password: "{{CRM_KEY}}" }
      resources: [ { name: kept, path: /kept, operations: [ { name: kept, method: GET } ] } ]
  exposes:
`;

const UNITS: Readonly<Record<string, string>> = {
  own: 'call: crm.get, with: { path: "who" }',
  given: 'call: open.own, with: { X-Api-Key: "{{CRM_KEY}}" }',
  user: "call: user.user",
  kept: "call: kept.kept",
  broken: "steps: [ { type: call, name: a, call: crm.get, with: { path: broken } } ]",
  long: 'call: crm.get, with: { path: "long" }',
  shared:
    "steps: [ { type: call, name: a, call: crm.get, with: { path: who } }, { type: call, name: b, call: crm.get, with: { path: who } } ], " +
    "mappings: [ { targetName: owner, value: $.b.owner } ], outputParameters: [ { name: owner, type: string } ]",
};

const REST = `${HEAD}    - type: rest
      namespace: t
      port: 8080
      resources:
        - { path: "/api/{path}", forward: { targetNamespace: crm } }
${Object.entries(UNITS)
  .map(([name, work]) => `        - { path: /${name}, operations: [ { method: GET, ${work} } ] }`)
  .join("\n")}
`;

const MCP = `${HEAD}    - type: mcp
      namespace: t
      port: 8080
      tools:
${Object.entries(UNITS)
  .map(([name, work]) => `        - { name: ${name}, description: Answers, ${work} }`)
  .join("\n")}
      resources:
        - { name: who, uri: "data://who", description: Who, call: crm.get, with: { path: who } }
`;

const keyOf = (number: number) => `crm-key-${number}-of-its-owner`;

const ownerOf = (key: string) => `owner ${/\d+/.exec(key)?.[0]}`;

/** Tells who owns the key of a request, for a minute; `/broken` tells the key. */
const answer: Answerer = ({ url, headers }, response) => {
  const basic = Buffer.from(headers.authorization?.replace("Basic ", "") ?? "", "base64").toString();
  const key = String(headers["x-api-key"] ?? basic.replace(/:$/, ""));
  if (url === "/broken") return answerJson(response, 422, { wrong: `the key ${key}` });
  response.setHeader("cache-control", "max-age=60");
  if (url !== "/long") return answerJson(response, 200, { owner: ownerOf(key), also: url });
  answerJson(response, 200, { items: Array.from({ length: 20_000 }, (_, id) => ({ id, owner: ownerOf(key) })) });
};

let upstream: Upstream;
let rest: RestServer;
let opened: OpenedOffer;
let mcp: HttpServer;

beforeAll(async () => {
  upstream = await startUpstream(answer);
  rest = await serveRest(REST, upstream.url, { cache: true });
  opened = await openOffer(MCP, upstream.url, { cache: true });
  mcp = await serveOffer(() => opened.offer);
});

afterAll(async () => {
  await rest.close();
  await mcp.close();
  await opened.runtime.close();
  await upstream.close();
});

/** Calls a tool by a request that belongs to no session. */
async function callAlone(name: string, key: string | undefined, given: object = {}) {
  const message = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name, arguments: given } };
  const response = await fetch(`${mcp.url}/mcp`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(key === undefined ? {} : { "x-crm-key": key }),
    },
    body: JSON.stringify(message),
  });
  const { result } = (await response.json()) as {
    result: { isError?: boolean; content: readonly { text: string }[] };
  };
  return { isError: result.isError === true, text: result.content.map(({ text }) => text).join("\n") };
}

const ONE_EACH = ["own", "given", "user", "shared"] as const;

describe("two callers at once", () => {
  test.each([...ONE_EACH.map(name => `/${name}`), "/api/who"])("get what is theirs over REST: %s", async target => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const key = keyOf(index % 2);
        const { text, headers } = await rest.send("GET", target, { headers: { "x-crm-key": key } });
        return [ownerOf(key), (JSON.parse(text) as { owner: string }).owner, headers["vary"]];
      }),
    );
    for (const [own, told, vary] of answers) expect([told, vary]).toEqual([own, "x-crm-key"]);
  });

  test.each(ONE_EACH)("get what is theirs over MCP without a session: %s", async name => {
    const numbers = Array.from({ length: 100 }, (_, index) => index % 2);
    const texts = await Promise.all(numbers.map(async number => (await callAlone(name, keyOf(number))).text));
    for (const [index, text] of texts.entries()) expect(text).toContain(`"owner":"${ownerOf(keyOf(index % 2))}"`);
  });

  const rows = REVISIONS.flatMap(([revision, majors]) => majors.map(major => [major, revision] as const));
  test.each(rows)("get what is theirs by client %s.x in revision %s", async (major, revision) => {
    const connect = (number: number) => {
      const options = { requestInit: { headers: { "x-crm-key": keyOf(number) } } };
      const url = new URL(`${mcp.url}/mcp`);
      return connectClient(major, revision, major === "1" ? new OldHttp(url, options) : new NewHttp(url, options));
    };
    const clients = [await connect(3), await connect(4)] as const;
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { content } = await clients[index % 2 === 0 ? 0 : 1].callTool("own", {});
        expect(content[0]?.text).toContain(ownerOf(keyOf(3 + (index % 2))));
      }),
    );
    for (const [index, client] of clients.entries()) {
      const { contents } = await client.readResource({ uri: "data://who" });
      expect(JSON.stringify(contents)).toContain(ownerOf(keyOf(3 + index)));
      await client.close();
    }
  });
});

it("makes a call of steps that share it once for its caller", async () => {
  const before = upstream.requests.length;
  await rest.send("GET", "/shared", { headers: { "x-crm-key": keyOf(5) } });
  expect(upstream.requests).toHaveLength(before + 1);
});

it("keeps no value", async () => {
  await callAlone("own", keyOf(6));
  expect(opened.runtime.secrets.text(keyOf(6))).toBe(keyOf(6));
  const { text } = await callAlone("own", undefined);
  expect(text).not.toContain("owner 6");
});

describe("a credential that is not as it has to be", () => {
  const long = "k".repeat(8_193);
  const rows: readonly (readonly [says: string, headers: Readonly<Record<string, string | string[]>>])[] = [
    ["he request needs the header x-crm-key, with the caller's own credential", {}],
    ["he request needs the header x-crm-key, with the caller's own credential", { "x-crm-key": "" }],
    ["more than once", { "x-crm-key": ["a-key-of-one", "a-key-of-two"] }],
    ["longer than 8192 characters", { "x-crm-key": long }],
    ["beyond printable ASCII", { "x-crm-key": "schlüssel" }],
    ["beyond printable ASCII", { "x-crm-key": "a\tb-and-more" }],
  ];

  test.each(rows)("is told over REST, and nothing is sent: %s", async (says, headers) => {
    for (const target of ["/own", "/given", "/shared", "/api/who"]) {
      const before = upstream.requests.length;
      const answered = await rest.send("GET", target, { headers });
      expect(answered).toMatchObject({ status: 400, json: { code: "BIND_MISSING" } });
      expect((answered.json as { detail: string }).detail).toContain(says);
      expect(answered.text).not.toContain("kkkk");
      expect(upstream.requests).toHaveLength(before);
    }
    expect(rest.reports).toEqual([]);
  });

  it("is told over MCP, and nothing is sent", async () => {
    const before = upstream.requests.length;
    const { isError, text } = await callAlone("own", undefined);
    expect(isError).toBe(true);
    expect(text).toContain("no value for CRM_KEY");
    expect(text).toContain("header x-crm-key");
    expect(text).not.toContain("operator");
    expect(upstream.requests).toHaveLength(before);
  });

  it("is told where nothing is served over HTTP", async () => {
    const { content } = await opened.call("own");
    expect(JSON.stringify(content)).toContain("only calls that a server makes for a request over HTTP have one");
    const { runtime } = await openExposed(REST, upstream.url);
    await expect(runtime.call("get", { path: "who" }, {}, "value")).rejects.toMatchObject({
      code: "BIND_MISSING",
      message: expect.stringContaining("looked for header x-crm-key of the request: only calls that a server makes"),
    });
    await runtime.close();
  });

  it("is not passed to an authentication that keeps what it opens", async () => {
    const { status, text } = await rest.send("GET", "/kept", { headers: { "x-crm-key": keyOf(1) } });
    expect(status).toBe(500);
    expect(text).not.toContain(keyOf(1));
    expect(String(rest.reports.at(-1))).toContain('authentication "digest" keeps what it opens');
  });
});

it("is masked in what the API says of it", async () => {
  const key = keyOf(9);
  const { status, text } = await rest.send("GET", "/broken", { headers: { "x-crm-key": key } });
  expect(status).toBe(502);
  const told = await callAlone("broken", key);
  expect(told.isError).toBe(true);
  for (const answered of [text, told.text]) {
    expect(answered).toContain("the key ***");
    expect(answered).not.toContain(key);
  }
});

it("continues an answer for its caller alone", async () => {
  const first = await callAlone("long", keyOf(7));
  const cursor = /"cursor": "([^"]+)"/.exec(first.text)?.[1];
  expect(cursor).toBeDefined();
  for (const other of [keyOf(8), undefined])
    expect(await callAlone("long", other, { cursor })).toMatchObject({
      isError: true,
      text: expect.stringContaining("continues no answer"),
    });
  const { isError, text } = await callAlone("long", keyOf(7), { cursor });
  expect([isError, text.includes("owner 7")]).toEqual([false, true]);
});
