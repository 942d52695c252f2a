import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { capabilityText, required } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";
import { runInTerminal } from "./fake-terminal.ts";

const KEYS = [
  { id: 1, name: "ci", owner: { name: "Ann" }, note: null },
  { id: 22, name: "a much longer name than the others, so long that it is cut", owner: { name: "Bo" } },
];

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    if (request.url.startsWith("/keys")) answerJson(response, 200, { data: KEYS, total: 2 });
    else if (request.url.startsWith("/refused")) answerJson(response, 403, { message: "no" });
    else answerJson(response, 200, request);
  });
  folder = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({
      namespace: "api",
      baseUri: upstream.url,
      binds: { API_TOKEN: "API_TOKEN" },
      operations: [
        {
          name: "keys",
          method: "GET",
          path: "/keys",
          outputParameters: [{ name: "result", type: "object", value: "$." }],
        },
        {
          name: "one",
          method: "GET",
          path: "/keys/one",
          outputParameters: [
            { name: "first", type: "string", value: "$.data[0].name" },
            { name: "missing", type: "string", value: "$.nothing" },
          ],
        },
        {
          name: "echo",
          method: "POST",
          path: "/echo",
          inputParameters: [required("body", "body", "object")],
        },
        { name: "refused", method: "GET", path: "/refused" },
      ],
    }),
  });
});

afterAll(() => upstream.close());

const env = { API_TOKEN: "secret-token" };

function run(...args: string[]) {
  return runCommand(["run", "api", ...args], { cwd: folder, env });
}

const RESULT = { result: { data: KEYS, total: 2 } };

describe.concurrent("run prints the result in the form that is asked for", () => {
  it.each([
    { name: "compact JSON in a pipe", args: ["keys"], stdout: `${JSON.stringify(RESULT)}\n` },
    { name: "JSON by name", args: ["keys", "--output", "json"], stdout: `${JSON.stringify(RESULT)}\n` },
    {
      name: "the body as received",
      args: ["keys", "--output", "raw"],
      stdout: JSON.stringify(RESULT.result),
    },
    {
      name: "a table of the list inside",
      args: ["keys", "--output", "table"],
      stdout: [
        "id  name                                      owner           note",
        '1   ci                                        {"name":"Ann"}',
        '22  a much longer name than the others, so …  {"name":"Bo"}',
        "",
      ].join("\n"),
    },
    { name: "a table of one object", args: ["one", "--output=table"], stdout: "first    ci\nmissing\n" },
    {
      name: "a string of the outputs, bare",
      args: ["keys", "--select", "$.result.data[0].name"],
      stdout: "ci\n",
    },
    { name: "a number of the outputs", args: ["keys", "--select", "$.result.total"], stdout: "2\n" },
    {
      name: "a list of the outputs",
      args: ["keys", "--select", "$.result.data[*].owner.name"],
      stdout: '["Ann","Bo"]\n',
    },
    {
      name: "what a filter finds",
      args: ["keys", "--select", "$.result.data[?(@.id > 1)].id"],
      stdout: "[22]\n",
    },
    { name: "nothing found by a definite path", args: ["keys", "--select", "$.nope"], stdout: "null\n" },
    {
      name: "nothing found by a wildcard",
      args: ["keys", "--select", "$.result.data[*].nope"],
      stdout: "[]\n",
    },
    { name: "everything", args: ["one", "--select", "$"], stdout: '{"first":"ci","missing":null}\n' },
    {
      name: "a table of a selection",
      args: ["keys", "--select", "$.result.data[*].owner", "--output", "table"],
      stdout: "name\nAnn\nBo\n",
    },
  ])("$name", async ({ args, stdout }) => {
    expect(await run(...args)).toEqual({ code: 0, stdout, stderr: "" });
  });

  it("YAML", async () => {
    const { code, stdout, stderr } = await run("keys", "--output", "yaml");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^result:\n {2}data:\n {4}- id: 1\n {6}name: ci\n/);
    expect(parse(stdout)).toEqual(RESULT);
  });

  it("YAML of a selection", async () => {
    expect(await run("keys", "--output", "yaml", "--select", "$.result.data[*].id")).toMatchObject({
      code: 0,
      stdout: "- 1\n- 22\n",
    });
  });
});

