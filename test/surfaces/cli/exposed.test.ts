import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

let upstream: Upstream;
let cwd: string;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const { pathname } = new URL(request.url, "http://any.test");
    if (pathname === "/ships/0") answerJson(response, 404, { error: "no such ship" });
    else if (pathname === "/broken") answerJson(response, 503, { error: "out of order" });
    else if (pathname === "/crew") answerJson(response, 200, [{ id: "c1", name: "Ada" }]);
    else answerJson(response, 200, { imo: pathname.split("/").at(-1), captain: "c1", flag: "NO" });
  });
  cwd = await temporaryFolder({
    "fleet.yaml": fleet(upstream.url),
    "plain.yaml": plain(upstream.url),
    "twice.yaml": TWICE,
  });
});
afterAll(() => upstream.close());

/** Operations of one name, each exposed as it is, and a unit that adds something. */
const TWICE = `
naftiko: "1.0.0-alpha3"
capability:
  consumes:
  - type: http
    namespace: reg
    baseUri: https://reg.test
    resources:
    - { name: ships, path: /ships, operations: [{ name: list, method: GET }] }
    - { name: crew, path: /crew, operations: [{ name: list, method: GET }] }
  exposes:
  - type: mcp
    namespace: tools
    port: 3001
    tools:
    - { name: list, call: reg.list }
    - { name: list, call: reg.list }
    - { name: names, call: reg.ships.list, outputParameters: [{ type: array, mapping: "$[*].name" }] }
`;

const fleet = (url: string) => `
naftiko: "1.0.0-alpha3"
capability:
  consumes:
  - type: http
    namespace: reg
    baseUri: ${url}
    resources:
    - { name: ship, path: "/ships/{imo}", operations: [{ name: get-ship, method: GET }] }
    - { name: crew, path: /crew, operations: [{ name: list-crew, method: GET }] }
    - { name: broken, path: /broken, operations: [{ name: get-broken, method: GET }] }
  aggregates:
  - label: Fleet
    namespace: fleet
    functions:
    - name: find
      description: Find a ship
      inputParameters: [{ name: imo, type: string, description: Its number }]
      call: reg.get-ship
      with: { imo: fleet.imo }
      outputParameters: [{ type: object, properties: { id: { type: string, mapping: $.imo } } }]
  exposes:
  - type: mcp
    namespace: tools
    port: 3001
    tools:
    - name: get-ship-with-captain
      description: A ship and who commands it
      inputParameters: [{ name: imo, type: string, description: Its number }]
      steps:
      - { name: ship, type: call, call: reg.get-ship, with: { imo: "{{imo}}" } }
      - { name: crew, type: call, call: reg.list-crew }
      - { name: captain, type: lookup, index: crew, match: id, lookupValue: $.ship.captain, outputParameters: [name] }
      mappings: [{ targetName: imo, value: $.ship.imo }, { targetName: captain, value: $.captain.name }]
    - name: get-what-works
      description: A ship, and more if it can be had
      inputParameters: [{ name: imo, type: string, description: Its number }]
      steps:
      - { name: ship, type: call, call: reg.get-ship, with: { imo: "{{imo}}" } }
      - { name: more, type: call, call: reg.get-broken, x-continueOnError: true }
      mappings: [{ targetName: imo, value: $.ship.imo }]
    - { name: get-ship, description: The ship as it is, call: reg.get-ship, with: { imo: tools.imo } }
    - { name: whole, description: The ship as it is, call: reg.get-ship, with: { imo: tools.imo } }
    - { name: ping, description: Pong, outputParameters: [{ name: answer, type: string, value: pong }] }
`;

/** A file as they are published: every operation is exposed as it is. */
const plain = (url: string) => `
naftiko: "1.0.0-alpha2"
capability:
  consumes:
  - type: http
    namespace: reg
    baseUri: ${url}
    resources:
    - name: ship
      path: /ships/{imo}
      operations:
      - { name: get-ship, method: GET, outputParameters: [{ name: result, type: object, value: $. }] }
  exposes:
  - type: rest
    namespace: reg-rest
    port: 8080
    resources:
    - path: /v1/ships/{imo}
      name: ship
      operations:
      - { method: GET, name: get-ship, call: reg.get-ship, with: { imo: rest.imo }, outputParameters: [{ type: object, mapping: $. }] }
  - type: mcp
    namespace: reg-mcp
    port: 9090
    tools:
    - { name: get-ship, description: A ship, call: reg.get-ship, with: { imo: tools.imo }, outputParameters: [{ type: object, mapping: $. }] }
`;

/** Runs a line of words. */
function run(line: string, file = "./fleet.yaml") {
  const [command = "", ...words] = line.split(" ");
  return runMain([command, file, ...words], { cwd });
}

