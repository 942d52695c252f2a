import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isExposed } from "../../../src/base/plain-http.ts";
import type { OpenOptions } from "../../../src/engine/open-options.ts";
import type { Overlay } from "../../../src/language/overlays/overlays.ts";
import { openCapability } from "../../../src/library/open-capability.ts";
import { createReplayTransport } from "../../../src/net/cassette/replay.ts";
import { createMemoryTransport } from "../../../src/net/memory.ts";
import { MARK, markedSecret } from "../../support/marked-secret.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const SECRET = markedSecret("variable");
const FAR = "http://api.test/v1";

/** How a file may say that a request holds {{KEY}}, and the words of the error for the place. */
const places: readonly [place: string, parts: Parts][] = [
  ['header "x-key"', { operation: { inputParameters: [{ name: "x-key", in: "header", value: "{{KEY}}" }] } }],
  [
    'header "user-agent"',
    { operation: { inputParameters: [{ name: "user-agent", in: "header", value: "a {{KEY}}" }] } },
  ],
  [
    'header "authorization"',
    { adapter: { inputParameters: [{ name: "authorization", in: "header", value: "Bearer {{env.KEY}}" }] } },
  ],
  ['query "k"', { operation: { inputParameters: [{ name: "k", in: "query", value: "{{KEY}}" }] } }],
  ['query "k"', { operation: { inputParameters: [{ name: "k", in: "query", value: "KEY" }] } }],
  ['query "k"', { adapter: { inputParameters: [{ name: "k", in: "query", value: "{{$env.KEY}}" }] } }],
  ['cookie "sid"', { resource: { inputParameters: [{ name: "sid", in: "cookie", template: "s-{{KEY}}" }] } }],
  ["the path", { operation: { path: "/bots/{{KEY}}/send" } }],
  ["the path", { operation: { path: "/bots/{k}", inputParameters: [{ name: "k", in: "path", value: "{{KEY}}" }] } }],
  ["the query of the path", { operation: { path: "/send?k={{KEY}}" } }],
  ["the base URI", { adapter: { baseUri: "http://{{KEY}}.api.test" } }],
  ["the base URI", { adapter: { baseUri: "http://api.test/{{KEY}}" } }],
  ["the body", { operation: { body: { type: "json", data: { a: { b: ["{{KEY}}"] } } } } }],
  ["the body", { operation: { body: { type: "json", data: '{"a": "{{KEY}}"}' } } }],
  ["the body", { operation: { body: { type: "formUrlEncoded", data: { "{{KEY}}": "x" } } } }],
  ["the body", { operation: { body: { type: "multipartForm", data: { a: "{{KEY}}" } } } }],
  ["the body", { operation: { body: { type: "text", data: "a {{KEY}}" } } }],
  ['body "name"', { operation: { inputParameters: [{ name: "name", in: "body", value: "{{KEY}}" }] } }],
  [
    'header "x-key"',
    {
      operation: {
        inputParameters: [
          { name: "KEY", in: "environment" },
          { name: "x-key", in: "header", value: "{{KEY}}" },
        ],
      },
    },
  ],
];

function laid(overlay: Overlay): OpenOptions {
  return { overlays: { capabilities: { "*": overlay } } };
}

interface Parts {
  readonly adapter?: object;
  readonly resource?: object;
  readonly operation?: object;
}

function documentOf({ adapter, resource, operation }: Parts, baseUri: string): object {
  return {
    naftiko: "1.0.0-alpha3",
    binds: [{ namespace: "env", keys: { KEY: "KEY" } }],
    capability: {
      consumes: [
        {
          type: "http",
          namespace: "api",
          baseUri,
          ...adapter,
          resources: [
            {
              name: "r",
              path: "/r",
              ...resource,
              operations: [{ name: "op", method: "POST", ...operation }],
            },
          ],
        },
      ],
    },
  };
}

/** Opens a document whose requests are counted, and go nowhere. */
async function open(parts: Parts, options: OpenOptions = {}, baseUri = FAR) {
  const sent: string[] = [];
  const transport = createMemoryTransport(({ url }) => {
    sent.push(url);
    return {};
  });
  const common = { env: { KEY: SECRET }, impliedAuthentication: false, transport };
  return { capability: await openCapability(documentOf(parts, baseUri), { ...common, ...options }), sent };
}

