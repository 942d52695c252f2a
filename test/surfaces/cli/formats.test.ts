import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type Answerer, startUpstream, type Upstream } from "../../support/upstream.ts";
import { expectFailure } from "./expect-failure.ts";
import { runInTerminal } from "./fake-terminal.ts";

const PICTURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);

/** Content type and body by path. */
const ANSWERS: Readonly<Record<string, readonly [type: string, body: string | Buffer]>> = {
  "/xml": ["application/xml", '<r><u id="1"><n>A</n></u><u id="2"/></r>'],
  "/entity": ["application/xml", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><r>&x;</r>'],
  "/csv": ["text/csv; charset=latin1", Buffer.from("id,n\n1,é\n", "latin1")],
  "/uneven": ["text/csv", "a,b\n1,2,3\n"],
  "/yaml": ["application/yaml", "a: &x [1]\nb: *x\n"],
  "/html": ["text/html", "<table class=p><tr><th>A<tr><td>1</table>"],
  "/markdown": ["text/markdown", "## Notes\ndone"],
  "/avro": ["avro/binary", Buffer.from("3606666f6f", "hex")],
  "/protobuf": ["application/x-protobuf", Buffer.from("089601", "hex")],
  "/cut": ["application/x-protobuf", Buffer.from("0896", "hex")],
  "/picture": ["image/png; name=x", PICTURE],
  "/untyped": ["", PICTURE],
  "/lines": ["application/x-ndjson", '{"n":1}\n{"n":2}\n'],
  // More than a pipe holds.
  "/many-lines": ["application/x-ndjson", '{"n":1}\n'.repeat(100_000)],
  "/broken-lines": ["application/x-ndjson", '{"n":1}\n{"n"\n'],
  "/untold": ["image/png", PICTURE],
  "/json": ["application/json", '{"n":1}'],
};

const answer: Answerer = ({ url }, response) => {
  const [type, body] = ANSWERS[url] ?? [];
  if (url === "/events") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"n":1}\n\n');
    return;
  }
  if (body === undefined) response.statusCode = 404;
  if (type) response.setHeader("content-type", type);
  response.end(body);
};

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  upstream = await startUpstream(answer);
});
afterAll(() => upstream.close());

beforeEach(async () => {
  const get = (name: string, more: object = {}) => ({ name, method: "GET", path: `/${name}`, ...more });
  folder = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({
      namespace: "api",
      baseUri: upstream.url,
      operations: [
        get("xml", {
          outputRawFormat: "XML",
          outputParameters: [{ name: "ids", type: "array", value: "$.u[*].id" }],
        }),
        get("entity", { outputRawFormat: "xml" }),
        get("csv", { outputRawFormat: "csv" }),
        get("uneven", { outputRawFormat: "csv" }),
        get("yaml", { outputRawFormat: "yaml" }),
        get("html", { outputRawFormat: "html", outputSchema: "table.p" }),
        get("markdown", { outputRawFormat: "markdown" }),
        get("avro", { outputRawFormat: "avro", outputSchema: "schemas/test.avsc" }),
        get("protobuf", { outputRawFormat: "protobuf", outputSchema: "./schemas/test.proto" }),
        get("cut", { outputRawFormat: "protobuf", outputSchema: "schemas/test.proto" }),
        get("outside", { outputRawFormat: "avro", outputSchema: "../test.avsc" }),
        get("picture", { outputRawFormat: "binary" }),
        get("untyped", {
          outputRawFormat: "binary",
          outputParameters: [{ name: "result", type: "binary", value: "$." }],
        }),
        get("lines", { outputParameters: [{ name: "n", type: "number", value: "$.n" }] }),
        get("many-lines"),
        get("broken-lines"),
        get("events"),
        get("json"),
        get("gone"),
        get("untold"),
      ],
    }),
    "capabilities/schemas/test.avsc": JSON.stringify({
      type: "record",
      name: "test",
      fields: [
        { name: "a", type: "long" },
        { name: "b", type: "string" },
      ],
    }),
    "capabilities/schemas/test.proto": 'syntax = "proto3"; message Test { int32 a = 1; }',
  });
});

function run(...args: string[]) {
  return runCommand(["run", "api", ...args], { cwd: folder });
}

