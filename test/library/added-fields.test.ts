import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type CallOptions, openCapability } from "../../src/index.ts";
import { capabilityText, input } from "../support/capability-text.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const document = parse(
  capabilityText({
    authentication: { type: "bearer", token: "{{TOKEN}}" },
    operations: [
      {
        name: "get",
        method: "GET",
        path: "/get",
        inputParameters: [input("tag", "query"), input("X-Trace", "header")],
      },
    ],
  }),
) as object;

let upstream: Upstream;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());

async function open() {
  return openCapability(document, { env: {}, baseUri: upstream.url });
}

const OPTIONS: CallOptions = {
  headers: { Authorization: "Bearer mine", "X-Trace": "t", "user-agent": null, "X-Absent": undefined },
  query: { tag: ["a", "b"], one: "1", none: undefined },
};

describe("headers and query of one call", () => {
  it("are in its request, and not in that of the next", async () => {
    const api = await open();
    const inputs = { tag: "c", "X-Trace": "c" };
    const { url, headers } = await api.prepare("get", inputs, OPTIONS);
    expect(url).toBe(`${upstream.url}/get?tag=a&tag=b&one=1`);
    expect(headers).toEqual({ accept: "application/json", authorization: "Bearer mine", "x-trace": "t" });
    await expect(api.prepare("get", inputs)).rejects.toMatchObject({ code: "BIND_MISSING" });
  });

  it.each<[string, (api: Awaited<ReturnType<typeof open>>) => Promise<unknown>]>([
    ["run", api => api.run("get", {}, OPTIONS)],
    ["stream", api => api.stream("get", {}, OPTIONS).next()],
    ["waitFor", api => api.waitFor("get", {}, { ...OPTIONS, until: "$.method == 'GET'" })],
    ["pages", api => api.pages("get", {}, { ...OPTIONS, maxPages: 1 }).next()],
  ])("are options of %s", async (_, call) => {
    const before = upstream.requests.length;
    await call(await open()).catch(() => {});
    expect(upstream.requests[before]).toMatchObject({
      url: "/get?tag=a&tag=b&one=1",
      headers: { authorization: "Bearer mine", "x-trace": "t" },
    });
  });

  it.each<[unknown, string]>([
    [{ headers: { "X-A": "a\nb" } }, 'headers: "X-A" holds the character U+000A'],
    [{ headers: { Host: "a" } }, 'headers: "Host" is a header that only the transport may write'],
    [{ headers: { "": "a" } }, 'headers: "" is not a valid header name'],
    [{ headers: { a: 1 } }, "headers must be texts, or null, by header name"],
    [{ headers: "a: b" }, "headers must be texts, or null, by header name"],
    [{ query: { a: { b: "c" } } }, "query must be texts, or lists of texts, by name"],
    [{ query: [["a", "b"]] }, "query must be texts, or lists of texts, by name"],
  ])("%j is a TypeError", async (options, says) => {
    const api = await open();
    await expect(api.run("get", {}, options as CallOptions)).rejects.toThrow(TypeError);
    await expect(api.run("get", {}, options as CallOptions)).rejects.toThrow(says);
  });
});
