import { beforeAll, describe, expect, it } from "vitest";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const HEAD = `naftiko: 1.0.0-alpha2
capability:
  consumes:
  - type: http
    namespace: api
    baseUri: https://api.example.test
    resources:
    - name: r
      path: /a
      operations:
      - name: get
        method: POST
        inputParameters:
        - name: body
          in: body
          type: object
`;

/** Files that nest too deeply, in every way that YAML has. */
const files: Readonly<Record<string, string>> = {
  "lines-1500": `${HEAD}${Array.from({ length: 1_500 }, (_, depth) => `${" ".repeat(depth)}x:`).join("\n")} 1\n`,
  "dashes-1500": `${HEAD}x:\n ${"- ".repeat(1_500)}a\n`,
  "dashes-100000": `${HEAD}x:\n ${"- ".repeat(100_000)}a\n`,
  "brackets-1500": `${HEAD}x: ${"[".repeat(1_500)}${"]".repeat(1_500)}\n`,
  "brackets-100000": `${HEAD}x: ${"[".repeat(100_000)}${"]".repeat(100_000)}\n`,
  "open-100000": `${HEAD}x: ${"[".repeat(100_000)}`,
  "braces-100000": `${HEAD}x: ${"{a: ".repeat(100_000)}1${"}".repeat(100_000)}\n`,
  "keys-100000": `${HEAD}${"? ".repeat(100_000)}a\n`,
  "mixed-1500": `${HEAD}x:\n ${"- ".repeat(90)}${"[".repeat(1_500)}${"]".repeat(1_500)}\n`,
  "json-100000": `{"naftiko":"1.0.0-alpha2","capability":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`,
  "aliases-900": `a0: &a0 [x]\n${Array.from({ length: 900 }, (_, index) => `a${index + 1}: &a${index + 1} [*a${index}]\n`).join("")}${HEAD}`,
};

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder({
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`${name}.yaml`, text])),
    "shallow.yaml": HEAD,
    "deep.json": `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`,
    "other/config.yaml": `overlays: ${"[".repeat(100_000)}${"]".repeat(100_000)}\n`,
  });
});

describe("files that nest deeply", () => {
  it.each(Object.keys(files))("%s ends each command with a diagnostic", async name => {
    const file = `${name}.yaml`;
    for (const args of [
      ["validate", file],
      ["validate", file, "--fix"],
      ["migrate", file],
      ["describe", file],
      ["run", file, "get", "--dry-run"],
    ]) {
      const { code, stdout, stderr } = await runMain(args, { cwd: folder });
      expect({ args, code }).toEqual({ args, code: 3 });
      expect(stdout + stderr).toContain("The file nests more than 100 levels");
    }
  });

  it("are listed with what is wrong with them", async () => {
    const { code, stdout } = await runMain(["list", "--dir", "."], { cwd: folder });
    expect(code).toBe(0);
    // The configuration in the folder below nests too deeply, too.
    expect(stdout.match(/nests more than 100 levels/g)).toHaveLength(Object.keys(files).length + 1);
  });

  it.each([
    { args: ["--body", "@deep.json"], code: 2, says: "nests more than 1000 levels" },
    { args: ["--inputs", "@deep.json"], code: 2, says: 'no input "a"' },
    { args: ["--config", "other/config.yaml"], code: 3, says: "nests more than 100 levels" },
    {
      args: ["--select", `$[?(${"(".repeat(3_000)}@.a${")".repeat(3_000)})]`],
      code: 2,
      says: "nests too many filters, parentheses or arguments",
    },
    {
      args: ["--until", `${"(".repeat(3_000)}@.a${")".repeat(3_000)}`],
      code: 2,
      says: "nests too many filters, parentheses or arguments",
    },
  ])("are refused as arguments: $says", async ({ args, code, says }) => {
    const result = await runMain(["run", "shallow.yaml", "get", "--dry-run", ...args], { cwd: folder });
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(says);
    expect(result.stderr).not.toContain("call stack");
  });
});
