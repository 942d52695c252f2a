import { afterEach, expect, it } from "vitest";
import { parse } from "yaml";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import type { Overlay } from "../../src/language/overlays/overlays.ts";
import { openCapability } from "../../src/library/open-capability.ts";
import { createMemoryTransport } from "../../src/net/memory.ts";
import type { Exchange } from "../../src/net/transport.ts";
import { capabilityText } from "../support/capability-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../support/upstream.ts";

const text = capabilityText({
  namespace: "shop",
  operations: [
    {
      name: "get",
      method: "GET",
      path: "/get",
      outputParameters: [{ name: "result", type: "object", value: "$." }],
    },
    { name: "plain", method: "GET", path: "/plain" },
  ],
});
const document = parse(text) as object;

const upstreams: Upstream[] = [];

afterEach(async () => {
  for (const upstream of upstreams.splice(0)) await upstream.close();
});

function withOverlay(overlay: Overlay, options: OpenOptions = {}) {
  return openCapability(document, { env: {}, overlays: { capabilities: { shop: overlay } }, ...options });
}

it("gives outputs their new names, and further ones", async () => {
  const body = new TextEncoder().encode('{"a":[1,2]}');
  const capability = await withOverlay(
    {
      operations: {
        get: { outputs: { rename: { result: "all" }, add: { first: "$.a[0]" } } },
        plain: { outputs: { add: { last: "$.a[-1:]" } } },
      },
    },
    { transport: createMemoryTransport(() => ({ body })) },
  );
  expect((await capability.run("get")).outputs).toEqual({ all: { a: [1, 2] }, first: 1 });
  expect((await capability.run("plain")).outputs).toEqual({ last: [2] });
});

const limits: readonly { what: string; overlay: Overlay; options?: OpenOptions; expected: number[] }[] = [
  { what: "the defaults", overlay: {}, expected: [30_000, 30_000] },
  { what: "one for all", overlay: { timeoutMs: 70 }, expected: [70, 70] },
  {
    what: "one for an operation",
    overlay: { timeoutMs: 70, operations: { get: { timeoutMs: 0 } } },
    expected: [0, 70],
  },
  {
    what: "an option's",
    overlay: { timeoutMs: 70, operations: { get: { timeoutMs: 0 } } },
    options: { timeoutMs: 5 },
    expected: [5, 5],
  },
];

it.each(limits)("sends with $what as time-out", async ({ overlay, options, expected }) => {
  const seen: Exchange[] = [];
  const capability = await withOverlay(overlay, {
    ...options,
    transport: async (_request, exchange) => {
      seen.push(exchange);
      return { status: 200, statusText: "OK", headers: {}, body: new TextEncoder().encode("{}") };
    },
  });
  await capability.run("get");
  await capability.run("plain");
  expect(seen.map(({ bounds }) => bounds.timeoutMs)).toEqual(expected);
});

it.each<{ what: string; overlay: Overlay; options?: OpenOptions; attempts: [get: number, plain: number] }>([
  { what: "for all", overlay: { retries: 2 }, attempts: [3, 3] },
  { what: "for one", overlay: { operations: { get: { retries: 0 } } }, attempts: [1, 3] },
  { what: "of an option", overlay: { retries: 2 }, options: { retries: 0 }, attempts: [1, 1] },
])("repeats requests as often as it says, $what", async ({ overlay, options, attempts }) => {
  const upstream = await startUpstream((_request, response) => answerJson(response, 503, {}));
  upstreams.push(upstream);
  await using capability = await withOverlay({ ...overlay, baseUri: upstream.url }, options);
  for (const name of ["get", "plain"]) {
    await expect(capability.run(name)).rejects.toMatchObject({ code: "HTTP_STATUS" });
  }
  const count = (url: string) => upstream.requests.filter(request => request.url === url).length;
  expect([count("/get"), count("/plain")]).toEqual(attempts);
});

it("says where a time-out that expires is set", async () => {
  const upstream = await startUpstream(() => {});
  upstreams.push(upstream);
  await using capability = await withOverlay({ baseUri: upstream.url, timeoutMs: 20 });
  await expect(capability.run("get")).rejects.toMatchObject({
    code: "TIMEOUT",
    details: { timeoutMs: 20 },
  });
});

it.each<{ what: string; overlay: Overlay; code: string }>([
  {
    what: "a variable",
    overlay: { headers: { X: "{{V}}" }, binds: [{ namespace: "env", keys: { V: "V" } }] },
    code: "BIND_MISSING",
  },
  {
    what: "a credential",
    overlay: { authentication: { type: "bearer", token: "\n" } },
    code: "REQUEST_INVALID",
  },
])("looks for no place in the file where $what of an option is at fault", async ({ overlay, code }) => {
  const folder = await temporaryFolder({ "shop.yaml": text });
  const overlays = { capabilities: { shop: overlay } };
  const capability = await openCapability(`${folder}/shop.yaml`, { env: {}, overlays });
  const error = await capability.prepare("get").catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code, source: undefined });
});

it("takes the profile of the option", async () => {
  const overlays = {
    capabilities: { "*": { baseUri: "https://base.test" } },
    profiles: { staging: { capabilities: { shop: { baseUri: "https://staging.test" } } } },
  };
  const capability = await openCapability(document, { env: {}, overlays, profile: "staging" });
  expect((await capability.prepare("get")).url).toBe("https://staging.test/get");
  await expect(openCapability(document, { env: {}, overlays, profile: "stagin" })).rejects.toMatchObject({
    code: "CONFIG_INVALID",
    message: expect.stringContaining('did you mean "staging"?'),
  });
});

it("leaves the overlays as they are", async () => {
  const overlays = { capabilities: { shop: { inputs: {}, operations: { get: { aliases: ["g"] } } } } };
  const before = structuredClone(overlays);
  await openCapability(document, { env: {}, overlays });
  expect(overlays).toEqual(before);
});

it.each<{ what: string; options: object; says: string }>([
  { what: "overlays that are a text", options: { overlays: "x" }, says: "overlays must be an object" },
  { what: "a profile that is no name", options: { overlays: {}, profile: 1 }, says: "profile must be" },
  { what: "a profile without overlays", options: { profile: "x" }, says: "option overlays, which is not" },
])("refuses $what", async ({ options, says }) => {
  await expect(openCapability(document, { env: {}, ...options })).rejects.toThrow(says);
  await expect(openCapability(document, { env: {}, ...options })).rejects.toThrow(TypeError);
});

it("masks a credential that stands in the overlay itself", async () => {
  const capability = await withOverlay(
    {
      authentication: { type: "bearer", token: "literal-token" },
      headers: { "X-Api-Key": "literal-key", "X-Version": "2026" },
      inputs: {},
    },
    {
      transport: createMemoryTransport(({ headers }) => ({
        status: 400,
        body: new TextEncoder().encode(JSON.stringify(headers)),
        headers: { "content-type": "application/json" },
      })),
    },
  );
  const error = await capability.run("get").catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: "HTTP_STATUS",
    details: { body: { authorization: "Bearer ***", "x-api-key": "***", "x-version": "2026" } },
  });
});
