import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openCapability } from "../../../../src/index.ts";
import { makesTerminals, startCommand } from "../../../support/run-command.ts";
import { runMain } from "../../../support/run-main.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const NEEDED = ["--base-uri", "https://shelf.example/v2", "--auth", "bearer", "--path", "/books/{isbn}"];

it("init writes a capability that runs, its variable and the command to try", async () => {
  const cwd = await temporaryFolder({ "node_modules/naftiko/schema/naftiko.schema.json": "{}" });
  const { code, stdout, stderr } = await runMain(["init", "book-shelf", ...NEEDED], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe(`Wrote capabilities/book-shelf.yaml
Added BOOK_SHELF_TOKEN to .env.example

Try it in a sandbox, and then for real:

  naftiko run book-shelf get-books-isbn --isbn example --mock
  naftiko run book-shelf get-books-isbn --isbn example

The API needs BOOK_SHELF_TOKEN, in the environment or in .env
`);
  expect(
    await readFile(path.join(cwd, "capabilities/book-shelf.yaml"), "utf8"),
  ).toBe(`# yaml-language-server: $schema=../node_modules/naftiko/schema/naftiko.schema.json
naftiko: "1.0.0-alpha3"
info:
  label: Book shelf
  description: Calls https://shelf.example/v2.
binds:
  - namespace: env
    description: Variables of the environment, or of a file .env.
    keys:
      BOOK_SHELF_TOKEN: BOOK_SHELF_TOKEN
capability:
  consumes:
    - type: http
      namespace: book-shelf
      baseUri: https://shelf.example/v2
      authentication:
        type: bearer
        token: "{{BOOK_SHELF_TOKEN}}"
      resources:
        - name: books-isbn
          path: "/books/{isbn}"
          operations:
            - name: get-books-isbn
              description: "GET /books/{isbn}"
              method: GET
              inputParameters:
                - name: isbn
                  in: path
                  type: string
                  description: "Part of the path /books/{isbn}."
                  required: true
              outputParameters:
                - name: result
                  type: object
                  description: The whole answer.
                  value: "$."
`);
  expect(await readFile(path.join(cwd, ".env.example"), "utf8")).toMatch(/^# .*\nBOOK_SHELF_TOKEN=\n$/);
  expect(await runMain(["validate", "capabilities", "--max-warnings", "0"], { cwd })).toMatchObject({ code: 0 });
});

const SECRET = "abc";
const TOKEN = { authorization: `Bearer ${SECRET}` };

it.each<{
  args: string[];
  inputs?: Record<string, unknown>;
  method?: string;
  url: string;
  headers?: Record<string, string>;
  variables: string[];
  operation: string;
}>([
  {
    args: ["--base-uri", "https://a.example/v1/", "--auth", "bearer", "--path", "things"],
    url: "https://a.example/v1/things",
    headers: TOKEN,
    variables: ["MADE_API_TOKEN"],
    operation: "get-things",
  },
  {
    args: ["--base-uri", "https://a.example", "--auth", "basic", "--path", "/", "--operation", "start"],
    url: "https://a.example/",
    headers: { authorization: `Basic ${Buffer.from(`${SECRET}:${SECRET}`).toString("base64")}` },
    variables: ["MADE_API_USERNAME", "MADE_API_PASSWORD"],
    operation: "start",
  },
  {
    args: ["--base-uri", "https://a.example", "--auth", "apikey", "--path", "/a/{x}/b/{y}", "--method", "delete"],
    inputs: { x: "1", y: "2" },
    method: "DELETE",
    url: "https://a.example/a/1/b/2",
    headers: { "x-api-key": SECRET },
    variables: ["MADE_API_KEY"],
    operation: "delete-a-x-b-y",
  },
  {
    args: [
      ...["--base-uri", "https://{region}.a.example", "--auth", "apikey", "--auth-key", "k", "--path", "/fooBars"],
      ...["--auth-placement", "query", "--method", "POST"],
    ],
    inputs: { region: "eu", body: { a: 1 } },
    method: "POST",
    url: `https://eu.a.example/fooBars?k=${SECRET}`,
    variables: ["MADE_API_KEY"],
    operation: "post-foo-bars",
  },
  {
    args: ["--base-uri", "http://127.0.0.1:8080", "--auth", "none", "--path", "/find?kind=all"],
    url: "http://127.0.0.1:8080/find?kind=all",
    variables: [],
    operation: "get-find-kind-all",
  },
])("init $args makes a file whose request is that of $url", async ({ args, inputs = {}, ...expected }) => {
  const cwd = await temporaryFolder({});
  expect(await runMain(["init", "made-api", ...args], { cwd })).toMatchObject({ code: 0, stderr: "" });
  const env = Object.fromEntries(expected.variables.map(variable => [variable, SECRET]));
  await using capability = await openCapability(path.join(cwd, "capabilities/made-api.yaml"), { env });
  expect(capability.diagnostics).toEqual([]);
  const { method, url, headers } = await capability.prepare(expected.operation, inputs);
  expect({ method, url }).toEqual({ method: expected.method ?? "GET", url: expected.url });
  expect(headers).toMatchObject(expected.headers ?? {});
  const example = path.join(cwd, ".env.example");
  const written = existsSync(example) ? await readFile(example, "utf8") : "";
  expect(written.split("\n").filter(line => /^\w/.test(line))).toEqual(expected.variables.map(name => `${name}=`));
});

it.each<{ what: string; name?: string; args?: string[]; says: string; usage?: string }>([
  { what: "a path", name: "../shelf", says: "it is a path", usage: "naftiko init shelf" },
  { what: "a path to a file", name: "capabilities/My_Shelf.yaml", says: "is a path", usage: "naftiko init my-shelf" },
  { what: "a file name", name: "shelf.yaml", says: "other characters", usage: "naftiko init shelf" },
  { what: "a name with spaces", name: "Book Shelf", says: "other characters", usage: "naftiko init book-shelf" },
  { what: "two dots", name: "..", says: "other characters" },
  { what: "a name of a device", name: "nul", says: "a device on Windows" },
  { what: "an empty name", name: "", says: "it is empty" },
  { what: "a name that is an option", name: "--", args: [], says: "missing" },
  { what: "a long name", name: "a".repeat(101), says: "more than 100 characters" },
  { what: "a name of control characters", name: "a\u001b[31m", says: "other characters", usage: "naftiko init a-31m" },
  { what: "nothing given", args: [], says: "without --base-uri, --auth, --path: there is no terminal to ask on" },
  { what: "no path", args: NEEDED.slice(0, -2), says: "without --path" },
  { what: "another scheme", args: ["--base-uri", "ftp://a.example", ...NEEDED.slice(2)], says: 'the scheme "ftp"' },
  { what: "no URL", args: ["--base-uri", "a.example/v1", ...NEEDED.slice(2)], says: "is not an absolute URL" },
  { what: "a query", args: ["--base-uri", "https://a.example/?a=1", ...NEEDED.slice(2)], says: 'holds a "?" or "#"' },
  {
    what: "a variable in the base URI",
    args: ["--base-uri", "https://{{HOST}}/", ...NEEDED.slice(2)],
    says: "holds a variable",
  },
  {
    what: "credentials in the base URI",
    args: ["--base-uri", "https://me:hidden-words@a.example", ...NEEDED.slice(2)],
    says: 'holds a user name or password, found "https://***@a.example"',
  },
  { what: "another kind", args: [...NEEDED, "--auth", "beare"], says: 'did you mean "bearer"?' },
  { what: "a URL as path", args: [...NEEDED.slice(0, 4), "--path", "https://a.example/x"], says: "is a URL" },
  { what: "a path with a space", args: [...NEEDED.slice(0, 4), "--path", "/a b"], says: "white space" },
  { what: "a path with a section", args: [...NEEDED.slice(0, 4), "--path", "/{{#a}}"], says: "white space" },
  { what: "a path that is no template", args: [...NEEDED.slice(0, 4), "--path", "/{{}}"], says: "has no name" },
  { what: "a path with an open brace", args: [...NEEDED.slice(0, 4), "--path", "/a/{b"], says: "has a brace" },
  { what: "a path with empty braces", args: [...NEEDED.slice(0, 4), "--path", "/a/{}"], says: "has a brace" },
  { what: "an option twice", args: [...NEEDED, "--path", "/b"], says: "Option --path is given 2 times" },
  {
    what: "a key in a header of the transport",
    args: [...NEEDED.slice(0, 2), ...NEEDED.slice(4), "--auth", "apikey", "--auth-key", "Host"],
    says: "only the transport may write",
  },
  { what: "another method", args: [...NEEDED, "--method", "FETCH"], says: "It is one of GET" },
  { what: "an operation with spaces", args: [...NEEDED, "--operation", "a b"], says: "other characters" },
  {
    what: "a key without apikey",
    args: [...NEEDED, "--auth-key", "X"],
    says: "goes with --auth apikey, not with bearer",
  },
  {
    what: "a key that is no header",
    args: ["--base-uri", "https://a.example", "--auth", "apikey", "--auth-key", "a b", "--path", "/"],
    says: "cannot be the name of a header",
  },
])("init refuses $what, and writes nothing", async ({ name = "shelf", args = NEEDED, says, usage }) => {
  const cwd = await temporaryFolder({});
  const { code, stdout, stderr } = await runMain(["init", name, ...args], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(says);
  if (usage !== undefined) expect(stderr).toContain(`usage: ${usage}\n`);
  expect(stderr).not.toContain("hidden-words");
  expect(existsSync(path.join(cwd, "capabilities"))).toBe(false);
  expect(existsSync(path.join(cwd, ".env.example"))).toBe(false);
});

it.each(["capabilities/shelf.yaml", "capabilities/shelf.yml"])("init leaves %s that is there", async file => {
  const cwd = await temporaryFolder({ [file]: "mine" });
  const { code, stderr } = await runMain(["init", "shelf", ...NEEDED], { cwd });
  expect(code).toBe(2);
  expect(stderr).toContain(`${file} is there already`);
  expect(await readFile(path.join(cwd, file), "utf8")).toBe("mine");
});

it.each([
  { what: "the nearest capabilities/ above", files: { "capabilities/a.yaml": "" }, at: "", example: "" },
  { what: "that of the working folder", files: { "sub/capabilities/a.yaml": "" }, at: "sub", example: "sub" },
  { what: "--dir", files: {}, dir: ["--dir", "other"], at: "sub/other", example: "sub", name: "other/shelf.yaml" },
])("init writes into $what", async ({ files, at, dir, example, name = "shelf" }) => {
  const root = await temporaryFolder(files as Record<string, string>);
  const cwd = path.join(root, "sub");
  await mkdir(cwd, { recursive: true });
  const { code, stdout } = await runMain(["init", "shelf", ...NEEDED, ...(dir ?? [])], { cwd });
  expect(code).toBe(0);
  expect(existsSync(path.join(root, at, dir === undefined ? "capabilities" : "", "shelf.yaml"))).toBe(true);
  expect(existsSync(path.join(root, example, ".env.example"))).toBe(true);
  expect(stdout).toContain(`naftiko run ${name} get-books-isbn`);
});

it.each([
  { what: "behind the others", before: "A=1\n# last\n", after: "A=1\n# last\nSHELF_TOKEN=\n" },
  { what: "behind a last line without its end", before: "A=1", after: "A=1\nSHELF_TOKEN=\n" },
  { what: "with line breaks of Windows", before: "A=1\r\n", after: "A=1\r\nSHELF_TOKEN=\r\n" },
  { what: "not twice", before: "export SHELF_TOKEN = x", after: "export SHELF_TOKEN = x" },
  {
    what: "in UTF-16",
    before: Buffer.from("\ufeffA=1\n", "utf16le"),
    after: Buffer.from("\ufeffA=1\nSHELF_TOKEN=\n", "utf16le"),
  },
])("init adds variables to .env.example $what", async ({ before, after }) => {
  const cwd = await temporaryFolder({ ".env.example": before });
  expect(await runMain(["init", "shelf", ...NEEDED], { cwd })).toMatchObject({ code: 0, stderr: "" });
  expect(await readFile(path.join(cwd, ".env.example"))).toEqual(Buffer.from(after as string));
});

it("init writes to the last of two folders", async () => {
  const cwd = await temporaryFolder({});
  expect(await runMain(["init", "shelf", ...NEEDED, "--dir", "a", "--dir=b"], { cwd })).toMatchObject({ code: 0 });
  expect(existsSync(path.join(cwd, "b/shelf.yaml"))).toBe(true);
});

it("init warns where .env.example cannot be read", async () => {
  const cwd = await temporaryFolder({ ".env.example/file": "" });
  const { code, stderr } = await runMain(["init", "shelf", ...NEEDED], { cwd });
  expect(code).toBe(0);
  expect(stderr).toMatch(/^warning: Cannot add SHELF_TOKEN to .*\.env\.example: it is a folder/);
});

describe.skipIf(!makesTerminals())("on a terminal, init", () => {
  it("asks for what is missing", async () => {
    const cwd = await temporaryFolder({});
    const { child, waitFor, finished } = await startCommand(["init", "shelf"], { cwd, inTerminal: true, stdin: null });
    for (const [question, answer] of [
      [/Base URI of shelf/, "https://shelf.example/v2\r"],
      [/who calls.*By a token/s, "\u001b[B\r"],
      [/Where does the key go/, "\r"],
      [/Name of the header.*-API-Key/s, "X-Shelf\r"],
      [/Method of the first operation/, "\r"],
      [/Path of the first operation/, "/books\r"],
      [/Name of the first operation.*et-books/s, "\r"],
    ] as const) {
      await waitFor(question);
      child.stdin.write(answer);
    }
    const { code, stdout } = await finished;
    expect(stdout).toContain("Wrote capabilities/shelf.yaml\r\n");
    expect(code).toBe(0);
    const written = await readFile(path.join(cwd, "capabilities/shelf.yaml"), "utf8");
    expect(written).toContain("key: X-Shelf\n");
    expect(written).toContain("name: get-books\n");
  });

  it("ends with 130 where a question is left, and writes nothing", async () => {
    const cwd = await temporaryFolder({});
    const { child, waitFor, finished } = await startCommand(["init", "shelf"], { cwd, inTerminal: true, stdin: null });
    await waitFor(/Base URI of shelf/);
    child.stdin.write("\u0003");
    const { code, stdout } = await finished;
    expect(code).toBe(130);
    expect(stdout).toContain("left without an answer");
    expect(existsSync(path.join(cwd, "capabilities"))).toBe(false);
  });

  it.each<{ what: string; args?: string[]; env?: Record<string, string> }>([
    { what: "with --no-input", args: ["--no-input"] },
    { what: "in CI", env: { CI: "true" } },
    { what: "with TERM=dumb", env: { TERM: "dumb" } },
  ])("asks nothing $what", async ({ args = [], env = {} }) => {
    const { finished } = await startCommand(["init", "shelf", ...args], { env, inTerminal: true, stdin: null });
    const { code, stdout } = await finished;
    expect(code).toBe(2);
    expect(stdout).toContain("there is no terminal to ask on");
  });
});
