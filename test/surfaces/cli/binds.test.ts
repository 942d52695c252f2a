import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeVault, startVault } from "../../support/fake-vault.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

const FILE_SECRET = "f1le-secret-value";
const VAULT_SECRET = "v4ult-secret-value";
const VAULT_TOKEN = "hvs.t0ken-of-vault";

const CAPABILITY = `
naftiko: 1.0.0-alpha3
binds:
- { namespace: env, keys: { PLAIN: PLAIN } }
capability:
  binds:
  - { namespace: files, location: file:///./secrets.yaml, keys: { FILE_TOKEN: token } }
  - { namespace: broken, location: file:///./broken.yaml, keys: { BROKEN: token } }
  - { namespace: missing, location: file:///./missing.yaml, keys: { MISSING: token } }
  - { namespace: vault, location: vault://secret/app, keys: { VAULT_KEY: key, VAULT_OTHER: other } }
  - { namespace: run, location: "exec:touch touched", keys: { RUN: x } }
  consumes:
  - type: http
    namespace: api
    baseUri: https://api.test
    resources:
    - name: r
      path: /r
      operations:
      - { name: free, method: GET }
      - { name: file, method: GET, inputParameters: [ { name: h, in: header, value: "{{FILE_TOKEN}}" } ] }
      - { name: broken, method: GET, inputParameters: [ { name: h, in: header, value: "{{BROKEN}}" } ] }
      - { name: missing, method: GET, inputParameters: [ { name: h, in: header, value: "{{missing.MISSING}}" } ] }
      - { name: run, method: GET, inputParameters: [ { name: h, in: header, value: "{{RUN}}" } ] }
      - name: vault
        method: GET
        inputParameters:
        - { name: h, in: header, value: "{{VAULT_KEY}}" }
        - { name: q, in: query, value: "{{vault.VAULT_OTHER}}" }
        - { name: f, in: header, value: "{{FILE_TOKEN}}" }
`;

let vault: FakeVault;
let upstream: Upstream;
let cwd: string;
let env: Record<string, string>;

beforeAll(async () => {
  vault = await startVault();
  upstream = await startUpstream();
  vault.state.tokens.add(VAULT_TOKEN);
  vault.state.secrets.set("secret/data/app", { key: VAULT_SECRET, other: 7 });
  cwd = await temporaryFolder({
    "files/app.yaml": CAPABILITY,
    "files/secrets.yaml": `token: ${FILE_SECRET}`,
    "files/broken.yaml": `token: ${FILE_SECRET}\n  other: [${VAULT_SECRET}`,
  });
  env = { VAULT_ADDR: vault.url, VAULT_TOKEN };
});

afterAll(() => Promise.all([vault.close(), upstream.close()]));

async function run(args: readonly string[], more: Record<string, string> = {}) {
  const result = await runCommand(["run", "files/app.yaml", ...args], { cwd, env: { ...env, ...more } });
  for (const secret of [FILE_SECRET, VAULT_SECRET, VAULT_TOKEN])
    expect(result.stdout + result.stderr).not.toContain(secret);
  return result;
}

