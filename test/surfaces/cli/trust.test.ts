import { existsSync } from "node:fs";
import { chmod, readdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { markedSecret, refuseMarked } from "../../support/marked-secret.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

// A configuration that was found may be anybody's: what it would run is counted by the file that its command leaves.

const SECRET = markedSecret("of-the-command");
const FILE = "naftiko.config.yaml";

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());

const capability = () =>
  capabilityText({
    namespace: "shop",
    baseUri: upstream.url,
    binds: { SHOP_KEY: "key" },
    operations: [{ name: "ask", method: "GET", path: "/" }],
  });

const config = (location = `exec:./give-secret {key}`) =>
  `capabilities:\n  shop:\n    binds:\n    - { namespace: env, location: ${JSON.stringify(location)}, keys: { SHOP_KEY: key } }\n`;

/** Makes a folder with a configuration, whose command leaves a file `ran`, and a home of its own. */
async function shop(text = config()) {
  const folder = await temporaryFolder({
    "work/shop.yaml": capability(),
    [`work/${FILE}`]: text,
    "work/give-secret": `#!/bin/sh\ntouch ran\nprintf ${SECRET}\n`,
    "home/.keep": "",
  });
  const cwd = path.join(folder, "work");
  await chmod(path.join(cwd, "give-secret"), 0o755);
  const env = { HOME: path.join(folder, "home"), PATH: process.env["PATH"] ?? "" };
  const run = async (args: readonly string[], more: { readonly cwd?: string; readonly env?: object } = {}) => {
    const finished = await runMain(args, { cwd: more.cwd ?? cwd, env: { ...env, ...more.env } });
    refuseMarked(finished.stdout + finished.stderr, args.join(" "));
    return finished;
  };
  return { folder, cwd, run, file: path.join(cwd, FILE), hasRun: () => existsSync(path.join(cwd, "ran")) };
}

const CALL = ["run", "shop.yaml", "ask"];

