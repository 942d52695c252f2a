import { readFile } from "node:fs/promises";
import path from "node:path";
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

const YAML = `id: ${LARGE}\nprice: 12345678901234567890.10\nflow: { id: -${LARGE}, v: 1e400 }\n`;
/** Enough for a thread of its own. */
const LONG = `text: ${"x".repeat(100_000)}\n`;

let upstream: Upstream;
let cwd: string;

beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const type = pathname.endsWith("lines") ? "application/x-ndjson" : "application/json";
    response.writeHead(pathname.endsWith("bad") ? 400 : 200, { "content-type": type });
    if (pathname.endsWith("yaml")) response.end(`${YAML}${pathname.startsWith("/long") ? LONG : ""}`);
    else if (pathname.endsWith("lines")) response.end(`${ANSWER}\n{"id":1}\n`);
    else if (pathname.endsWith("pages")) {
      const isFirst = searchParams.get("cursor") === null;
      response.end(isFirst ? `{"items":[{"id":${LARGE}}],"next_cursor":${LARGE}}` : '{"items":[{"id":2}]}');
    } else response.end(ANSWER);
  });
  const text = capabilityText({
    baseUri: upstream.url,
    operations: [
      { name: "get", method: "GET", path: "/get" },
      { name: "yaml", method: "GET", path: "/yaml", outputRawFormat: "yaml" },
      { name: "long-yaml", method: "GET", path: "/long.yaml", outputRawFormat: "yaml" },
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
    ["of YAML", ["yaml"], `{"id":${LARGE},"price":12345678901234567890.10,"flow":{"id":-${LARGE},"v":1e400}}`],
    ["of YAML from a thread", ["long-yaml", "--select", "$.flow.v"], "1e400"],
    ["of integers of YAML from a thread", ["long-yaml", "--select", "$.flow.id"], `-${LARGE}`],
    ["while waiting", ["get", "--until", `$.id == ${LARGE}`, "--select", "$.id"], LARGE],
    ["in a filter", ["get", "--select", `$.list[?@.id == -${LARGE}].id`], `[-${LARGE}]`],
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

/** A constant of a file, and the text of it that is sent in a URL and in JSON. */
const CONSTANTS: readonly (readonly [written: string, text: string, json: string])[] = [
  ["2.10", "2.10", "2.10"],
  ["123456789012345678901234567890", "123456789012345678901234567890", "123456789012345678901234567890"],
  [LARGE, LARGE, LARGE],
  ["-0.50", "-0.50", "-0.50"],
  ["1e3", "1e3", "1e3"],
  ["1E400", "1E400", "1E400"],
  ["02134", "02134", "2134"],
  ["+33612345678", "%2B33612345678", "33612345678"],
  [".5", ".5", "0.5"],
  ["5.", "5.", "5"],
  ["0x1F", "31", "31"],
  ["0o17", "15", "15"],
  ["0xFFFFFFFFFFFFFFFF", "18446744073709551615", "18446744073709551615"],
  ["1_000", "1_000", '"1_000"'],
  ["42", "42", "42"],
];

describe("A number of a file keeps its digits", () => {
  const fileOf = (written: string, isFlow: boolean) => `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ${upstream.url}
      resources:
        - name: r
          path: /r
          operations:
            - name: op
              method: POST
              inputParameters:
                ${isFlow ? `- { name: q, in: query, value: ${written} }` : `- name: q\n                  in: query\n                  value: ${written}`}
              body:
                type: json
                data:
                  a: ${written}
                  list:
                    - ${written}
            - name: member
              method: POST
              inputParameters:
                - name: m
                  in: body
                  value: ${written}
            - name: form
              method: POST
              body:
                type: formUrlEncoded
                data:
                  a: ${written}
`;

  it.each(CONSTANTS.flatMap(([...row]) => [false, true].map(isFlow => [...row, isFlow] as const)))(
    "%s is sent as %s and %s (flow: %s)",
    async (written, text, json, isFlow) => {
      const folder = await temporaryFolder({ "api.yaml": fileOf(written, isFlow) });
      upstream.requests.length = 0;
      for (const operation of ["op", "member", "form"])
        expect(await runMain(["run", "api.yaml", operation], { cwd: folder })).toMatchObject({ code: 0 });
      const [op, member, form] = upstream.requests;
      expect([op?.url, op?.body]).toEqual([`/r?q=${text}`, `{"a":${json},"list":[${json}]}`]);
      expect([member?.body, form?.body]).toEqual([`{"m":${json}}`, `a=${text}`]);
    },
  );

  it("in a configuration", async () => {
    const config = "capabilities:\n  api:\n    operations:\n      send:\n        inputs:\n          q: 2.10\n";
    const folder = await temporaryFolder({
      "api.yaml": await readFile(path.join(cwd, "api.yaml"), "utf8"),
      "naftiko.config.yaml": config,
    });
    upstream.requests.length = 0;
    const { stderr, code } = await runMain(["run", "api.yaml", "send", "--p", "1"], { cwd: folder });
    expect([stderr, code, upstream.requests[0]?.url]).toEqual([expect.any(String), 0, "/send/1?q=2.10"]);
  });
});

describe("Numbers keep their digits in recordings and sandboxes", () => {
  it.each([
    ["get", ANSWER],
    ["lines", `${ANSWER}\n{"id":1}`],
  ])("of %s, recorded and replayed", async (operation, expected) => {
    const folder = await temporaryFolder({ "api.yaml": await readFile(path.join(cwd, "api.yaml"), "utf8") });
    const call = (...more: string[]) => runMain(["run", "api.yaml", operation, ...more], { cwd: folder });
    await call("--record", "calls.yaml");
    expect((await call("--replay", "calls.yaml")).stdout.trimEnd()).toBe(expected);
  });

  it("of a recording by hand", async () => {
    const cassette = `interactions:
  - request:
      method: POST
      url: ${upstream.url}/send/1
      headers:
        content-type: application/json
      body:
        json:
          id: ${LARGE}
    response:
      status: 200
      headers:
        content-type: application/json
      body:
        json:
          id: ${LARGE}
          price: 2.10
          v: 1e400
`;
    const folder = await temporaryFolder({
      "api.yaml": await readFile(path.join(cwd, "api.yaml"), "utf8"),
      "calls.yaml": cassette,
    });
    const call = (id: string, ...more: string[]) =>
      runMain(["run", "api.yaml", "send", "--p", "1", "--body", `{"id":${id}}`, "--replay", "calls.yaml", ...more], {
        cwd: folder,
      });
    expect((await call(LARGE, "--output", "raw")).stdout.trimEnd()).toBe(`{"id":${LARGE},"price":2.10,"v":1e400}`);
    expect((await call("9007199254740992")).code).not.toBe(0);
  });

  it("of a sandbox", async () => {
    const { stdout, stderr } = await run("members", "--id", LARGE, "--list", "[1e400]", "--mock");
    expect([stderr, stdout]).toEqual([expect.any(String), expect.stringContaining(`"id":${LARGE}`)]);
    expect(stdout).toContain('"list":[1e400]');
  });
});

describe("Numbers keep their digits in the schemas of inputs", () => {
  const file = () => `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ${upstream.url}
      resources:
        - name: r
          path: /r
          operations:
            - name: op
              method: POST
              inputParameters:
                - { name: a, in: query, type: number, default: 2.10 }
                - { name: b, in: query, type: integer, enum: [${LARGE}, 5], default: ${LARGE} }
                - { name: c, in: body, type: integer, maximum: ${LARGE} }
                - { name: d, in: body, x-schema: { type: object, properties: { id: { const: ${LARGE} } } }, default: { id: ${LARGE} } }
                - { name: e, in: header, type: string, enum: [${LARGE}] }
                - { name: f, in: header, x-schema: { enum: [${LARGE}, true] } }
`;

  it.each<[readonly string[], number, string, string]>([
    [[], 0, `/r?a=2.10&b=${LARGE}`, `{"d":{"id":${LARGE}}}`],
    [
      ["--b", LARGE, "--c", LARGE, "--d", `{"id":${LARGE}}`],
      0,
      `/r?a=2.10&b=${LARGE}`,
      `{"c":${LARGE},"d":{"id":${LARGE}}}`,
    ],
    [["--e", LARGE, "--f", LARGE], 0, `/r?a=2.10&b=${LARGE}`, `{"d":{"id":${LARGE}}}`],
    [["--e", "9007199254740992"], 2, "", ""],
    [["--f", "9007199254740992"], 2, "", ""],
    [["--b", "9007199254740992"], 2, "", ""],
    [["--c", "9007199254740994"], 2, "", ""],
    [["--d", '{"id":9007199254740992}'], 2, "", ""],
  ])("with %j", async (args, code, url, body) => {
    const folder = await temporaryFolder({ "api.yaml": file() });
    upstream.requests.length = 0;
    const found = await runMain(["run", "api.yaml", "op", ...args], { cwd: folder });
    expect([found.stderr, found.code]).toEqual([expect.any(String), code]);
    expect([upstream.requests[0]?.url ?? "", upstream.requests[0]?.body ?? ""]).toEqual([url, body]);
  });

  it("in descriptions and findings", async () => {
    const folder = await temporaryFolder({ "api.yaml": file() });
    const { stdout } = await runMain(["describe", "api.yaml", "op", "--output", "json"], { cwd: folder });
    expect(stdout).toContain(`"enum":[${LARGE},5]`);
    expect((await runMain(["run", "api.yaml", "op", "--help"], { cwd: folder })).code).toBe(0);
    const validated = await runMain(["validate", "api.yaml"], { cwd: folder });
    expect(validated.stdout + validated.stderr).not.toContain("does not fit");
    expect(validated.stdout + validated.stderr).not.toMatch(/found number (?!9007199254740993)/);
  });
});
