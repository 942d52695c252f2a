import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { capabilityText } from "../../support/capability-text.ts";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startUpstream, type Upstream } from "../../support/upstream.ts";
import { runInTerminal } from "./fake-terminal.ts";

// Text of a file, a caller or an API does not steer a terminal, forge a line of ours, or give a CI system a command.

/** Characters that steer a terminal, or cannot be seen, by code point. */
const HOSTILE: Readonly<Record<string, number>> = {
  bell: 0x07,
  backspace: 0x08,
  "vertical tab": 0x0b,
  "form feed": 0x0c,
  "carriage return": 0x0d,
  "shift out": 0x0e,
  escape: 0x1b,
  delete: 0x7f,
  "next line": 0x85,
  "device control string": 0x90,
  "control sequence introducer": 0x9b,
  "operating system command": 0x9d,
  "soft hyphen": 0xad,
  "arabic letter mark": 0x61c,
  "zero width space": 0x200b,
  "left-to-right mark": 0x200e,
  "right-to-left mark": 0x200f,
  "line separator": 0x2028,
  "paragraph separator": 0x2029,
  "left-to-right embedding": 0x202a,
  "right-to-left override": 0x202e,
  "word joiner": 0x2060,
  "left-to-right isolate": 0x2066,
  "pop directional isolate": 0x2069,
  "byte order mark": 0xfeff,
  "tag letter": 0xe0041,
};

const CHARACTERS = Object.values(HOSTILE).map(code => String.fromCodePoint(code));
const COMMANDS = [
  "::error::forged",
  "  ::add-mask::forged",
  "\u00a0::stop-commands::forged",
  "##[error]forged",
  "##vso[task.setvariable variable=x]forged",
  "##teamcity[message text='forged']",
  "note: forged",
];
/** Every hostile character, a window title, and every command on a line of its own. */
const TEXT = `forged ${CHARACTERS.join("y")}\u001b]0;title\u0007${COMMANDS.map(line => `\n${line}`).join("")}`;
/** A body is shown as it is, as what follows the headers of a request. */
const BODY = TEXT.replace("\nnote: forged", "");
/** The part of it that a name in a URL, or of a file, can hold. */
const NAME = TEXT.replaceAll("/", "");

let upstream: Upstream;
let folder: string;
const OPERATIONS = [
  { name: "get", method: "GET", path: "/json" },
  { name: "pages", method: "GET", path: "/pages" },
  { name: "text", method: "GET", path: "/text", outputRawFormat: "text" },
  { name: "lines", method: "GET", path: "/lines" },
  { name: "bad", method: "GET", path: "/bad" },
  { name: "refused", method: "GET", path: "/refused" },
  { name: "refused-text", method: "GET", path: "/refused-text" },
  {
    name: "send",
    method: "POST",
    path: "/json",
    description: TEXT,
    inputParameters: [
      { name: "q", in: "query", description: TEXT },
      { name: "body", in: "body", type: "string" },
    ],
    outputParameters: [{ name: "o", type: "string", value: "$.name", description: TEXT }],
  },
];

beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    const json = JSON.stringify({ name: TEXT, [TEXT]: [TEXT] });
    const [status, type, body] =
      url === "/refused"
        ? [422, "application/json", JSON.stringify({ name: TEXT })]
        : url.startsWith("/pages")
          ? [
              200,
              "application/json",
              JSON.stringify({ items: [{ name: TEXT }], next: url === "/pages" ? "/pages?p=2" : null }),
            ]
          : url === "/refused-text"
            ? [400, "text/plain", TEXT]
            : url === "/bad"
              ? [200, "application/json", `{${TEXT}`]
              : url === "/text"
                ? [200, "text/plain", TEXT]
                : url === "/lines"
                  ? [200, "application/x-ndjson", `${json}\n${json}\n`]
                  : [200, "application/json", json];
    response.writeHead(Number(status), {
      "content-type": String(type),
      "x-odd": Buffer.from("a\u009b31mb\u0085c", "utf8").toString("latin1"),
    });
    response.end(body);
  });
  folder = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({ baseUri: upstream.url, operations: OPERATIONS }),
    "capabilities/odd.yaml": capabilityText({
      namespace: NAME,
      baseUri: upstream.url,
      info: { label: TEXT, description: TEXT, tags: [TEXT] },
      binds: { [NAME]: NAME },
      operations: [{ ...OPERATIONS[0], name: NAME, method: "GET", path: "/x", description: TEXT }],
    }),
    "capabilities/broken.yaml": `naftiko: 1.0.0-alpha2\ncapability:\n  consumes:\n    - ${JSON.stringify({ type: "http", [TEXT]: TEXT, namespace: "a" })}\n`,
    "capabilities/older.yaml": `naftiko: 1.0.0-alpha1\ninfo: { label: ${JSON.stringify(TEXT)} }\n`,
    "tape.yaml": "",
  });
  const odd = path.join(folder, "odd");
  await mkdir(odd);
  // A file's name has no NUL and is not long.
  await writeFile(path.join(odd, `${CHARACTERS.join("")}\n::error::forged.yaml`), "naftiko: no\n");
});
afterAll(() => upstream.close());

