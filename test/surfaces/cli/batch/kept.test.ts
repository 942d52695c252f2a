import { spawn } from "node:child_process";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CapabilityDeclaration, capabilityText } from "../../../support/capability-text.ts";
import { COMMAND, type Finished, runCommand, startCommand } from "../../../support/run-command.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { answerJson, type ReceivedRequest, startUpstream, type Upstream } from "../../../support/upstream.ts";

/** Every so many-th row fails. */
const FAILING = 10;

let upstream: Upstream;
/** Answers that wait for {@link letGo}. */
let held: (() => void)[] | undefined;
let answerMs = 0;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const answer = () => answerRow(request, response);
    if (held !== undefined) held.push(answer);
    else if (answerMs > 0) setTimeout(answer, answerMs);
    else answer();
  });
});

afterAll(() => upstream.close());

function answerRow(request: ReceivedRequest, response: ServerResponse): void {
  const id = rowOf(request);
  answerJson(response, id % FAILING === 0 ? 422 : 200, { id });
}

/** Rows have the numbers 1, 2, 3 … as their input. */
function rowOf({ url }: ReceivedRequest): number {
  return Number(new URL(url, upstream.url).searchParams.get("id"));
}

const WITH_TOKEN = { binds: { TOKEN: "TOKEN" }, authentication: { type: "bearer", token: "{{TOKEN}}" } };

