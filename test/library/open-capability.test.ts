import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { CapabilityError } from "../../src/base/capability-error.ts";
import type { OpenOptions } from "../../src/engine/open-options.ts";
import { openCapability } from "../../src/library/open-capability.ts";
import { createMemoryTransport } from "../../src/net/memory.ts";
import { capabilityText, input } from "../support/capability-text.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const text = (namespace: string) =>
  capabilityText({
    namespace,
    info: { label: `The ${namespace}`, description: "For tests", tags: ["a", "b"], created: "2026-01-05" },
    binds: { TOKEN: "TOKEN" },
    operations: [{ name: "get", method: "GET", path: "/x", inputParameters: [input("q", "query")] }],
  });

describe("openCapability() finds a file", () => {
  it("by its path, absolute or relative, with its extension or without", async () => {
    const folder = await temporaryFolder({ "shop.yaml": text("shop"), "other.yml": text("other") });
    const relative = path.relative(process.cwd(), folder);
    for (const [source, name] of [
      [path.join(folder, "shop.yaml"), "shop"],
      [path.join(folder, "shop"), "shop"],
      [path.join(relative, "other.yml"), "other"],
      [`${relative}/other`, "other"],
    ] as const) {
      expect((await openCapability(source, { env: {} })).name).toBe(name);
    }
  });

  it("by a file URL", async () => {
    const folder = await temporaryFolder({ "a shop.yaml": text("shop") });
    const url = pathToFileURL(path.join(folder, "a shop.yaml"));
    expect((await openCapability(url, { env: {} })).name).toBe("a shop");
  });

  it("by its name in the given folders, then those of NAFTIKO_PATH, then its own", async () => {
    const first = await temporaryFolder({ "one.yaml": text("first") });
    const second = await temporaryFolder({ "one.yaml": text("second"), "two.yml": text("second") });
    const third = await temporaryFolder({
      "one.yaml": text("third"),
      "two.yaml": text("third"),
      "three.yaml": text("third"),
    });
    const options: OpenOptions = {
      dirs: [first, second],
      env: { NAFTIKO_PATH: ["/nowhere", "", third].join(path.delimiter) },
    };
    const namespaces: string[] = [];
    for (const name of ["one", "two", "three"]) {
      namespaces.push((await openCapability(name, options)).operation("get").namespace);
    }
    expect(namespaces).toEqual(["first", "second", "third"]);
    const clerk = await openCapability("clerk-backend-api-api-keys", options);
    expect(clerk.info.tags).toEqual(["Clerk", "API Keys"]);
  });

  it("or tells where it looked, and what is called alike", async () => {
    const folder = await temporaryFolder({ "shop.yaml": text("shop") });
    const error = await openCapability("shp", { dirs: [folder], env: {} }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "CAPABILITY_NOT_FOUND",
      message: expect.stringContaining('did you mean "shop"?'),
      details: { name: "shp", suggestions: ["shop"] },
    });
    const { searched } = (error as CapabilityError<"CAPABILITY_NOT_FOUND">).details;
    expect(searched.slice(0, 2)).toEqual([path.join(folder, "shp.yaml"), path.join(folder, "shp.yml")]);
  });

  it.each([
    { what: "nothing", source: "" },
    { what: "a NUL", source: "a\0b" },
    { what: "a folder", source: "./src" },
    { what: "a path that is not there", source: "./no/such.yaml" },
    { what: "a URL that is not there", source: new URL("file:///no/such.yaml") },
  ])("or fails for $what", async ({ source }) => {
    await expect(openCapability(source, { env: {} })).rejects.toMatchObject({ code: "CAPABILITY_NOT_FOUND" });
  });
});

describe("openCapability() takes a document", () => {
  it("that is parsed already, and does not change it", async () => {
    const document = deepFreeze(parse(text("shop")));
    const capability = await openCapability(document, { env: { TOKEN: "t" } });
    expect(capability.name).toBe("shop");
    expect((await capability.prepare("get", { q: 1 })).url).toBe("https://api.example.test/v1/x?q=1");
  });

  it("that came from JSON with members nobody should have", async () => {
    const document = JSON.parse(
      JSON.stringify(parse(text("shop"))).replace("{", '{"__proto__":{"naftiko":1},'),
    ) as object;
    expect((await openCapability(document, { env: {} })).name).toBe("shop");
  });

  it.each([
    { what: "a list", source: [] },
    { what: "another map", source: { openapi: "3.1.0" } },
    { what: "a map without adapters", source: { naftiko: "1.0.0-alpha3" } },
  ])("but not $what", async ({ source }) => {
    await expect(openCapability(source, { env: {} })).rejects.toMatchObject({
      code: "CAPABILITY_INVALID",
      details: { diagnostics: [expect.objectContaining({ severity: "error" })], omitted: 0 },
    });
  });

  it("and tells every fault of a file with its place", async () => {
    const folder = await temporaryFolder({
      "bad.yaml": text("shop").replace("method: GET", "method: FETCH").replace("in: query", "in: nowhere"),
    });
    const file = path.join(folder, "bad.yaml");
    const error = await openCapability(file, { env: {} }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CapabilityError);
    expect(error).toMatchObject({
      code: "CAPABILITY_INVALID",
      source: { file, line: expect.any(Number), text: expect.stringContaining("FETCH") },
      details: {
        diagnostics: [
          { severity: "error", source: { text: expect.stringContaining("FETCH") } },
          { severity: "error", source: { text: expect.stringContaining("nowhere") } },
        ],
      },
    });
  });
});

