import path from "node:path";
import { describe, expect, it } from "vitest";
import { overlaysOf, readOverlays } from "../../../src/language/overlays/load-overlays.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

async function write(text: string): Promise<string> {
  return path.join(await temporaryFolder({ "naftiko.config.yaml": text }), "naftiko.config.yaml");
}

/** One thing that is wrong in a file: its place, and what is said of it. */
const malformed: readonly {
  readonly text: string;
  readonly at: readonly [line: number, column: number];
  readonly says: string;
}[] = [
  { text: "- shop\n", at: [1, 1], says: "Expected object, found a list" },
  { text: "capabilites: {}\n", at: [1, 1], says: 'Unknown key "capabilites"; did you mean "capabilities"?' },
  { text: "capabilities:\n", at: [1, 1], says: "capabilities: Expected object, found nothing" },
  {
    text: "capabilities:\n  shop:\n    baseURI: https://x.test\n",
    at: [3, 5],
    says: 'capabilities.shop: Unknown key "baseURI"; did you mean "baseUri"?',
  },
  {
    text: "capabilities:\n  shop: { zzz: 1 }\n",
    at: [2, 11],
    says: 'Unknown key "zzz"; known are baseUri, authentication, inputs',
  },
  { text: "capabilities:\n  shop:\n    baseUri: 5\n", at: [3, 14], says: "Expected string or object" },
  { text: "capabilities:\n  shop:\n    baseUri: ''\n", at: [3, 14], says: "The text is empty" },
  { text: "capabilities:\n  shop:\n    timeoutMs: -1\n", at: [3, 16], says: "must be >= 0" },
  { text: "capabilities:\n  shop:\n    retries: 1.5\n", at: [3, 14], says: "Expected integer" },
  { text: "capabilities:\n  shop:\n    cache: memory\n", at: [3, 12], says: "Expected boolean" },
  { text: "capabilities:\n  shop:\n    deadlineMs: 2m\n", at: [3, 17], says: "Expected integer" },
  { text: "capabilities:\n  shop:\n    idempotent: 1\n", at: [3, 17], says: "Expected boolean" },
  { text: "capabilities:\n  shop:\n    idempotencyKey: a b\n", at: [3, 21], says: "pattern" },
  { text: "capabilities:\n  shop:\n    requestsPerSecond: 0\n", at: [3, 24], says: "must be > 0" },
  { text: "capabilities:\n  shop:\n    concurrency: 0\n", at: [3, 18], says: "must be >= 1" },
  {
    text: "capabilities:\n  shop:\n    circuitBreaker: { errorRate: 2 }\n",
    at: [3, 34],
    says: "must be <= 1",
  },
  {
    text: "capabilities:\n  shop:\n    operations: { get: { concurrency: 1 } }\n",
    at: [3, 26],
    says: "Unknown key",
  },
  { text: "capabilities:\n  shop:\n    authentication: no\n", at: [3, 21], says: 'Expected "none"' },
  {
    text: "capabilities:\n  shop:\n    authentication: { type: digst }\n",
    at: [3, 29],
    says: 'did you mean "digest"?',
  },
  {
    text: "capabilities:\n  shop:\n    authentication: { api: { type: bearer, tokn: x } }\n",
    at: [3, 44],
    says: 'Unknown key "tokn"; did you mean "token"?',
  },
  {
    text: 'capabilities:\n  shop:\n    headers:\n      "X Y": 1\n',
    at: [4, 7],
    says: 'The key "X Y" is not valid here',
  },
  {
    text: 'capabilities:\n  shop:\n    headers:\n      X-Y: "a\\nb"\n',
    at: [4, 12],
    says: "must match pattern",
  },
  {
    text: "capabilities:\n  shop:\n    binds: [{ keys: {} }]\n",
    at: [3, 13],
    says: '"namespace" is missing',
  },
  {
    text: "capabilities:\n  shop:\n    operations:\n      get: { baseUri: https://x.test }\n",
    at: [4, 14],
    says: 'Unknown key "baseUri"',
  },
  {
    text: "capabilities:\n  shop:\n    operations:\n      get:\n        aliases: [-x]\n",
    at: [5, 19],
    says: "must match pattern",
  },
  {
    text: "profiles:\n  staging:\n    shop: {}\n",
    at: [3, 5],
    says: 'profiles.staging: Unknown key "shop"; known are capabilities',
  },
  { text: 'capabilities: "shop\n', at: [2, 1], says: "as YAML" },
  { text: "capabilities: {}\ncapabilities: {}\n", at: [2, 1], says: "as YAML" },
  { text: "a: 1\n---\nb: 2\n", at: [2, 1], says: "more than one YAML document" },
];