describe("run", () => {
  it("looks variables up where their binds say", async () => {
    const { code, stdout, stderr } = await run(["vault", "--dry-run"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("GET https://api.test/r?q=***\n");
    expect(stdout).toContain("h: ***\nf: ***\n");
    expect(vault.requests.filter(({ url }) => url.includes("/app"))).toHaveLength(1);
  });

  it("asks no store for what a call does not need, nor for a sandbox", async () => {
    const before = vault.requests.length;
    expect(await run(["free", "--dry-run"])).toMatchObject({ code: 0 });
    expect(await run(["file", "--dry-run"])).toMatchObject({ code: 0 });
    expect(await run(["vault", "--mock", "--quiet"])).toMatchObject({ code: 0 });
    expect(vault.requests.length).toBe(before);
  });

  it.each([
    ["a malformed file", "broken", {}, /broken\.yaml is not YAML: .* at line \d+, column \d+\)/],
    ["a missing file", "missing", {}, /there is no file .*missing\.yaml/],
    ["a command of a capability file", "run", {}, /a capability file may not run commands/],
    ["no credential", "vault", { VAULT_TOKEN: "" }, /no credential for Vault/],
    [
      "a credential that is refused",
      "vault",
      { VAULT_TOKEN: "hvs.wrong-token" },
      /does not let the token read secret\/app/,
    ],
    [
      "a store that is down",
      "vault",
      { VAULT_ADDR: "http://127.0.0.1:1" },
      /http:\/\/127\.0\.0\.1:1 cannot be reached: ECONNREFUSED/,
    ],
  ])("ends with 4 for %s", async (_, operation, more, says) => {
    const { code, stdout, stderr } = await run([operation, "--dry-run"], more);
    expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
    expect(stderr).toMatch(says);
  });

  it("tells programs the reason by variable", async () => {
    const { code, stderr } = await run(["missing", "--output", "json"]);
    expect(code).toBe(4);
    expect(JSON.parse(stderr)).toMatchObject({
      error: {
        code: "BIND_MISSING",
        details: {
          operation: "missing",
          variables: ["MISSING"],
          reasons: {
            MISSING: `there is no file ${path.join(cwd, "files/missing.yaml")}, nor ${cwd}/missing.yaml`,
          },
        },
      },
    });
  });

  it("waits no longer than --bind-timeout", async () => {
    vault.state.answer = () => {};
    const { code, stderr } = await run(["vault", "--bind-timeout", "50"]);
    vault.state.answer = undefined;
    expect(code).toBe(4);
    expect(stderr).toContain(": no answer within 50 ms)");
  });

  it("tells that a Vault is sealed, and calls what does not need it", async () => {
    vault.state.sealed = true;
    const needing = await run(["vault"]);
    const other = await run(["file", "--dry-run"]);
    vault.state.sealed = false;
    expect(needing).toMatchObject({ code: 4, stdout: "" });
    expect(needing.stderr).toContain(`Vault at ${vault.url} is sealed`);
    expect(other.code).toBe(0);
  });
});

describe("a configuration file", () => {
  it.each([
    ["runs commands", "exec:printf 'made of %s' {key}", 0, "made of x"],
    ["reads files anywhere", "file:///./../elsewhere/x.yaml", 0, "anywhere"],
    ["tells why a command failed", "exec:cat {key} /nonexistent", 4, "the command ended with exit code 1: cat: "],
  ])("that is named %s", async (_, location, code, says) => {
    const folder = await temporaryFolder({
      "work/app.yaml": CAPABILITY,
      "work/naftiko.config.yaml": `capabilities: { app: { binds: [ { namespace: run, location: ${JSON.stringify(location)}, keys: { RUN: x } } ] } }`,
      "elsewhere/x.yaml": "x: anywhere",
    });
    const args = ["--config", "naftiko.config.yaml", "--base-uri", upstream.url, "--select", "$.headers.h"];
    const result = await runCommand(["run", "./app.yaml", "run", "--quiet", ...args], {
      cwd: path.join(folder, "work"),
    });
    expect(result.code, result.stderr).toBe(code);
    expect(result.stdout + result.stderr).toContain(says);
  });
});

it("run asks for no value of a variable that several binds declare", async () => {
  const folder = await temporaryFolder({
    "two.yaml": CAPABILITY.replace("{ PLAIN: PLAIN }", "{ PLAIN: PLAIN, RUN: RUN_KEY }"),
  });
  const { code, stderr } = await runCommand(["run", "two.yaml", "run"], { cwd: folder });
  expect(code).toBe(4);
  expect(stderr).toContain("several binds declare it: write {{env.RUN}} or {{run.RUN}}");
  expect(stderr).toContain("\nWith --mock the call needs no account\n");
  expect(stderr).not.toContain("RUN_KEY");
});

describe("describe", () => {
  it("shows where each variable is looked up, without waiting for a store that is down", async () => {
    vault.state.answer = () => {};
    const { code, stdout } = await runCommand(["describe", "files/app.yaml"], { cwd, env });
    vault.state.answer = undefined;
    expect(code).toBe(0);
    expect(stdout).toContain("PLAIN        not set   (environment variable PLAIN)\n");
    expect(stdout).toContain("FILE_TOKEN   set       (token in file:///./secrets.yaml)\n");
    expect(stdout).toContain("VAULT_KEY    not read  (key in vault://secret/app: no answer within 2000 ms)\n");
    expect(stdout).toContain("RUN          not read  (x by the command touch: a capability file may not");
    expect(stdout).not.toMatch(new RegExp(`${FILE_SECRET}|${VAULT_SECRET}|${VAULT_TOKEN}`));
  });

  it("gives the same as JSON", async () => {
    const args = ["describe", "files/app.yaml", "missing", "--output", "json"];
    const { code, stdout } = await runCommand(args, { cwd, env });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      variables: [
        {
          name: "MISSING",
          lookedUp: "token in file:///./missing.yaml",
          set: false,
          problem: expect.stringContaining("there is no file") as string,
        },
      ],
    });
  });
});
