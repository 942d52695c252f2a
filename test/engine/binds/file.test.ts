import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { lookUp } from "./support.ts";

const FILES = {
  "app/shop.yaml": [
    "token: s3cret",
    "number: 00123",
    "long: 12345678901234567890",
    "float: 1.0",
    "yes: true",
    "none: null",
    "empty:",
    'quoted: "null"',
    "list: [a, b]",
    "map: { a: b }",
    "anchor: &a anchored",
    "alias: *a",
    "text: |",
    "  two",
    "  lines",
    "constructor: own",
    "123: numeric key",
  ].join("\n"),
  "app/shop.yml": "token: from-yml",
  "app/shop.json": '{"token":"j", "n": 7, "big": 12345678901234567890, "f": false, "none": null, "o": {"a": 1}}',
  "app/shop.secrets": '{"token":"any other suffix is JSON"}',
  "app/.env": 'token="from env"\n# comment\nother=1',
  "app/prod.env": "token=prod",
  "app/json.env": '{"token":"json after all"}',
  "app/bom.json": "\uFEFF{}",
  "app/with space.yaml": "token: spaced",
  "app/sub/deep.yaml": "token: deep",
  "app/broken.yaml": "token: s3cret\n  other: [hidden",
  "app/twice.yaml": "token: s3cret\ntoken: hidden",
  "app/bomb.yaml": `a: &a [x, x]\n${["b", "c", "d", "e", "f", "g", "h"].map((n, i) => `${n}: &${n} [${Array(9).fill(`*${"abcdefg"[i]}`).join(", ")}]`).join("\n")}\ntoken: fine`,
  "app/merge.yaml": [
    "common: &common { token: common, region: eu, user: 007 }",
    "nested: &nested { <<: *common, region: us }",
    "first: &first { stage: first }",
    "second: &second { stage: second, zone: z }",
    "<<: *nested",
    "token: own",
    "<<: [*first, *second, { inline: i }, *first]",
    '"<<": text',
  ].join("\n"),
  "app/tagged.yaml": "!!merge <<: { token: tagged }\n!!str <<: plain",
  "app/circle.yaml": "&top\n<<: *top\ntoken: round\nnone: *absent",
  "app/merge-bomb.yaml": `${["b", "c", "d", "e", "f", "g", "h"].map((n, i) => `${n}: &${n} { <<: [${Array(9).fill(`*${"abcdefg"[i]}`).join(", ")}] }`).join("\n")}\n<<: *h\ntoken: fine`,
  "app/two.yaml": "token: a\n---\ntoken: b",
  "app/list.yaml": "- token",
  "app/broken.json": '{"token": "s3cret", hidden}',
  "app/list.json": '["token"]',
  "app/empty.yaml": "",
  "app/latin1.yaml": Buffer.from("token: caf\xe9", "latin1"),
  "app/large.json": `{"token":"${"x".repeat(1024 * 1024)}"}`,
  "cwd/here.yaml": "token: from the working folder",
  "cwd/shop.yaml": "token: second choice",
  "else/secret.yaml": "token: elsewhere",
} as const;

let root: string;
let directory: string;
let cwd: string;

beforeAll(async () => {
  root = await temporaryFolder(FILES);
  directory = path.join(root, "app");
  cwd = path.join(root, "cwd");
  await symlink(path.join(root, "else"), path.join(directory, "link"));
  await symlink(path.join(directory, "shop.yaml"), path.join(directory, "inner.yaml"));
  await mkdir(path.join(directory, "folder.yaml"));
  execFileSync("mkfifo", [path.join(directory, "pipe.yaml")]);
  await writeFile(path.join(root, "app-secret.yaml"), "token: sibling");
});

