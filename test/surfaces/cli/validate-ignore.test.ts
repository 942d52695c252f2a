import { readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A warning (`unknown-key`) in line 12 and departures in lines 10 (`name-pattern`) and 13 (`value-type`). */
const FILE = `naftiko: 1.0.0-alpha3
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://shop.test
      authentication: { type: bearer, token: t }
      resources:
        # the books
        - name: all_books
          path: /books
          timeout: 5
          inputParameters: [{ name: v, in: header, value: 7 }]
          operations:
            - { name: find, method: GET }
`;

interface Given {
  readonly file?: string;
  readonly config?: string;
  readonly args?: readonly string[];
}

async function findings({ file = FILE, config, args = [] }: Given) {
  const folder = await temporaryFolder({
    "apis/shop.yaml": file,
    ...(config === undefined ? {} : { "naftiko.config.yaml": config }),
  });
  const { code, stdout, stderr } = await runCommand(["validate", "apis/shop.yaml", "--format", "json", ...args], {
    cwd: folder,
  });
  return { code, stderr, folder, report: stdout === "" ? undefined : JSON.parse(stdout) };
}

function line(number: number, change: (line: string) => string): string {
  return FILE.split("\n")
    .map((text, index) => (index + 1 === number ? change(text) : text))
    .join("\n");
}

const ALL = ["name-pattern", "unknown-key", "value-type"];

describe.concurrent("validate leaves out", () => {
  it.each<[what: string, given: Given, rest: readonly string[]]>([
    ["nothing", {}, ALL],
    ["a rule", { args: ["--ignore", "unknown-key"] }, ["name-pattern", "value-type"]],
    ["rules, repeated", { args: ["--ignore=unknown-key", "--ignore", "value-type"] }, ["name-pattern"]],
    ["rules, with a comma", { args: ["--ignore", "unknown-key,value-type"] }, ["name-pattern"]],
    ["a rule of the configuration", { config: "validate: { ignore: [value-type] }" }, ["name-pattern", "unknown-key"]],
    [
      "a rule for a file",
      { config: "validate: { files: { apis/shop.yaml: [value-type] } }" },
      ["name-pattern", "unknown-key"],
    ],
    ["a rule for files", { config: 'validate: { files: { "apis/*": [value-type, name-pattern] } }' }, ["unknown-key"]],
    [
      "a rule for files at any depth",
      { config: 'validate: { files: { "**.yaml": [value-type] } }' },
      ["name-pattern", "unknown-key"],
    ],
    ["no rule for another file", { config: "validate: { files: { apis/books.yaml: [value-type] } }" }, ALL],
    [
      "what a comment says",
      { file: line(12, text => `${text} # naftiko-ignore unknown-key`) },
      ["name-pattern", "value-type"],
    ],
    [
      "what a comment above says",
      { file: line(12, text => `          # naftiko-ignore unknown-key\n${text}`) },
      ["name-pattern", "value-type"],
    ],
    [
      "what a comment above other comments says",
      { file: line(9, text => `        # naftiko-ignore: name-pattern\n\n${text}`) },
      ["unknown-key", "value-type"],
    ],
    [
      "several rules of a comment",
      { file: line(13, text => `${text} # naftiko-ignore value-type, unknown-key`) },
      ["name-pattern", "unknown-key"],
    ],
    ["nothing by a comment of another line", { file: line(11, text => `${text} # naftiko-ignore unknown-key`) }, ALL],
    [
      "nothing by a text",
      { file: line(12, text => `          description: "# naftiko-ignore unknown-key"\n${text}`) },
      ALL,
    ],
    ["nothing by another word", { file: line(12, text => `${text} # naftiko-ignored unknown-key`) }, ALL],
  ])("%s", async (_, given, rest) => {
    const { code, report, stderr } = await findings(given);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(
      report.diagnostics.map(({ rule }: { rule: string }) => rule).filter((rule: string) => ALL.includes(rule)),
    ).toEqual(rest);
    expect(report.ignored).toBe(ALL.length - rest.length);
    expect(report.warnings + report.departures).toBe(report.diagnostics.length);
  });

  it("what then does not fail", async () => {
    expect(await findings({ args: ["--fail-on=warning"] })).toMatchObject({ code: 3 });
    expect(await findings({ args: ["--fail-on=warning", "--ignore=unknown-key"] })).toMatchObject({ code: 0 });
    expect(await findings({ args: ["--max-warnings=0", "--ignore=unknown-key"] })).toMatchObject({ code: 0 });
    expect(await findings({ args: ["--strict", `--ignore=${ALL}`] })).toMatchObject({ code: 0 });
  });

  it("no error", async () => {
    const broken = FILE.replace("method: GET", "method: FETCH").replace(
      "{ name: find",
      "# naftiko-ignore schema\n              { name: find",
    );
    const { code, report } = await findings({ file: broken });
    expect(code).toBe(3);
    expect(report.errors).toBe(1);
    expect(report.diagnostics.map(({ message }: { message: string }) => message)).toContain(
      'The comment switches nothing off: rule "schema" cannot be switched off: its findings keep a file from running',
    );
  });

  it("what --fix then does not mend", async () => {
    const kept = await findings({ args: ["--fix", "--ignore", "value-type"] });
    expect(kept.report.fixed).toEqual([]);
    expect(await readFile(path.join(kept.folder, "apis/shop.yaml"), "utf8")).toBe(FILE);
    const file = line(13, text => `${text} # naftiko-ignore value-type`);
    const commented = await findings({ file, args: ["--fix"] });
    expect(await readFile(path.join(commented.folder, "apis/shop.yaml"), "utf8")).toBe(file);
  });

  it("what a comment of an imported file says", async () => {
    const folder = await temporaryFolder({
      "main.yaml": "naftiko: 1.0.0-alpha3\ncapability: { consumes: [{ import: shop, location: ./shared.yaml }] }\n",
      "shared.yaml": `naftiko: 1.0.0-alpha3
consumes:
  - type: http
    namespace: shop
    baseUri: "" # naftiko-ignore base-uri
    resources: [{ name: books, path: /books, operations: [{ name: find, method: GET }] }]
`,
    });
    const { stdout } = await runCommand(["validate", "main.yaml"], { cwd: folder });
    expect(stdout).toBe("1 file, 0 errors, 1 ignored\n");
  });
});

describe.concurrent("a switch that names no rule", () => {
  it("of the command is refused, with the nearest", async () => {
    const { code, stderr, report } = await findings({ args: ["--ignore", "nam-pattern"] });
    expect({ code, report }).toEqual({ code: 2, report: undefined });
    expect(stderr).toContain(
      'Cannot use --ignore nam-pattern: there is no rule "nam-pattern"; did you mean "name-pattern"',
    );
  });

  it("is refused where it is an error", async () => {
    const { code, stderr } = await findings({ args: ["--ignore", "yaml"] });
    expect(code).toBe(2);
    expect(stderr).toContain('rule "yaml" cannot be switched off');
  });

  it.each([
    ["validate:\n  ignore: [value-typ]\n", "2:11"],
    ["validate:\n  files:\n    apis/*: [name-pattern, value-typ]\n", "3:13"],
  ])("of the configuration is refused, with its place", async (config, place) => {
    const { code, stderr, folder } = await findings({ config });
    expect(code).toBe(3);
    expect(stderr).toContain('there is no rule "value-typ"; did you mean "value-type"');
    expect(stderr).toContain(`${path.join(folder, "naftiko.config.yaml")}:${place}`);
  });

  it.each([
    ["# naftiko-ignore unknwn-key", 'there is no rule "unknwn-key"; did you mean "unknown-key"?'],
    ["# naftiko-ignore", "it names no rule"],
  ])("of a comment is a warning: %s", async (comment, reason) => {
    const { report } = await findings({ file: line(12, text => `${text} ${comment}`) });
    expect(report.diagnostics).toContainEqual({
      severity: "warning",
      rule: "ignore-comment",
      message: `The comment switches nothing off: ${reason}`,
      pointer: "",
      source: expect.objectContaining({ line: 12, column: 22 }),
    });
  });
});
