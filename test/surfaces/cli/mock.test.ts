import { createServer } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../support/capability-text.ts";
import { type CommandOptions, type RunningCommand, runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const CLERK = "clerk-backend-api-api-keys";

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder({
    "capabilities/shop.yaml": capabilityText({
      namespace: "shop",
      baseUri: "https://shop.example.test/api",
      operations: [
        {
          name: "list",
          method: "GET",
          path: "/items",
          inputParameters: [input("limit", "query", "integer")],
        },
        { name: "get", method: "GET", path: "/items/{id}" },
        { name: "create", method: "POST", path: "/items", inputParameters: [input("name", "body")] },
      ],
    }),
    "capabilities/twice.yaml": capabilityText({
      namespace: "twice",
      baseUri: "https://a.example.test/v1",
      operations: [{ name: "one", method: "GET", path: "/" }],
      others: [
        {
          namespace: "twice-too",
          baseUri: "https://b.example.test/v2",
          operations: [{ name: "two", method: "GET", path: "/" }],
        },
      ],
    }),
    "seed.json": '{"/items": [{"id": "i1", "name": "map"}, {"id": "i2", "name": "book"}]}',
    "seed.yaml": "/items:\n  - id: i3\n    name: globe\n",
    "wrong.json": '{"/nowhere": []}',
    "broken.json": "{{{",
  });
});

interface Sandbox extends RunningCommand {
  readonly baseUri: string;
  readonly url: string;
}

async function startMock(args: readonly string[], options: CommandOptions = {}): Promise<Sandbox> {
  const running = await startCommand(["mock", ...args], { cwd: folder, ...options });
  const [, url = ""] = await running.waitFor(/^sandbox listening on (http:\/\/127\.0\.0\.1:\d+)$/m);
  const [, baseUri = ""] = await running.waitFor(/--base-uri '?[\w-]+=(\S+?)'?\n/);
  await running.waitFor(/^ {2}try: .*\n/m);
  return { ...running, baseUri, url };
}

async function stop({ child, finished }: RunningCommand, signal: "SIGINT" | "SIGTERM" = "SIGINT") {
  child.kill(signal);
  return finished;
}

