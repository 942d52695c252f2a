import { execFileSync } from "node:child_process";
import { chmod } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { OpenOptions } from "../../../src/engine/open-options.ts";
import { readBindValues } from "../../../src/surfaces/cli/read-bind-values.ts";
import { capabilityText } from "../../support/capability-text.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

// Files of variables come with a folder: they give values to binds, and steer nothing else.

let stranger: Server;
let seen: string[] = [];
let folder: string;
let home: string;

beforeAll(async () => {
  // Everything that a file of variables could send somewhere.
  stranger = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "application/json");
    response.end('{"data":{"key":"from-the-stranger"},"url":"/"}');
  });
  await new Promise<void>(resolve => stranger.listen(0, "127.0.0.1", resolve));
  home = await temporaryFolder({ ".vault-token": "hvs.of-the-user" });
});
afterAll(() => stranger.close());
afterEach(() => {
  seen = [];
});

const url = () => `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;

const shop = (location?: string) =>
  `naftiko: 1.0.0-alpha3
binds:
- { namespace: b, ${location === undefined ? "" : `location: "${location}", `}keys: { KEY: key } }
capability:
  consumes:
  - type: http
    namespace: shop
    baseUri: http://api.test
    resources:
    - name: r
      path: /
      operations:
      - { name: ask, method: GET, inputParameters: [ { name: h, in: header, value: "{{KEY}}" } ] }
