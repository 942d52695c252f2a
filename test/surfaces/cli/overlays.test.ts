import { beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input, required } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream } from "../../support/upstream.ts";
import { expectFailure, type Failure } from "./expect-failure.ts";

const CONFIG = `capabilities:
  sh*:
    headers:
      X-Version: "1"
  shop:
    baseUri: https://api.test
    authentication:
      type: bearer
      token: "{{SHOP_KEY}}"
    timeoutMs: 5000
    inputs:
      q: tea
    operations:
      find:
        aliases: [f]
        retries: 1
profiles:
  staging:
    capabilities:
      shop:
        baseUri: https://staging.test
        binds:
          - namespace: env
            keys:
              SHOP_KEY: STAGING_KEY
`;

const FILES = {
  "capabilities/shop.yaml": capabilityText({
    namespace: "shop",
    baseUri: "",
    binds: { SHOP_KEY: "SHOP_KEY" },
    operations: [
      {
        name: "find",
        method: "GET",
        path: "/items",
        inputParameters: [required("q", "query"), input("limit", "query", "integer")],
        outputParameters: [{ name: "result", type: "object", value: "$." }],
      },
      { name: "get", method: "GET", path: "/items/{id}" },
    ],
  }),
  "capabilities/other.yaml": capabilityText({
    operations: [{ name: "read", method: "GET", path: "/" }],
  }),
  "naftiko.config.yaml": CONFIG,
  "below/capabilities/shop.yaml": "",
  "unknown-operation.yaml": `capabilities:
  shop:
    operations:
      fnd: { aliases: [f] }
`,
  "unknown-key.yaml": `capabilities:
  shop:
    timeout: 5000
`,
  "malformed.yaml": `capabilities:
  shop:
    headers: [X-Version
    retries: 1
`,
  "wrong-default.yaml": `capabilities:
  shop:
    baseUri: https://api.test
    inputs:
      limit: many
`,
  "bad-base-uri.yaml": `capabilities:
  shop:
    baseUri: "{{SHOP_KEY}}"
`,
  "bad-credential.yaml": `capabilities:
  shop:
    baseUri: https://api.test
    authentication:
      type: bearer
      token: "é→"
`,
  "mistaken-header.yaml": `capabilities:
  shop:
    baseUri: https://api.test
    headers:
      X-Key: "{SHOP_KEY}"
`,
  "missing-variable.yaml": `capabilities:
  shop:
    baseUri: https://api.test
    headers:
      X-Key: "{{NOWHERE}}"
    binds:
      - namespace: env
        keys:
          NOWHERE: NOWHERE
`,
};

const env = { SHOP_KEY: "key-1a2b3c", STAGING_KEY: "staging-1a2b3c" };
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder(FILES);
});

