import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

interface EntryParts {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status?: number;
  readonly type?: string;
  readonly answer?: string;
  readonly post?: object;
}

function entry(url: string, parts: EntryParts = {}) {
  const { method = "GET", headers = {}, status = 200, type = "application/json", answer = "{}", post } = parts;
  return {
    request: {
      method,
      url,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      postData: post,
    },
    response: { status, content: { mimeType: type, text: answer } },
  };
}

const har = (...entries: readonly unknown[]) => JSON.stringify({ log: { version: "1.2", entries } });

const SHELF = "https://api.shelf.example";
const TOKEN = { Authorization: "Bearer hidden-words", "sec-ch-ua": "x", ":authority": "api.shelf.example" };

it("import har makes operations of the calls of an API", async () => {
  const cwd = await temporaryFolder({
    "calls.har": har(
      entry("https://shelf.example/", { type: "text/html" }),
      entry("https://shelf.example/logo.png", { type: "image/png" }),
      entry(`${SHELF}/books?limit=5`, { method: "OPTIONS", status: 204 }),
      entry(`${SHELF}/books?limit=5`, { headers: TOKEN, answer: '{"data":[{"id":7,"title":"Private"}]}' }),
      entry(`${SHELF}/books?limit=9&after=x`, { headers: TOKEN }),
      entry(`${SHELF}/books/7`, { headers: TOKEN }),
      entry(`${SHELF}/books/8`, { headers: TOKEN }),
      entry(`${SHELF}/books/9`, { headers: TOKEN, status: 404 }),
      entry(`${SHELF}/books`, {
        method: "POST",
        headers: { ...TOKEN, Cookie: "sid=hidden-words" },
        post: { mimeType: "application/json", text: '{"title":"Private"}' },
        status: 201,
      }),
      entry("ws://shelf.example/live"),
      {},
    ),
  });
  const { code, stdout, stderr } = await runMain(["import", "har", "calls.har"], { cwd });
  expect(code).toBe(0);
  expect(stdout + stderr).not.toMatch(/hidden-words|Private/);
  expect(stderr).toBe(`note: 6 entries left out: pages and their parts, and calls that failed
note: set SHELF_TOKEN, SHELF_COOKIE in the environment or in .env: the files have no secret
`);
  const [adapter] = parse(stdout).capability.consumes;
  expect(adapter).toMatchObject({ baseUri: SHELF, authentication: { type: "bearer", token: "{{SHELF_TOKEN}}" } });
  const operations = adapter.resources.flatMap((resource: { operations: { name: string }[] }) => resource.operations);
  expect(operations.map(({ name }: { name: string }) => name)).toEqual([
    "get-books",
    "post-books",
    "get-books-book-id",
  ]);
  expect(operations[0].inputParameters).toEqual([
    { name: "limit", in: "query", type: "string", default: "5" },
    { name: "after", in: "query", type: "string" },
  ]);
  expect(operations[0]["x-schema"].properties.data.items.properties).toEqual({
    id: { type: "integer" },
    title: { type: "string" },
  });
});

it("import har joins the types of the calls of an operation", async () => {
  const post = (body: string, answer: string) =>
    entry(`${SHELF}/books`, { method: "POST", post: { mimeType: "application/json", text: body }, answer });
  const coded = Buffer.from('{"next":"x"}').toString("base64");
  const last = entry(`${SHELF}/books`, { method: "POST", post: { mimeType: "application/json", text: '{"id":"b7"}' } });
  const cwd = await temporaryFolder({
    "calls.har": har(
      post('{"id":7,"title":"x"}', '{"id":7,"seen":null}'),
      post('{"id":8.5,"pages":1}', '{"id":8,"seen":"now"}'),
      {
        ...last,
        response: { status: 200, content: { mimeType: "application/json", text: coded, encoding: "base64" } },
      },
    ),
  });
  const { stdout } = await runMain(["import", "har", "calls.har"], { cwd });
  const [operation] = parse(stdout).capability.consumes[0].resources[0].operations;
  expect(operation.inputParameters[0]["x-schema"].properties).toEqual({
    id: {},
    title: { type: "string" },
    pages: { type: "integer" },
  });
  expect(operation["x-schema"].properties).toEqual({ id: { type: "integer" }, seen: {}, next: { type: "string" } });
});

it("import har writes a file for each of several APIs", async () => {
  const calls = har(entry("https://a.example/x"), entry("https://b.example/y"), entry("https://a.example:8443/z"));
  const cwd = await temporaryFolder({ "calls.har": calls });
  expect(await runMain(["import", "har", "calls.har"], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("name a folder for their files"),
  });
  expect(await runMain(["import", "har", "calls.har", "-o", "capabilities"], { cwd })).toMatchObject({ code: 0 });
  expect(readdirSync(path.join(cwd, "capabilities")).sort()).toEqual(["a-2.yaml", "a.yaml", "b.yaml"]);
  expect(await readFile(path.join(cwd, "capabilities/a-2.yaml"), "utf8")).toContain("https://a.example:8443");
});

it.each([
  { what: "no JSON", text: '{"log":', says: "it is not JSON" },
  { what: "no archive", text: '{"openapi":"3.1.0"}', says: "it is no HTTP Archive" },
  { what: "no entries", text: har(), says: "it has no call of an API that succeeded" },
  { what: "entries of other shapes", text: har(null, 1, [], { request: 1 }), says: "it has no call" },
  { what: "pages alone", text: har(entry("https://a.example", { type: "text/html" })), says: "it has no call" },
  { what: "no file", text: undefined, says: "there is no such file" },
])("import har refuses $what", async ({ text, says }) => {
  const cwd = await temporaryFolder(text === undefined ? {} : { "calls.har": text });
  const { code, stdout, stderr } = await runMain(["import", "har", "calls.har"], { cwd });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(says);
});
