import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { Cassette } from "../../../src/net/cassette/cassette.ts";
import { capabilityText, input } from "../../support/capability-text.ts";
import { runCommand, startCommand } from "../../support/run-command.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const env = { API_TOKEN: "t0ken-of-the-test" };

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  let count = 0;
  let polls = 0;
  upstream = await startUpstream((request, response) => {
    count++;
    const { pathname, searchParams } = new URL(request.url, "http://any.test");
    const offset = Number(searchParams.get("offset") ?? 0);
    if (pathname === "/v1/list")
      answerJson(response, 200, { data: [1, 2, 3].slice(offset, offset + 2), total_count: 3 });
    else if (pathname === "/v1/job") answerJson(response, 200, { status: ++polls % 3 === 0 ? "done" : "busy" });
    else if (request.url.includes("/gone")) answerJson(response, 404, { error: request.headers.authorization });
    else answerJson(response, 200, { count, told: request.headers.authorization });
  });
  folder = await temporaryFolder({
    "capabilities/shop.yaml": capabilityText({
      baseUri: `${upstream.url}/v1`,
      binds: { API_TOKEN: "API_TOKEN" },
      authentication: { type: "bearer", token: "{{API_TOKEN}}" },
      operations: [
        { name: "get", method: "GET", path: "/things", inputParameters: [input("q", "query")] },
        { name: "gone", method: "GET", path: "/gone" },
        {
          name: "list",
          method: "GET",
          path: "/list",
          inputParameters: [input("offset", "query", "integer"), input("limit", "query")],
        },
        { name: "job", method: "GET", path: "/job" },
        { name: "add", method: "POST", path: "/things", inputParameters: [input("name", "body")] },
        { name: "check", method: "HEAD", path: "/things", outputRawFormat: "text" },
      ],
    }),
  });
});

afterAll(() => upstream.close());

const run = (args: readonly string[], more: Readonly<Record<string, string>> = env) =>
  runMain(["run", "shop", ...args], { cwd: folder, env: more });
const tape = async (name: string) => parse(await readFile(path.join(folder, name), "utf8")) as Cassette;

