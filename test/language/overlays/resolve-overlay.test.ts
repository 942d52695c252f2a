import { describe, expect, it } from "vitest";
import { overlaysOf } from "../../../src/language/overlays/load-overlays.ts";
import type { Overlays } from "../../../src/language/overlays/overlays.ts";

async function resolve(overlays: Overlays, profile?: string) {
  return (await overlaysOf(overlays)).for({ capability: "shop-orders", profile });
}

describe("the strongest level", () => {
  const levels = {
    "*": { retries: 1 },
    "shop-orders": { retries: 3 },
    "shop-*": { retries: 2 },
  };
  const profiles = {
    staging: { capabilities: { "shop-orders": { retries: 5 }, "*-orders": { retries: 4 } } },
    other: { capabilities: { billing: { retries: 9 }, "*-orders": { timeoutMs: 7 } } },
  };

  it.each<{ what: string; overlays: Overlays; profile?: string; retries: number; from: string }>([
    { what: "a name", overlays: { capabilities: levels }, retries: 3, from: "shop-orders" },
    {
      what: "the last glob",
      overlays: { capabilities: { "shop-*": { retries: 2 }, "*": { retries: 1 } } },
      retries: 1,
      from: "*",
    },
    {
      what: "the profile",
      overlays: { capabilities: levels, profiles },
      profile: "staging",
      retries: 5,
      from: "shop-orders",
    },
    {
      what: "the base where the profile is silent",
      overlays: { capabilities: levels, profiles },
      profile: "other",
      retries: 3,
      from: "shop-orders",
    },
    {
      what: "a glob of the profile before a name of the base",
      overlays: { capabilities: levels, profiles: { p: { capabilities: { "*": { retries: 8 } } } } },
      profile: "p",
      retries: 8,
      from: "*",
    },
  ])("is $what", async ({ overlays, profile, retries, from }) => {
    const resolved = await resolve(overlays, profile);
    expect(resolved?.retries).toMatchObject({ value: retries, origin: { capability: from } });
  });
});

describe("two levels", () => {
  const below = {
    baseUri: { a: "https://a.test", b: "https://b.test" },
    authentication: { type: "bearer", token: "t" },
    inputs: { limit: 5, tag: "x" },
    headers: { "X-A": "1", "X-B": "1" },
    binds: [{ namespace: "env", keys: { K: "LOW" } }],
    timeoutMs: 1,
  } as const;

  async function merged(above: object) {
    return resolve({ capabilities: { "shop-*": below, "shop-orders": above } });
  }

  it("merge base URIs by namespace, and replace them with one for all", async () => {
    const one = await merged({ baseUri: { b: "https://c.test" } });
    expect(texts(one?.baseUris)).toEqual({ a: "https://a.test", b: "https://c.test" });
    const all = await merged({ baseUri: "https://all.test" });
    expect(texts(all?.baseUris)).toEqual({ "*": "https://all.test" });
  });

  it("replace a declaration as a whole", async () => {
    const resolved = await merged({ authentication: { type: "basic", username: "u", password: "p" } });
    expect(resolved?.authentication.get("*")?.value).toEqual({ type: "basic", username: "u", password: "p" });
    const added = await merged({ authentication: { a: "none" } });
    expect(texts(added?.authentication)).toEqual({ "*": { type: "bearer", token: "t" }, a: "none" });
  });

  it("merge inputs and headers by name, headers without case", async () => {
    const resolved = await merged({ inputs: { limit: 6 }, headers: { "x-a": "2" } });
    expect(texts(resolved?.inputs)).toEqual({ limit: 6, tag: "x" });
    expect(texts(resolved?.headers)).toEqual({
      "x-a": { name: "x-a", value: "2" },
      "x-b": { name: "X-B", value: "1" },
    });
  });

  it("put stronger binds first, and keep what only the weaker one has", async () => {
    const resolved = await merged({ binds: [{ namespace: "env", keys: { K: "HIGH" } }] });
    expect(resolved?.binds.map(({ value }) => value)).toEqual([
      { namespace: "env", name: "K", key: "HIGH" },
      { namespace: "env", name: "K", key: "LOW" },
    ]);
    expect(resolved?.timeoutMs?.value).toBe(1);
  });
});

it("tells where a value stands", async () => {
  const resolved = await resolve(
    { profiles: { "a/b": { capabilities: { "shop-*": { headers: { "X-A": "1" } } } } } },
    "a/b",
  );
  expect(resolved?.headers.get("x-a")?.origin).toEqual({
    setting: "headers.X-A",
    capability: "shop-*",
    profile: "a/b",
    pointer: "/profiles/a~1b/capabilities/shop-*/headers/X-A",
  });
});

function texts(settings: ReadonlyMap<string, { readonly value: unknown }> | undefined): object {
  return Object.fromEntries([...(settings ?? [])].map(([name, { value }]) => [name, value]));
}
