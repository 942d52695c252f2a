import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../support/capability-text.ts";
import { MARK, markedSecret } from "../../support/marked-secret.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";
import { expectFailure } from "./expect-failure.ts";

let upstream: Upstream;
/** A folder of its own for each test, with a home below it. */
let cwd: string;
let env: Readonly<Record<string, string>>;
let asked: number;

beforeAll(async () => {
  upstream = await startUpstream((_, response) => {
    asked++;
    response.writeHead(200, { "content-type": "application/json", "cache-control": "private, max-age=600" });
    response.end(JSON.stringify({ asked, done: asked > 1 }));
  });
});

afterAll(() => upstream.close());

beforeEach(async () => {
  asked = 0;
  cwd = await temporaryFolder({
    "capabilities/shop.yaml": capabilityText({
      baseUri: `${upstream.url}/v1`,
      binds: { API_TOKEN: "API_TOKEN" },
      authentication: { type: "bearer", token: "{{API_TOKEN}}" },
      operations: [
        { name: "get", method: "GET", path: "/things", inputParameters: [input("api_key", "query")] },
        { name: "other", method: "GET", path: "/others" },
        { name: "add", method: "POST", path: "/things" },
      ],
    }),
    "overlay.yaml": "capabilities:\n  shop:\n    cache: true\n    operations:\n      other: { cache: false }\n",
    "bad.sqlite": "This is no database. ".repeat(100),
  });
  env = { HOME: path.join(cwd, "home"), API_TOKEN: markedSecret("token") };
});

/** Runs an operation and gives how many requests the API had seen when it answered. */
async function call(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const finished = await runCommand(["run", "shop", ...args], { cwd, env: { ...env, ...more } });
  expect({ code: finished.code, stderr: finished.stderr }).toEqual({ code: 0, stderr: "" });
  return (JSON.parse(finished.stdout) as { asked: unknown }).asked;
}

describe("run --cache", () => {
  it("asks once for two calls, and keeps the answer for its owner alone", async () => {
    expect(await call(["get", "--cache"])).toBe(1);
    expect(await call(["get", "--cache"])).toBe(1);
    const folder = path.join(cwd, "home", ".cache", "naftiko");
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, "answers.sqlite")).mode & 0o777).toBe(0o600);
  });

  it("asks again without it", async () => {
    await call(["get", "--cache"]);
    expect(await call(["get"])).toBe(2);
  });

  it("keeps them in the folder that the environment names", async () => {
    const cache = path.join(cwd, "elsewhere");
    await call(["get", "--cache"], { XDG_CACHE_HOME: cache });
    expect(existsSync(path.join(cache, "naftiko", "answers.sqlite"))).toBe(true);
  });

  it("keeps them in a file, without any credential", async () => {
    const secret = ["--api_key", markedSecret("key")];
    expect(await call(["get", "--cache=mine.sqlite", ...secret])).toBe(1);
    expect(await call(["get", "--cache=mine.sqlite", ...secret])).toBe(1);
    expect(existsSync(path.join(cwd, "home"))).toBe(false);
    const files = readdirSync(cwd).filter(name => name.startsWith("mine.sqlite"));
    const held = files.map(name => readFileSync(path.join(cwd, name), "latin1")).join("\n");
    expect(held.includes('{"asked":1')).toBe(true);
    expect(held.includes(MARK)).toBe(false);
  });

  it("gives no answer to another credential", async () => {
    await call(["get", "--cache"]);
    expect(await call(["get", "--cache"], { API_TOKEN: "another" })).toBe(2);
    expect(await call(["get", "--cache"])).toBe(1);
  });

  it("forgets an answer after a change", async () => {
    await call(["get", "--cache"]);
    await call(["add", "--cache"]);
    expect(await call(["get", "--cache"])).toBe(3);
  });

  it("may be used by many at once", async () => {
    const calling = Array.from({ length: 8 }, () => call(["get", "--cache=mine.sqlite"]));
    const found = (await Promise.all(calling)) as number[];
    expect(found.every(number => number >= 1 && number <= 8)).toBe(true);
    const before = asked;
    expect(await call(["get", "--cache=mine.sqlite"])).toBeLessThanOrEqual(before);
    expect(asked).toBe(before);
  });

  it("does not answer --until", async () => {
    await call(["get", "--cache"]);
    expect(asked).toBe(1);
    expect(await call(["get", "--cache", "--until", "$.done", "--every", "1ms"])).toBe(2);
  });

  it("answers --output raw", async () => {
    await call(["get", "--cache"]);
    expect(await call(["get", "--cache", "--output", "raw"])).toBe(1);
  });

  it("warns of a file that it cannot use, and calls without", async () => {
    const args = ["run", "shop", "get", "--cache=bad.sqlite"];
    const { code, stdout, stderr } = await runCommand(args, { cwd, env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"asked":1,"done":false}\n' });
    expect(stderr).toBe(
      `warning: The cache ${path.join(cwd, "bad.sqlite")} is not used: it is not a database; choose another file, or delete it\n`,
    );
    expect((await runCommand([...args, "--quiet"], { cwd, env })).stderr).toBe("");
    expect(readFileSync(path.join(cwd, "bad.sqlite"), "utf8")).toMatch(/^This is no database/);
  });

  it("sends nothing, and makes no file, with --dry-run", async () => {
    const { code, stdout } = await runCommand(["run", "shop", "get", "--cache", "--dry-run"], { cwd, env });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^GET /);
    expect(existsSync(path.join(cwd, "home"))).toBe(false);
    expect(asked).toBe(0);
  });

  it("is what an overlay says of an operation, unless it is turned off", async () => {
    const overlaid = ["--config", "overlay.yaml"];
    expect(await call(["get", ...overlaid])).toBe(1);
    expect(await call(["get", ...overlaid])).toBe(1);
    expect(await call(["get", ...overlaid, "--cache=false"])).toBe(2);
    expect(await call(["other", ...overlaid, "--cache"])).toBe(3);
    expect(await call(["other", ...overlaid, "--cache"])).toBe(4);
  });

  it.each<{ args: readonly string[]; says: RegExp }>([
    { args: ["--cache", "mine.sqlite"], says: /Unexpected argument "mine.sqlite": .*--cache=FILE/ },
    { args: ["--cache="], says: /No file given for --cache=/ },
    { args: ["--cache=no/such/folder.sqlite"], says: /Cannot keep answers in .*: there is no such folder/ },
    { args: ["--cache", "--mock"], says: /Options --cache and --mock exclude each other/ },
    { args: ["--cache", "--record", "a.yaml"], says: /Options --cache and --record exclude each other/ },
    { args: ["--cache", "--record-append", "a.yaml"], says: /Options --cache and --record-append exclude/ },
    { args: ["--cache=a", "--replay", "a.yaml"], says: /Options --cache and --replay exclude each other/ },
  ])("refuses $args", async ({ args, says }) => {
    await expectFailure({
      args: ["run", "shop", "get", ...args],
      cwd,
      env,
      code: 2,
      error: "USAGE",
      stderr: [says],
    });
    expect(asked).toBe(0);
  });
});
