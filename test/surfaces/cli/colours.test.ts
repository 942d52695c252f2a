import { stripVTControlCharacters, styleText } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { colouredLine, colourJson } from "../../../src/surfaces/cli/colour-json.ts";
import { type Paint, printLines } from "../../../src/surfaces/cli/printed-text.ts";
import { capabilityText } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";
import { runInTerminal } from "./fake-terminal.ts";

const BODY = '{"id":9007199254740993,"name":"a \\"b\\": \\u001b[31m","list":[-1.5,true,null,{"":"{"}]}';

let upstream: Upstream;
let cwd: string;

beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    if (url === "/refuse") response.statusCode = 422;
    response.setHeader("content-type", "application/json").end(BODY);
  });
  const operations = [
    { name: "get", method: "GET", path: "/get" },
    { name: "refuse", method: "GET", path: "/refuse" },
  ];
  cwd = await temporaryFolder({ "api.yaml": capabilityText({ baseUri: upstream.url, operations }) });
});
afterAll(() => upstream.close());

describe("colourJson()", () => {
  it("colours names, strings, numbers and words, and nothing else", () => {
    expect(colourJson('{ "a": ["b", -1.5e3, true, null] }')).toBe(
      '{ \u001b[34m"a"\u001b[39m: [\u001b[32m"b"\u001b[39m, \u001b[33m-1.5e3\u001b[39m, \u001b[35mtrue\u001b[39m, \u001b[35mnull\u001b[39m] }',
    );
  });

  it.each([BODY, "[]", '"\\\\"', '{"a\\"b":"\\\\","c":"d"}', "12345678901234567890", '"open', "x"])(
    "adds escapes alone to %s",
    text => expect(stripVTControlCharacters(colourJson(text))).toBe(text),
  );
});

describe("colouredLine()", () => {
  it("has the colours of colourJson()", () => {
    const paint: Paint = (format, text) => styleText(format, text, { validateStream: false });
    for (const text of ['{ "a": ["b", -1.5e3, true, null] }', '{"a\\"b":"\\\\","c":"d"}', '"open', "x"])
      expect(printLines([colouredLine(text)], paint)).toBe(`${colourJson(text)}\n`);
  });
});

describe("a result in JSON", () => {
  const colours = { NO_COLOR: "" };

  it.each<[readonly string[], Readonly<Record<string, string>>, boolean]>([
    [[], colours, true],
    [["--output", "json"], colours, true],
    [["--select", "$.list"], colours, true],
    [["--select", "$.name"], colours, false],
    [["--output", "yaml"], colours, false],
    [["--no-color"], colours, false],
    [[], { NO_COLOR: "1" }, false],
    [[], { NO_COLOR: "", TERM: "dumb" }, false],
  ])("on a terminal with %j and %j is coloured: %s", async (args, env, isColoured) => {
    const plain = await runInTerminal(["run", "api.yaml", "get", ...args], { cwd });
    const { code, stdout } = await runInTerminal(["run", "api.yaml", "get", ...args], { cwd, env });
    expect(code).toBe(0);
    expect(stdout.includes("\u001b")).toBe(isColoured);
    expect(stripVTControlCharacters(stdout)).toBe(plain.stdout);
  });

  it.each([{}, { FORCE_COLOR: "1" }])("in a pipe has no colours: %j", async env => {
    const { stdout } = await runCommand(["run", "api.yaml", "get"], { cwd, env });
    expect(stdout).toBe(`${BODY}\n`);
  });
});

describe("other JSON", () => {
  it.each([
    { args: ["list", "--output", "json"], stream: "stdout" },
    { args: ["describe", "api.yaml", "--output", "json"], stream: "stdout" },
    { args: ["describe", "api.yaml", "get", "--output=json"], stream: "stdout" },
    { args: ["validate", "api.yaml", "--format", "json"], stream: "stdout" },
    { args: ["validate", "api.yaml", "--format", "sarif"], stream: "stdout" },
    { args: ["run", "api.yaml", "get", "--dry-run=json"], stream: "stdout" },
    { args: ["run", "api.yaml", "refuse"], stream: "stderr" },
    { args: ["run", "api.yaml", "refuse", "--output", "json"], stream: "stderr" },
  ] as const)("is coloured on a terminal: $args", async ({ args, stream }) => {
    const withoutDate = (text: string) => text.replace(/"date":"[^"]*"/, "");
    const coloured = await runInTerminal(args, { cwd, env: { NO_COLOR: "" } });
    const plain = await runInTerminal([...args, "--no-color"], { cwd, env: { NO_COLOR: "" } });
    expect(coloured[stream]).toContain("\u001b[34m");
    expect(plain[stream]).not.toContain("\u001b");
    expect(withoutDate(stripVTControlCharacters(coloured[stream]))).toBe(withoutDate(plain[stream]));
  });

  it("in a pipe has no colours: an error", async () => {
    const args = ["run", "api.yaml", "refuse", "--output", "json"];
    const { stderr } = await runCommand(args, { cwd, env: { FORCE_COLOR: "1" } });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: "HTTP_STATUS" } });
  });
});