describe.concurrent("run --dry-run prints the request and sends nothing", () => {
  const body = ["--body", '{"name":"ci"}'];
  const note =
    'note: "api" declares no authentication, so API_TOKEN is sent as a bearer token; --no-implied-auth turns it off\n';

  it("as text", async () => {
    const sent = upstream.requests.length;
    const { code, stdout, stderr } = await run("echo", ...body, "--dry-run", "--base-uri", "https://never.invalid/v1");
    expect({ code, stderr }).toEqual({ code: 0, stderr: note });
    expect(stdout).toMatch(
      /^POST https:\/\/never\.invalid\/v1\/echo\naccept: application\/json\nuser-agent: naftiko\/\S+\ncontent-type: application\/json\nauthorization: Bearer \*\*\*\n\n\{"name":"ci"\}\n$/,
    );
    expect(upstream.requests.slice(sent).some(({ url }) => url.includes("never"))).toBe(false);
  });

  it("as JSON", async () => {
    const { code, stdout, stderr } = await run("echo", ...body, "--dry-run", "--output", "json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: note });
    expect(JSON.parse(stdout)).toEqual({
      method: "POST",
      url: `${upstream.url}/echo`,
      headers: {
        accept: "application/json",
        "user-agent": expect.stringMatching(/^naftiko\//),
        "content-type": "application/json",
        authorization: "Bearer ***",
      },
      body: '{"name":"ci"}',
    });
  });

  it("without the note where --quiet is given", async () => {
    expect(await run("keys", "--dry-run", "--quiet")).toMatchObject({ code: 0, stderr: "" });
  });

  it("without a credential that the file does not declare where --no-implied-auth is given", async () => {
    const { code, stdout, stderr } = await run("keys", "--dry-run", "--no-implied-auth");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain("authorization");
  });

  it("with the same checks as a call", async () => {
    expect(await run("echo", "--body", "[", "--dry-run")).toMatchObject({ code: 2, stdout: "" });
    const unset = await runCommand(["run", "api", "keys", "--dry-run"], { cwd: folder });
    expect(unset).toMatchObject({ code: 4, stdout: "", stderr: expect.stringContaining("API_TOKEN") });
  });
});

describe.concurrent("run sends a credential", () => {
  it.each([
    { name: "that is implied", args: [], authorization: "Bearer secret-token" },
    { name: "not with --no-implied-auth", args: ["--no-implied-auth"], authorization: undefined },
  ])("$name", async ({ args, authorization }) => {
    const { code, stdout } = await run("echo", "--body", "{}", ...args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).headers.authorization).toBe(authorization);
  });
});

describe("on a terminal", () => {
  const terminal = {
    get cwd() {
      return folder;
    },
    env,
  };

  it("run prints indented JSON", async () => {
    const { code, stdout } = await runInTerminal(["run", "api", "one"], terminal);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{\n  "first": "ci",\n  "missing": null\n}\n' });
  });

  it("a table is cut at the width, and not where the terminal does not tell it", async () => {
    const args = ["run", "api", "keys", "--output", "table"];
    const narrow = await runInTerminal(args, { ...terminal, cwd: folder, columns: 30 });
    expect(narrow.stdout.split("\n").map(line => line.length)).toEqual([30, 30, 30, 0]);
    const unknown = await runInTerminal(args, { ...terminal, cwd: folder, columns: 0 });
    expect(unknown.stdout).toContain('{"name":"Bo"}\n');
  });

  it.each([
    { name: "colours", args: [], env: {}, coloured: true },
    { name: "no colours with --no-color", args: ["--no-color"], env: {}, coloured: false },
    { name: "no colours with NO_COLOR", args: [], env: { NO_COLOR: "1" }, coloured: false },
    { name: "no colours on a dumb terminal", args: [], env: { TERM: "dumb" }, coloured: false },
  ])("an error has $name", async ({ args, env: more, coloured }) => {
    for (const command of [["refused"], ["kyes"]]) {
      const { stderr } = await runInTerminal(["run", "api", ...command, ...args], {
        cwd: folder,
        env: { ...env, NO_COLOR: "", ...more },
      });
      expect(stderr.includes("\u001b[31m")).toBe(coloured);
    }
  });

  it("an error as JSON has no colours", async () => {
    const { code, stderr } = await runInTerminal(["run", "api", "refused", "--output", "json"], terminal);
    expect(code).toBe(5);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "HTTP_STATUS" } });
  });

  it("text of a file cannot steer it", async () => {
    const cwd = await temporaryFolder({
      "capabilities/evil.yaml": capabilityText({
        info: { label: "\u001b[2Jevil\u0007", description: "\u202eevil" },
        operations: [{ name: "get", method: "GET", path: "/", description: "\u001b]0;evil\u0007" }],
      }),
    });
    for (const args of [["list"], ["describe", "evil"], ["run", "evil", "--help"], ["describe", "evil", "get"]]) {
      const { code, stdout } = await runInTerminal(args, { cwd });
      expect(code).toBe(0);
      expect(stdout).toContain("evil");
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is what it checks
      expect(stdout).not.toMatch(/[\u001b\u0007\u202e]/);
    }
  });
});

describe("a pipe", () => {
  it("gets colours only where FORCE_COLOR asks for them", async () => {
    const plain = await runCommand(["run", "api", "nope"], { cwd: folder });
    expect(plain.stderr).toMatch(/^error: /);
    const forced = await runCommand(["run", "api", "nope"], { cwd: folder, env: { FORCE_COLOR: "1" } });
    expect(forced.stderr.startsWith("\u001b[31merror:")).toBe(true);
  });
});