const nonsense: readonly [what: string, options: object, kind: typeof TypeError | typeof RangeError][] = [
  ["options that are no object", null as unknown as object, TypeError],
  ["dirs that are no list", { dirs: "capabilities" }, TypeError],
  ["dirs that are no texts", { dirs: [1] }, TypeError],
  ["env that is no object", { env: "A=1" }, TypeError],
  ["baseUri that is no URL", { baseUri: "api.test" }, TypeError],
  ["baseUri that is no HTTP", { baseUri: "ftp://api.test" }, TypeError],
  ["baseUri with a query", { baseUri: "https://api.test?a=b" }, TypeError],
  ["baseUri that is a number", { baseUri: 80 }, TypeError],
  ["baseUri with a number", { baseUri: { shop: 80 } }, TypeError],
  ["baseUri of another namespace", { baseUri: { shp: "https://api.test" } }, TypeError],
  ["authentication that is another word", { authentication: "bearer" }, TypeError],
  ["authentication that is no declaration", { authentication: { shop: "token" } }, TypeError],
  ["authentication without a type", { authentication: { shop: { token: "x" } } }, TypeError],
  ["authentication of another namespace", { authentication: { shp: { type: "bearer", token: "x" } } }, TypeError],
  ["impliedAuthentication that is a text", { impliedAuthentication: "no" }, TypeError],
  ["transport that is no function", { transport: {} }, TypeError],
  ["timeoutMs that is a text", { timeoutMs: "5" }, TypeError],
  ["timeoutMs below zero", { timeoutMs: -1 }, RangeError],
  ["timeoutMs that is no number", { timeoutMs: Number.NaN }, RangeError],
  ["timeoutMs beyond what timers take", { timeoutMs: 2 ** 31 }, RangeError],
  ["deadlineMs that is negative", { deadlineMs: -1 }, RangeError],
  ["connectTimeoutMs that is no number", { connectTimeoutMs: "1s" }, TypeError],
  ["retries that are no whole number", { retries: 1.5 }, RangeError],
  ["maxResponseBytes without end", { maxResponseBytes: Number.POSITIVE_INFINITY }, RangeError],
];

const unknown: readonly [name: string, says: string][] = [
  ["allowHost", 'Unknown option "allowHost"; did you mean "allowHosts"?'],
  ["timeout", 'Unknown option "timeout"; did you mean "timeoutMs"'],
  ["__proto__", 'Unknown option "__proto__"'],
  ["colour", 'Unknown option "colour"'],
];

describe("openCapability() refuses", () => {
  it.each(unknown)("the unknown option %s", async (name, says) => {
    const options = JSON.parse(`{ ${JSON.stringify(name)}: ["api.test"] }`) as object;
    const opening = openCapability(parse(text("shop")) as object, options);
    await expect(opening).rejects.toThrow(TypeError);
    await expect(opening).rejects.toThrow(says);
  });

  it.each(nonsense)("%s", async (_, options, kind) => {
    await expect(openCapability(parse(text("shop")) as object, options)).rejects.toThrow(kind);
  });

  it.each([
    { what: "a number", source: 5 },
    { what: "nothing", source: undefined },
    { what: "null", source: null },
    { what: "a URL of the web", source: new URL("https://api.test/shop.yaml") },
  ])("$what as a source", async ({ source }) => {
    await expect(openCapability(source as unknown as string, { env: {} })).rejects.toThrow(TypeError);
  });
});