describe("run --record and --replay", () => {
  it("give the same result, the second without network and variables", async () => {
    const recorded = await run(["add", "--name", "x", "--record", "add.yaml"]);
    expect(recorded).toMatchObject({ code: 0, stderr: "" });
    expect(await readFile(path.join(folder, "add.yaml"), "utf8")).not.toContain(env.API_TOKEN);
    const before = upstream.requests.length;
    const replayed = await run(["add", "--name", "x", "--replay", "add.yaml"], {});
    const { count } = JSON.parse(recorded.stdout) as { count: number };
    expect(replayed).toEqual({ code: 0, stdout: `{"count":${count},"told":"Bearer ***"}\n`, stderr: "" });
    expect(upstream.requests).toHaveLength(before);
  });

  it.each([
    { what: "a walk through pages", args: ["list", "--all"], calls: 2, stdout: "1\n2\n3\n" },
    {
      what: "a wait",
      args: ["job", "--until", "$.status == 'done'", "--every", "10ms"],
      calls: 3,
      stdout: '{"status":"done"}\n',
    },
  ])("keep each call of $what", async ({ args, calls, stdout }) => {
    const file = `${args[0]}-calls.yaml`;
    expect(await run([...args, "--record", file, "--quiet"])).toEqual({ code: 0, stdout, stderr: "" });
    expect((await tape(file)).interactions).toHaveLength(calls);
    const before = upstream.requests.length;
    expect(await run([...args, "--replay", file, "--quiet"], {})).toEqual({ code: 0, stdout, stderr: "" });
    expect(upstream.requests).toHaveLength(before);
  });

  it("record an API's refusal, too", async () => {
    expect(await run(["gone", "--record", "gone.yaml"])).toMatchObject({ code: 5, stdout: "" });
    const replayed = await run(["gone", "--replay", "gone.yaml"], {});
    expect(replayed).toMatchObject({ code: 5, stdout: "" });
    expect(replayed.stderr).toMatch(/^gone: HTTP 404 Not Found\n/);
  });

  it("record anew or behind", async () => {
    await run(["get", "--record", "more.yaml"]);
    await run(["get", "--q", "1", "--record-append", "more.yaml", "--redact", "count", "--redact", "q"]);
    const { interactions } = await tape("more.yaml");
    expect(interactions.map(({ request }) => request.url)).toEqual([
      `${upstream.url}/v1/things`,
      `${upstream.url}/v1/things?q=***`,
    ]);
    expect(interactions[1]?.response.body).toEqual({ json: { count: "***", told: "Bearer ***" } });
    await run(["get", "--record", "more.yaml"]);
    expect((await tape("more.yaml")).interactions).toHaveLength(1);
  });

  it("tell the nearest call of one that is not recorded", async () => {
    await run(["add", "--name", "x", "--record", "near.yaml"]);
    const replayed = await run(["add", "--name", "y", "--replay", "near.yaml"], {});
    expect(replayed).toEqual({
      code: 6,
      stdout: "",
      stderr: `error: add: Cannot replay POST /v1/things: near.yaml has no such call; the nearest is call 1 of 1, POST /v1/things, which differs in body.name
  - body.name: "x"
  + body.name: "y"
`,
    });
    const json = await run(["add", "--name", "y", "--replay", "near.yaml", "--output", "json"], {});
    expect(JSON.parse(json.stderr)).toMatchObject({
      error: {
        code: "NOT_RECORDED",
        details: { operation: "add", nearest: { differences: [{ part: "body.name" }] } },
      },
    });
  });

  it("record the sandbox of --mock", async () => {
    expect(await run(["get", "--mock", "--record", "mock.yaml", "--quiet"], {})).toMatchObject({ code: 0 });
    expect((await tape("mock.yaml")).interactions).toHaveLength(1);
  });

  it("work in the built command", async () => {
    const options = { cwd: folder, env };
    expect(await runCommand(["run", "shop", "get", "--record", "built.yaml"], options)).toMatchObject({
      code: 0,
    });
    const replayed = await runCommand(["run", "shop", "get", "--replay", "built.yaml", "--verbose"], {
      cwd: folder,
    });
    expect(replayed).toMatchObject({ code: 0, stdout: expect.stringContaining('"count"') });
    const unknown = await runCommand(["run", "shop", "gone", "--replay", "built.yaml"], { cwd: folder });
    expect(unknown).toMatchObject({ code: 6, stdout: "" });
  });

  it.each([
    {
      args: ["--record", "a.yaml", "--replay", "b.yaml"],
      message: "Options --record and --replay exclude each other",
    },
    { args: ["--record", "a.yaml", "--record-append", "b.yaml"], message: "exclude each other" },
    { args: ["--record", "a.yaml", "--dry-run"], message: "--dry-run makes none" },
    { args: ["--replay", "a.yaml", "--dry-run=curl"], message: "--dry-run makes none" },
    { args: ["--replay", "a.yaml", "--mock"], message: "both stand for the API" },
    { args: ["--redact", "x"], message: "add --record FILE" },
    { args: ["--redact", "x", "--replay", "a.yaml"], message: "add --record FILE" },
    { args: ["--record"], message: "No value given for --record" },
    { args: ["--record", "a.yaml", "--record", "b.yaml"], message: "is given 2 times" },
    { args: ["--replay", "none.yaml"], message: "none.yaml: there is no such file" },
    { args: ["--record", "none/a.yaml"], message: "none/a.yaml: there is no such folder" },
  ])("refuse $args", async ({ args, message }) => {
    const before = upstream.requests.length;
    const result = await run(["get", ...args]);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(message);
    expect(upstream.requests).toHaveLength(before);
  });

  it.each([
    ["capabilities/shop.yaml", 'the unknown member "naftiko"'],
    [".", "EISDIR"],
  ])("refuse to replay %s", async (file, message) => {
    const result = await run(["get", "--replay", file], {});
    expect(result).toMatchObject({ code: 6, stdout: "" });
    expect(result.stderr).toContain(message);
  });
});