describe("a configuration that cannot be used", () => {
  it.each<Omit<Failure, "cwd" | "env"> & { readonly what: string }>([
    {
      what: "names an unknown operation",
      args: ["run", "shop", "find", "--config", "unknown-operation.yaml"],
      code: 3,
      error: "CONFIG_INVALID",
      stderr: [
        'Capability shop has no operation "fnd"; did you mean "find"?',
        /\/unknown-operation\.yaml:4:7\n/,
        "  4 |       fnd: { aliases: [f] }\n    |       ^\n",
      ],
    },
    {
      what: "has an unknown key",
      args: ["run", "shop", "find", "--config", "unknown-key.yaml"],
      code: 3,
      error: "CONFIG_INVALID",
      stderr: [
        'capabilities.shop: Unknown key "timeout"; did you mean "timeoutMs" or "connectTimeoutMs"?',
        /\/unknown-key\.yaml:3:5\n/,
        "  3 |     timeout: 5000\n    |     ^\n",
      ],
    },
    {
      what: "has a header that looks like a reference",
      args: ["run", "shop", "find", "--config", "mistaken-header.yaml"],
      code: 3,
      error: "CONFIG_INVALID",
      stderr: [
        "headers.X-Key: {SHOP_KEY} (it would be sent as it stands: write {{SHOP_KEY}})",
        /\/mistaken-header\.yaml:5:14\n/,
      ],
    },
    {
      what: "is malformed",
      args: ["run", "shop", "find", "--config", "malformed.yaml"],
      code: 3,
      error: "CONFIG_INVALID",
      stderr: [
        /malformed\.yaml as YAML|malformed\.yaml cannot be used/,
        /\/malformed\.yaml:4:\d+/,
        /4 \| {5}retries: 1\n/,
      ],
    },
    {
      what: "has a default of another type",
      args: ["run", "shop", "find", "--config", "wrong-default.yaml", "--q", "a"],
      code: 3,
      error: "CONFIG_INVALID",
      stderr: ['input "limit" must be an integer, found "many"', /\/wrong-default\.yaml:5:14\n/],
    },
    {
      what: "needs a variable that is not set",
      args: ["run", "shop", "get", "--config", "missing-variable.yaml", "--id", "1"],
      code: 4,
      error: "BIND_MISSING",
      stderr: ["no value for NOWHERE", /\/missing-variable\.yaml:9:20\n/],
    },
    {
      what: "has a variable that makes no base URI",
      args: ["run", "shop", "get", "--config", "bad-base-uri.yaml", "--id", "1"],
      code: 2,
      error: "REQUEST_INVALID",
      stderr: ["is not an absolute URL", /\/bad-base-uri\.yaml:3:14\n/],
    },
    {
      what: "has a credential that no header can hold",
      args: ["run", "shop", "get", "--config", "bad-credential.yaml", "--id", "1"],
      code: 2,
      error: "REQUEST_INVALID",
      stderr: ["the credential holds the character U+2192", /\/bad-credential\.yaml:4:5\n/],
    },
    {
      what: "is not there",
      args: ["run", "shop", "find", "--config", "nowhere.yaml"],
      code: 2,
      error: "USAGE",
      stderr: ["Cannot use --config nowhere.yaml: there is no file"],
    },
    {
      what: "is a folder",
      args: ["run", "shop", "find", "--config", "capabilities"],
      code: 2,
      error: "USAGE",
      stderr: ["Cannot use --config capabilities: there is no file"],
    },
    {
      what: "has no such profile",
      args: ["run", "shop", "find", "--profile", "stagin"],
      code: 3,
      error: "CONFIG_INVALID",
      stderr: ['Cannot use profile "stagin"', '; did you mean "staging"? (its profiles are staging)'],
    },
    {
      what: "is unusable for describe",
      args: ["describe", "shop", "--config", "unknown-key.yaml"],
      code: 3,
      error: "CONFIG_INVALID",
      stderr: ['Unknown key "timeout"'],
    },
    {
      what: "is unusable for validate",
      args: ["validate", "capabilities", "--profile", "nowhere"],
      code: 3,
      error: "CONFIG_INVALID",
      stderr: ['Cannot use profile "nowhere"'],
    },
    {
      what: "is unusable for mock",
      args: ["mock", "shop", "--config", "unknown-operation.yaml"],
      code: 3,
      error: "CONFIG_INVALID",
      stderr: ['no operation "fnd"'],
    },
  ])("$what", async failure => {
    await expectFailure({ ...failure, cwd: folder, env });
  });

  it("is not there for --profile", async () => {
    const empty = await temporaryFolder({ "capabilities/shop.yaml": FILES["capabilities/shop.yaml"] });
    await expectFailure({
      args: ["run", "shop", "find", "--profile", "staging"],
      cwd: empty,
      code: 2,
      error: "USAGE",
      stderr: ["Cannot use --profile staging: there is no naftiko.config.yaml"],
    });
  });

  it("does not concern other capabilities", async () => {
    const { code, stdout } = await runCommand(
      ["run", "other", "read", "--config", "unknown-operation.yaml", "--dry-run", "--quiet"],
      { cwd: folder },
    );
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("GET https://") });
  });
});

