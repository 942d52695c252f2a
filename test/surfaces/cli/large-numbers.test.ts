import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../support/capability-text.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

// A number keeps its digits from the wire to standard output, and from the shell or a file to the wire.

const LARGE = "9007199254740993";
const ANSWER = `{"id":${LARGE},"price":12345678901234567890.10,"v":1e400,"list":[{"id":-${LARGE}},{"id":5}]}`;

/** A body that JSON.parse and JSON.stringify would change. */
const BODY = `{ "id":${LARGE}, "v": 1e400,\n "price": 2.10, "a": 1, "a": 2 }\n`;

let upstream: Upstream;
let cwd: string;

beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const type = pathname.endsWith("lines") ? "application/x-ndjson" : "application/json";
    response.writeHead(pathname.endsWith("bad") ? 400 : 200, { "content-type": type });
    if (pathname.endsWith("lines")) response.end(`${ANSWER}\n{"id":1}\n`);
    else if (pathname.endsWith("pages")) {
      const isFirst = searchParams.get("cursor") === null;
      response.end(isFirst ? `{"items":[{"id":${LARGE}}],"next_cursor":${LARGE}}` : '{"items":[{"id":2}]}');
    } else response.end(ANSWER);
  });
  const text = capabilityText({
    baseUri: upstream.url,
    operations: [
      { name: "get", method: "GET", path: "/get" },
      {
        name: "outputs",
        method: "GET",
        path: "/outputs",
        outputParameters: [
          { name: "id", type: "number", value: "$.id" },
          { name: "ids", type: "array", value: "$.list[*].id" },
        ],
      },
      { name: "bad", method: "GET", path: "/bad" },
      { name: "lines", method: "GET", path: "/lines" },
      {
        name: "send",
        method: "POST",
        path: "/send/{p}",
        inputParameters: [
          { ...input("p", "path", "integer"), required: true },
          input("q", "query", "number"),
          input("h", "header", "integer"),
          input("body", "body", "object"),
        ],
      },
      {
        name: "members",
        method: "POST",
        path: "/members",
        inputParameters: [
          input("id", "body", "integer"),
          input("list", "body", "array"),
          input("any", "body", "object"),
        ],
      },
      { name: "pages", method: "GET", path: "/pages", inputParameters: [input("cursor", "query")] },
    ],
  });
  cwd = await temporaryFolder({ "api.yaml": text, "body.json": BODY });
});

afterAll(() => upstream.close());

const run = (...args: string[]) => runMain(["run", "api.yaml", ...args], { cwd });

describe("Numbers of an answer keep their digits", () => {
  it.each<[string, readonly string[], string]>([
    ["in JSON", ["get"], ANSWER],
    ["with --output json", ["get", "--output", "json"], ANSWER],
    ["received", ["get", "--output", "raw"], ANSWER],
    ["with --select", ["get", "--select", "$.id"], LARGE],
    ["with --select of a decimal", ["get", "--select", "$.price"], "12345678901234567890.10"],
    ["with --select of a number beyond doubles", ["get", "--select", "$.v"], "1e400"],
    ["with --select of a part", ["get", "--select", "$.list[*].id"], `[-${LARGE},5]`],
    ["as outputs", ["outputs"], `{"id":${LARGE},"ids":[-${LARGE},5]}`],
    ["in YAML", ["outputs", "--output", "yaml"], `id: ${LARGE}\nids:\n  - -${LARGE}\n  - 5`],
    ["of decimals in YAML", ["get", "--select", "$.price", "--output", "yaml"], "12345678901234567890.10"],
    ["in a table", ["get", "--select", "$.list", "--output", "table"], `id\n-${LARGE}\n5`],
    ["of decimals in a table", ["get", "--output", "table"], `id\n-${LARGE}\n5`],
    ["in a stream", ["lines"], `${ANSWER}\n{"id":1}`],
    ["in a stream in YAML", ["lines", "--select", "$.id", "--output", "yaml"], `---\n${LARGE}\n---\n1`],
    ["in pages", ["pages", "--all"], `{"id":${LARGE}}\n{"id":2}`],
    ["in pages as a list", ["pages", "--all", "--output", "json"], `[\n{"id":${LARGE}},\n{"id":2}\n]`],
  ])("%s", async (_, args, expected) => {
    const { code, stdout, stderr } = await run(...args);
    expect([stderr, stdout.trimEnd(), code]).toEqual([expect.any(String), expected, 0]);
  });

  it("in the position of the next page", async () => {
    upstream.requests.length = 0;
    await run("pages", "--all");
    expect(upstream.requests.map(({ url }) => url)).toEqual(["/pages", `/pages?cursor=${LARGE}`]);
  });

  it("in an error", async () => {
    const people = await run("bad");
    expect(people).toMatchObject({ code: 5, stdout: "" });
    for (const number of [LARGE, "12345678901234567890.10", "1e400"]) expect(people.stderr).toContain(`: ${number}`);
    expect((await run("bad", "--output", "json")).stderr).toContain(`"body":${ANSWER}`);
  });
});

describe("Numbers of a call keep their digits", () => {
  it.each<[string, readonly string[], { readonly url?: string; readonly body: string; readonly h?: string }]>([
    ["in --body", ["send", "--p", "1", "--body", BODY], { body: BODY }],
    ["in --body @file", ["send", "--p", "1", "--body", "@body.json"], { body: BODY }],
    ["in a body of standard input", ["send", "--p", "1", "--body", "-"], { body: BODY }],
    [
      "in path, query and header",
      ["send", "--p", LARGE, "--q", "12345678901234567890.10", "--h", `-${LARGE}`],
      { url: `/send/${LARGE}?q=12345678901234567890.10`, body: "", h: `-${LARGE}` },
    ],
    [
      "in --inputs",
      ["send", "--inputs", `{"p":${LARGE},"q":2.10,"body":{"id":${LARGE},"v":1e400}}`],
      { url: `/send/${LARGE}?q=2.10`, body: `{"id":${LARGE},"v":1e400}` },
    ],
    [
      "in members",
      ["members", "--id", LARGE, "--list", `[${LARGE},1e400]`, "--any", '{"a":2.10}'],
      { body: `{"id":${LARGE},"list":[${LARGE},1e400],"any":{"a":2.10}}` },
    ],
    ["in a dry run", ["send", "--p", LARGE, "--body", BODY, "--dry-run=json"], { body: BODY }],
  ])("%s", async (_, args, { url, body, h }) => {
    upstream.requests.length = 0;
    const { code, stdout, stderr } = await runMain(["run", "api.yaml", ...args], { cwd, stdin: BODY });
    expect([stderr, code]).toEqual([expect.any(String), 0]);
    const isDry = args.some(arg => arg.startsWith("--dry-run"));
    const sent = isDry ? (JSON.parse(stdout) as { url: string; body: string }) : upstream.requests[0];
    expect(sent?.body).toBe(body);
    if (url !== undefined) expect(sent?.url).toBe(url);
    if (h !== undefined) expect(upstream.requests[0]?.headers["h"]).toBe(h);
  });

  it("and a body that is no JSON is refused with its place", async () => {
    const { code, stderr } = await run("send", "--p", "1", "--body", '{"id":9007199254740993,}');
    expect(code).toBe(2);
    expect(stderr).toContain("line 1, column 24");
  });
});
