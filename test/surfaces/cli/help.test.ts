import { beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input, required } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream } from "../../support/upstream.ts";

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder({
    "capabilities/shop.yaml": capabilityText({
      namespace: "shop",
      info: { label: "Book shop", description: "Sells books.\nAnd maps." },
      operations: [
        {
          name: "search",
          method: "GET",
          path: "/items",
          description: "Find items\nby name",
          inputParameters: [
            required("q", "query"),
            input("$top", "query", "integer", { description: "How many" }),
            input("output", "query"),
            input("tags", "query", "array"),
          ],
        },
        {
          name: "buy",
          method: "POST",
          path: "/items/{id}/buy",
          inputParameters: [required("timeout", "query", "integer")],
        },
        { name: "ping", method: "GET", path: "/" },
      ],
    }),
    "capabilities/bare.yaml": "naftiko: 1.0.0-alpha2\ncapability:\n  consumes: []\n",
  });
});

describe.concurrent("help", () => {
  it.each([
    {
      args: ["--help"],
      stdout: [
        "naftiko run <capability> [operation]",
        "naftiko list",
        "naftiko describe",
        "naftiko validate",
        "naftiko mock",
      ],
    },
    { args: ["-h"], stdout: ["naftiko run <capability> [operation]"] },
    {
      args: ["run", "--help"],
      stdout: [
        ...["--input", "--inputs", "--dir", "--base-uri", "--env-file", "--dry-run", "--mock", "--select", "--output"],
        ...["--timeout", "--retries", "--no-implied-auth", "--verbose", "--quiet", "--no-color"],
        "A value @file reads a file, - standard input, @@x is the text @x.",
        "  -i, --input NAME=VALUE ",
        "      --timeout TIME ",
        "      --cache[=FILE] ",
        "      --base-uri [namespace=]URL ",
        ...["Inputs:", "What is sent:", "Where to:", "What is printed:", "Time and attempts:"],
        "by default 10 s, 0 for no limit",
        /^ {4}5? ?.*the API answered 400 or above, or a redirect that is not followed$/m,
        "130  interrupted",
      ],
    },
    { args: ["run", "-h"], stdout: ["--dry-run"] },
    ...["list", "describe", "validate", "mock"].map(command => ({
      args: [command, "--help"],
      stdout: [`naftiko ${command}`, "Options:"],
    })),
    ...[[], ["help"], ["help", "help"], ["--verbose"]].map(args => ({
      args,
      stdout: ["naftiko run <capability> [operation]", "naftiko help [command]"],
    })),
    { args: ["help", "run"], stdout: ["naftiko run <capability> <operation>", "--dry-run"] },
    { args: ["help", "run", "shop", "search"], stdout: ["naftiko run shop search", "Inputs:"] },
    { args: ["help", "validate"], stdout: ["naftiko validate <path..>", "--strict"] },
    ...["--version", "-V", "-v"].map(arg => ({ args: [arg], stdout: [/^\d+\.\d+\.\d+\n$/] })),
  ])("$args", async ({ args, stdout }) => {
    const result = await runCommand(args, { cwd: folder });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    for (const part of stdout) expect(result.stdout).toMatch(part);
    // Each line fits a usual terminal, no option is shown twice.
    for (const line of result.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(result.stdout).not.toMatch(/(-[hi]), \1/);
  });

  it("of run says no more of an option's value than its name does", async () => {
    const { stdout } = await runCommand(["run", "--help"], { cwd: folder });
    expect(stdout).not.toMatch(/\[(boolean|string)\]/);
  });

  it("of a capability lists its operations", async () => {
    const result = await runCommand(["run", "shop", "--help"], { cwd: folder });
    expect(result).toEqual({
      code: 0,
      stderr: "",
      stdout: `naftiko run shop <operation> [--<input> <value>…] [options]

Book shop
| Sells books.
| And maps.

Operations:
  search  GET   /items           Find items by name
  buy     POST  /items/{id}/buy
  ping    GET   /

Inputs of one:  naftiko run shop <operation> --help
Options:        naftiko run --help
`,
    });
  });

  it("of an operation lists its inputs, those called like an option with -i", async () => {
    const result = await runCommand(["run", "shop", "search", "--help"], { cwd: folder });
    expect(result).toEqual({
      code: 0,
      stderr: "",
      stdout: `naftiko run shop search [--<input> <value>…] [options]

GET /items
| Find items
| by name

Inputs:
  --q <string>        (query, required)
  --'$top' <integer>  (query)            How many
  -i output=<string>  (query)
  --tags <array>      (query)

Example:
  naftiko run shop search --q example

Options of every operation:  naftiko run --help
`,
    });
  });

  it.each([
    { args: ["run", "shop", "buy", "--help"], stdout: "naftiko run shop buy -i timeout=1 --id example\n" },
    { args: ["run", "shop", "POST /items/{id}/buy", "--help"], stdout: "naftiko run shop buy -i timeout=1" },
    { args: ["run", "shop", "search", "--help", "--q", "x"], stdout: "Inputs:" },
    { args: ["run", "--help", "shop", "search"], stdout: "Inputs:" },
    { args: ["run", "shop", "ping", "-h"], stdout: "Inputs: none\n" },
    { args: ["run", "bare", "--help"], stdout: "Operations:\n  (none)\n" },
  ])("$args", async ({ args, stdout }) => {
    const result = await runCommand(args, { cwd: folder });
    expect(result).toEqual({ code: 0, stdout: expect.stringContaining(stdout), stderr: "" });
  });

  it("of an unknown operation is an error", async () => {
    const { code, stdout, stderr } = await runCommand(["run", "shop", "serch", "--help"], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain('did you mean "search"?');
  });
});

describe.concurrent("options about what is printed", () => {
  it.each([["list"], ["describe", "shop"], ["validate", "capabilities/shop.yaml"]])(
    "are options of %s too",
    async (...args) => {
      const result = await runCommand([...args, "--no-color", "--verbose"], { cwd: folder });
      expect(result).toMatchObject({ code: 0, stderr: "" });
    },
  );

  it.each([
    [["--no-color", "--verbose=true"], 0, /^GET /],
    [["--no-color"], 0, /^GET /],
  ])("stand before run too: %j", async (options, code, stdout) => {
    const args = [...options, "run", "shop", "search", "--q", "a", "--dry-run"];
    const result = await runCommand(args, { cwd: folder });
    expect({ ...result, stdout: stdout.test(result.stdout) }).toMatchObject({ code, stdout: true });
  });

  it.each([
    { of: "an unknown capability", args: ["describe", "nothing-like-it"], code: 3 },
    { of: "an unknown command", args: ["lst"], code: 2 },
    { of: "an unknown operation", args: ["run", "shop", "serch"], code: 2 },
    { of: "a bad input", args: ["run", "shop", "search", "--q", "a", "--$top", "x"], code: 2 },
    { of: "no network", args: ["run", "shop", "ping", "--base-uri", "http://127.0.0.1:1", "--retries", "0"], code: 6 },
  ])("show no stack trace for $of", async ({ args, code }) => {
    for (const flag of ["--verbose", "-v"]) {
      const result = await runCommand([...args, flag], { cwd: folder });
      expect(result).toMatchObject({ code, stdout: "" });
      expect(result.stderr).not.toMatch(/^[| ]*at \S/m);
    }
  });

  it.each([404, 503])("show no stack trace for HTTP %d", async status => {
    const upstream = await startUpstream((_request, response) => answerJson(response, status, { at: "home" }));
    const args = ["run", "shop", "ping", "--base-uri", upstream.url, "--retries", "0", "--verbose"];
    const result = await runCommand(args, { cwd: folder });
    await upstream.close();
    expect(result).toMatchObject({ code: 5, stdout: "" });
    expect(result.stderr).toMatch(new RegExp(`^ping: HTTP ${status} .*\n\\{\n  "at": "home"\n\\}\nGET .*\n$`, "m"));
  });

  it.each([
    ["-v", "run"],
    ["run", "-v"],
  ])("-v is --verbose: %j", async (...words) => {
    const args = ["shop", "buy", "--id", "1", "-i", "timeout=1", "--mock"];
    const result = await runCommand([...words, ...args], { cwd: folder });
    expect(result.stderr).toContain("> POST ");
  });
});

describe.concurrent("a command line that is not understood", () => {
  it.each([
    { args: ["help", "lst"], stderr: 'error: Unknown command "lst"; did you mean "list"?\nusage: naftiko --help\n' },
    { args: ["lst"], stderr: 'error: Unknown command "lst"; did you mean "list"?\nusage: naftiko --help\n' },
    { args: ["shop", "search"], stderr: 'error: Unknown command "shop"\nusage: naftiko --help\n' },
    {
      args: ["list", "--otput", "json"],
      stderr: 'error: Unknown argument "--otput"; did you mean "--output"?\nusage: naftiko list --help\n',
    },
    {
      args: ["describe", "shop", "--conifg=x", "--verbos"],
      stderr: 'error: Unknown argument "--conifg", "--verbos"; did you mean "--config" or "--verbose"?\n',
    },
    {
      args: ["validate", "--strct", "capabilities"],
      stderr: 'error: Unknown argument "--strct"; did you mean "--strict"?\nusage: naftiko validate --help\n',
    },
    {
      args: ["migrate", "--wirte", "capabilities"],
      stderr: 'error: Unknown argument "--wirte"; did you mean "--write"?\nusage: naftiko migrate --help\n',
    },
    {
      args: ["list", "--dry-run"],
      stderr: 'error: Unknown argument "--dry-run"\nusage: naftiko list --help\n',
    },
    { args: ["export", "openapi", "a", "b"], stderr: 'error: Unknown argument "b"\n' },
    { args: ["list", "--dir"], stderr: "error: No value given for --dir\nusage: naftiko list --help\n" },
    {
      args: ["list", "--output", "xml"],
      stderr: 'error: Option --output is one of text, json, found "xml"\nusage: naftiko list --help\n',
    },
    {
      args: ["describe", "shop", "--output", "jsn"],
      stderr: 'error: Option --output cannot be "jsn"; did you mean "json"? It is one of text, json\n',
    },
    {
      args: ["validate", "--fail-on", "warn", "capabilities"],
      stderr:
        'error: Option --fail-on cannot be "warn"; did you mean "warning"? It is one of error, warning, departure\n',
    },
    { args: ["describe"], stderr: "error: An argument is missing\nusage: naftiko describe --help\n" },
    { args: ["validate"], stderr: "error: An argument is missing\nusage: naftiko validate --help\n" },
    {
      args: ["mock", "shop", "--port", "x"],
      stderr: 'error: Option --port is a number from 0 to 65535, found "x"\n',
    },
    { args: ["mock", "shop", "--port", "65536"], stderr: "error: Option --port is a number from 0 to 65535" },
  ])("$args", async ({ args, stderr }) => {
    const result = await runCommand(args, { cwd: folder });
    expect(result).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(stderr) });
  });
});