describe("run calls what is exposed:", () => {
  it.each([
    ["a function", "run fleet.find --imo 7", '{"id":"7"}\n'],
    ["a function by its bare name", "run find -i imo=7", '{"id":"7"}\n'],
    ["steps", "run get-ship-with-captain --imo 7", '{"imo":"7","captain":"Ada"}\n'],
    ["a part of the value", "run get-ship-with-captain --imo 7 --select $.captain", "Ada\n"],
    ["the value as YAML", "run get-ship-with-captain --imo 7 --output yaml", 'imo: "7"\ncaptain: Ada\n'],
    ["a mock", "run ping", '{"answer":"pong"}\n'],
    ["an answer as received", "run whole --imo 7 --output raw", '{"imo":"7","captain":"c1","flag":"NO"}'],
    [
      "until the value is as wanted",
      "run get-ship-with-captain --imo 7 --until $.captain=='Ada'",
      '{"imo":"7","captain":"Ada"}\n',
    ],
    [
      "the head of the answer",
      "run whole --imo 7 --include",
      'HTTP/1.1 200 OK\n\n{"imo":"7","captain":"c1","flag":"NO"}\n',
    ],
    [
      "a bare name of a consumed operation, which is that",
      "run get-ship --imo 7",
      '{"imo":"7","captain":"c1","flag":"NO"}\n',
    ],
  ])("%s", async (_, line, stdout) => {
    expect(await run(line)).toEqual({ code: 0, stdout, stderr: "" });
  });

  it.each([
    [
      "a failed call of a step",
      "get-ship-with-captain --imo 0",
      5,
      /Step "ship": get-ship: HTTP 404 Not Found\n\{\n {2}"error": "no such ship"\n\}\nGET http:\S+\/ships\/0\n/,
    ],
    [
      "a missing input",
      "get-ship-with-captain",
      2,
      /input "imo" has no value\n {2}--imo <string> {2}\(required\) {2}Its number\n/,
    ],
    ["an input that it does not have", "fleet.find --imo 7 --im x", 2, /"im".*did you mean "imo"/s],
    ["a name that is nearly right", "get-ship-with-captin --imo 7", 2, /did you mean "get-ship-with-captain"/],
    ["pages", "find --imo 7 --all", 2, /--all walks the pages .* call "get-ship"/],
    [
      "a body as received, where it makes its answer",
      "find --imo 7 --output raw",
      2,
      /--output raw is for a body as received, and fleet.find makes its answer/,
    ],
    [
      "a header for several requests",
      "get-ship-with-captain --imo 7 --header a:b",
      2,
      /--header adds to one request, and tools.get-ship-with-captain makes several/,
    ],
    ["a dry run that sends nothing anyway", "ping --dry-run", 2, /sends nothing/],
    [
      "a dry run of steps as curl",
      "get-ship-with-captain --imo 7 --dry-run=curl",
      2,
      /does the steps ship, crew, captain/,
    ],
  ])("and tells of %s", async (_, line, code, stderr) => {
    expect(await run(`run ${line}`)).toMatchObject({ code, stdout: "", stderr: expect.stringMatching(stderr) });
  });

  it("and tells that there is more than operations where a name is none", async () => {
    const { stderr } = await run("run nowhere");
    expect(stderr).toContain("naftiko run ./fleet.yaml lists its 3 operations and what it exposes\n");
  });

  it("warns of a result that is incomplete", async () => {
    const { code, stdout, stderr } = await run("run get-what-works --imo 7 --retries 0");
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"imo":"7"}\n' });
    expect(stderr).toMatch(/^warning: the result is incomplete: step "more" failed: .*HTTP 503/);
  });

  it("tells of the failed step as data", async () => {
    const { code, stderr } = await run("run get-ship-with-captain --imo 0 --output json");
    expect(code).toBe(5);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: "HTTP_STATUS", details: { step: "ship", status: 404 } },
    });
  });

  it("with a sandbox in place of the APIs", async () => {
    const { code, stdout, stderr } = await run("run fleet.find --imo 7 --mock");
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"id":null}\n' });
    expect(stderr).toMatch(/^sandbox: talking to http/);
  });
});

describe("run of a file whose exposed part is faulty", () => {
  it.each([
    ["shows the place", '"{{imo}}"', '"{{crew.imo}}"', 3, /, which comes after it\n {2}at \S+faulty.yaml:\d+:\d+\n/],
    [
      "tells what cannot be read",
      "name: captain, type: lookup",
      "name: captain, type: look",
      2,
      /no operation "tools.get-ship-with-captain"\. Not all that it exposes can be read: steps\[2\]\.type: Expected one of/,
    ],
  ])("%s", async (_, correct, wrong, code, message) => {
    await writeFile(path.join(cwd, "faulty.yaml"), fleet("http://127.0.0.1:1").replace(correct, wrong));
    const outcome = await run("run tools.get-ship-with-captain --imo 7", "./faulty.yaml");
    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toMatch(message);
  });
});