describe.concurrent("run decodes", () => {
  it.each([
    ["xml", { ids: ["1", "2"] }],
    ["csv", [{ id: "1", n: "é" }]],
    ["yaml", { a: [1], b: [1] }],
    ["html", { tables: [[{ A: "1" }]] }],
    ["markdown", { frontMatter: {}, tables: [], sections: [{ heading: "Notes", level: 2, content: "done" }] }],
    ["avro", { a: 27, b: "foo" }],
    ["protobuf", { a: 150 }],
    ["picture", { mediaType: "image/png", base64: PICTURE.toString("base64") }],
    ["untyped", { result: { mediaType: "application/octet-stream", base64: PICTURE.toString("base64") } }],
  ])("%s", async (operation, value) => {
    expect(await run(operation)).toEqual({ code: 0, stdout: `${JSON.stringify(value)}\n`, stderr: "" });
  });

  it.each([
    {
      operation: "entity",
      format: "xml",
      stderr: ["it is not XML: 1:", "undefined entity", "--output raw prints"],
    },
    { operation: "uneven", format: "csv", stderr: ["row 2 has 3 values, but the header has 2 names"] },
    {
      operation: "cut",
      format: "protobuf",
      stderr: ["it is not a message Test", "--out FILE writes the answer as received"],
    },
  ])("nothing of $operation", async ({ operation, format, stderr }) => {
    await expectFailure({
      args: ["run", "api", operation],
      cwd: folder,
      code: 7,
      error: "RESPONSE_INVALID",
      stderr,
      details: { operation, format },
    });
  });

  it("nothing by a schema outside the folder", async () => {
    await expectFailure({
      args: ["run", "api", "outside"],
      cwd: folder,
      code: 3,
      error: "CAPABILITY_INVALID",
      stderr: ['Cannot use the outputSchema "../test.avsc"', "it is outside the folder", "api.yaml:"],
    });
    expect(upstream.requests.some(({ url }) => url === "/outside")).toBe(false);
  });
});

it.each(["xml", "csv", "yaml", "html", "markdown", "avro", "protobuf"])(
  "run compiles no code to decode %s",
  async operation => {
    const command = path.resolve(import.meta.dirname, "../../../dist/naftiko.cjs");
    const args = ["--disallow-code-generation-from-strings", command, "run", "api", operation];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: folder });
    expect(stdout).not.toBe("");
    expect(stderr).toBe("");
  },
);