describe("a variable over plain http to another computer", () => {
  it.each(places)("is refused in %s: %j", async (place, parts) => {
    const { capability, sent } = await open(parts);
    for (const call of [
      () => capability.run("op"),
      () => capability.prepare("op"),
      () => capability.stream("op").next(),
      () => capability.pages("op").next(),
      () => capability.waitFor("op", {}, { until: "$.a" }),
    ]) {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "REQUEST_INVALID", details: { operation: "op" } });
      expect(error).toMatchObject({ remedies: [{ option: "allowInsecureAuthentication", value: true }] });
      const { message } = error as Error;
      expect(message).toContain(`KEY in ${place}`);
      expect(message).toContain("over plain http to ");
      expect(message).not.toContain(MARK);
    }
    expect(sent).toEqual([]);
  });

  it.each(places)("is sent in %s where that is allowed: %j", async (_, parts) => {
    const { capability, sent } = await open(parts, { allowInsecureAuthentication: true, env: { KEY: "k" } });
    await capability.run("op").catch((error: Error) => expect(error.message).not.toContain("plain http"));
    expect(sent).toHaveLength(1);
  });

  it.each<[string, OpenOptions]>([
    ["a function's", { env: {}, bindSources: [() => Promise.resolve(SECRET)] }],
    ["a value of one character", { env: { KEY: "k" } }],
    ["an overlay's header", laid({ headers: { "x-key": "{{KEY}}" } })],
    ["an overlay's default input", laid({ inputs: { q: "{{KEY}}" } })],
    ["an overlay's bind", laid({ binds: [{ namespace: "own", keys: { OWN: "KEY" } }], headers: { a: "{{OWN}}" } })],
  ])("is refused for %s", async (what, options) => {
    const inputParameters = what.startsWith("an overlay")
      ? [{ name: "q", in: "query" }]
      : [{ name: "q", in: "query", value: "{{KEY}}" }];
    const { capability, sent } = await open({ operation: { inputParameters } }, options);
    await expect(capability.run("op")).rejects.toMatchObject({
      code: "REQUEST_INVALID",
      message: expect.stringContaining("over plain http to api.test"),
    });
    expect(sent).toEqual([]);
  });

  it.each<[string, string, object, OpenOptions?]>([
    ["an input of the caller", FAR, { q: SECRET }],
    ["a caller's input in place of an overlay's default", FAR, { q: "mine" }, laid({ inputs: { q: "{{KEY}}" } })],
    ["a caller's header in place of an overlay's", FAR, { "x-own": "mine" }, laid({ headers: { "X-Own": "{{KEY}}" } })],
  ])("does not hold for %s", async (_, baseUri, inputs, options) => {
    const inputParameters = [
      { name: "q", in: "query" },
      { name: "x-own", in: "header" },
    ];
    const { capability, sent } = await open({ operation: { inputParameters } }, options, baseUri);
    await capability.run("op", { ...inputs });
    expect(sent).toHaveLength(1);
  });

  it("does not hold for recorded calls, which go nowhere", async () => {
    const transport = createReplayTransport({
      interactions: [{ request: { method: "POST", url: `${FAR}/r?k=***` }, response: { status: 204 } }],
    });
    const parts = { operation: { inputParameters: [{ name: "k", in: "query", value: "{{KEY}}" }] } };
    const { capability } = await open(parts, { transport });
    expect(await capability.run("op")).toMatchObject({ status: 204 });
  });
});

describe("isExposed()", () => {
  it.each([
    ["https://api.test", false],
    ["http://localhost:80/x", false],
    ["http://127.0.0.1", false],
    ["http://127.1/x", false],
    ["http://2130706433/x", false],
    ["http://0x7f.9.9.9:80", false],
    ["http://[::1]:8080", false],
    ["http://[0:0:0:0:0:0:0:1]/", false],
    ["http://[::ffff:127.0.0.1]:1/", false],
    ["http://[::ffff:7f01:203]/", false],
    ["http://api.test", true],
    ["http://localhost.api.test", true],
    ["http://localhost@api.test", true],
    ["http://127.0.0.1@api.test", true],
    ["http://127.0.0.1.nip.io", true],
    ["http://api.localhost", true],
    ["http://localhost./", true],
    ["http://[::ffff:10.0.0.1]/", true],
    ["http://[::7f00:1]/", true],
    ["http://10.0.0.1", true],
    ["http://0.0.0.0", true],
  ])("of %s is %s", (url, exposed) => {
    expect(isExposed(url)).toBe(exposed);
  });
});

describe("a redirect from this computer to plain http elsewhere", () => {
  let upstream: Upstream;

  /** Answers with a redirect to where the path says, with what it was told in it. */
  beforeAll(async () => {
    upstream = await startUpstream((request, response) => {
      const { "user-agent": agent = "" } = request.headers;
      const locations: Readonly<Record<string, string>> = {
        "/echo": `http://naftiko.invalid/?told=${encodeURIComponent(String(request.headers["x-key"]))}`,
        "/agent": "http://naftiko.invalid/",
        "/userinfo": `http://naftiko.invalid/a/${SECRET}`,
      };
      const location = locations[request.url];
      if (location === undefined) answerJson(response, 200, { agent });
      else response.writeHead(302, { location }).end();
    });
  });

  afterAll(() => upstream.close());

  it.each(["/echo", "/agent", "/userinfo"])("takes no variable along: %s", async path => {
    const inputParameters = [
      { name: "x-key", in: "header", value: "{{KEY}}" },
      ...(path === "/agent" ? [{ name: "user-agent", in: "header", value: "me {{KEY}}" }] : []),
    ];
    const parts = { operation: { path, method: "GET", inputParameters } };
    const capability = await openCapability(documentOf({ ...parts, resource: { path: "" } }, upstream.url), {
      env: { KEY: SECRET },
      impliedAuthentication: false,
      allowHosts: ["127.0.0.1", "naftiko.invalid"],
    });
    const error: unknown = await capability.run("op").catch((reason: unknown) => reason);
    await capability.close();
    expect(error).toMatchObject({ code: "REDIRECT_REFUSED" });
    expect((error as Error).message).toContain("it would take a secret over plain http");
    expect(JSON.stringify(error)).not.toContain(MARK);
  });
});
