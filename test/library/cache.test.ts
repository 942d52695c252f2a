import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CacheOption } from "../../src/engine/cache-choice.ts";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { Overlay } from "../../src/language/overlays/overlays.ts";
import type { Capability } from "../../src/library/capability.ts";
import { createResponseCache } from "../../src/net/cache/response-cache.ts";
import { openText } from "../support/open-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const TEXT = `
- type: http
  namespace: api
  baseUri: "BASE"
  authentication: { type: bearer, token: "{{TOKEN}}" }
  resources:
  - name: r
    path: /
    operations:
    - { name: get, method: GET }
    - { name: other, method: GET, path: /other }
`;

let upstream: Upstream;

beforeEach(async () => {
  upstream = await startUpstream((_, response) => {
    response.setHeader("cache-control", "max-age=60");
    answerJson(response, 200, { status: upstream.requests.length > 2 ? "done" : "busy" });
  });
});

afterEach(() => upstream.close());

function open(options: OpenOptions = {}): Promise<Capability> {
  return openText(TEXT.replace("BASE", upstream.url), { env: { TOKEN: "a" }, ...options });
}

it.each<{
  what: string;
  cache: CacheOption | undefined;
  overlay?: Overlay;
  asked: [get: number, other: number];
}>([
  { what: "nothing", cache: undefined, asked: [2, 2] },
  { what: "false", cache: false, asked: [2, 2] },
  { what: "true", cache: true, asked: [1, 1] },
  { what: "memory", cache: "memory", asked: [1, 1] },
  { what: "options", cache: { maxEntries: 2 }, asked: [1, 1] },
  { what: "an overlay", cache: undefined, overlay: { cache: true }, asked: [1, 1] },
  {
    what: "an overlay of one operation",
    cache: undefined,
    overlay: { operations: { get: { cache: true } } },
    asked: [1, 2],
  },
  {
    what: "an overlay against an operation",
    cache: true,
    overlay: { operations: { other: { cache: false } } },
    asked: [1, 2],
  },
  { what: "false against an overlay", cache: false, overlay: { cache: true }, asked: [2, 2] },
])("keeps answers as $what says", async ({ cache, overlay, asked }) => {
  await using capability = await open({
    ...(cache === undefined ? {} : { cache }),
    ...(overlay === undefined ? {} : { overlays: { capabilities: { "*": overlay } } }),
  });
  for (const name of ["get", "get", "other", "other"]) await capability.run(name);
  const count = (url: string) => upstream.requests.filter(request => request.url === url).length;
  expect([count("/"), count("/other")]).toEqual(asked);
});

describe("a cache", () => {
  it("is shared by capabilities, never across their credentials, and not closed with them", async () => {
    const cache = createResponseCache();
    for (const [TOKEN, requests] of [
      ["a", 1],
      ["b", 2],
      ["a", 2],
    ] as const) {
      await using capability = await open({ cache, env: { TOKEN } });
      await capability.run("get");
      expect(upstream.requests.length).toBe(requests);
    }
    await cache.close();
  });

  it("lasts in a file", async () => {
    const file = path.join(await temporaryFolder({}), "answers.sqlite");
    for (const headers of [{}, { age: expect.stringMatching(/^\d+$/) }]) {
      await using capability = await open({ cache: { file } });
      expect((await capability.run("get")).headers).toEqual(expect.objectContaining(headers));
    }
    expect(upstream.requests.length).toBe(1);
  });

  it("is forgotten with the capability otherwise", async () => {
    for (const _ of [1, 2]) {
      await using capability = await open({ cache: true });
      await capability.run("get");
    }
    expect(upstream.requests.length).toBe(2);
  });

  it("is not asked by a call that says so", async () => {
    await using capability = await open({ cache: true });
    await capability.run("get");
    await capability.run("get", {}, { cache: false });
    expect(upstream.requests.length).toBe(2);
  });

  it("does not answer waitFor", async () => {
    await using capability = await open({ cache: true });
    await capability.run("get");
    const { outputs } = await capability.waitFor("get", {}, { until: "$.status == 'done'", everyMs: 1 });
    expect(outputs).toEqual({ status: "done" });
    expect(upstream.requests.length).toBe(3);
  });

  it("makes one request of those that run at the same time", async () => {
    await using capability = await open({ cache: true });
    const results = await Promise.all(Array.from({ length: 50 }, () => capability.run("get")));
    expect(upstream.requests.length).toBe(1);
    expect(new Set(results.map(({ body }) => body)).size).toBe(50);
  });
});

it.each<{ cache: unknown; says: RegExp }>([
  { cache: "disk", says: /cache must be true, false, "memory", options, or a cache/ },
  { cache: 1, says: /cache must be true/ },
  { cache: null, says: /cache must be true/ },
  { cache: { file: 1 }, says: /file must be a path/ },
])("refuses the option cache: $cache", async ({ cache, says }) => {
  await expect(open({ cache: cache as CacheOption })).rejects.toThrow(says);
  await expect(open({ cache: cache as CacheOption })).rejects.toThrow(TypeError);
});
