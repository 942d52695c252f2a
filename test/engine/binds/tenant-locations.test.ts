import { afterAll, beforeAll, expect, it } from "vitest";
import { locatedSource } from "../../../src/engine/binds/located-source.ts";
import { requireApart } from "../../../src/engine/binds/tenant-binds.ts";
import { type FakeVault, startVault } from "../../support/fake-vault.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { lookUp } from "./support.ts";

let vault: FakeVault;
let folder: string;

beforeAll(async () => {
  vault = await startVault();
  for (const name of ["acme", "data", "metadata"])
    vault.state.secrets.set(`kv/data/${name}/stripe`, { token: `of ${name}` });
  // A secret of nobody, where a tenant called "data" would be looked for without the version of the API.
  vault.state.secrets.set("kv/data/stripe", { token: "of nobody" });
  vault.state.secrets.set("kv/metadata/stripe", { token: "of nobody" });
  vault.state.version1.add("old");
  vault.state.secrets.set("old/acme/stripe", { token: "of acme" });
  folder = await temporaryFolder({
    "acme.env": "token=of acme",
    "acme/stripe.json": '{ "token": "of acme" }',
    "keys.yaml": "acme: of acme\ntoken: of nobody",
  });
});

afterAll(() => vault.close());

const env = () => ({ VAULT_ADDR: vault.url, VAULT_TOKEN: "hvs.root-token" });

it.each<[location: string, key: string, tenant: string, value: string]>([
  ["vault://kv/{tenant}/stripe", "token", "acme", "of acme"],
  ["vault://kv/data/{tenant}/stripe", "token", "acme", "of acme"],
  ["vault://kv/{tenant}/stripe", "token", "data", "of data"],
  ["vault://kv/{tenant}/stripe", "token", "metadata", "of metadata"],
  ["vault://old/{tenant}/stripe", "token", "acme", "of acme"],
  ["file:///./{tenant}.env", "token", "acme", "of acme"],
  ["./{tenant}/stripe.json", "token", "acme", "of acme"],
  ["file:///./keys.yaml", "{tenant}", "acme", "of acme"],
])("fill %s (%s) with the tenant %s", async (location, key, tenant, value) => {
  expect(await lookUp({ location, key, surroundings: { env: env(), cwd: folder, tenant } })).toBe(value);
});

it.each([
  { of: "Vault's API", location: "vault://kv/{tenant}/stripe", tenant: "subkeys" },
  { of: "a part of Vault", location: "vault://{tenant}/stripe", tenant: "sys" },
  { of: "a folder above", location: "file:///./{tenant}.env", tenant: "../acme" },
  { of: "a folder below", location: "file:///./{tenant}/stripe.json", tenant: "x/../acme" },
  { of: "an escape", location: "file:///./{tenant}.env", tenant: "%61cme" },
  { of: "other letters", location: "file:///./{tenant}.env", tenant: "ACME" },
  { of: "a prototype", location: "file:///./keys.yaml", key: "{tenant}", tenant: "constructor" },
  { of: "no tenant", location: "file:///./{tenant}.env", tenant: undefined },
  { of: "a header", location: "request:", key: "{tenant}", tenant: "acme" },
])("reads no other secret in $of", async ({ location, key = "token", tenant }) => {
  const found = await lookUp({ location, key, surroundings: { env: env(), cwd: folder, tenant } });
  expect(found ?? "error: none").toMatch(/^error: /);
});

const variable = (location: string, key = "token") => ({
  ...{ namespace: "customer", name: "TOKEN", key, location, pointer: "/binds/0/keys/TOKEN" },
});

it("reads nothing of another bind's place by a tenant of its name", async () => {
  const own = variable("file:///./{tenant}.env");
  const taken = requireApart([own, variable("file:///./acme.env"), variable("file:///./keys.yaml")]);
  const places = { env: {}, cwd: folder, fileRoots: [], allowPlainHttp: false, maxAgeMs: undefined, tenant: "acme" };
  const { signal } = new AbortController();
  await expect(async () => locatedSource(places, taken).lookup(own, { signal })).rejects.toThrow("of another bind");
  const byKey = variable("file:///./keys.yaml", "{tenant}");
  const found = async (tenant: string) => locatedSource({ ...places, tenant }, taken).lookup(byKey, { signal });
  expect(await found("acme")).toBe("of acme");
  await expect(found("token")).rejects.toThrow("of another bind");
});

it.each<[one: readonly [string, string?], other: readonly [string, string?], isRefused: boolean]>([
  [["s/{tenant}.env"], ["s/{tenant}.old.env"], true],
  [["k8s://shop/stripe-{tenant}"], ["k8s://shop/stripe-test-{tenant}"], true],
  [["vault://kv/{tenant}/x"], ["vault://kv/{tenant}/y"], false],
  [["s/{tenant}.env"], ["t/{tenant}.env"], false],
  [["s/{tenant}.env"], ["s/{tenant}.env", "other"], false],
  [["keys.yaml", "{tenant}"], ["keys.yaml", "test-{tenant}"], true],
  [["keys.yaml", "{tenant}"], ["others.yaml", "{tenant}"], false],
])("requireApart() looks at %j beside %j", ([one, key], [other, otherKey], isRefused) => {
  const check = () => requireApart([variable(one, key), variable(other, otherKey)]);
  if (isRefused) expect(check).toThrow("can be one place, of two tenants");
  else expect(check).not.toThrow();
});