describe("run with a configuration", () => {
  it("says where each value is set, and shows no credential", async () => {
    const { code, stdout, stderr } = await runCommand(["run", "shop", "f", "--dry-run"], {
      cwd: folder,
      env,
    });
    const file = `${folder}/naftiko.config.yaml`;
    expect(code).toBe(0);
    expect(stdout.split("\n").filter(line => !/^(?:accept|user-agent):/.test(line))).toEqual([
      "GET https://api.test/items?q=tea",
      "x-version: 1",
      "authorization: Bearer ***",
      "",
    ]);
    expect(stderr.split("\n").slice(0, -1)).toEqual([
      `overlay: baseUri is set at ${file}:6:14`,
      `overlay: authentication is set at ${file}:7:5`,
      `overlay: headers.X-Version is set at ${file}:4:18`,
      `overlay: inputs.q is set at ${file}:12:10`,
      `overlay: timeoutMs is set at ${file}:10:16`,
      `overlay: operations.find.retries is set at ${file}:16:18`,
    ]);
  });

  it("gives programs the same as a member, and leaves out what the command line says", async () => {
    const args = ["run", "shop", "find", "--dry-run", "--output", "json", "--profile", "staging"];
    const given = ["--q", "mine", "--timeout", "1", "--retries", "0"];
    const { stdout, stderr } = await runCommand([...args, ...given], { cwd: folder, env });
    expect(stderr).toBe("");
    const request = JSON.parse(stdout);
    expect(request.url).toBe("https://staging.test/items?q=mine");
    expect(request.overlay.map(({ setting }: { setting: string }) => setting)).toEqual([
      "baseUri",
      "authentication",
      "headers.X-Version",
      "binds.env.SHOP_KEY",
    ]);
    expect(request.overlay[0]).toEqual({
      setting: "baseUri",
      value: "https://staging.test",
      capability: "shop",
      profile: "staging",
      file: `${folder}/naftiko.config.yaml`,
      line: 21,
      column: 18,
    });
    expect(stdout).not.toContain("1a2b3c");
  });

  it("keeps --base-uri before the configuration's", async () => {
    const args = ["run", "shop", "find", "--dry-run", "--base-uri", "https://mine.test"];
    const { stdout, stderr } = await runCommand(args, { cwd: folder, env });
    expect(stdout).toContain("GET https://mine.test/items?q=tea\n");
    expect(stderr).not.toContain("baseUri is set");
  });

  it("sends what the dry run shows, with the profile's credential", async () => {
    const upstream = await startUpstream();
    const args = ["run", "shop", "f", "--profile", "staging", "--base-uri", upstream.url];
    const { code } = await runCommand(args, { cwd: folder, env });
    await upstream.close();
    expect(code).toBe(0);
    expect(upstream.requests).toMatchObject([
      { url: "/items?q=tea", headers: { "x-version": "1", authorization: "Bearer staging-1a2b3c" } },
    ]);
  });

  it("lays overlays over the sandbox too", async () => {
    const { code, stdout, stderr } = await runCommand(["run", "shop", "f", "--mock"], { cwd: folder });
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("not to https://api.test"),
    });
    expect(JSON.parse(stdout)).toMatchObject({ result: { total_count: 0 } });
  });

  it.each([
    { what: "above the working folder", cwd: "below", home: {} },
    { what: "in the user's configuration folder", cwd: undefined, home: { XDG_CONFIG_HOME: "xdg" } },
  ])("is found $what", async ({ cwd, home }) => {
    const elsewhere = await temporaryFolder({ "xdg/naftiko/naftiko.config.yaml": CONFIG });
    const { stdout } = await runCommand(["run", `${folder}/capabilities/shop.yaml`, "f", "--dry-run", "--quiet"], {
      cwd: cwd === undefined ? elsewhere : `${folder}/${cwd}`,
      env: { ...env, ...("XDG_CONFIG_HOME" in home ? { XDG_CONFIG_HOME: `${elsewhere}/xdg` } : {}) },
    });
    expect(stdout).toContain("GET https://api.test/items?q=tea\n");
  });

  it("shows aliases and defaults in help", async () => {
    const all = await runCommand(["run", "shop", "--help"], { cwd: folder });
    expect(all.stdout).toMatch(/^ {2}find, f +GET +\/items$/m);
    const one = await runCommand(["run", "shop", "f", "--help"], { cwd: folder });
    expect(one.stdout).toContain("Also named f\n");
    expect(one.stdout).toMatch(/--q <string> +\(query, has a default\)/);
  });
});