describe("run --out", () => {
  it("writes the body as received, and says so", async () => {
    expect(await run("picture", "--out", "picture.png")).toEqual({
      code: 0,
      stdout: "",
      stderr: "wrote picture.png: 6 bytes, image/png\n",
    });
    expect(await readFile(path.join(folder, "picture.png"))).toEqual(PICTURE);
  });

  it("replaces a file, through a link too, and leaves nothing else", async () => {
    await mkdir(path.join(folder, "out"));
    await writeFile(path.join(folder, "out/old.xml"), "old");
    await symlink("old.xml", path.join(folder, "out/link.xml"));
    expect(await run("xml", "--out", "out/link.xml", "--quiet")).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await readFile(path.join(folder, "out/old.xml"), "utf8")).toBe(ANSWERS["/xml"]?.[1]);
    expect(await readlink(path.join(folder, "out/link.xml"))).toBe("old.xml");
    expect(await readdir(path.join(folder, "out"))).toEqual(["link.xml", "old.xml"]);
  });

  it("leaves a file as it is where the call fails", async () => {
    await writeFile(path.join(folder, "old"), "old");
    expect((await run("gone", "--out", "old")).code).toBe(5);
    expect(await readFile(path.join(folder, "old"), "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["capabilities", "old"]);
  });

  it("leaves no part of a file when it is interrupted", async () => {
    const { child, finished } = await startCommand(["run", "api", "events", "--out", "events"], {
      cwd: folder,
    });
    while ((await readdir(folder)).length < 2) await new Promise(resolve => setTimeout(resolve, 10));
    child.kill("SIGINT");
    expect((await finished).code).toBe(130);
    expect(await readdir(folder)).toEqual(["capabilities"]);
  });

  it("writes to what is no regular file", async () => {
    expect(await run("json", "--out", "/dev/null")).toMatchObject({ code: 0, stdout: "" });
  });

  it.each([
    { args: ["--out", "away/file"], says: 'Cannot write --out "away/file": there is no folder' },
    { args: ["--out", "capabilities"], says: 'Cannot write --out "capabilities": it is a folder' },
    { args: ["--out", "x", "--select", "$.n"], says: "without --select: leave one out" },
    { args: ["--out", "x", "--output", "yaml"], says: "without --output yaml: leave one out" },
  ])("is refused before anything is sent: $args", async ({ args, says }) => {
    const asked = upstream.requests.length;
    const { code, stdout, stderr } = await run("json", ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
    expect(upstream.requests).toHaveLength(asked);
  });
});

describe("run on a terminal", () => {
  it.each([["picture"], ["picture", "--output", "raw"], ["picture", "--output", "table"], ["avro", "--output", "raw"]])(
    "refuses bytes before anything is sent: %s %s %s",
    async (...args) => {
      const asked = upstream.requests.length;
      const { code, stdout, stderr } = await runInTerminal(["run", "api", ...args], { cwd: folder });
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(
        "answers with bytes, which a terminal cannot show: write them to a file with --out FILE",
      );
      expect(upstream.requests).toHaveLength(asked);
    },
  );

  it("stops at bytes that nobody announced", async () => {
    const { code, stdout, stderr } = await runInTerminal(["run", "api", "untold", "--output", "raw"], {
      cwd: folder,
    });
    expect({ code, stdout }).toEqual({ code: 7, stdout: "" });
    expect(stderr).toContain("is not text that a terminal can show (image/png): write it to a file with --out FILE");
  });

  it("shows bytes as JSON where that is asked for", async () => {
    const { code, stdout } = await runInTerminal(["run", "api", "picture", "--output", "json"], {
      cwd: folder,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ mediaType: "image/png", base64: PICTURE.toString("base64") });
  });

  it("shows the items of a stream as lines", async () => {
    const { stdout } = await runInTerminal(["run", "api", "lines"], { cwd: folder });
    expect(stdout).toBe('{"n":1}\n{"n":2}\n');
  });
});

describe.concurrent("run of a stream", () => {
  it.each([
    { args: [], stdout: '{"n":1}\n{"n":2}\n' },
    { args: ["--select", "$.n"], stdout: "1\n2\n" },
    { args: ["--output", "yaml"], stdout: '---\n"n": 1\n---\n"n": 2\n' },
    { args: ["--output", "table"], stdout: "n  1\nn  2\n" },
    { args: ["--output", "raw"], stdout: '{"n":1}\n{"n":2}\n' },
  ])("prints each item: $args", async ({ args, stdout }) => {
    expect(await run("lines", ...args)).toEqual({ code: 0, stdout, stderr: "" });
  });

  it("prints what came before an item that is broken", async () => {
    const { code, stdout, stderr } = await run("broken-lines");
    expect({ code, stdout }).toEqual({ code: 7, stdout: '{"n":1}\n' });
    expect(stderr).toContain('Cannot decode item 2 of the answer to "broken-lines" as json');
  });

  it.each([["json"], ["raw"]])(
    "prints each item as it arrives, and ends with 130 and nothing else on Ctrl-C: %s",
    async output => {
      const { child, finished, waitFor } = await startCommand(["run", "api", "events", "--output", output], {
        cwd: folder,
      });
      await waitFor(/\n/);
      child.kill("SIGINT");
      expect(await finished).toEqual({
        code: 130,
        stdout: output === "raw" ? 'data: {"n":1}\n\n' : '{"n":1}\n',
        stderr: "",
      });
    },
  );

  it("ends when its reader has gone, and says so", async () => {
    const { child, finished } = await startCommand(["run", "api", "many-lines"], { cwd: folder });
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await finished).toMatchObject({
      code: 8,
      stderr: expect.stringMatching(/^error: Cannot write to standard output: .*\(EPIPE\).*\n$/),
    });
  });

  it("ends with 6 where nothing more comes", async () => {
    const { code, stdout, stderr } = await run("events", "--timeout", "1000");
    expect({ code, stdout }).toEqual({ code: 6, stdout: '{"n":1}\n' });
    expect(stderr).toContain("events: Nothing more came from 127.0.0.1:");
  });

  it("says so with --verbose", async () => {
    expect((await run("lines", "--verbose")).stderr).toContain("< HTTP 200 OK (a stream, ");
  });
});
