import { describe, expect, it } from "vitest";
import { type BindVariable, type OpenOptions, openCapability } from "../../src/index.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const CAPABILITY = {
  naftiko: "1.0.0-alpha3",
  binds: [
    { namespace: "env", keys: { A: "KEY_A" } },
    { namespace: "files", location: "file:///./secrets.json", keys: { B: "b" } },
  ],
  capability: {
    consumes: [
      {
        type: "http",
        namespace: "api",
        baseUri: "https://api.test",
        resources: [
          {
            name: "r",
            path: "/r",
            operations: [
              { name: "a", method: "GET", inputParameters: [{ name: "h", in: "header", value: "{{A}}" }] },
              { name: "b", method: "GET", inputParameters: [{ name: "h", in: "header", value: "{{B}}" }] },
            ],
          },
        ],
      },
    ],
  },
};

const open = (options: OpenOptions) => openCapability(CAPABILITY, { env: { KEY_A: "of env" }, ...options });

describe("bindSources", () => {
  it("are asked before the environment, in their order, for every variable", async () => {
    const asked: BindVariable[] = [];
    const capability = await open({
      bindSources: [
        variable => {
          asked.push(variable);
          return undefined;
        },
        {
          describe: () => "a table",
          serves: ({ namespace }) => namespace === "files",
          lookup: async ({ key }, { signal }) => `${key} of a table, ${signal.aborted}`,
        },
      ],
    });
    expect((await capability.prepare("a")).headers["h"]).toBe("of env");
    expect((await capability.prepare("b")).headers["h"]).toBe("b of a table, false");
    expect(asked.map(({ namespace, name, key, location }) => [namespace, name, key, location])).toEqual([
      ["env", "A", "KEY_A", undefined],
      ["files", "B", "b", "file:///./secrets.json"],
    ]);
  });

  it("that fail are the reason, with secrets masked", async () => {
    const capability = await open({
      bindSources: [
        ({ name }) => {
          if (name === "A") return "s3cret-of-a";
          throw new TypeError("fetch failed with s3cret-of-a");
        },
      ],
    });
    await capability.prepare("a");
    await expect(capability.prepare("b")).rejects.toMatchObject({
      code: "BIND_MISSING",
      message: expect.stringContaining(
        "(looked for a function of the program, b in file:///./secrets.json: fetch failed with ***)",
      ) as string,
      details: { variables: ["B"], reasons: { B: "fetch failed with ***" } },
    });
  });

  it("have a time limit", async () => {
    const capability = await open({ bindTimeoutMs: 10, bindSources: [() => new Promise(() => {})] });
    await expect(capability.prepare("a")).rejects.toMatchObject({
      details: { reasons: { A: "no answer within 10 ms" } },
    });
  });

  it("end with the call that waits for them", async () => {
    const capability = await open({ bindSources: [() => new Promise(() => {})], bindTimeoutMs: 200 });
    const signal = AbortSignal.timeout(10);
    await expect(capability.run("a", {}, { signal })).rejects.toMatchObject({ code: "ABORTED" });
  });

  it.each([
    [{ bindSources: {} }, TypeError],
    [{ bindSources: [{}] }, TypeError],
    [{ bindSources: [{ lookup: () => "" }] }, TypeError],
    [{ bindFileRoots: "x" }, TypeError],
    [{ bindTimeoutMs: -1 }, RangeError],
    [{ bindTimeoutMs: "5" }, TypeError],
  ])("%j is refused", async (options, kind) => {
    await expect(open(options as unknown as OpenOptions)).rejects.toThrow(kind);
  });

  it.each([5, null, { a: 1 }])("%j is no value", async value => {
    const capability = await open({ bindSources: [() => value as unknown as string] });
    await expect(capability.prepare("a")).rejects.toThrow(TypeError);
  });
});

describe("bindFileRoots", () => {
  it("let a document without a file read from a folder", async () => {
    const folder = await temporaryFolder({ "secrets.json": '{"b":"of a file"}' });
    const document = structuredClone(CAPABILITY) as { binds: { location?: string }[] };
    if (document.binds[1]) document.binds[1].location = `file://${folder}/secrets.json`;
    const closed = await openCapability(document, { env: {} });
    await expect(closed.prepare("b")).rejects.toMatchObject({
      remedies: [{ option: "bindFileRoots", value: [folder] }],
    });
    const capability = await openCapability(document, { env: {}, bindFileRoots: [folder] });
    expect((await capability.prepare("b")).headers["h"]).toBe("of a file");
  });
});