describe("file: locations", () => {
  it.each([
    ["file:///./shop.yaml", "token", "s3cret"],
    ["file://./shop.yaml", "token", "s3cret"],
    ["./shop.yaml", "token", "s3cret"],
    ["file://shop.yaml", "token", "s3cret"],
    ["FILE:///./shop.yaml", "token", "s3cret"],
    ["file:///./sub/../shop.yml", "token", "from-yml"],
    ["file:///./with%20space.yaml", "token", "spaced"],
    ["file:///./sub/deep.yaml", "token", "deep"],
    ["file:///./inner.yaml", "token", "s3cret"],
    ["file:///./shop.yaml", "number", "00123"],
    ["file:///./shop.yaml", "long", "12345678901234567890"],
    ["file:///./shop.yaml", "float", "1.0"],
    ["file:///./shop.yaml", "yes", "true"],
    ["file:///./shop.yaml", "none", undefined],
    ["file:///./shop.yaml", "empty", undefined],
    ["file:///./shop.yaml", "quoted", "null"],
    ["file:///./shop.yaml", "alias", "anchored"],
    ["file:///./shop.yaml", "text", "two\nlines\n"],
    ["file:///./shop.yaml", "constructor", "own"],
    ["file:///./shop.yaml", "123", "numeric key"],
    ["file:///./shop.yaml", "toString", undefined],
    ["file:///./shop.yaml", "absent", undefined],
    ["file:///./bomb.yaml", "token", "fine"],
    ["file:///./merge.yaml", "token", "own"],
    ["file:///./merge.yaml", "region", "us"],
    ["file:///./merge.yaml", "user", "007"],
    ["file:///./merge.yaml", "stage", "first"],
    ["file:///./merge.yaml", "zone", "z"],
    ["file:///./merge.yaml", "inline", "i"],
    ["file:///./merge.yaml", "<<", "text"],
    ["file:///./tagged.yaml", "token", "tagged"],
    ["file:///./tagged.yaml", "<<", "plain"],
    ["file:///./circle.yaml", "token", "round"],
    ["file:///./merge-bomb.yaml", "token", "fine"],
    ["file:///./shop.json", "token", "j"],
    ["file:///./shop.json", "n", "7"],
    ["file:///./shop.json", "f", "false"],
    ["file:///./shop.json", "none", undefined],
    ["file:///./shop.json", "toString", undefined],
    ["file:///./bom.json", "token", undefined],
    ["file:///./shop.secrets", "token", "any other suffix is JSON"],
    ["file:///./.env", "token", "from env"],
    ["file:///./prod.env", "token", "prod"],
    ["file:///./json.env", "token", "json after all"],
    ["file:///./here.yaml", "token", "from the working folder"],
  ])("%s, key %s", async (location, key, expected) => {
    expect(await lookUp({ location, key, variable: { directory }, surroundings: { cwd } })).toBe(expected);
  });

  it.each([
    ["file:///./shop.yaml", "list", "in APP/shop.yaml, the value of list is a list, not a text"],
    ["file:///./shop.yaml", "map", "in APP/shop.yaml, the value of map is an object, not a text"],
    ["file:///./shop.json", "o", "in APP/shop.json, the value of o is an object, not a text"],
    ["file:///./shop.json", "big", "the number at big has more digits than JSON keeps; write it in quotes"],
    ["file:///./broken.yaml", "token", "APP/broken.yaml is not YAML: "],
    ["file:///./twice.yaml", "token", "APP/twice.yaml is not YAML: duplicate key at line 2, column 1"],
    ["file:///./two.yaml", "token", "APP/two.yaml is not YAML: multiple docs at line 2"],
    ["file:///./list.yaml", "token", "APP/list.yaml does not hold values by key"],
    ["file:///./empty.yaml", "token", "APP/empty.yaml does not hold values by key"],
    ["file:///./broken.json", "token", 'APP/broken.json is not JSON: unexpected "h" at line 1, column 21'],
    ["file:///./list.json", "token", "APP/list.json does not hold values by key"],
    ["file:///./latin1.yaml", "token", "APP/latin1.yaml cannot be read: it is not UTF-8 text"],
    ["file:///./large.json", "token", "APP/large.json cannot be read: it is larger than 1048576 bytes"],
    ["file:///./folder.yaml", "token", "APP/folder.yaml cannot be read: it is not a file"],
    ["file:///./pipe.yaml", "token", "APP/pipe.yaml cannot be read: it is not a file"],
    ["file:///./missing.yaml", "token", "there is no file APP/missing.yaml, nor CWD/missing.yaml"],
    ["file:///./shop.yaml/x", "token", "there is no file APP/shop.yaml/x, nor CWD/shop.yaml/x"],
    ["file:///./a%00b", "token", "it is not the path of a file"],
    ["file:///./a%zz", "token", "it is not the path of a file"],
  ])("%s, key %s: %s", async (location, key, expected) => {
    const found = await lookUp({ location, key, variable: { directory }, surroundings: { cwd } });
    const text = found?.replaceAll(directory, "APP").replaceAll(cwd, "CWD");
    expect(text).toContain("error: ");
    expect(text).toContain(expected);
    expect(text).not.toMatch(/s3cret|hidden/);
  });

  it("finds an absolute path, and one relative to the working folder where there is no file", async () => {
    const location = `file://${directory}/shop.yaml`;
    expect(await lookUp({ location, variable: { directory } })).toBe("s3cret");
    expect(await lookUp({ location: "file:///./shop.yaml", surroundings: { cwd } })).toBe("second choice");
  });
});