describe("describe with a configuration", () => {
  it.each([["shop"], ["shop", "f"]])("says where values are set: %s %s", async (...args) => {
    const file = `${folder}/naftiko.config.yaml`;
    const { stdout } = await runCommand(["describe", ...args, "--profile", "staging"], { cwd: folder, env });
    expect(stdout).toContain("Base URI      https://staging.test\n");
    expect(stdout).toContain("Credential    bearer from SHOP_KEY\n");
    expect(stdout).toMatch(/SHOP_KEY +set +\(environment variable STAGING_KEY\)/);
    const places = Object.fromEntries(
      Array.from(stdout.matchAll(/^ {2}(\S+) .*? (\S+:\d+:\d+(?: \(profile staging\))?)$/gm), found => [
        found[1],
        found[2],
      ]),
    );
    expect(places).toEqual({
      baseUri: `${file}:21:18 (profile staging)`,
      authentication: `${file}:7:5`,
      "headers.X-Version": `${file}:4:18`,
      "inputs.q": `${file}:12:10`,
      timeoutMs: `${file}:10:16`,
      "operations.find.retries": `${file}:16:18`,
      "operations.find.aliases": `${file}:15:18`,
      "binds.env.SHOP_KEY": `${file}:25:25`,
    });
    const json = await runCommand(["describe", ...args, "--output", "json"], { cwd: folder, env });
    expect(JSON.parse(json.stdout).overlay).toContainEqual({
      setting: "inputs.q",
      value: "tea",
      capability: "shop",
      file,
      line: 12,
      column: 10,
    });
  });

  it("shows no credential that stands in the configuration", async () => {
    const literal = await temporaryFolder({
      "capabilities/shop.yaml": FILES["capabilities/shop.yaml"],
      "naftiko.config.yaml": `capabilities:
  shop:
    baseUri: https://api.test
    authentication: { type: bearer, token: literal-4d5e6f }
    headers: { X-Api-Key: literal-4d5e6f }
`,
    });
    for (const args of [
      ["describe", "shop"],
      ["describe", "shop", "find", "--output", "json"],
      ["run", "shop", "find", "--q", "a", "--dry-run", "--output", "json"],
    ]) {
      const { code, stdout, stderr } = await runCommand(args, { cwd: literal });
      expect(code).toBe(0);
      expect(stdout).toContain("X-Api-Key");
      expect(stdout + stderr).not.toContain("4d5e6f");
    }
  });

  it("shows the structure of an OAuth 2 credential, and no secret of it", async () => {
    const oauth2 = await temporaryFolder({
      "capabilities/shop.yaml": FILES["capabilities/shop.yaml"],
      "naftiko.config.yaml": `capabilities:
  shop:
    baseUri: https://api.test
    authentication:
      type: oauth2
      grant: client_credentials
      tokenEndpoint: https://id.test/token
      clientId: client-1
      clientSecret: literal-4d5e6f
`,
    });
    for (const args of [
      ["describe", "shop"],
      ["describe", "shop", "find", "--output", "json"],
    ]) {
      const { code, stdout, stderr } = await runCommand(args, { cwd: oauth2 });
      expect(code).toBe(0);
      expect(stdout).toContain("oauth2 client_credentials at https://id.test/token");
      expect(stdout + stderr).not.toContain("4d5e6f");
    }
  });
});

describe("validate with a configuration", () => {
  it("shows what does not fit, at its place", async () => {
    const { code, stdout } = await runCommand(
      ["validate", "capabilities", "--config", "unknown-operation.yaml", "--format", "json"],
      { cwd: folder },
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ files: 2, errors: 1 });
    expect(JSON.parse(stdout).diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "error",
        rule: "overlay",
        source: expect.objectContaining({ file: `${folder}/unknown-operation.yaml`, line: 4, column: 7 }),
      }),
    );
  });

  it("is content with what fits", async () => {
    const { code } = await runCommand(["validate", "capabilities"], { cwd: folder });
    expect(code).toBe(0);
  });
});
