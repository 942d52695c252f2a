import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { capabilityText, input } from "../../support/capability-text.ts";
import { runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";
import { expectFailure, type Failure } from "./expect-failure.ts";
import { runInTerminal } from "./fake-terminal.ts";

const ALL = [1, 2, 3, 4, 5].map(id => ({ id, name: `n${id}` }));

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://any.test");
    const offset = Number(searchParams.get("offset") ?? 0);
    if (pathname === "/items") answerJson(response, 200, { data: ALL.slice(offset, offset + 2), total_count: 5 });
    else if (pathname === "/counts") answerJson(response, 200, { n: offset, next: offset < 2 ? next(offset) : null });
    else if (pathname === "/breaks" && offset >= 2) answerJson(response, 500, { error: "down" });
    else if (pathname === "/breaks" || pathname === "/hangs") {
      if (offset < 2) answerJson(response, 200, { data: ALL.slice(0, 2), total_count: 5 });
    } else if (pathname === "/evil")
      answerJson(response, 200, { data: ALL, next: "https://evil.test/?k=secret-token" });
    else if (pathname === "/empty") answerJson(response, 200, { data: [], total_count: 0 });
    else answerJson(response, 404, {});
  });
  const paged = {
    method: "GET",
    inputParameters: [input("offset", "query", "integer"), input("limit", "query")],
  };
  folder = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({
      namespace: "api",
      baseUri: upstream.url,
      binds: { API_TOKEN: "API_TOKEN" },
      operations: [
        ...["items", "breaks", "hangs", "evil", "empty"].map(name => ({ name, path: `/${name}`, ...paged })),
        {
          name: "counts",
          method: "GET",
          path: "/counts",
          outputParameters: [{ name: "n", type: "number", value: "$.n" }],
        },
        { name: "one", method: "GET", path: "/items", inputParameters: [input("q", "query")] },
        { name: "drop", method: "DELETE", path: "/items" },
        {
          name: "odd",
          method: "GET",
          path: "/items",
          inputParameters: [input("all", "query"), input("for", "query")],
        },
      ],
    }),
  });
});

afterAll(() => upstream.close());

function next(offset: number): string {
  return `/counts?offset=${offset + 1}`;
}

const env = { API_TOKEN: "secret-token" };

function run(...args: string[]) {
  return runCommand(["run", "api", ...args], { cwd: folder, env });
}

function lines(values: readonly unknown[]): string {
  return values.map(value => `${JSON.stringify(value)}\n`).join("");
}

const DETECTED = "note: pages found by { items: $.data, offset: { input: offset, total: $.total_count } }\n";