`;

/** Runs a call in a folder whose `.env`, or a file that is named, holds the variables. */
async function call(
  variables: string,
  { isNamed, location, args = [] }: { isNamed: boolean; location?: string; args?: readonly string[] },
) {
  const file = isNamed ? "named.env" : ".env";
  folder = await temporaryFolder({
    "shop.yaml": shop(location),
    "other/only.yaml": capabilityText({
      namespace: "only",
      baseUri: "http://api.test",
      operations: [{ name: "ask", method: "GET", path: "/" }],
    }),
    "secrets/app/key": "from-the-folder",
    "config/naftiko/naftiko.config.yaml": "capabilities: { shop: { headers: { x-from: the-stranger } } }",
    "bin/give": "#!/bin/sh\nprintf 'given:%s' \"$STEERED\"\n",
    "own.yaml": `capabilities: { shop: { binds: [ { namespace: b, location: "exec:give", keys: { KEY: key } } ] } }`,
    [file]: variables,
  });
  await chmod(path.join(folder, "bin/give"), 0o755);
  const given = args.length === 0 ? ["shop.yaml", "ask", "--dry-run", "--show-secrets", "--allow-insecure-auth"] : args;
  return runMain(["run", ...given, ...(isNamed ? ["--env-file", file] : [])], {
    cwd: folder,
    env: { HOME: home, PATH: "/usr/bin:/bin" },
  });
}

describe.each([
  { from: ".env", isNamed: false },
  { from: "--env-file", isNamed: true },
])("variables of $from", ({ isNamed }) => {
  it("feed binds without a location", async () => {
    const { code, stdout } = await call("key=from-the-file", { isNamed });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("h: from-the-file\n") });
  });

  it.each([
    {
      what: "the Vault that is asked",
      variables: () => `VAULT_ADDR=${url()}`,
      location: "vault://secret/app",
      says: /VAULT_ADDR is not set/,
    },
    {
      what: "the token that Vault gets",
      variables: () => `VAULT_ADDR=${url()}\nVAULT_TOKEN=hvs.x\nVAULT_NAMESPACE=n`,
      location: "vault://secret/app",
      says: /VAULT_ADDR is not set/,
    },
    {
      what: "the folder of mounted secrets",
      variables: () => "KUBERNETES_SECRETS_DIR=secrets",
      location: "k8s://app",
      says: /KUBERNETES_SERVICE_HOST is not set/,
    },
    {
      what: "the API of Kubernetes",
      variables: () =>
        "KUBERNETES_SERVICE_HOST=127.0.0.1\nKUBERNETES_SERVICE_PORT=1\nKUBERNETES_SERVICE_ACCOUNT_DIR=secrets/app",
      location: "k8s://app",
      says: /KUBERNETES_SERVICE_HOST is not set/,
    },
    {
      what: "where names are looked up",
      variables: () => "NAFTIKO_PATH=other",
      args: ["only", "ask", "--dry-run"],
      says: /Cannot find capability "only"/,
    },
    {
      what: "the proxy",
      variables: () => `HTTP_PROXY=${url()}\nhttp_proxy=${url()}\nALL_PROXY=${url()}\nkey=1`,
      // An address of this computer for which proxies are asked.
      args: ["shop.yaml", "ask", "--retries", "0", "--allow-insecure-auth", "--base-uri", "http://0.0.0.0:1"],
      says: /ECONNREFUSED/,
    },
  ])("do not choose $what", async ({ variables, location, args, says }) => {
    const { code, stdout, stderr } = await call(variables(), {
      isNamed,
      ...(location === undefined ? {} : { location }),
      ...(args === undefined ? {} : { args }),
    });
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: expect.stringMatching(says) as string });
    expect(code).not.toBe(0);
    expect(seen).toEqual([]);
  });

  it("do not choose the user's configuration", async () => {
    const { code, stdout } = await call("key=1\nXDG_CONFIG_HOME=config\nHOME=.", { isNamed });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.not.stringContaining("the-stranger") });
  });

  it("do not reach commands", async () => {
    const args = ["shop.yaml", "ask", "--config", "own.yaml", "--base-uri", url(), "--verbose"];
    const steering = "STEERED=yes\nPATH=./bin\nNODE_OPTIONS=--require=./x.cjs";
    expect((await call(steering, { isNamed, args })).stderr).toContain("the command cannot be run: ENOENT");
  });
});

it("values of binds do not pass for an environment", () => {
  const context = { cwd: home, env: {} } as Parameters<typeof readBindValues>[1];
  // @ts-expect-error No setting may be read from them.
  const env: NonNullable<OpenOptions["env"]> = readBindValues([], context);
  expect(env).toBeInstanceOf(Map);
});

describe("a name that ./capabilities has, and the package too", () => {
  const NAME = "clerk-backend-api-api-keys";
  const hiding = { [`capabilities/${NAME}.yaml`]: shop() };

  it.each([{ args: ["run", NAME, "ask", "--dry-run"] }, { args: ["describe", NAME] }, { args: ["logout", NAME] }])(
    "is told by $args",
    async ({ args }) => {
      const cwd = await temporaryFolder(hiding);
      const { stderr } = await runMain(args, { cwd, env: { key: "1" } });
      const own = path.resolve(import.meta.dirname, `../../../capabilities/${NAME}.yaml`);
      expect(stderr).toContain(
        `note: ${NAME} is ${path.join(cwd, `capabilities/${NAME}.yaml`)}, which hides ${own} of the package\n`,
      );
    },
  );

  it.each([
    { what: "a path", args: [`capabilities/${NAME}.yaml`] },
    { what: "a folder that is named", args: [NAME, "--dir", "capabilities-of-mine"] },
  ])("is not told of $what", async ({ args }) => {
    const cwd = await temporaryFolder({ ...hiding, [`capabilities-of-mine/${NAME}.yaml`]: shop() });
    const { code, stderr } = await runMain(["describe", ...args], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("is not told where the folder is the package's own", async () => {
    const cwd = path.resolve(import.meta.dirname, "../../..");
    const { code, stderr } = await runMain(["describe", NAME], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});

describe("capabilities/ above the working folder", () => {
  const files = { "capabilities/shop.yaml": shop(), "a/b/none.txt": "" };
  const inDepth = async (more: Readonly<Record<string, string>> = {}) => temporaryFolder({ ...files, ...more });

  it.each([
    { args: ["run", "shop", "ask", "--dry-run", "--base-uri", "https://shop.test"], stdout: "GET " },
    { args: ["describe", "shop"], stdout: "shop.yaml" },
    { args: ["list"], stdout: /^shop {2}/m },
  ])("is searched by $args", async ({ args, stdout }) => {
    const cwd = path.join(await inDepth(), "a/b");
    expect(await runMain(args, { cwd, env: { key: "1" } })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(stdout),
    });
  });

  it("is hidden by a nearer one, even if that lacks the name", async () => {
    const cwd = path.join(await inDepth({ "a/capabilities/other.yaml": shop() }), "a/b");
    const { code, stderr } = await runMain(["describe", "shop"], { cwd });
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining(path.join(cwd, "../capabilities")) });
  });

  it.each([
    { what: "may be written by all", make: "chmod o+w capabilities", says: "all users may write it" },
    { what: "is another user's", make: "chown 1234 capabilities", says: "it belongs to another user (1234)" },
    {
      what: "is another user's link",
      make: "mv capabilities own; ln -s own capabilities; chown -h 1234 capabilities",
      says: "it belongs to another user (1234)",
    },
  ])("is not searched where it $what", async ({ make, says }) => {
    const folder = await inDepth();
    execFileSync("sh", ["-c", make], { cwd: folder });
    const cwd = path.join(folder, "a/b");
    const { code, stderr } = await runMain(["run", "shop", "ask"], { cwd });
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining(`${folder}/capabilities is not searched: ${says}`),
    });
    expect((await runMain(["list"], { cwd })).stdout).not.toContain("shop");
    expect(await runMain(["describe", "shop"], { cwd: folder })).toMatchObject({ code: 0 });
    expect(await runMain(["describe", "shop", "--dir", "../../capabilities"], { cwd })).toMatchObject({ code: 0 });
  });
});

it("list shows what is below --dir by the names that run takes", async () => {
  const cwd = await temporaryFolder({ "all/a/shop.yaml": shop(), "all/b/shop.yaml": shop(), "all/b/bar.yaml": shop() });
  const { stdout } = await runMain(["list", "--dir", "all"], { cwd });
  expect(stdout.match(/^\S+/gm)).toEqual(["a/shop", "b/shop", "bar", "clerk-backend-api-api-keys"]);
  for (const name of ["a/shop", "b/shop", "bar"])
    expect(await runMain(["describe", name, "--dir", "all"], { cwd })).toMatchObject({
      code: 0,
    });
});

describe("a .env that is no usual file", () => {
  it.each([
    { what: "a pipe that nobody writes into", make: "mkfifo .env" },
    { what: "a device without an end", make: "ln -s /dev/zero .env" },
    { what: "a folder", make: "mkdir .env" },
  ])("is not read: $what", async ({ make }) => {
    const cwd = await temporaryFolder({ "shop.yaml": shop() });
    execFileSync("sh", ["-c", make], { cwd });
    const { code, stderr } = await runMain(["run", "shop.yaml", "ask", "--dry-run"], { cwd });
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining("no value for KEY") });
  });

  it("is refused where it is too large", async () => {
    const cwd = await temporaryFolder({ "shop.yaml": shop(), ".env": `A=${"x".repeat(1024 * 1024)}` });
    const { code, stderr } = await runMain(["run", "shop.yaml", "ask", "--dry-run"], { cwd });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("larger than 1048576 bytes"),
    });
  });
});