describe("files outside", () => {
  const allows = (folder: string) => JSON.stringify({ option: "bindFileRoots", value: [folder] });

  it.each([
    ["an absolute path", () => `file://${root}/else/secret.yaml`, "else"],
    ["a path that climbs", () => "file:///./../else/secret.yaml", "else"],
    ["a path that climbs, encoded", () => "file:///./%2e%2e/else/secret.yaml", "else"],
    ["a symbolic link", () => "file:///./link/secret.yaml", "else"],
    ["a folder that only begins like the own one", () => "file:///./../app-secret.yaml", "."],
    ["a file that is not there", () => `file://${root}/else/none.yaml`, "else"],
    ["a mounted secret", () => `k8s://${root}/else`, "else"],
  ])("%s is refused with what allows it", async (_, location, folder) => {
    const found = await lookUp({
      location: location(),
      key: "secret.yaml",
      variable: { directory },
      surroundings: { cwd },
    });
    expect(found).toContain(`is outside ${directory}, ${cwd} -> ${allows(path.join(root, folder))}`);
  });

  it("are read where the caller allows their folder", async () => {
    const location = "file:///./../else/secret.yaml";
    const surroundings = { cwd, fileRoots: [path.join(root, "else")] };
    expect(await lookUp({ location, variable: { directory }, surroundings })).toBe("elsewhere");
  });

  it("are read for a configuration file", async () => {
    const variable = { directory, fromConfig: true } as const;
    const location = `file://${root}/else/secret.yaml`;
    expect(await lookUp({ location, variable, surroundings: { cwd } })).toBe("elsewhere");
  });

  it("are not allowed by a working folder that is the root of the file system", async () => {
    const location = `file://${root}/else/secret.yaml`;
    const found = await lookUp({ location, variable: { directory }, surroundings: { cwd: "/" } });
    expect(found).toContain(`is outside ${directory} ->`);
  });
});

describe("other locations", () => {
  it("names a scheme that nothing reads", async () => {
    expect(await lookUp({ location: "aws-sm://prod/db" })).toBe(
      "error: nothing reads aws-sm: locations, only request:, file:, vault:, k8s:, k8s-secret:, exec:, github-secrets:; a program can bring a source of its own (bindSources)",
    );
  });

  it("tells how a workflow passes its secrets on", async () => {
    expect(await lookUp({ location: "github-secrets://", key: "SHOP_TOKEN" })).toContain(
      "env: { SHOP_TOKEN: ${{ secrets.SHOP_TOKEN }} }",
    );
  });
});