describe("a command of a configuration that was found", () => {
  it("does not run before it is trusted: the error says what would run, and what to type", async () => {
    const { run, file, hasRun } = await shop();
    const { code, stdout, stderr } = await run(CALL);
    expect({ code, stdout, hasRun: hasRun() }).toEqual({ code: 4, stdout: "", hasRun: false });
    expect(stderr).toContain(`${file} is not trusted, so it may not run ./give-secret {key})\n`);
    expect(stderr).toContain(`\nnaftiko trust ${file} allows it\n`);
  });

  it("runs once it is trusted", async () => {
    const { run, hasRun } = await shop();
    expect(await run(["trust", FILE])).toMatchObject({ code: 0 });
    const { code, stdout, stderr } = await run(CALL.concat("--select", "$.url"));
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "/\n", stderr: "" });
    expect(hasRun()).toBe(true);
  });

  it("runs where the caller has named the file", async () => {
    const { run, hasRun } = await shop();
    expect(await run([...CALL, "--config", FILE, "--select", "$.url"])).toMatchObject({ code: 0 });
    expect(hasRun()).toBe(true);
  });

  it.each<{
    what: string;
    change: (place: Awaited<ReturnType<typeof shop>>) => Promise<string | undefined>;
    says: RegExp;
  }>([
    {
      what: "its command changes",
      change: async ({ file }) => void (await writeFile(file, config("exec:./give-secret other"))),
      says: /has changed since it was trusted, so it may not run \.\/give-secret other\)\n(?:.*\n)*naftiko trust \S+ allows it$/m,
    },
    {
      what: "anything else in it changes",
      change: async ({ file }) => void (await writeFile(file, `${config()}# more\n`)),
      says: /has changed since it was trusted/,
    },
    {
      what: "it stands elsewhere",
      change: async ({ cwd, folder }) => {
        await rename(cwd, path.join(folder, "moved"));
        return path.join(folder, "moved");
      },
      says: /moved\/naftiko\.config\.yaml is not trusted/,
    },
    {
      what: "a link elsewhere leads to it",
      change: async ({ cwd, file }) => {
        const other = await temporaryFolder({
          "shop.yaml": capability(),
          "give-secret": "#!/bin/sh\ntouch ran\n",
        });
        await chmod(path.join(other, "give-secret"), 0o755);
        await symlink(file, path.join(other, FILE));
        expect(cwd).not.toBe(other);
        return other;
      },
      says: /is not trusted/,
    },
    {
      what: "another home holds the records",
      change: async () => undefined,
      says: /is not trusted/,
    },
  ])("does not run once $what", async ({ what, change, says }) => {
    const place = await shop();
    expect(await place.run(["trust", FILE])).toMatchObject({ code: 0 });
    const cwd = (await change(place)) ?? place.cwd;
    const env = what.includes("home") ? { HOME: await temporaryFolder({}) } : {};
    const { code, stderr } = await place.run(CALL, { cwd, env });
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringMatching(says) as string });
    expect(existsSync(path.join(cwd, "ran")) || place.hasRun()).toBe(false);
  });

  it("is not trusted by a record in the folder, which .env names", async () => {
    const { cwd, run, hasRun } = await shop();
    expect(await run(["trust", FILE], { env: { XDG_DATA_HOME: path.join(cwd, "data") } })).toMatchObject({
      code: 0,
    });
    expect(await readdir(path.join(cwd, "data", "naftiko", "trusted"))).toHaveLength(1);
    await writeFile(path.join(cwd, ".env"), `XDG_DATA_HOME=${cwd}/data\nHOME=${cwd}/home\n`);
    expect(await run(CALL)).toMatchObject({ code: 4 });
    expect(hasRun()).toBe(false);
  });

  it("is not trusted by a record that others may write", async () => {
    const { folder, run, hasRun } = await shop();
    expect(await run(["trust", FILE])).toMatchObject({ code: 0 });
    const records = path.join(folder, "home/.local/share/naftiko/trusted");
    for (const name of await readdir(records)) await chmod(path.join(records, name), 0o666);
    expect(await run(CALL)).toMatchObject({ code: 4 });
    expect(hasRun()).toBe(false);
  });

  describe.each([
    { of: "one that is trusted", isTrusted: true },
    { of: "one that is not", isTrusted: false },
  ])("of $of", ({ isTrusted }) => {
    it.each([
      { args: [...CALL, "--dry-run"], shows: "authorization: Bearer ***\n" },
      { args: [...CALL, "--dry-run", "--show-secrets"], shows: "authorization: Bearer ***\n" },
      { args: [...CALL, "--dry-run=json"], shows: '"Bearer ***"' },
      { args: [...CALL, "--dry-run=json", "--show-secrets"], shows: '"Bearer ***"' },
      { args: [...CALL, "--dry-run=curl"], shows: "$key" },
      { args: [...CALL, "--dry-run=curl", "--show-secrets"], shows: "Bearer ***" },
      { args: [...CALL, "--dry-run=httpie"], shows: "$key" },
      { args: [...CALL, "--dry-run=fetch"], shows: "key" },
      { args: [...CALL, "--dry-run=python"], shows: "key" },
      { args: [...CALL, "--dry-run=har"], shows: "key" },
      { args: [...CALL, "--dry-run", "--config", FILE], shows: "authorization: Bearer ***\n" },
      { args: [...CALL, "--mock"], shows: "{" },
      { args: [...CALL, "--help"], shows: "GET /" },
      {
        args: ["describe", "shop.yaml"],
        shows: "not read  (key by the command ./give-secret: describe runs no command)",
      },
      {
        args: ["describe", "shop.yaml", "ask", "--output", "json"],
        shows: '"problem":"describe runs no command"',
      },
      { args: ["describe", "shop.yaml", "--config", FILE], shows: "describe runs no command" },
      { args: ["validate", "shop.yaml"], shows: "shop.yaml" },
      { args: ["list", "--dir", "."], shows: "shop" },
    ])("runs nothing for $args", async ({ args, shows }) => {
      const { run, hasRun } = await shop();
      if (isTrusted) expect(await run(["trust", FILE])).toMatchObject({ code: 0 });
      const { code, stdout, stderr } = await run(args);
      expect({ code, hasRun: hasRun() }, stderr).toEqual({ code: 0, hasRun: false });
      expect(stdout).toContain(shows);
    });
  });

  it("is said to be not run where a call is only shown", async () => {
    const { run } = await shop();
    const { stderr } = await run([...CALL, "--dry-run"]);
    expect(stderr).toContain("note: *** stands for SHOP_KEY: a call that is only shown runs no command\n");
  });
});

