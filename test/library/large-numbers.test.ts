import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Capability, isCapabilityError, type OpenOptions, openCapability, stringify } from "../../src/index.ts";
import { capabilityText, input } from "../support/capability-text.ts";
import { documentOf } from "../support/open-text.ts";
import { startUpstream, type Upstream } from "../support/upstream.ts";

const LARGE = 9007199254740993n;

let upstream: Upstream;
let answer: string;

beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    const type = url.startsWith("/lines") ? "application/x-ndjson" : "application/json";
    response
      .writeHead(url.startsWith("/bad") ? 400 : 200, { "content-type": type })
      .end(url.includes("?") ? "{}" : answer);
  });
});

afterAll(() => upstream.close());

async function open(options: OpenOptions = {}): Promise<Capability> {
  const text = capabilityText({
    baseUri: upstream.url,
    operations: [
      { name: "get", method: "GET", path: "/get" },
      { name: "bad", method: "GET", path: "/bad" },
      { name: "lines", method: "GET", path: "/lines" },
      { name: "pages", method: "GET", path: "/pages", inputParameters: [input("cursor", "query")] },
    ],
  });
  return openCapability(documentOf(text), { env: {}, ...options });
}

describe("An integer that a double cannot hold", () => {
  it.each<[OpenOptions, string, unknown]>([
    [{}, '{"id":9007199254740993}', { id: LARGE }],
    [{}, '{"id":9007199254740991,"lat":-122.419415500000012345}', { id: 9007199254740991, lat: -122.41941550000001 }],
    [{}, '{"id":1e25}', { id: 1e25 }],
    [{}, '{"id":1e309}', { id: 10n ** 309n }],
    [{ largeIntegers: "string" }, '[9007199254740993,5,"7"]', ["9007199254740993", 5, "7"]],
    [{ largeIntegers: "bigint" }, "9007199254740993", LARGE],
  ])("with %j, %s is %s", async (options, text, value) => {
    answer = text;
    await using capability = await open(options);
    expect(await capability.run("get")).toMatchObject({ outputs: value, body: value });
    const items = [];
    for await (const item of capability.stream("lines")) items.push(item.body);
    expect(items).toEqual([value]);
    await expect(capability.run("bad")).rejects.toMatchObject({ details: { body: value } });
  });

  it("is in no silence infinite", async () => {
    answer = '{"a":\n  1e4000}';
    await using capability = await open();
    await expect(capability.run("get")).rejects.toMatchObject({
      code: "RESPONSE_INVALID",
      message: expect.stringContaining("the number 1e4000 at line 2, column 3 is too large"),
    });
  });

  it("is text in the JSON of an error", async () => {
    answer = '{"id":9007199254740993}';
    await using capability = await open();
    const error: unknown = await capability.run("bad").catch(found => found);
    expect(isCapabilityError(error, "HTTP_STATUS") && JSON.stringify(error)).toContain('"id":"9007199254740993"');
  });

  it("is the cursor of the next page", async () => {
    answer = '{"items":[{"id":1}],"next_cursor":9007199254740993}';
    upstream.requests.length = 0;
    await using capability = await open();
    for await (const _ of capability.pages("pages"));
    expect(upstream.requests.map(({ url }) => url)).toEqual(["/pages", "/pages?cursor=9007199254740993"]);
  });

  it("is written by stringify", async () => {
    answer = '{"id":9007199254740993,"list":[1]}';
    await using capability = await open();
    const { outputs } = await capability.run("get");
    expect(() => JSON.stringify(outputs)).toThrow(TypeError);
    expect(stringify(outputs)).toBe(answer);
    expect(stringify(outputs, 2)).toBe(
      JSON.stringify(JSON.parse('{"id":1,"list":[1]}'), undefined, 2).replace(": 1", ": 9007199254740993"),
    );
  });

  it("has a form that options name", async () => {
    // @ts-expect-error
    await expect(open({ largeIntegers: "number" })).rejects.toThrow("largeIntegers");
  });
});