describe("a call refuses", () => {
  it.each([
    { options: { maxPages: 1 }, says: 'Unknown option "maxPages"' },
    { options: { deadline: 1 }, says: 'Unknown option "deadline"; did you mean "deadlineMs"?' },
    { options: { cache: "no" }, says: "cache must be true or false" },
    { options: { deadlineMs: "1s" }, says: "deadlineMs must be a number" },
    { options: null as unknown as object, says: "options must be an object" },
  ])("$options", async ({ options, says }) => {
    await using capability = await openCapability(parse(text("shop")) as object, { env: { TOKEN: "t" } });
    const calls = [
      () => capability.run("get", {}, options),
      () => capability.prepare("get", {}, options),
      () => capability.stream("get", {}, options).next(),
    ];
    for (const call of calls) {
      const calling = call();
      await expect(calling).rejects.toThrow(TypeError);
      await expect(calling).rejects.toThrow(says);
    }
  });

  it.each([
    { options: { maxPage: 1 }, says: 'Unknown option "maxPage"; did you mean "maxPages"?' },
    { options: { everyMs: 1 }, says: 'Unknown option "everyMs"' },
  ])("$options in a walk through pages", async ({ options, says }) => {
    await using capability = await openCapability(parse(text("shop")) as object, { env: { TOKEN: "t" } });
    await expect(capability.pages("get", {}, options as object).next()).rejects.toThrow(says);
  });

  it("an unknown option of waiting", async () => {
    await using capability = await openCapability(parse(text("shop")) as object, { env: { TOKEN: "t" } });
    const options = { until: "$.a", every: 1 };
    const says = 'Unknown option "every"; did you mean "everyMs"?';
    await expect(capability.waitFor("get", {}, options)).rejects.toThrow(says);
  });
});

describe("an opened capability", () => {
  it("tells its name, its info and its operations", async () => {
    const capability = await openCapability(parse(text("shop")) as object, { env: {} });
    expect(capability.name).toBe("shop");
    expect(capability.info).toEqual({
      label: "The shop",
      description: "For tests",
      tags: ["a", "b"],
      created: "2026-01-05",
    });
    expect(capability.diagnostics).toEqual([]);
    expect([...capability.operations.keys()]).toEqual(["get"]);
    expect(capability.operations.get("get")).toEqual(capability.operation("shop.get"));
    expect(capability.operations).toBe(capability.operations);
  });

  it("tells what is odd about its file", async () => {
    const document = parse(text("shop").replace("https://api.example.test/v1", '""')) as object;
    const { diagnostics } = await openCapability(document, { env: {} });
    expect(diagnostics).toEqual([
      {
        severity: "warning",
        rule: "base-uri",
        message: expect.any(String),
        pointer: expect.any(String),
        remedy: { option: "baseUri", namespace: "shop" },
      },
    ]);
  });

  it("looks variables up when they are needed, not before", async () => {
    const looked: string[] = [];
    const env = new Proxy<Record<string, string>>(
      { TOKEN: "secret" },
      {
        getOwnPropertyDescriptor(target, name) {
          looked.push(String(name));
          return Reflect.getOwnPropertyDescriptor(target, name);
        },
      },
    );
    const capability = await openCapability(parse(text("shop")) as object, { env });
    void capability.operations;
    expect(looked.filter(name => name === "TOKEN")).toEqual([]);
    await capability.prepare("get");
    await capability.prepare("get");
    expect(looked.filter(name => name === "TOKEN")).toEqual(["TOKEN"]);
  });

  it("sees a variable that is set later", async () => {
    const env: Record<string, string> = {};
    const capability = await openCapability(parse(text("shop")) as object, { env });
    await expect(capability.prepare("get")).rejects.toMatchObject({ code: "BIND_MISSING" });
    env["TOKEN"] = "later";
    expect((await capability.prepare("get")).headers["authorization"]).toBe("Bearer later");
  });

  it("takes the environment of the process by default", async () => {
    const folder = await temporaryFolder({ "from-process.yaml": text("shop") });
    process.env["NAFTIKO_PATH"] = folder;
    process.env["TOKEN"] = "of the process";
    try {
      const capability = await openCapability("from-process");
      expect((await capability.prepare("get")).headers["authorization"]).toBe("Bearer of the process");
    } finally {
      delete process.env["NAFTIKO_PATH"];
      delete process.env["TOKEN"];
    }
  });

  it("refuses variables that are no texts", async () => {
    const env = { TOKEN: 12345 } as unknown as Record<string, string>;
    const capability = await openCapability(parse(text("shop")) as object, { env });
    await expect(capability.prepare("get")).rejects.toThrow(TypeError);
  });

  it("is one of many", async () => {
    const transport = createMemoryTransport(({ url }) => ({ body: Buffer.from(JSON.stringify(url)) }));
    const names = Array.from({ length: 50 }, (_, index) => `shop-${index}`);
    const capabilities = await Promise.all(
      names.map(name =>
        openCapability(parse(text(name)) as object, {
          env: { TOKEN: name },
          baseUri: `https://${name}.test`,
          transport,
        }),
      ),
    );
    const results = await Promise.all(capabilities.map(capability => capability.run("get", { q: capability.name })));
    expect(results.map(({ body }) => body)).toEqual(names.map(name => `https://${name}.test/x?q=${name}`));
  });
});

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
