import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createCertificateAuthority } from "../../../support/certificates.ts";
import { type CommandOptions, makesTerminals, runCommand, startCommand } from "../../../support/run-command.ts";
import { type MainOptions, runMain } from "../../../support/run-main.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** A capability with an operation of a name. */
const shelf = (operation: string) => `naftiko: 1.0.0-alpha3
capability:
  consumes:
    - type: http
      namespace: shelf
      baseUri: https://shelf.example/v2
      resources:
        - { name: books, path: /books, operations: [{ name: ${operation}, method: GET }] }
`;

/** A capability that imports an adapter from another file. */
const importing = (location: string) =>
  `naftiko: 1.0.0-alpha3\ncapability:\n  consumes:\n    - { import: books, location: ${JSON.stringify(location)} }\n`;

/** A file that others import from. */
const SHARED =
  "naftiko: 1.0.0-alpha3\nconsumes:\n  - { type: http, namespace: books, baseUri: https://b.example, resources: [] }\n";

const PAGE = "<!doctype html>\n<html><body>File</body></html>";
const OPENAPI = "openapi: 3.1.0\ninfo: { title: Shop }\npaths: {}\n";

const authority = createCertificateAuthority();
const server = createServer(authority.issue("localhost"), (request, response) => {
  const [url = ""] = (request.url ?? "").split("?", 1);
  if (url === "/moved.yaml") response.writeHead(302, { location: "/shelf.yaml" }).end();
  else if (url === "/away.yaml") response.writeHead(302, { location: "https://127.0.0.2/shelf.yaml" }).end();
  else if (url === "/plain.yaml") response.writeHead(302, { location: "http://localhost/shelf.yaml" }).end();
  else if (url === "/large.yaml") {
    response.on("error", () => {});
    response.writeHead(200, { "content-length": 60_000_000 });
    const more = () => {
      while (!response.destroyed && response.write(" ".repeat(100_000)));
    };
    response.on("drain", more);
    more();
  } else if (served[url] === undefined) response.writeHead(404).end("not here");
  else response.end(served[url]);
});
let served: Record<string, string> = {};
let origin = "";
let certificates = "";
beforeAll(async () => {
  certificates = path.join(await temporaryFolder({ "ca.pem": authority.cert }), "ca.pem");
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const add = (args: readonly string[], options: MainOptions) =>
  runMain(["add", ...args, "--ca-cert", certificates], options);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const locked = (cwd: string) => readFile(path.join(cwd, "naftiko.lock.yaml"), "utf8");
const inShelf = (cwd: string) => path.join(cwd, "capabilities/shelf.yaml");

it("add copies a file from a URL, and records where it comes from", async () => {
  served = { "/v1/shelf.yaml": shelf("find-books") };
  const cwd = await temporaryFolder({});
  const { code, stdout, stderr } = await add([`${origin}/v1/shelf.yaml#part`], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(`Added capabilities/shelf.yaml: 1 operation
Recorded in naftiko.lock.yaml: ${origin}/v1/shelf.yaml
Try it: naftiko run shelf find-books --mock
`);
  expect(await readFile(inShelf(cwd), "utf8")).toBe(shelf("find-books"));
  expect(
    await locked(cwd),
  ).toBe(`# Where added files come from. "naftiko add" writes this file; "naftiko add --check" compares.
version: 1
files:
  capabilities/shelf.yaml:
    source: ${origin}/v1/shelf.yaml
    sha256: ${sha256(shelf("find-books"))}
`);
  expect(await add(["--check"], { cwd })).toMatchObject({ code: 0, stdout: "1 added file, 0 problems\n" });
});

it("add copies files, sorted in the lock, with paths from its folder", async () => {
  const cwd = await temporaryFolder({ "from/b.yml": shelf("b"), "from/a.json": JSON.stringify(parse(shelf("a"))) });
  expect(await add(["from/b.yml", "from/a.json"], { cwd })).toMatchObject({ code: 0 });
  expect(await locked(cwd)).toMatch(
    /^ {2}capabilities\/a\.yaml:\n {4}source: from\/a\.json\n.*\n {2}capabilities\/b\.yaml:\n {4}source: from\/b\.yml\n/m,
  );
  const before = await locked(cwd);
  // The same again is no error, and the same text.
  expect(await add(["from/b.yml"], { cwd })).toMatchObject({ code: 0 });
  expect(await locked(cwd)).toBe(before);
});

it.each([
  { from: "a URL", source: () => `${origin}/v1/main.yaml` },
  { from: "a file", source: () => "published/main.yaml" },
])("add brings the files that a file from $from names", async ({ source }) => {
  const files = {
    "main.yaml": `${importing("./shared/books.yaml")}    - type: http
      namespace: other
      baseUri: https://o.example
      resources:
        - { name: r, path: /r, operations: [{ name: get, method: GET, outputRawFormat: AVRO, outputSchema: r%20.avsc }] }
imports: [extra.yaml]
`,
    "shared/books.yaml": SHARED,
    "extra.yaml": SHARED.replace("books", "extra"),
    "r%20.avsc": '{"type":"string"}',
  };
  served = Object.fromEntries(Object.entries(files).map(([name, text]) => [`/v1/${name}`, text]));
  const published = Object.fromEntries(Object.entries(files).map(([name, text]) => [`published/${name}`, text]));
  const cwd = await temporaryFolder(published);
  const isUrl = source().startsWith("https:");
  if (isUrl) await rm(path.join(cwd, "published"), { recursive: true });
  expect(await add([source()], { cwd })).toMatchObject({ code: 0, stderr: "" });
  const there = readdirSync(path.join(cwd, "capabilities"), { recursive: true }).map(String).sort();
  expect(there).toEqual(["extra.yaml", "main.yaml", isUrl ? "r .avsc" : "r%20.avsc", "shared", "shared/books.yaml"]);
  const { imports } = parse(await locked(cwd)).files["capabilities/main.yaml"];
  expect(Object.keys(imports)).toHaveLength(3);
  expect(imports["capabilities/extra.yaml"]).toEqual({
    source: isUrl ? `${origin}/v1/extra.yaml` : "published/extra.yaml",
    sha256: sha256(files["extra.yaml"]),
  });
  expect(await add(["--check"], { cwd })).toMatchObject({ code: 0, stdout: "4 added files, 0 problems\n" });
});

interface RefusedCase {
  readonly what: string;
  readonly source: (() => string) | string;
  readonly args?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly code: number;
  readonly says: string | RegExp;
}

it.each<RefusedCase>([
  {
    what: "plain http",
    source: "http://a.example/x.yaml",
    code: 2,
    says: "usage: naftiko add https://a.example/x.yaml",
  },
  { what: "another scheme", source: "ftp://a.example/x.yaml", code: 2, says: "its scheme is ftp" },
  { what: "a file URL", source: "file:///etc/passwd", code: 2, says: "its scheme is file" },
  { what: "no URL", source: "https://", code: 2, says: "it is not a URL" },
  {
    what: "credentials in a URL",
    source: "https://me:hidden-words@a.example/x.yaml",
    code: 2,
    says: 'Cannot add "https://a.example/x.yaml": it holds a user name',
  },
  { what: "a token in a URL", source: "https://a.example/x.yaml?token=hidden-words", code: 2, says: 'its "token" is' },
  {
    what: "a signature in a URL",
    source: "https://a.example/x.yaml?X-Amz-Signature=hidden-words",
    code: 2,
    says: "cred",
  },
  {
    what: "a page of GitHub",
    source: "https://github.com/o/r/blob/main/caps/x.yaml",
    code: 2,
    says: "usage: naftiko add https://raw.githubusercontent.com/o/r/main/caps/x.yaml",
  },
  {
    what: "a page of GitLab",
    source: "https://gitlab.example/g/p/-/blob/main/x.yaml?ref_type=heads",
    code: 2,
    says: "usage: naftiko add https://gitlab.example/g/p/-/raw/main/x.yaml",
  },
  {
    what: "a page of Bitbucket",
    source: "https://bitbucket.org/o/r/src/main/x.yaml",
    code: 2,
    says: "usage: naftiko add https://bitbucket.org/o/r/raw/main/x.yaml",
  },
  { what: "a redirect to another host", source: () => `${origin}/away.yaml`, code: 6, says: "127.0.0.2" },
  { what: "a redirect to plain http", source: () => `${origin}/plain.yaml`, code: 6, says: "plain http" },
  { what: "60 MB", source: () => `${origin}/large.yaml`, code: 7, says: /larger than 16777216 bytes\n$/ },
  { what: "nothing there", source: () => `${origin}/none.yaml`, code: 5, says: "HTTP 404" },
  { what: "a closed port", source: "https://127.0.0.1:9/x.yaml", code: 6, says: "Cannot" },
  { what: "an HTML page", source: () => `${origin}/page.yaml`, code: 3, says: "it is an HTML page" },
  { what: "an empty text", source: () => `${origin}/empty.yaml`, code: 3, says: "This is not a capability" },
  {
    what: "an OpenAPI description",
    source: () => `${origin}/openapi.yaml`,
    code: 3,
    says: /an OpenAPI description; naftiko import openapi https:\S+\/openapi.yaml makes/,
  },
  {
    what: "an OpenAPI file",
    source: "api.yaml",
    files: { "api.yaml": OPENAPI },
    code: 3,
    says: "naftiko import openapi",
  },
  {
    what: "a text",
    source: "a.yaml",
    files: { "a.yaml": "Hello: there\n" },
    code: 3,
    says: "This is not a capability",
  },
  { what: "no YAML", source: "a.yaml", files: { "a.yaml": "naftiko: [" }, code: 3, says: "a.yaml:1" },
  {
    what: "an error in it",
    source: "a.yaml",
    files: { "a.yaml": shelf("x").replace("type: http", "type: smtp") },
    code: 3,
    says: /at \S+\/a\.yaml:4:13/,
  },
  { what: "no file", source: "none.yaml", code: 3, says: "Cannot read" },
  { what: "a folder", source: ".", args: ["--name", "x"], code: 3, says: "it is not a file" },
  { what: "a missing import", source: "a.yaml", files: { "a.yaml": importing("b.yaml") }, code: 3, says: "b.yaml" },
  {
    what: "an import from elsewhere",
    source: "in/a.yaml",
    files: { "in/a.yaml": importing("../b.yaml"), "b.yaml": SHARED },
    code: 3,
    says: 'Cannot import "../b.yaml"',
  },
  {
    what: "an import of a URL",
    source: "a.yaml",
    files: { "a.yaml": importing("https://a.example/b.yaml") },
    code: 3,
    says: "only files can be imported",
  },
  { what: "a name with spaces", source: "a b.yaml", files: { "a b.yaml": shelf("a") }, code: 2, says: "--name" },
  { what: "a name of a path", source: "a.yaml", args: ["--name", "../a"], code: 2, says: "other characters" },
  { what: "a name of a device", source: "a.yaml", args: ["--name", "con.x"], code: 2, says: "a device on Windows" },
  { what: "a folder elsewhere", source: "a.yaml", args: ["--dir", ".."], code: 2, says: "it is not below" },
  { what: "nothing", source: "", code: 3, says: "Cannot" },
])("add refuses $what, and writes nothing", async ({ source, args = [], files = {}, code, says }) => {
  served = { "/page.yaml": PAGE, "/openapi.yaml": OPENAPI, "/empty.yaml": "" };
  const cwd = await temporaryFolder(files);
  const written = typeof source === "string" ? source : source();
  const result = await add([written, ...args], { cwd });
  expect(result.stderr).toMatch(
    typeof says === "string" ? new RegExp(says.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : says,
  );
  expect(result.stderr).not.toContain("hidden-words");
  expect(result.stderr).not.toContain("naftiko-add-");
  expect({ code: result.code, stdout: result.stdout }).toEqual({ code, stdout: "" });
  expect(existsSync(path.join(cwd, "capabilities"))).toBe(false);
  expect(existsSync(path.join(cwd, "naftiko.lock.yaml"))).toBe(false);
});

it.each([
  { what: "a file of the name", there: "capabilities/shelf.yaml", content: "mine" },
  { what: "a file of its other extension", there: "capabilities/shelf.yml", content: shelf("a") },
  { what: "a file that would be imported", there: "capabilities/books.yaml", content: "mine" },
])("add leaves $what, and names it", async ({ there, content }) => {
  const files = { "from/shelf.yaml": importing("books.yaml"), "from/books.yaml": SHARED };
  const cwd = await temporaryFolder({ ...files, [there]: content });
  const { code, stderr } = await add(["from/shelf.yaml"], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain(there);
  expect(await readFile(path.join(cwd, there), "utf8")).toBe(content);
  expect(readdirSync(path.join(cwd, "capabilities"))).toEqual([path.basename(there)]);
  expect(existsSync(path.join(cwd, "naftiko.lock.yaml"))).toBe(false);
});

it("add writes through no link that leads elsewhere", async () => {
  const cwd = await temporaryFolder({ "a/from.yaml": shelf("a"), "a/capabilities/x.yaml": "" });
  await symlink("../../outside.yaml", path.join(cwd, "a/capabilities/from.yaml"));
  const { code, stderr } = await add(["from.yaml"], { cwd: path.join(cwd, "a") });
  expect(code).toBe(2);
  expect(stderr).toContain("leads outside");
  expect(existsSync(path.join(cwd, "outside.yaml"))).toBe(false);
});

it("add keeps every entry where many write the lock at once", async () => {
  const names = ["a", "b", "c", "d"];
  const cwd = await temporaryFolder(Object.fromEntries(names.map(name => [`from/${name}.yaml`, shelf(name)])));
  const results = await Promise.all(names.map(name => runCommand(["add", `from/${name}.yaml`], { cwd })));
  expect(results.map(({ code }) => code)).toEqual(names.map(() => 0));
  expect(await add(["--check"], { cwd })).toMatchObject({ code: 0, stdout: "4 added files, 0 problems\n" });
  expect(readdirSync(cwd).sort()).toEqual(["capabilities", "from", "naftiko.lock.yaml"]);
});

/** A folder with two added capabilities, whose sources then change. */
async function addedFolder() {
  served = { "/shelf.yaml": shelf("find-books"), "/other.yaml": importing("books.yaml"), "/books.yaml": SHARED };
  const cwd = await temporaryFolder({});
  expect(await add([`${origin}/shelf.yaml`, `${origin}/other.yaml`], { cwd })).toMatchObject({ code: 0, stderr: "" });
  return cwd;
}

it.each<{ what: string; change: (cwd: string) => Promise<unknown>; says: string; mended?: string[] }>([
  { what: "missing", change: cwd => rm(inShelf(cwd)), says: "capabilities/shelf.yaml is missing" },
  {
    what: "changed",
    change: cwd => writeFile(inShelf(cwd), "x"),
    says: "capabilities/shelf.yaml has changed since it was added",
    mended: ["--force"],
  },
  {
    what: "changed, being imported",
    change: cwd => writeFile(path.join(cwd, "capabilities/books.yaml"), "x"),
    says: "capabilities/books.yaml has changed",
    mended: ["--force"],
  },
  {
    what: "a folder",
    change: cwd => rm(inShelf(cwd)).then(() => mkdir(inShelf(cwd))),
    says: "capabilities/shelf.yaml cannot be checked",
    mended: [],
  },
  {
    what: "a link to elsewhere",
    change: cwd => rm(inShelf(cwd)).then(() => symlink("/etc/passwd", inShelf(cwd))),
    says: "leads outside",
    mended: [],
  },
])("add --check tells of a file that is $what", async ({ change, says, mended }) => {
  const cwd = await addedFolder();
  await change(cwd);
  const { code, stdout } = await add(["--check"], { cwd });
  expect(code).toBe(3);
  expect(stdout).toContain(says);
  expect(stdout).toContain("3 added files, 1 problem\n");
  if (mended?.length === 0) return;
  expect(await add(["--update", ...(mended ?? [])], { cwd })).toMatchObject({ code: 0 });
  expect(await add(["--check"], { cwd })).toMatchObject({ code: 0 });
});

const GOOD = `source: a.yaml\n    sha256: ${"0".repeat(64)}\n`;

it.each<{ what: string; lock: string | undefined; says: string | RegExp }>([
  { what: "is not there", lock: undefined, says: /naftiko\.lock\.yaml.*"naftiko add" writes it/s },
  { what: "is empty", lock: "", says: "is to be a map" },
  { what: "is no YAML", lock: "version: [", says: "naftiko.lock.yaml:1" },
  { what: "has marks of a merge", lock: "version: 1\n<<<<<<< HEAD\nfiles: {}\n", says: "the marks of a merge" },
  { what: "is of a newer version", lock: "version: 2\nfiles: []\n", says: "A newer naftiko has written it" },
  { what: "has no version", lock: "files: {}\n", says: "The version is to be 1" },
  { what: "has no files", lock: "version: 1\n", says: "The files are to be a map" },
  { what: "has another key", lock: "version: 1\nfiles: {}\nhooks: {}\n", says: 'no key "hooks"' },
  { what: "leaves its folder", lock: `version: 1\nfiles:\n  ../x.yaml:\n    ${GOOD}`, says: "leaves the folder" },
  { what: "leaves it within", lock: `version: 1\nfiles:\n  a/../../x.yaml:\n    ${GOOD}`, says: "leaves the folder" },
  {
    what: "has an absolute path",
    lock: `version: 1\nfiles:\n  /etc/x.yaml:\n    ${GOOD}`,
    says: "does not start from",
  },
  { what: "has a drive", lock: `version: 1\nfiles:\n  "C:/x.yaml":\n    ${GOOD}`, says: "does not start from" },
  {
    what: "has backslashes",
    lock: `version: 1\nfiles:\n  "..\\\\x.yaml":\n    ${GOOD}`,
    says: "is not written with /",
  },
  {
    what: "has no source",
    lock: `version: 1\nfiles:\n  x.yaml: { sha256: "${"0".repeat(64)}" }\n`,
    says: "The source",
  },
  { what: "has a short hash", lock: "version: 1\nfiles:\n  x.yaml: { source: a, sha256: abc }\n", says: /:3:\d+/ },
])("a lock that $what is refused, and stays", async ({ lock, says }) => {
  const cwd = await temporaryFolder({
    "from/a.yaml": shelf("a"),
    ...(lock === undefined ? {} : { "naftiko.lock.yaml": lock }),
  });
  for (const args of [["--check"], ["--update"], ...(lock === undefined ? [] : [["from/a.yaml"]])]) {
    const { code, stderr } = await add(args, { cwd });
    expect({ args, code }).toEqual({ args, code: 3 });
    expect(stderr).toMatch(typeof says === "string" ? new RegExp(says.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : says);
  }
  if (lock !== undefined) expect(await locked(cwd)).toBe(lock);
});

it("add --update takes what is new, and tells of what is not", async () => {
  const cwd = await addedFolder();
  served["/shelf.yaml"] = shelf("search-books");
  expect(await add(["--update"], { cwd })).toMatchObject({
    code: 0,
    stdout: `capabilities/other.yaml is up to date
capabilities/shelf.yaml is updated
breaking: find-books: the operation is gone: GET /books is called "search-books" now
`,
  });
  expect(await readFile(inShelf(cwd), "utf8")).toBe(shelf("search-books"));
  expect(await add(["--check"], { cwd })).toMatchObject({ code: 0 });
});

it("add --update takes those that are named", async () => {
  const cwd = await addedFolder();
  served["/shelf.yaml"] = shelf("search-books");
  expect(await add(["--update", "other"], { cwd })).toMatchObject({
    stdout: "capabilities/other.yaml is up to date\n",
  });
  expect(await readFile(inShelf(cwd), "utf8")).toBe(shelf("find-books"));
  expect(await add(["--update", "shelv"], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean "shelf"?'),
  });
});

it("add --update leaves files that were changed here", async () => {
  const cwd = await addedFolder();
  await writeFile(inShelf(cwd), "mine");
  expect(await add(["--update", "shelf"], { cwd })).toMatchObject({
    code: 0,
    stdout: "capabilities/shelf.yaml is as its source has it, but for changes made here\n",
  });
  served["/shelf.yaml"] = shelf("search-books");
  const before = await locked(cwd);
  const refused = await add(["--update"], { cwd });
  expect(refused).toMatchObject({ code: 2, stdout: "capabilities/other.yaml is up to date\n" });
  expect(refused.stderr).toContain("has changed since it was added; --force replaces it");
  expect(await readFile(inShelf(cwd), "utf8")).toBe("mine");
  expect(await locked(cwd)).toBe(before);
  expect(await add(["--update", "--force"], { cwd })).toMatchObject({ code: 0 });
  expect(await readFile(inShelf(cwd), "utf8")).toBe(shelf("search-books"));
});

it("add --update goes on where one source is gone or bad", async () => {
  const cwd = await addedFolder();
  served["/shelf.yaml"] = shelf("search-books");
  served["/books.yaml"] = "x: 1";
  delete served["/other.yaml"];
  const { code, stdout, stderr } = await add(["--update"], { cwd });
  expect({ code, stdout }).toEqual({ code: 5, stdout: expect.stringContaining("shelf.yaml is updated\n") });
  expect(stderr).toContain("HTTP 404");
});

it("add --update mends what an interrupted update has left", async () => {
  const cwd = await addedFolder();
  served["/shelf.yaml"] = shelf("search-books");
  // The file was written, and the lock was not.
  await writeFile(inShelf(cwd), shelf("search-books"));
  expect(await add(["--update"], { cwd })).toMatchObject({ code: 0 });
  expect(await add(["--check"], { cwd })).toMatchObject({ code: 0 });
});

it.each([
  { args: ["--update", "--check"], says: "exclude each other" },
  { args: ["--check", "--force"], says: "goes with --update" },
  { args: ["--update", "--name", "x"], says: "goes with a file or URL" },
  { args: [], says: "No file or URL given" },
  { args: ["a.yaml", "b.yaml", "--name", "x"], says: "goes with one file" },
])("add refuses $args", async ({ args, says }) => {
  const cwd = await temporaryFolder({});
  expect(await add(args, { cwd })).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
});

describe.skipIf(!makesTerminals())("on a terminal, add --update asks about a file that was changed here", () => {
  it.each([
    { answer: "y", code: 0, content: shelf("b") },
    { answer: "\r", code: 2, content: "mine" },
  ])("and takes $answer", async ({ answer, code, content }) => {
    const cwd = await temporaryFolder({ "shelf.yaml": shelf("a") });
    expect(await add(["shelf.yaml"], { cwd })).toMatchObject({ code: 0 });
    await writeFile(path.join(cwd, "shelf.yaml"), shelf("b"));
    await writeFile(inShelf(cwd), "mine");
    const options: CommandOptions = { cwd, inTerminal: true, stdin: null };
    const { child, waitFor, finished } = await startCommand(["add", "--update"], options);
    await waitFor(/has changed since it was added\. Replace it\?/);
    child.stdin.write(answer);
    expect((await finished).code).toBe(code);
    expect(await readFile(inShelf(cwd), "utf8")).toBe(content);
  });
});
