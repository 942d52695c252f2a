import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { readOverlays } from "../../src/language/overlays/load-overlays.ts";
import { Refusal } from "../../src/serving/refusal.ts";
import { openTenants } from "../../src/serving/tenant/open-tenants.ts";
import { tenantOfClaims, tenantOfHeader } from "../../src/serving/tenant/tenant-source.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { guardOf } from "./inbound/guarded-server.ts";

it.each<[of: string, claims: object, claim: string, tenant: string]>([
  ["a text", { org_id: "org_2AbC" }, "org_id", "org_2AbC"],
  ["a UUID", { tid: "8f3c1c1e-4b5d-4d0e-9a43-0d0c5b5f2c11" }, "tid", "8f3c1c1e-4b5d-4d0e-9a43-0d0c5b5f2c11"],
  ["a domain", { hd: "acme.example" }, "hd", "acme.example"],
  ["a whole number", { account: 42 }, "account", "42"],
  ["a list of one", { organization: ["acme"] }, "organization", "acme"],
  ["nested", { organization: { id: "acme" } }, "organization.id", "acme"],
  ["named with dots", { "https://shop.test/tenant": "acme" }, "https://shop.test/tenant", "acme"],
  ["of one character", { org: "a" }, "org", "a"],
])("takes a claim that is %s", (_, claims, claim, tenant) => {
  expect(tenantOfClaims(claims as never, claim)).toBe(tenant);
});

const HOSTILE: readonly [of: string, value: unknown][] = [
  ["missing", undefined],
  ["null", null],
  ["empty", ""],
  ["a list of none", []],
  ["a list of several", ["acme", "globex"]],
  ["a list of the same twice", ["acme", "acme"]],
  ["a list in a list", [["acme"]]],
  ["an object", { id: "acme" }],
  ["true", true],
  ["a negative number", -1],
  ["a fraction", 1.5],
  ["a number that lost digits", 2 ** 60],
  ["a way up", "../globex"],
  ["two dots", ".."],
  ["dots in a row", "a..b"],
  ["hidden", ".acme"],
  ["a path", "acme/globex"],
  ["a path of Windows", "acme\\globex"],
  ["escaped", "%2e%2e"],
  ["with a line break", "acme\n"],
  ["with NUL", "acme\0"],
  ["with a space", "ac me"],
  ["with a blank end", "acme "],
  ["ending with a dot", "acme."],
  ["of other letters", "аcme"],
  ["of wide letters", "ａcme"],
  ["a query", "acme?x=1"],
  ["a fragment", "acme#x"],
  ["a gap", "{tenant}"],
  ["a template", "{{TOKEN}}"],
  ["an option", "-acme"],
  ["a prototype", "__proto__"],
  ["of 129 characters", "a".repeat(129)],
  ["of 10,000 characters", "a".repeat(10_000)],
];

it.each(HOSTILE.map(([of, value]) => ({ of, value })))("refuses a claim that is $of", ({ value }) => {
  const refused = (work: () => unknown) => {
    let found: unknown;
    try {
      work();
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(Refusal);
    expect((found as Refusal).status).toBe(403);
  };
  refused(() => tenantOfClaims({ org_id: value }, "org_id"));
  if (value === undefined || typeof value === "string") refused(() => tenantOfHeader(value, "x-tenant"));
});

it.each(["__proto__", "constructor", "toString", "org.constructor.name", "org.__proto__.x"])(
  "finds no claim %s that a token does not have",
  name => {
    expect(() => tenantOfClaims({ org: {} }, name)).toThrow(Refusal);
  },
);

const HASH = `sha256:${"0".repeat(64)}`;

it.each<[of: string, config: string, message: string]>([
  ["no source", "tenants: { refreshMs: 1000 }", "none of them is there"],
  ["two sources", "tenants: { claim: a, header: b }", "found claim and header"],
  ["a key that is no hash", "tenants: { apiKeys: { acme: secret-key } }", "apiKeys"],
  ["a name that leads elsewhere", `tenants: { apiKeys: { "../x": "${HASH}" } }`, "is not the name of a tenant"],
  ["one key for two", `tenants: { apiKeys: { a: "${HASH}", b: "${HASH}" } }`, '"a" and "b" have the same key'],
  ["a file that is not there", "tenants: { apiKeys: keys.yaml }", "keys.yaml"],
  ["an unknown member", "tenants: { claims: org_id }", "claims"],
])("openTenants() refuses %s", async (_, config, message) => {
  const folder = await temporaryFolder({});
  const file = path.join(folder, "naftiko.config.yaml");
  await writeFile(file, config);
  const opening = readOverlays(file).then(overlays => openTenants(overlays, () => {}));
  await expect(opening).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining(message) });
  await expect(opening).rejects.not.toThrow("secret-key");
});

it.each<[kind: "claim" | "header", authentication: { type: string } | undefined, message: string]>([
  ["claim", undefined, "has no authentication"],
  ["header", undefined, "has no authentication"],
  ["claim", { type: "bearer", token: "{{TOKEN}}" } as { type: string }, "its authentication is bearer"],
])("openGuard() refuses tenants by %s of callers with %j", async (kind, authentication, message) => {
  const opening = guardOf(authentication, { env: { TOKEN: "t0ken" }, tenants: { kind, name: "x" } });
  await expect(opening).rejects.toMatchObject({
    code: "CAPABILITY_INVALID",
    message: expect.stringContaining(message),
  });
});

it("openGuard() takes the tenant of a gateway's header, and makes it a part of who the caller is", async () => {
  const guard = await guardOf(
    { type: "bearer", token: "{{TOKEN}}" },
    { env: { TOKEN: "t0ken" }, tenants: { kind: "header", name: "x-tenant" } },
  );
  const admit = (tenant: string | undefined, token = "t0ken") =>
    (async () =>
      guard.admit({
        method: "GET",
        url: "/",
        rawHeaders: [],
        headers: { authorization: `Bearer ${token}`, ...(tenant === undefined ? {} : { "x-tenant": tenant }) },
      }))();
  const [acme, globex, again] = [await admit("acme"), await admit("globex"), await admit("acme")];
  expect([acme.tenant, globex.tenant]).toEqual(["acme", "globex"]);
  expect(acme.id).toBe(again.id);
  expect(acme.id).not.toBe(globex.id);
  await expect(admit(undefined)).rejects.toMatchObject({ status: 403 });
  await expect(admit("acme, globex")).rejects.toMatchObject({ status: 403 });
  await expect(admit("acme", "other")).rejects.toMatchObject({ status: 401 });
});