/** Makes a folder with a capability and rows. */
async function newFolder(rows: number, given: Partial<CapabilityDeclaration> = {}): Promise<string> {
  return temporaryFolder({
    "demo.yaml": capabilityText({
      ...given,
      namespace: "demo",
      baseUri: upstream.url,
      operations: [
        {
          name: "add",
          method: "POST",
          path: "/items",
          inputParameters: [{ name: "id", in: "query", type: "integer", required: true }],
          outputRawFormat: "json",
          outputParameters: [{ name: "id", type: "number", value: "$.id" }],
        },
      ],
    }),
    "rows.csv": `id\n${numbers(rows).join("\n")}\n`,
  });
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

const ARGUMENTS = ["batch", "demo.yaml", "add", "--from", "rows.csv", "--out", "out.jsonl", "--failed", "failed.jsonl"];

async function rowsIn(folder: string, name: string): Promise<number[]> {
  const text = await readFile(path.join(folder, name), "utf8");
  return text.split("\n").flatMap(line => (line === "" ? [] : [JSON.parse(line).row as number]));
}

/** Expects each row once in the outputs, those that fail in the file for them. */
async function expectAll(folder: string, rows: number): Promise<void> {
  const isFailed = (row: number) => row % FAILING === 0;
  const sorted = async (name: string) => (await rowsIn(folder, name)).sort((a, b) => a - b);
  expect(await sorted("out.jsonl")).toEqual(numbers(rows).filter(row => !isFailed(row)));
  expect(await sorted("failed.jsonl")).toEqual(numbers(rows).filter(isFailed));
}

describe("naftiko batch --out", () => {
  it.each([
    { name: "the policy refuses", refused: ["--deny", "add"], given: {}, code: 2 },
    { name: "a person has to confirm", refused: ["--confirm", "writes"], given: {}, code: 2 },
    { name: "a variable is missing", refused: [], given: WITH_TOKEN, code: 4 },
  ])("leaves nothing of a run that cannot begin: $name", async ({ refused, given, code }) => {
    const folder = await newFolder(3, given);
    const before = await readdir(folder);
    upstream.requests.length = 0;
    expect(await runCommand([...ARGUMENTS, ...refused], { cwd: folder })).toMatchObject({ code });
    expect(await readdir(folder)).toEqual(before);
    expect(upstream.requests).toEqual([]);
    expect(await runCommand(ARGUMENTS, { cwd: folder, env: { TOKEN: "t" } })).toMatchObject({ code: 0 });
  });

  it.each(["finished", "rows"])("has each row once after ten kills (order: %s)", async order => {
    const rows = 2_000;
    const concurrency = 8;
    const folder = await newFolder(rows);
    upstream.requests.length = 0;
    answerMs = 2;
    const args = [...ARGUMENTS, "--resume", "--order", order, "--concurrency", String(concurrency)];
    for (let kill = 1; kill <= 10; kill++) {
      const { child, finished } = await startCommand(args, { cwd: folder });
      const before = upstream.requests.length;
      const after = 1 + Math.floor(Math.random() * 150);
      while (upstream.requests.length < before + after) await new Promise(resolve => setTimeout(resolve, 1));
      child.kill("SIGKILL");
      expect((await finished).code).toBeNull();
    }
    const { code, stderr } = await runCommand(args, { cwd: folder });
    answerMs = 0;
    expect({ code, stderr }).toMatchObject({ code: 5 });
    await expectAll(folder, rows);
    if (order === "rows")
      expect(await rowsIn(folder, "out.jsonl")).toEqual((await rowsIn(folder, "out.jsonl")).sort((a, b) => a - b));
    expect(upstream.requests.length).toBeLessThanOrEqual(rows + 10 * concurrency);
    const keys = new Map<number, Set<unknown>>();
    for (const request of upstream.requests) {
      const sent = keys.get(rowOf(request)) ?? new Set();
      keys.set(rowOf(request), sent.add(request.headers["idempotency-key"]));
    }
    expect([...keys.values()].filter(sent => sent.size !== 1 || sent.has(undefined))).toEqual([]);
    expect(new Set([...keys.values()].flatMap(sent => [...sent])).size).toBe(rows);
  });

  it("stops where the disk is full, and goes on when there is room", async () => {
    const rows = 1_000;
    const folder = await newFolder(rows);
    upstream.requests.length = 0;
    const { code, stderr } = await shell(`ulimit -f 32; exec "$@"`, ARGUMENTS, folder);
    expect(stderr).toMatch(
      /^error: Cannot write .*out\.jsonl\.journal: the file would be larger than is allowed \(EFBIG\).*--resume/m,
    );
    expect(code).toBe(8);
    const sent = upstream.requests.length;
    expect(sent).toBeLessThan(rows);
    const resumed = await runCommand([...ARGUMENTS, "--resume"], { cwd: folder });
    expect(resumed).toMatchObject({ code: 5 });
    await expectAll(folder, rows);
    // The rows that ended when nothing could be written.
    expect(upstream.requests.length).toBeLessThanOrEqual(rows + 10);
  });

  it("sends nothing for a finished run, and refuses to write over it", async () => {
    const folder = await newFolder(25);
    expect((await runCommand([...ARGUMENTS, "--resume"], { cwd: folder })).code).toBe(5);
    upstream.requests.length = 0;
    const again = await runCommand([...ARGUMENTS, "--resume"], { cwd: folder });
    expect(again).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("all 25 rows") });
    const other = await runCommand(ARGUMENTS, { cwd: folder });
    expect(other).toMatchObject({ code: 2, stderr: expect.stringMatching(/out\.jsonl is there already: .*--resume/) });
    expect(upstream.requests).toEqual([]);
    await expectAll(folder, 25);
  });

  it.each([
    {
      of: "rows",
      change: (folder: string) => appendFile(path.join(folder, "rows.csv"), "26\n"),
      message: /rows have changed/,
    },
    {
      of: "a capability",
      change: (folder: string) =>
        writeFile(
          path.join(folder, "demo.yaml"),
          capabilityText({
            namespace: "demo",
            baseUri: upstream.url,
            operations: [
              {
                name: "add",
                method: "PUT",
                path: "/items",
                inputParameters: [{ name: "id", in: "query", type: "integer" }],
              },
            ],
          }),
        ),
      message: /the capability has changed/,
    },
    { of: "options", args: ["--set", "id=7"], message: /--set was not given/ },
    { of: "a part of the rows", args: ["--shard", "1/2"], message: /--shard was 1\/1 and is 1\/2/ },
  ])("refuses to go on with other $of, and sends nothing", async ({ change, args = [], message }) => {
    const folder = await newFolder(25);
    await runCommand(ARGUMENTS, { cwd: folder });
    await change?.(folder);
    upstream.requests.length = 0;
    const { code, stderr } = await runCommand([...ARGUMENTS, "--resume", ...args], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(message) });
    expect(upstream.requests).toEqual([]);
  });

  it.each(["--out", "--failed"])("takes - for no file of %s", async option => {
    const folder = await newFolder(1);
    const args = ["batch", "demo.yaml", "add", "--from", "rows.csv", option, "-"];
    const { code, stderr } = await runCommand(args, { cwd: folder });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining("leave --out away for standard output"),
    });
    expect(await readdir(folder)).toEqual(["demo.yaml", "rows.csv"]);
  });

  it("refuses a second process, and tells the first one's id", async () => {
    const folder = await newFolder(25);
    upstream.requests.length = 0;
    held = [];
    const first = await startCommand(ARGUMENTS, { cwd: folder });
    while (held.length === 0) await new Promise(resolve => setTimeout(resolve, 5));
    for (const args of [[], ["--resume"]]) {
      const { code, stderr } = await runCommand([...ARGUMENTS, ...args], { cwd: folder });
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`(pid ${first.child.pid})`) });
    }
    letGo();
    expect((await first.finished).code).toBe(5);
    expect(upstream.requests.length).toBe(25);
    await expectAll(folder, 25);
  });
});

function letGo(): void {
  for (const answer of held ?? []) answer();
  held = undefined;
}

/** Runs the command below a script of the shell, which gets it as its arguments. */
async function shell(script: string, args: readonly string[], cwd: string): Promise<Finished> {
  const child = spawn("bash", ["-c", script, "bash", process.execPath, "--", COMMAND, ...args], { cwd });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", text => {
      printed[name] += text;
    });
  }
  return new Promise(resolve => child.on("close", code => resolve({ code, ...printed })));
}