describe("run --all", () => {
  it("prints one item a line, and says how pages are found", async () => {
    expect(await run("items", "--all")).toEqual({ code: 0, stdout: lines(ALL), stderr: DETECTED });
  });

  it("says nothing with --quiet", async () => {
    expect(await run("items", "--all", "--quiet")).toEqual({ code: 0, stdout: lines(ALL), stderr: "" });
  });

  it("begins where an input says", async () => {
    expect((await run("items", "--all", "--offset", "3")).stdout).toBe(lines(ALL.slice(3)));
  });

  it("prints the outputs of each page where there are no items", async () => {
    expect(await run("counts", "--all")).toEqual({
      code: 0,
      stdout: '{"n":0}\n{"n":1}\n{"n":2}\n',
      stderr: "note: pages found by { nextUrl: $.next }; no list of items found, so each page is printed\n",
    });
  });

  const bounds = [
    [["--max-pages", "2"], 4, "2 pages, 4 items"],
    [["--max-items", "1"], 1, "1 page, 1 item"],
    [["--max-items", "3"], 3, "2 pages, 3 items"],
  ] as const;

  it.each(bounds)("ends by %j, and says that there are more", async (options, count, counts) => {
    expect(await run("items", "--all", ...options)).toEqual({
      code: 0,
      stdout: lines(ALL.slice(0, count)),
      stderr: `${DETECTED}note: stopped after ${counts}: there are more\n`,
    });
  });

  it("applies --select to each item", async () => {
    expect((await run("items", "--all", "--select", "$.name")).stdout).toBe("n1\nn2\nn3\nn4\nn5\n");
    expect((await run("items", "--all", "--select", "$.id")).stdout).toBe("1\n2\n3\n4\n5\n");
    expect((await run("counts", "--all", "--select", "$.n")).stdout).toBe("0\n1\n2\n");
    const json = await run("items", "--all", "--select", "$.name", "--output", "json");
    expect(JSON.parse(json.stdout)).toEqual(["n1", "n2", "n3", "n4", "n5"]);
  });

  it("prints one array with --output json, one list with yaml, one table with table", async () => {
    const json = await run("items", "--all", "--output", "json");
    expect(JSON.parse(json.stdout)).toEqual(ALL);
    expect(json.stderr).toBe(DETECTED);
    expect(parse((await run("items", "--all", "--output", "yaml")).stdout)).toEqual(ALL);
    const table = await run("items", "--all", "--output", "table");
    expect(table.stdout).toBe("id  name\n1   n1\n2   n2\n3   n3\n4   n4\n5   n5\n");
  });

  it.each([
    [[], ""],
    [["--output", "json"], "[]\n"],
    [["--output", "yaml"], "[]\n"],
    [["--output", "table"], "(empty)\n"],
  ])("prints a list without items with %j", async (options, stdout) => {
    expect(await run("empty", "--all", ...options)).toEqual({
      code: 0,
      stdout,
      stderr: "note: the first answer is the whole list\n",
    });
  });

  it("leaves what it has printed whole where a later page fails", async () => {
    const text = await run("breaks", "--all");
    expect(text).toMatchObject({ code: 5, stdout: lines(ALL.slice(0, 2)) });
    expect(text.stderr).toContain("breaks: HTTP 500 Internal Server Error\n");
    const json = await run("breaks", "--all", "--output", "json");
    expect(json.code).toBe(5);
    expect(JSON.parse(json.stdout)).toEqual(ALL.slice(0, 2));
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: "HTTP_STATUS" } });
  });

  it.each([
    [[], lines(ALL.slice(0, 2))],
    [["--output", "json"], '[\n{"id":1,"name":"n1"},\n{"id":2,"name":"n2"}\n]\n'],
  ])("leaves what it has printed whole when it is interrupted, with %j", async (options, stdout) => {
    const running = await startCommand(["run", "api", "hangs", "--all", ...options], { cwd: folder, env });
    await running.waitFor(/"n2"/);
    running.child.kill("SIGINT");
    expect(await running.finished).toMatchObject({ code: 130, stdout });
  });

  it("prints only the first request with --dry-run", async () => {
    const { code, stdout, stderr } = await run("items", "--all", "--dry-run");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/items\n/);
    expect(stderr).toContain("note: --all asks for more pages after this");
  });

  it("walks the pages of a sandbox", async () => {
    const sandbox = await startCommand(["mock", "api", "--seed", "seed.json"], {
      cwd: await temporaryFolder({
        "capabilities/api.yaml": capabilityText({
          namespace: "api",
          baseUri: "https://api.test",
          operations: [
            {
              name: "items",
              method: "GET",
              path: "/items",
              inputParameters: [input("limit", "query"), input("offset", "query")],
            },
            { name: "add", method: "POST", path: "/items" },
          ],
        }),
        "seed.json": JSON.stringify({ "/items": ALL.map(({ id }) => ({ id: `i${id}` })) }),
      }),
    });
    const [, url = ""] = await sandbox.waitFor(/listening on (http:\S+)/);
    const walked = await run("items", "--all", "--limit", "2", "--select", "$.id", "--base-uri", url);
    sandbox.child.kill();
    expect(walked).toEqual({ code: 0, stdout: "i1\ni2\ni3\ni4\ni5\n", stderr: DETECTED });
    const mocked = await run("items", "--all", "--mock");
    expect(mocked).toMatchObject({ code: 0, stdout: "" });
    expect(mocked.stderr).toMatch(/^sandbox: talking to .*\nnote: the first answer is the whole list\n$/);
  });

  it("shows how far it is on a terminal, in one line that goes away", async () => {
    const { stderr, stdout } = await runInTerminal(["run", "api", "items", "--all"], { cwd: folder, env });
    expect(stdout).toBe(lines(ALL));
    const line = "\r\u001b[2K";
    expect(stderr).toBe(`${DETECTED}${line}1 page, 2 items…${line}${line}2 pages, 4 items…${line}`);
    const quiet = await runInTerminal(["run", "api", "items", "--all", "--quiet"], { cwd: folder, env });
    expect(quiet.stderr).toBe("");
  });

  it("is an option also where an input has the name", async () => {
    const { stderr } = await run("odd", "--all", "-i", "all=yes", "--dry-run");
    expect(stderr).toContain("warning: --all is an option of run here; for the input of that name write -i all=…");
  });
});