/** Command lines whose output is for people, with what it must hold of the texts. */
const FOR_PEOPLE: Readonly<Record<string, readonly string[]>> = {
  "an unknown capability": ["run", TEXT],
  "an unknown operation": ["run", "api", TEXT],
  "an unknown input": ["run", "api", "send", `--${TEXT}=x`],
  "an input that is no number": ["run", "api", "get", "-i", `${TEXT}=x`],
  "an unknown namespace": ["run", "api", "get", "--base-uri", `${TEXT}=http://a.test`],
  "an unknown profile": ["run", "api", "get", "--profile", TEXT],
  "an unknown configuration": ["run", "api", "get", "--config", TEXT],
  "an unknown file of variables": ["run", "api", "get", "--env-file", TEXT],
  "an unknown option": ["list", `--${TEXT}`],
  "an unknown command": [TEXT],
  "a JSONPath": ["run", "api", "get", "--select", TEXT],
  "a filter": ["run", "api", "get", "--until", TEXT],
  "a file that cannot be written": ["run", "api", "get", "--out", `no/${TEXT}`],
  "a cassette that is not there": ["run", "api", "get", "--replay", TEXT],
  "an input file that is not there": ["run", "api", "send", "--body", `@${TEXT}`],
  "an error's body in JSON": ["run", "api", "refused"],
  "an error's body in text": ["run", "api", "refused-text"],
  "an error as JSON": ["run", "api", "refused-text", "--output", "json"],
  "a body that cannot be decoded": ["run", "api", "bad"],
  "events and headers": ["run", "api", "refused-text", "--verbose"],
  "a request": ["run", "api", "send", "--q", TEXT, "--body", BODY, "--dry-run"],
  "a request with its secrets": [...["run", "api", "send", "--q", TEXT, "--body", BODY, "--dry-run", "--show-secrets"]],
  "a table": ["run", "api", "get", "--output", "table"],
  "a list": ["list"],
  "a list of nothing": ["list", `${TEXT} nothing`],
  "a description": ["describe", "odd"],
  "a description of an operation": ["describe", "odd", NAME],
  "a description of inputs": ["describe", "api", "send"],
  "help of a capability": ["run", "odd", "--help"],
  "help of an operation": ["run", "odd", NAME, "--help"],
  "help with inputs": ["run", "api", "send", "--help"],
  "a list of operations": ["run", "odd"],
  "a namespace": ["run", "odd", NAME, "--base-uri", "x=http://a.test"],
  findings: ["validate", "capabilities", "--all"],
  "findings of a file with such a name": ["validate", "odd"],
  "a migration": ["migrate", "--check", "capabilities"],
  "a curl command": ["run", "api", "send", "--q", TEXT, "--body", BODY, "--dry-run=curl"],
  "an HTTPie command": ["run", "api", "send", "--q", TEXT, "--body", BODY, "--dry-run=httpie"],
  "a Python program": ["run", "api", "send", "--q", TEXT, "--body", TEXT, "--dry-run=python"],
  "a program with fetch": ["run", "api", "send", "--q", TEXT, "--body", TEXT, "--dry-run=fetch"],
};

