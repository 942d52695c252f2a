import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDuration } from "../../../src/base/duration.ts";
import { capabilityText, input } from "../../support/capability-text.ts";
import { runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";
import { expectFailure, type Failure } from "./expect-failure.ts";
import { runInTerminal } from "./fake-terminal.ts";

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  const asked = new Map<string, number>();
  upstream = await startUpstream(({ url }, response) => {
    const { searchParams } = new URL(url, "http://any.test");
    const id = searchParams.get("id") ?? "";
    const count = (asked.get(id) ?? 0) + 1;
    asked.set(id, count);
    // "job-3" is done when it is asked for the third time.
    const status = count >= Number(id.split("-")[1]) ? "done" : "open";
    if (id.startsWith("busy") && count === 1) answerJson(response, 503, {});
    else if (id.startsWith("gone")) answerJson(response, 404, { message: "gone" });
    else answerJson(response, 200, { status, count, token: "secret-token" });
  });
  folder = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({
      namespace: "api",
      baseUri: upstream.url,
      binds: { API_TOKEN: "API_TOKEN" },
      operations: [{ name: "job", method: "GET", path: "/job", inputParameters: [input("id", "query")] }],
    }),
  });
});

afterAll(() => upstream.close());

const env = { API_TOKEN: "secret-token" };
const DONE = ["--until", "$.status == 'done'", "--every", "5ms"];

function run(...args: string[]) {
  return runCommand(["run", "api", "job", ...args], { cwd: folder, env });
}

describe("run --until", () => {
  it("calls until the outputs match, and prints these", async () => {
    expect(await run("--id", "job-3", ...DONE)).toEqual({
      code: 0,
      stdout: '{"status":"done","count":3,"token":"secret-token"}\n',
      stderr: "",
    });
  });

  it("prints what --select and --output ask for", async () => {
    expect((await run("--id", "sel-2", ...DONE, "--select", "$.status")).stdout).toBe("done\n");
    expect((await run("--id", "yaml-2", ...DONE, "--output", "yaml")).stdout).toContain("status: done\n");
  });

  it("goes on after a failure that may pass, and ends with one that does not", async () => {
    expect(await run("--id", "busy-2", "--retries", "0", ...DONE)).toMatchObject({ code: 0, stderr: "" });
    const gone = await run("--id", "gone-2", ...DONE);
    expect(gone).toMatchObject({ code: 5, stdout: "" });
    expect(gone.stderr).toContain("job: HTTP 404 Not Found");
  });

  it("tells the last outputs when the time is over, with secrets masked", async () => {
    await expectFailure({
      args: ["run", "api", "job", "--id", "never-999999", ...DONE, "--for", "200ms"],
      cwd: folder,
      env,
      code: 6,
      error: "TIMEOUT",
      stderr: [
        /error: job: \$\.status == 'done' did not hold within 200 ms \(\d+ calls?\); the last outputs were \{"status":"open","count":\d+,"token":"\*\*\*"\}/,
      ],
      absent: ["secret-token"],
      details: {
        operation: "job",
        timeoutMs: 200,
        outputs: expect.objectContaining({ status: "open", token: "***" }),
      },
    });
  });

  it("sends nothing with --dry-run", async () => {
    const before = upstream.requests.length;
    expect((await run("--id", "dry-1", ...DONE, "--dry-run")).stdout).toMatch(/^GET http/);
    expect(upstream.requests).toHaveLength(before);
  });

  it("asks a sandbox with --mock", async () => {
    const { code, stdout } = await run(...DONE.slice(2), "--until", "@.id || !@.id", "--mock");
    expect({ code, lines: stdout.split("\n").length }).toEqual({ code: 0, lines: 2 });
  });

  it("is interrupted", async () => {
    const running = await startCommand(
      ["run", "api", "job", "--id", "stop-999999", "--until", "$.status == 'done'", "--every", "1h", "--for", "2h"],
      { cwd: folder, env },
    );
    while (!upstream.requests.some(({ url }) => url.includes("stop-")))
      await new Promise(resolve => setTimeout(resolve, 5));
    running.child.kill("SIGINT");
    expect(await running.finished).toMatchObject({ code: 130, stdout: "" });
  });

  it("shows how far it is on a terminal, in one line that goes away", async () => {
    const args = ["run", "api", "job", "--id", "term-3", ...DONE, "--select", "$.count"];
    const { stdout, stderr } = await runInTerminal(args, { cwd: folder, env });
    expect(stdout).toBe("3\n");
    const line = "\r\u001b[2K";
    const text = `${line}waiting for $.status == 'done'`;
    expect(stderr).toBe(`${text}…${text}: 1 call, 1 s…${text}: 2 calls, 1 s…${line}`);
  });
});

const failures: readonly Failure[] = [
  ["--until", "done", 'Cannot read --until "done" as a JSONPath filter: "done" is not known in a filter'],
  ["--until", "$.a ==", "the filter ends too early (at the end); write it as"],
  ["--until", "", "the filter ends too early"],
  ["--every", "5", 'Option --every takes a duration such as 500ms, 5s, 2m or 1h, found "5"; 5 seconds are 5s'],
  ["--for", "1.5", 'found "1.5"; 1.5 seconds are 1.5s'],
  ["--every", "0s", 'found "0s"'],
  ["--for", "-1s", 'found "-1s"'],
  ["--for", "99999h", 'found "99999h"'],
].map(([option = "", text = "", stderr = ""]) => ({
  args: ["run", "api", "job", ...(option === "--until" ? [] : ["--until", "$.a"]), `${option}=${text}`],
  code: 2,
  error: "USAGE",
  stderr: [stderr],
}));

describe("run --until, refused before the first call", () => {
  it.each(failures)("$args", async failure => {
    const before = upstream.requests.length;
    await expectFailure({ cwd: folder, env, ...failure });
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("parseDuration()", () => {
  it.each([
    ["500ms", 500],
    ["5s", 5_000],
    ["2m", 120_000],
    ["1h", 3_600_000],
    ["1.5s", 1_500],
    ["0.5ms", 1],
    ["0s", 0],
    ["1000h", 3_600_000_000],
  ] as const)("%s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["", "5", "s", "5 s", "5d", "-5s", "+5s", "1e3s", "5s5s", "Infinitys"])("%j is none", text => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