describe("readOverlays()", () => {
  it.each(malformed)("refuses $text", async ({ text, at: [line, column], says }) => {
    const file = await write(text);
    const source = expect.objectContaining({ file, line, column });
    await expect(readOverlays(file)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(says),
      source,
      details: { diagnostics: [expect.objectContaining({ severity: "error", source })], omitted: 0 },
    });
  });

  it("lists everything that is wrong in file order, and counts what is too much", async () => {
    const keys = Array.from({ length: 60 }, (_, index) => `    wrong${index}: 1\n`).join("");
    const file = await write(`capabilities:\n  shop:\n${keys}`);
    const error = await readOverlays(file).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining('Unknown key "wrong0"'),
      details: { diagnostics: expect.objectContaining({ length: 50 }), omitted: 10 },
    });
    const { diagnostics } = (error as { details: { diagnostics: { source: { line: number } }[] } }).details;
    expect(diagnostics.map(({ source }) => source.line)).toEqual(Array.from({ length: 50 }, (_, i) => i + 3));
  });

  it.each([
    "capabilities:\n  shop:\n    authentication: { type: bearer, tokn: sk_live_77 }\n",
    "capabilities:\n  shop:\n    authentication: sk_live_77\n",
    "capabilities:\n  shop:\n    headers: { X-Api-Key: sk_live_77, a b: 1 }\n",
    'capabilities:\n  shop:\n    authentication:\n      token: "sk_live_77\n',
  ])("shows no credential of %j", async text => {
    const error = await readOverlays(await write(text)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    const { message, source, details } = error as { message: string; source: unknown; details: unknown };
    expect(JSON.stringify([message, source, details])).not.toContain("sk_live_77");
  });

  it.each(["", "# nothing yet\n", "capabilities: {}\n"])("takes %j for no overlays", async text => {
    const overlays = await readOverlays(await write(text));
    expect(overlays.for({ capability: "shop" })).toBeUndefined();
  });

  it.each([
    { what: "is not UTF-8 text", bytes: Buffer.from([0x61, 0xff]) },
    { what: "is larger than 16 MiB", bytes: Buffer.alloc(16 * 1024 * 1024 + 1, "#") },
  ])("refuses a file that $what", async ({ what, bytes }) => {
    const folder = await temporaryFolder({ "naftiko.config.yaml": bytes });
    await expect(readOverlays(path.join(folder, "naftiko.config.yaml"))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(`it ${what}`),
    });
  });

  it("says why a file cannot be read", async () => {
    const missing = path.join(await temporaryFolder({}), "naftiko.config.yaml");
    await expect(readOverlays(missing)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("ENOENT"),
    });
  });

  it("knows the profiles of a file", async () => {
    const overlays = await readOverlays(
      await write("profiles:\n  staging: {}\n  production:\n    capabilities: { shop: { retries: 1 } }\n"),
    );
    expect(overlays.for({ capability: "shop", profile: "staging" })).toBeUndefined();
    expect(overlays.for({ capability: "shop", profile: "production" })?.retries?.value).toBe(1);
    expect(() => overlays.for({ capability: "shop", profile: "stagin" })).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringContaining('did you mean "staging"? (its profiles are staging, production)'),
      }),
    );
    // A member that every object has does not count as a profile.
    expect(() => overlays.requireProfile("constructor")).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });
});

describe("overlaysOf()", () => {
  it("gives pointers where there is no file", async () => {
    await expect(overlaysOf({ capabilities: { shop: { retry: 1 } } })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining('the option overlays: capabilities.shop: Unknown key "retry"'),
      details: { diagnostics: [{ rule: "schema", pointer: "/capabilities/shop/retry" }] },
    });
  });

  it("refuses what is no data", async () => {
    await expect(overlaysOf({ capabilities: { shop: { inputs: { a: () => 1 } } } })).rejects.toThrow(TypeError);
  });

  it("copies what it is given", async () => {
    const inputs = { limit: 5 };
    const overlays = await overlaysOf({ capabilities: { shop: { inputs } } });
    inputs.limit = 6;
    expect(overlays.for({ capability: "shop" })?.inputs.get("limit")?.value).toBe(5);
  });
});
