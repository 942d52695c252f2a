import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Two errors that the schema finds, in the order of the file. */
const TWO_ERRORS = `naftiko: 1.0.0-alpha2
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://api.example.test
      resources:
        - name: items
          path: /items
          operations:
            - name: first
              method: FETCH
            - name: second
              method: GET
              inputParameters:
                - name: id
                  in: nowhere
`;

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder({
    "good.yaml": capabilityText({ operations: [{ name: "get", method: "GET", path: "/" }] }),
    "bad/syntax.yaml": 'naftiko: "1\n',
    "bad/deep/schema.yml": TWO_ERRORS,
    "bad/other.yaml": "capabilty: { consumes: [] }\n",
    "bad/notes.txt": "not looked at",
    "implied.yaml": capabilityText({
      binds: { API_TOKEN: "API_TOKEN" },
      operations: [{ name: "get", method: "GET", path: "/" }],
    }),
    "odd, name%.yaml": "a: 1\n",
    "empty/readme.md": "nothing here",
  });
});

function validate(...args: string[]) {
  return runCommand(["validate", ...args], { cwd: folder });
}

const inFolder = (name: string) => path.join(folder, name);

describe.concurrent("validate", () => {
  it("says how many files are good", async () => {
    expect(await validate("good.yaml")).toEqual({ code: 0, stdout: "1 file, 0 errors\n", stderr: "" });
  });

  it("shows every problem of every file, with its place, in file order", async () => {
    const { code, stdout, stderr } = await validate("good.yaml", "bad");
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    const places = Array.from(stdout.matchAll(/^(\S+):(\d+):(\d+) error: (.*)$/gm), found => found.slice(1));
    expect(places).toEqual([
      [
        inFolder("bad/deep/schema.yml"),
        "12",
        "23",
        expect.stringContaining('found "FETCH"; did you mean "PATCH"? (schema)'),
      ],
      [inFolder("bad/deep/schema.yml"), "17", "23", expect.stringContaining('found "nowhere" (schema)')],
      [
        inFolder("bad/other.yaml"),
        "1",
        "1",
        expect.stringContaining('it has neither "naftiko" nor "ikanos" at its root (found capabilty) (document)'),
      ],
      [inFolder("bad/syntax.yaml"), expect.any(String), expect.any(String), expect.stringContaining("quote (yaml)")],
    ]);
    expect(stdout).toContain("\n  12 |               method: FETCH\n     |                       ^\n");
    expect(stdout).toMatch(/\n4 files, 4 errors\n$/);
  });

  it("shows notes, which are no errors, and leaves them out with --quiet", async () => {
    const { code, stdout } = await validate("implied.yaml");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /implied\.yaml:\d+:\d+ info: "api" declares no authentication, so API_TOKEN is sent as a bearer token/,
    );
    expect(stdout).toContain("1 file, 0 errors\n");
    expect(await validate("implied.yaml", "--quiet")).toEqual({
      code: 0,
      stdout: "1 file, 0 errors\n",
      stderr: "",
    });
  });

  it("looks at a file once that is named twice", async () => {
    const { stdout } = await validate("bad/other.yaml", "bad/other.yaml", "./bad/../bad/other.yaml");
    expect(stdout).toMatch(/^1 file, 1 error$/m);
  });

  it("finds no file in a folder without one", async () => {
    expect(await validate("empty")).toMatchObject({ code: 0, stdout: "0 files, 0 errors\n" });
  });

  it("gives programs one JSON object", async () => {
    const { code, stdout, stderr } = await validate("good.yaml", "bad", "--format", "json");
    expect({ code, stderr }).toEqual({ code: 3, stderr: "" });
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ files: 4, errors: 4 });
    expect(report.diagnostics[0]).toEqual({
      severity: "error",
      rule: "schema",
      message: expect.stringContaining("FETCH"),
      pointer: "/capability/consumes/0/resources/0/operations/0/method",
      source: {
        file: inFolder("bad/deep/schema.yml"),
        line: 12,
        column: 23,
        pointer: "/capability/consumes/0/resources/0/operations/0/method",
        text: "              method: FETCH",
      },
    });
    expect(report.diagnostics.map(({ rule }: { rule: string }) => rule)).toEqual([
      "schema",
      "schema",
      "document",
      "yaml",
    ]);
  });

  it("gives GitHub its workflow commands", async () => {
    const { code, stdout } = await validate("good.yaml", "bad/deep", "implied.yaml", "--format", "github");
    expect(code).toBe(3);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe(
      `::error file=${inFolder("bad/deep/schema.yml")},line=12,col=23,title=schema::operations[0].method: Expected one of GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS, found "FETCH"; did you mean "PATCH"?`,
    );
    expect(lines[2]).toMatch(/^::notice file=.*implied\.yaml,line=\d+,col=\d+,title=implied-authentication::/);
  });

  it("escapes what would break a workflow command", async () => {
    const { stdout } = await validate("odd, name%.yaml", "--format", "github");
    expect(stdout).toMatch(/^::error file=[^,]*odd%2C name%25\.yaml,line=1,/);
  });

  it("ends with 3 for a file that is not there", async () => {
    const { code, stdout, stderr } = await validate("good.yaml", "none.yaml");
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toBe(`error: Cannot validate ${inFolder("none.yaml")}: there is no such file or folder\n`);
  });

  it("accepts the package's own capabilities", async () => {
    const { code, stdout } = await validate(path.resolve(import.meta.dirname, "../../../capabilities"), "--quiet");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+ files?, 0 errors\n$/);
  });
});