describe("run --dry-run of what is exposed", () => {
  it("shows the request of a single call", async () => {
    const { code, stdout } = await run("run fleet.find --imo 7 --dry-run");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^GET http:\S+\/ships\/7\n/);
    expect((await run("run fleet.find --imo 7 --dry-run=curl")).stdout).toMatch(/^curl .*\/ships\/7/);
  });

  it("shows steps, and the requests that are known beforehand", async () => {
    const before = upstream.requests.length;
    const { code, stdout } = await run("run get-ship-with-captain --imo 7 --dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain(
      "tools.get-ship-with-captain does 3 steps:\n  ship     call get-ship\n  crew     call list-crew\n  captain  lookup in crew  after ship, crew\n\nship:\nGET ",
    );
    expect(stdout).toMatch(/\ncrew:\nGET http:\S+\/crew\n/);
    const json = await run("run get-ship-with-captain --imo 7 --dry-run=json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      reference: "tools.get-ship-with-captain",
      steps: [
        { name: "ship", operation: "get-ship", request: { method: "GET", url: `${upstream.url}/ships/7` } },
        { name: "crew", request: { method: "GET" } },
        { name: "captain", type: "lookup", uses: ["ship", "crew"] },
      ],
    });
    expect(upstream.requests.length).toBe(before);
  });
});

describe("help", () => {
  it("lists what is exposed and does more than the operation of its name", async () => {
    const { stdout } = await run("run --help");
    expect(stdout).toMatch(/\nExposed:\n {2}fleet\.find|\nExposed:\n {2}find +function of an aggregate +Find a ship\n/);
    expect(stdout).toContain("\n  get-ship-with-captain  tool ");
    expect(stdout).not.toContain("tools.get-ship ");
    expect((await run("run --help", "./plain.yaml")).stdout).not.toContain("Exposed");
  });

  it("shows steps and inputs of one", async () => {
    const { stdout } = await run("run get-ship-with-captain --help");
    expect(stdout).toContain(
      "tools.get-ship-with-captain  tool\nA ship and who commands it\n\nSteps:\n  ship     call get-ship\n",
    );
    expect(stdout).toContain("Inputs:\n  --imo <string>  (required)  Its number\n");
    expect(stdout).toContain("  naftiko run ./fleet.yaml get-ship-with-captain --imo example\n");
  });
});

describe("run --trace", () => {
  it("draws the steps", async () => {
    const { code, stdout, stderr } = await run("run get-ship-with-captain --imo 7 --trace");
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{"imo":"7","captain":"Ada"}\n' });
    expect(stderr).toMatch(
      /^tools\.get-ship-with-captain: 3 steps, \d+ ms, up to 2 at the same time\n {2}(?:ship|crew) +call \S+ +200 +·*█+·* +\d+–\d+ ms\n/,
    );
    expect(stderr).toMatch(/\n {2}captain +lookup +done +·*█+ +\d+–\d+ ms\n {4}after ship, crew\n$/);
  });

  it("draws them where one fails, before the error", async () => {
    const { code, stderr } = await run("run get-ship-with-captain --imo 0 --trace");
    expect(code).toBe(5);
    expect(stderr).toMatch(/\n {2}ship +call get-ship +404 +.*\n {4}get-ship: HTTP 404 Not Found\n.*\nStep "ship": /s);
  });

  it("draws the requests of a single call", async () => {
    const { stderr } = await run("run get-broken --retries 1 --trace --quiet");
    expect(stderr).toMatch(
      /^get-broken: 2 requests, \d+ ms\n {2}1 {2}GET \S+\/broken +503 .*\n {4}again after \d+ ms, attempt 2 of 2\n {2}2 {2}GET/,
    );
  });
});

describe("describe", () => {
  it("lists what is exposed where several operations have one name", async () => {
    const { code, stdout } = await run("describe", "./twice.yaml");
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/\nExposed:\n {2}names +tool\s*$/m) });
  });

  it("lists what is exposed, in both forms", async () => {
    expect((await run("describe")).stdout).toMatch(/\nExposed:\n {2}find +function of an aggregate +Find a ship\n/);
    const { exposed } = JSON.parse((await run("describe --output json")).stdout);
    expect(exposed[0]).toEqual({
      name: "find",
      reference: "fleet.find",
      kind: "function",
      description: "Find a ship",
    });
    expect(JSON.parse((await run("describe --output json", "./plain.yaml")).stdout)).not.toHaveProperty("exposed");
  });

  it("tells what one does and answers with", async () => {
    const { stdout } = await run("describe fleet.find");
    expect(stdout).toContain("fleet.find  function of an aggregate\nFind a ship\n\nCalls get-ship\n\nInputs:\n");
    expect(stdout).toContain("Answer:\n  (the answer)  object\n    id          string  $.imo\n");
    expect(JSON.parse((await run("describe get-ship-with-captain --output json")).stdout)).toMatchObject({
      reference: "tools.get-ship-with-captain",
      work: "steps",
      steps: [{ name: "ship" }, { name: "crew" }, { name: "captain", type: "lookup", index: "crew" }],
    });
  });
});