describe("a file elsewhere that a configuration names", () => {
  const outside = () => shop(config("file:///./../secrets.yaml"));

  it("is not read for one that was found before it is trusted", async () => {
    const { folder, run, file } = await outside();
    await writeFile(path.join(folder, "secrets.yaml"), `key: ${SECRET}`);
    const refused = await run([...CALL, "--dry-run"]);
    expect(refused).toMatchObject({ code: 4, stdout: "" });
    expect(refused.stderr).toContain(`, and ${file} is not trusted)\n`);
    expect(refused.stderr).toContain(`\nnaftiko trust ${file} allows it\n`);
    expect((await run(["trust", FILE])).stdout).toContain("may read there:\n  shop: file:///./../secrets.yaml\n");
    expect(await run([...CALL, "--dry-run"])).toMatchObject({ code: 0 });
  });

  it("is not read as its caFile before it is trusted", async () => {
    const { folder, run, file } = await shop("capabilities: { shop: { caFile: ../ca.pem } }");
    await writeFile(path.join(folder, "ca.pem"), "no certificate");
    const refused = await run([...CALL, "--dry-run"]);
    expect(refused).toMatchObject({ code: 3, stdout: "" });
    expect(refused.stderr).toContain(`, and ${file} is not trusted; naftiko trust ${file} allows it\n`);
    expect((await run(["trust", FILE])).stdout).toContain("may read there:\n  shop: ../ca.pem\n");
    expect((await run([...CALL, "--dry-run"])).stderr).toContain("has no certificate in PEM");
  });

  it("is read for one that the caller has named", async () => {
    const { folder, run } = await outside();
    await writeFile(path.join(folder, "secrets.yaml"), `key: ${SECRET}`);
    expect(await run([...CALL, "--dry-run", "--config", FILE])).toMatchObject({ code: 0 });
  });
});

describe("naftiko trust", () => {
  it("says what cannot be written", async () => {
    const { file, run } = await shop("capabilities: {}");
    const { code, stderr } = await run(["trust", FILE], { env: { HOME: file } });
    expect({ code, stderr }).toEqual({
      code: 8,
      stderr: expect.stringMatching(/^error: Cannot keep what is trusted at \S+\/[^\n]+\(ENOTDIR\)[^\n]+\n$/) as string,
    });
  });

  it("shows every command, and keeps a private record", async () => {
    const { folder, run, file } = await shop(
      `capabilities:
  "*":
    binds: [ { namespace: a, location: "exec:first\\u001b[2K\\n\\r {key}", keys: { A: a } } ]
profiles:
  work: { capabilities: { shop: { binds: [ { namespace: b, location: "EXEC: second", keys: { B: b } } ] } } }
`,
    );
    expect(await run(["trust", FILE])).toEqual({
      code: 0,
      stderr: "",
      stdout: `${file}
may run these commands:
  *: first\\u001b[2K\\n\\u000d {key}
  shop: second
It is trusted as it is now; once it changes, or stands elsewhere, it is not
`,
    });
    const records = path.join(folder, "home/.local/share/naftiko/trusted");
    const [name = ""] = await readdir(records);
    expect(await readFile(path.join(records, name), "utf8")).toMatch(/^[0-9a-f]{64}\n/);
    const modes = await Promise.all([records, path.join(records, name)].map(async made => (await stat(made)).mode));
    expect(modes.map(mode => mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it("forgets with --remove", async () => {
    const { run, file, hasRun } = await shop();
    await run(["trust", FILE]);
    expect(await run(["trust", FILE, "--remove"])).toMatchObject({
      code: 0,
      stdout: `${file} is trusted no longer\n`,
    });
    expect(await run(["trust", FILE, "--remove"])).toMatchObject({ stdout: `${file} was not trusted\n` });
    expect(await run(CALL)).toMatchObject({ code: 4 });
    expect(hasRun()).toBe(false);
  });

  it.each([
    { what: "no file", args: ["none.yaml"], text: config(), code: 2, says: /there is no file \S+none\.yaml/ },
    {
      what: "what is no configuration",
      args: [FILE],
      text: "capabilities: 1",
      code: 3,
      says: /^error: Cannot use /,
    },
    { what: "no name", args: [], text: config(), code: 2, says: /An argument is missing/ },
  ])("refuses $what", async ({ args, text, code, says }) => {
    const { run } = await shop(text);
    const result = await run(["trust", ...args]);
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toMatch(says);
  });
});
