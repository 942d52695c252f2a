import { chmod, lstat, readdir, readFile, stat, symlink } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { describe, expect, it } from "vitest";
import { MAX_FULL_PARSE_LENGTH } from "../../../src/language/document/document.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const OLD = `naftiko: 1.0.0-alpha3 # the version
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://api.example.test
      resources:
        - name: items
          path: /items
          operations:
            - name: list
              method: GET
`;
const NEW = `ikanos: 1.0.0-beta5 # the version
capability:
  consumes:
    - type: http
      namespace: shop
      baseUri: https://api.example.test
      resources:
        items:
          path: /items
          operations:
            list:
              method: GET
`;
/** A list in it stays one. */
const TWICE = OLD.replace("            - name: list\n", "            - { name: list, method: HEAD }\n$&");

async function folderOf(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await temporaryFolder(files);
  return {
    folder,
    migrate: (...args: string[]) => runCommand(["migrate", ...args], { cwd: folder }),
    read: (name: string) => readFile(path.join(folder, name), "utf8"),
  };
}

describe.concurrent("migrate", () => {
  it("prints one file in the newest form, and leaves it as it is", async () => {
    const { migrate, read } = await folderOf({ "a.yaml": OLD });
    expect(await migrate("a.yaml")).toEqual({ code: 0, stdout: NEW, stderr: "" });
    expect(await read("a.yaml")).toBe(OLD);
  });

  it("prints what can be called", async () => {
    const { folder } = await folderOf({ "a.yaml": NEW });
    const { code, stdout } = await runCommand(["run", "./a.yaml", "list", "--dry-run"], { cwd: folder });
    expect({ code, request: stdout.split("\n")[0] }).toEqual({
      code: 0,
      request: "GET https://api.example.test/items",
    });
  });

  it("prints a file that is up to date, and says so", async () => {
    const { migrate } = await folderOf({ "a.yaml": NEW });
    expect(await migrate("a.yaml")).toEqual({ code: 0, stdout: NEW, stderr: "a.yaml is up to date\n" });
    expect(await migrate("a.yaml", "--quiet")).toEqual({ code: 0, stdout: NEW, stderr: "" });
  });

  it("shows what stays in the old form, with its place", async () => {
    const { folder, migrate } = await folderOf({ "a.yaml": TWICE });
    const { code, stdout, stderr } = await migrate("a.yaml");
    expect({ code, first: stdout.split("\n")[0] }).toEqual({ code: 0, first: NEW.split("\n")[0] });
    expect(stderr).toBe(
      `${path.join(folder, "a.yaml")}:12:21 warning: "operations" stays a list: the name "list" repeats (migrate)\n` +
        "  12 |             - name: list\n     |                     ^\n",
    );
    expect((await migrate("a.yaml", "--quiet")).stderr).toBe("");
  });

  it("writes over files with --write, those in folders too, and the second time over none", async () => {
    const files = {
      "a.yaml": OLD,
      "b/c.yml": OLD,
      "b/new.yaml": NEW,
      "b/other.yaml": "a: 1\n",
      "b/d.txt": OLD,
    };
    const { folder, migrate, read } = await folderOf(files);
    expect(await migrate("a.yaml", "b", "./a.yaml", "--write")).toEqual({
      code: 0,
      stdout: `a.yaml is migrated\n${path.join("b", "c.yml")} is migrated\n4 files, 2 migrated, 1 up to date, 1 no capability\n`,
      stderr: "",
    });
    expect([await read("a.yaml"), await read("b/c.yml"), await read("b/other.yaml"), await read("b/d.txt")]).toEqual([
      NEW,
      NEW,
      "a: 1\n",
      OLD,
    ]);
    expect(await migrate("a.yaml", "b", "--write")).toEqual({
      code: 0,
      stdout: "a.yaml is up to date\n4 files, 0 migrated, 3 up to date, 1 no capability\n",
      stderr: "",
    });
    expect((await readdir(folder, { recursive: true })).length).toBe(6);
  });

  it("tells with --check what would change, and ends with 3", async () => {
    const { migrate, read } = await folderOf({ "a.yaml": OLD, "new.yaml": NEW });
    expect(await migrate("a.yaml", "new.yaml", "--check")).toEqual({
      code: 3,
      stdout: "a.yaml is to be migrated\nnew.yaml is up to date\n2 files, 1 to be migrated, 1 up to date\n",
      stderr: "",
    });
    expect(await read("a.yaml")).toBe(OLD);
    expect(await migrate("new.yaml", "--check")).toMatchObject({ code: 0 });
  });

  it("goes on behind a file that it cannot migrate, and ends with 3", async () => {
    const { folder, migrate, read } = await folderOf({
      "a.yaml": "naftiko: [\n",
      "b.yaml": OLD,
      "c.yaml": "a: 1\n",
    });
    const { code, stdout, stderr } = await migrate("a.yaml", "b.yaml", "c.yaml", "--write");
    expect({ code, stdout }).toEqual({
      code: 3,
      stdout: "b.yaml is migrated\n3 files, 1 migrated, 0 up to date, 2 failed\n",
    });
    expect(stderr).toContain(`error: Cannot read ${path.join(folder, "a.yaml")} as YAML: `);
    expect(stderr).toContain(`error: Cannot migrate ${path.join(folder, "c.yaml")}: This is not a capability: `);
    expect(await read("b.yaml")).toBe(NEW);
  });

  it("keeps a byte order mark, the line breaks of Windows, and the mode", async () => {
    const { folder, migrate, read } = await folderOf({ "a.yaml": `\ufeff${OLD.replaceAll("\n", "\r\n")}` });
    await chmod(path.join(folder, "a.yaml"), 0o640);
    expect(await migrate("a.yaml", "--write")).toMatchObject({ code: 0 });
    expect(await read("a.yaml")).toBe(`\ufeff${NEW.replaceAll("\n", "\r\n")}`);
    expect((await stat(path.join(folder, "a.yaml"))).mode & 0o777).toBe(0o640);
  });

  it.each([
    { what: "little", coded: (text: string) => Buffer.from(`\ufeff${text}`, "utf16le") },
    { what: "big", coded: (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16() },
  ])("keeps UTF-16, $what end first", async ({ coded }) => {
    const { folder, migrate } = await folderOf({ "a.yaml": coded(OLD) });
    expect(await migrate("a.yaml", "--write")).toMatchObject({ code: 0, stderr: "" });
    expect(await readFile(path.join(folder, "a.yaml"))).toEqual(coded(NEW));
  });

  it("writes the file that a symbolic link leads to", async () => {
    const { folder, migrate, read } = await folderOf({ "real/a.yaml": OLD });
    await symlink(path.join("real", "a.yaml"), path.join(folder, "link.yaml"));
    expect(await migrate("link.yaml", "--write")).toMatchObject({ code: 0 });
    expect((await lstat(path.join(folder, "link.yaml"))).isSymbolicLink()).toBe(true);
    expect(await read("real/a.yaml")).toBe(NEW);
  });

  // Root may write everything.
  it.skipIf(process.getuid?.() === 0)("leaves files that are not to be written", async () => {
    const { folder, migrate, read } = await folderOf({ "a.yaml": OLD, "closed/b.yaml": OLD });
    await chmod(path.join(folder, "a.yaml"), 0o444);
    await chmod(path.join(folder, "closed"), 0o555);
    const { code, stderr } = await migrate("a.yaml", "closed/b.yaml", "--write");
    await chmod(path.join(folder, "closed"), 0o755);
    expect(code).toBe(2);
    expect(stderr).toContain(`error: Cannot write ${path.join(folder, "a.yaml")}: `);
    expect(stderr).toContain(`error: Cannot write ${path.join(folder, "closed", "b.yaml")}: `);
    expect([await read("a.yaml"), await read("closed/b.yaml")]).toEqual([OLD, OLD]);
  });
});

interface Refusal {
  readonly what: string;
  readonly args: readonly string[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly code: number;
  readonly error: RegExp;
}

const REFUSALS: readonly Refusal[] = [
  {
    what: "no file",
    args: [],
    code: 2,
    error: /^error: An argument is missing\nusage: naftiko migrate --help\n$/,
  },
  {
    what: "a path that is not there",
    args: ["none.yaml"],
    code: 3,
    error: /: there is no such file or folder\n$/,
  },
  {
    what: "two files without --write",
    args: ["a.yaml", "b.yaml"],
    code: 2,
    error: /name one file, or add --write\nusage: /,
  },
  { what: "a folder without --write", args: ["."], code: 2, error: /name one file, or add --write\nusage: / },
  {
    what: "--write and --check",
    args: ["a.yaml", "--write", "--check"],
    code: 2,
    error: /exclude each other\n$/,
  },
  {
    what: "an unknown option",
    args: ["a.yaml", "--writ"],
    code: 2,
    error: /Unknown argument "--writ"; did you mean "--write"\?/,
  },
  {
    what: "a syntax error",
    args: ["a.yaml"],
    files: { "a.yaml": "naftiko: [\n" },
    code: 3,
    error: / as YAML: .*\n {2}at .*a\.yaml:2:1\n/,
  },
  {
    what: "two documents",
    args: ["a.yaml"],
    files: { "a.yaml": "naftiko: 1\n---\na: b\n" },
    code: 3,
    error: /more than one YAML document\n {2}at .*:2:1\n/,
  },
  {
    what: "bytes that are not text",
    args: ["a.yaml"],
    files: { "a.yaml": Uint8Array.of(0x61, 0xff, 0xfe) },
    code: 3,
    error: /it is not UTF-8 text\n/,
  },
  {
    what: "bytes that are not text behind the mark of UTF-16",
    args: ["a.yaml"],
    files: { "a.yaml": Uint8Array.of(0xff, 0xfe, 0x61) },
    code: 3,
    error: /it is not UTF-16 text, .*\n/,
  },
  {
    what: "an empty file",
    args: ["a.yaml"],
    files: { "a.yaml": "" },
    code: 3,
    error: /not a capability: the document is not a map\n/,
  },
  {
    what: "another file",
    args: ["a.yaml"],
    files: { "a.yaml": "a: 1\n" },
    code: 3,
    error: /not a capability: the key .* is missing\n/,
  },
  {
    what: "a file that is too large",
    args: ["a.yaml"],
    files: { "a.yaml": `naftiko: 1\n${"#".repeat(MAX_FULL_PARSE_LENGTH)}` },
    code: 3,
    error: /It is larger than 2 MiB\n/,
  },
  {
    what: "an alias for different things",
    args: ["a.yaml"],
    files: { "a.yaml": `${OLD}      inputParameters: &p [ { name: x } ]\nx: *p\n` },
    code: 3,
    error: /What \*p stands for .*\n {2}at .*a\.yaml:14:4\n/,
  },
];

describe.concurrent("migrate refuses", () => {
  it.each(REFUSALS)("$what", async ({ args, files, code, error }) => {
    const { folder, migrate } = await folderOf({ "a.yaml": OLD, "b.yaml": OLD, ...files });
    const before = await readFile(path.join(folder, "a.yaml"));
    const finished = await migrate(...args);
    expect(finished).toEqual({ code, stdout: "", stderr: expect.stringMatching(error) });
    expect(finished.stderr).not.toMatch(/^ {4}at /m);
    expect((await readFile(path.join(folder, "a.yaml"))).equals(before)).toBe(true);
  });
});