describe.concurrent("mock", () => {
  it("serves a capability and says how to call it", async () => {
    const sandbox = await startMock([CLERK]);
    try {
      const [, line = ""] = await sandbox.waitFor(/^ {2}try: (.*)$/m);
      expect(line).toBe(
        `CLERK_SECRET_KEY=any naftiko run ${CLERK} createApiKey --body '{"name":"example"}' --base-uri ${sandbox.baseUri}`,
      );
      const env = { CLERK_SECRET_KEY: "any" };
      const created = await runCommand(
        ["run", CLERK, "createApiKey", "--body", '{"name":"example"}', "--base-uri", sandbox.baseUri],
        { env },
      );
      expect(created).toMatchObject({ code: 0, stderr: "" });
      const { id } = JSON.parse(created.stdout).result;
      const read = await runCommand(
        ["run", CLERK, "getApiKey", "--apiKeyID", id, "--base-uri", sandbox.baseUri, "--select", "$.result.name"],
        { env },
      );
      expect(read).toEqual({ code: 0, stdout: "example\n", stderr: "" });
    } finally {
      const { code, stderr } = await stop(sandbox);
      expect(code).toBe(130);
      expect(stderr).toMatch(
        /^Ctrl-C stops it; its data goes with it\n20[01] POST \/v1\/api_keys\n200 GET \/v1\/api_keys\/\S+\n$/,
      );
    }
  });

  it.each(["SIGINT", "SIGTERM"] as const)("stops on %s, and serves no more", async signal => {
    const sandbox = await startMock(["shop"]);
    // A connection that is kept alive does not hold it.
    const answered = await fetch(`${sandbox.baseUri}/items`);
    expect(answered.status).toBe(200);
    expect(await stop(sandbox, signal)).toMatchObject({ code: 130 });
    await expect(fetch(`${sandbox.baseUri}/items`)).rejects.toThrow();
  });

  it.each([
    { seed: "seed.json", ids: ["i1", "i2"] },
    { seed: "./seed.yaml", ids: ["i3"] },
  ])("starts with the items of --seed $seed", async ({ seed, ids }) => {
    const sandbox = await startMock(["shop", "--seed", seed, "--quiet"]);
    const { stdout } = await runCommand(["run", "shop", "list", "--base-uri", sandbox.baseUri, "--select", "$..id"], {
      cwd: folder,
    });
    expect(JSON.parse(stdout)).toEqual(ids);
    expect(await stop(sandbox)).toMatchObject({ code: 130, stderr: "" });
  });

  it("serves several capabilities, each namespace under its own base URI", async () => {
    const sandbox = await startMock(["shop", "twice"]);
    await sandbox.waitFor(/^ {2}try: .* run twice .*\n/m);
    const [, shop = ""] = await sandbox.waitFor(/shop=(\S+)/);
    const [, two = ""] = await sandbox.waitFor(/twice-too=(\S+)/);
    expect(shop).toBe(`${sandbox.url}/shop/api`);
    expect(two).toBe(`${sandbox.url}/twice-too/v2`);
    const result = await runCommand(["run", "twice", "two", "--base-uri", `twice-too=${two}`], {
      cwd: folder,
    });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    await stop(sandbox);
  });

  it("listens on --port", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise(resolve => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const taken = await runCommand(["mock", "shop", "--port", String(port)], { cwd: folder });
    expect(taken).toEqual({
      code: 2,
      stdout: "",
      stderr: `error: Cannot listen on port ${port}: EADDRINUSE\n`,
    });
    await new Promise(resolve => server.close(resolve));
    const sandbox = await startMock(["shop", "--port", String(port)]);
    expect(sandbox.url).toBe(`http://127.0.0.1:${port}`);
    await stop(sandbox);
  });

  it.each([
    { args: ["shpo"], code: 3, stderr: 'did you mean "shop"' },
    { args: ["shop", "--seed", "none.json"], code: 2, stderr: "none.json: ENOENT" },
    { args: ["shop", "--seed", "broken.json"], code: 2, stderr: "broken.json" },
    {
      args: ["shop", "--seed", "wrong.json"],
      code: 2,
      stderr: 'Cannot start a sandbox with the seed wrong.json: Seed "/nowhere": no operation has this path',
    },
  ])("refuses $args", async ({ args, code, stderr }) => {
    const result = await runCommand(["mock", ...args], { cwd: folder });
    expect(result).toEqual({ code, stdout: "", stderr: expect.stringContaining(stderr) });
    expect(result.stderr).not.toMatch(/^(?: {4}at |fault)/m);
  });
});

describe.concurrent("run --mock", () => {
  it("makes a real call to a sandbox, needs no account, and says so", async () => {
    const result = await runCommand(["run", CLERK, "createApiKey", "--body", '{"name":"ci"}', "--mock", "--verbose"]);
    expect(result.code).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({ result: { id: expect.any(String), name: "ci" } });
    expect(result.stderr).toMatch(
      /^sandbox: talking to (http:\/\/127\.0\.0\.1:\d+) in this process, not to https:\/\/api\.clerk\.com\/v1\n> POST \1\/v1\/api_keys\n/,
    );
    expect(result.stderr).toContain("sandbox: CLERK_SECRET_KEY not set; a stand-in value is sent\n");
  });

  it("says nothing of a stand-in where the variable is set", async () => {
    const result = await runCommand(["run", CLERK, "getApiKeys", "--subject", "u", "--mock"], {
      env: { CLERK_SECRET_KEY: "sk_test" },
    });
    expect(result).toMatchObject({ code: 0, stderr: expect.not.stringContaining("stand-in") });
  });

  it("is quiet with --quiet", async () => {
    const result = await runCommand(["run", "shop", "list", "--mock", "--quiet"], { cwd: folder });
    expect(result).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    { name: "a missing input", args: ["getApiKeys"], code: 2, error: "INPUT_MISSING" },
    { name: "an unknown input", args: ["getApiKeys", "--subjct", "x"], code: 2, error: "INPUT_UNKNOWN" },
    {
      name: "an input the API refuses",
      args: ["verifyApiKey", "--body", "{}"],
      code: 5,
      error: "HTTP_STATUS",
    },
  ])("refuses $name as a call does", async ({ args, code, error }) => {
    const result = await runCommand(["run", CLERK, ...args, "--mock", "--output", "json"]);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(JSON.parse(result.stderr)).toMatchObject({ error: { code: error } });
  });

  it("prints the request to the sandbox with --dry-run", async () => {
    const result = await runCommand(["run", CLERK, "getApiKeys", "--subject", "u", "--mock", "--dry-run"]);
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/v1\/api_keys\?subject=u\n/);
  });
});