describe("mock --replay", () => {
  it("serves recorded calls", async () => {
    await run(["get", "--record", "served.yaml"]);
    await run(["add", "--name", "x", "--record-append", "served.yaml"]);
    await run(["check", "--record-append", "served.yaml"]);
    const { waitFor, child, finished } = await startCommand(["mock", "--replay", "served.yaml"], {
      cwd: folder,
    });
    const [, url = ""] = await waitFor(/^3 recorded calls on (http:\S+)$/m);
    await waitFor(new RegExp(`in place of ${upstream.url}$`, "m"));
    const call = ["run", "shop", "--base-uri", `${url}/v1`];
    const before = upstream.requests.length;
    const options = { cwd: folder, env: { API_TOKEN: "another" } };
    expect(await runMain([...call, "get"], options)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/told.*\*\*\*/),
    });
    expect(await runMain([...call, "add", "--name", "x"], options)).toMatchObject({ code: 0 });
    expect(await runMain([...call, "check"], options)).toMatchObject({ code: 0 });
    const unknown = await runMain([...call, "add", "--name", "z"], options);
    expect(unknown).toMatchObject({ code: 5, stdout: "" });
    expect(unknown.stderr).toContain('"not_recorded"');
    expect(unknown.stderr).toContain("+ body.name");
    const tooLong = await fetch(url, { method: "POST", body: "x".repeat(11 * 1024 * 1024) });
    expect(tooLong.status).toBe(413);
    expect(upstream.requests).toHaveLength(before);
    child.kill("SIGINT");
    const { code, stderr } = await finished;
    expect(code).toBe(130);
    expect(stderr).toContain("200 GET /v1/things\n");
    expect(stderr).toContain("404 POST /v1/things\n");
  });

  it("serves an answer that a person has written", async () => {
    const answer = "{ status: 201, headers: { transfer-encoding: chunked, x-a: [b, c] }, body: { text: hello } }";
    await writeFile(
      path.join(folder, "hand.yaml"),
      `interactions:\n- request: { method: GET, url: 'https://a.test/x' }\n  response: ${answer}\n`,
    );
    const { waitFor, child, finished } = await startCommand(["mock", "--replay", "hand.yaml", "--quiet"], {
      cwd: folder,
    });
    const [, url = ""] = await waitFor(/^1 recorded call on (http:\S+)$/m);
    const response = await fetch(`${url}/x`);
    expect({ status: response.status, a: response.headers.get("x-a"), text: await response.text() }).toEqual({
      status: 201,
      a: "b, c",
      text: "hello",
    });
    child.kill("SIGTERM");
    expect(await finished).toMatchObject({ code: 130, stderr: "" });
  });

  it.each([
    { args: ["mock"], code: 2, message: "An argument is missing" },
    { args: ["mock", "shop", "--replay", "x.yaml"], code: 2, message: "leave capabilities and --seed out" },
    {
      args: ["mock", "--seed", "s.yaml", "--replay", "x.yaml"],
      code: 2,
      message: "leave capabilities and --seed out",
    },
    { args: ["mock", "--replay"], code: 2, message: "No value given for --replay" },
    {
      args: ["mock", "--replay", "x.yaml"],
      code: 6,
      message: "x.yaml: there is no such file or folder (ENOENT)",
    },
  ])("$args is refused", async ({ args, code, message }) => {
    const result = await runCommand(args, { cwd: folder });
    expect(result).toMatchObject({ code, stdout: "" });
    expect(result.stderr).toContain(message);
  });
});