const failures: readonly Failure[] = [
  { args: ["--max-pages", "3"], stderr: ["Option --max-pages goes with --all"] },
  { args: ["--max-items", "3"], stderr: ["Option --max-items goes with --all"] },
  { args: ["--every", "3s"], stderr: ["Option --every goes with --until"] },
  { args: ["--for", "3s", "--all"], stderr: ["Option --for goes with --until"] },
  { args: ["--all", "--until", "$.a"], stderr: ["Use either --all or --until, not both"] },
  { args: ["--all", "--max-pages", "0"], stderr: ['Option --max-pages takes a number from 1 on, found "0"'] },
  { args: ["--all", "--max-items", "x"], stderr: ['Option --max-items takes a whole number, found "x"'] },
  { args: ["--all=yes"], stderr: ['Option --all takes no value, found "yes"'] },
].map(({ args, stderr }) => ({ args: ["run", "api", "items", ...args], code: 2, error: "USAGE", stderr }));

const walkFailures: readonly Failure[] = [
  {
    args: ["run", "api", "one", "--all"],
    code: 7,
    error: "RESPONSE_INVALID",
    stderr: ['Cannot walk pages of operation "one": page 1 does not tell the next'],
    details: { operation: "one", format: "json", status: 200 },
  },
  {
    args: ["run", "api", "drop", "--all"],
    code: 2,
    error: "REQUEST_INVALID",
    stderr: ["a DELETE changes what it names"],
  },
];

describe("run --all, refused", () => {
  it.each([...failures, ...walkFailures])("$args", failure => expectFailure({ cwd: folder, env, ...failure }));

  it("with --out", async () => {
    for (const other of ["--all", "--until=$.a"]) {
      const { code, stderr } = await run("items", other, "--out", "a.json");
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("which --out does not"),
      });
    }
  });

  it("with --output raw", async () => {
    for (const other of ["--all", "--until=$.a"]) {
      const { code, stderr, stdout } = await run("items", other, "--output", "raw");
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(`Option ${other.split("=")[0]} reads what answers hold, which --output raw does not`);
    }
  });

  it("a query parameter in the place of the input that leads on", async () => {
    const { code, stdout, stderr } = await run("items", "--all", "--query", "offset=1", "--query", "limit=2");
    expect({ code, stdout }).toEqual({ code: 2, stdout: lines(ALL.slice(1, 3)) });
    expect(stderr).toContain('the next page needs input "offset", in whose place the call sends a query parameter');
    const bounded = await run("items", "--all", "--query", "offset=1", "--max-pages", "1");
    expect(bounded).toMatchObject({ code: 0, stdout: lines(ALL.slice(1, 3)) });
  });

  it("a next page at another origin, with secrets masked", async () => {
    const { code, stdout, stderr } = await run("evil", "--all");
    expect(code).toBe(7);
    expect(stdout).toBe(lines(ALL));
    expect(stderr).toContain('page 1 names a next page at another origin, "https://evil.test/?k=***"');
  });
});