/** Command lines whose output is data: as it is in a pipe, escaped on a terminal alone. */
const DATA: Readonly<Record<string, readonly string[]>> = {
  JSON: ["run", "api", "get"],
  "a selected text": ["run", "api", "get", "--select", "$.name"],
  YAML: ["run", "api", "get", "--output", "yaml"],
  "the body as received": ["run", "api", "text", "--output", "raw"],
  "items of a stream": ["run", "api", "lines"],
  "items of a stream in YAML": ["run", "api", "lines", "--output", "yaml"],
  "selected items of a stream": ["run", "api", "lines", "--select", "$.name"],
  "items of pages": ["run", "api", "pages", "--all"],
  "items of pages as one list": ["run", "api", "pages", "--all", "--output", "json"],
  "items of pages in YAML": ["run", "api", "pages", "--all", "--output", "yaml"],
  "a description in JSON": ["describe", "odd", "--output", "json"],
  "a list in JSON": ["list", "--output", "json"],
  "findings in JSON": ["validate", "capabilities", "odd", "--format", "json"],
  "findings in SARIF": ["validate", "capabilities", "odd", "--format", "sarif"],
  "a request in JSON": ["run", "api", "send", "--body", TEXT, "--dry-run=json"],
  "a request in HAR": ["run", "api", "send", "--body", TEXT, "--dry-run=har"],
};

const ESCAPE = "\u001b";
/** The colours of naftiko itself. */
const COLOURS = new RegExp(`${ESCAPE}\\[\\d+m`, "g");
/** Text that takes the line of progress away. */
const CLEARED = `\r${ESCAPE}[2K`;

function hostileIn(text: string): string[] {
  const plain = text.replaceAll(CLEARED, "").replaceAll(COLOURS, "");
  return Object.entries(HOSTILE).flatMap(([name, code]) => (plain.includes(String.fromCodePoint(code)) ? [name] : []));
}

function commandsIn(text: string): string[] {
  const plain = text.replaceAll(COLOURS, "");
  return plain.split("\n").filter(line => /^\s*::|##\w*\[|^\s*note: forged$/.test(line));
}

describe("what is printed for people", () => {
  for (const [where, run] of [
    ["a pipe", (args: readonly string[]) => runMain(args, { cwd: folder })],
    ["a terminal", (args: readonly string[]) => runInTerminal(args, { cwd: folder })],
  ] as const) {
    it.each(Object.entries(FOR_PEOPLE))(`steers nothing in ${where}: %s`, async (_, args) => {
      const { stdout, stderr } = await run(args);
      expect(`${stdout}${stderr}`).toContain("forged");
      const printed = `${stdout}\n${stderr}`;
      expect({ hostile: hostileIn(printed), commands: commandsIn(printed) }).toEqual({
        hostile: [],
        commands: [],
      });
    });
  }
});

describe("a result", () => {
  it.each(Object.entries(DATA))("steers no terminal: %s", async (_, args) => {
    const { stdout, stderr } = await runInTerminal(args, { cwd: folder });
    expect([stdout, stderr]).toEqual([expect.stringContaining("forged"), expect.anything()]);
    expect({ hostile: hostileIn(`${stdout}${stderr}`), commands: commandsIn(stderr) }).toEqual({
      hostile: [],
      commands: [],
    });
  });

  it.each([
    { form: "JSON", args: ["run", "api", "get"], read: (text: string): unknown => JSON.parse(text) },
    {
      form: "YAML",
      args: ["run", "api", "get", "--output", "yaml"],
      read: (text: string): unknown => parse(text),
    },
  ])("on a terminal is the same value in $form", async ({ args, read }) => {
    const { stdout } = await runInTerminal(args, { cwd: folder });
    expect(read(stdout)).toEqual({ name: TEXT, [TEXT]: [TEXT] });
  });

  it.each([
    { of: "a selected text", args: ["run", "api", "get", "--select", "$.name"], stdout: `${TEXT}\n` },
    { of: "the body as received", args: ["run", "api", "text", "--output", "raw"], stdout: TEXT },
    {
      of: "JSON",
      args: ["run", "api", "get"],
      stdout: `${JSON.stringify({ name: TEXT, [TEXT]: [TEXT] })}\n`,
    },
  ])("in a pipe is as it is: $of", async ({ args, stdout }) => {
    expect((await runMain(args, { cwd: folder })).stdout).toBe(stdout);
  });
});
