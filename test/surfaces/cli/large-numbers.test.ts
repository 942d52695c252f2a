import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../support/capability-text.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";

// A number keeps its digits from the wire to standard output, and from the shell or a file to the wire.

const LARGE = "9007199254740993";
const ANSWER = `{"id":${LARGE},"price":12345678901234567890.10,"v":1e400,"list":[{"id":-${LARGE}},{"id":5}]}`;

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
      { name: "pages", method: "GET", path: "/pages", inputParameters: [input("cursor", "query")] },
    ],
  });
  cwd = await temporaryFolder({ "api.yaml": text });
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
