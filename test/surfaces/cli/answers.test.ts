import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type Answerer, startUpstream, type Upstream } from "../../support/upstream.ts";
import { expectFailure } from "./expect-failure.ts";

const HTML = "<!doctype html>\n<html><body><h1>Bad gateway</h1></body></html>\n";

interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

const JSON_TYPE = { "content-type": "application/json" };

/** Answers of the upstream, by the id that is asked for. */
const ANSWERS: Readonly<Record<string, ScriptedAnswer>> = {
  "422": {
    status: 422,
    headers: JSON_TYPE,
    body: '{"errors":[{"code":"form_param_missing","message":"name is required"}]}',
  },
  "400": { status: 400, headers: { "content-type": "text/plain" }, body: "no such tenant\n" },
  "401": {
    status: 401,
    headers: { ...JSON_TYPE, "www-authenticate": "Bearer" },
    body: '{"message":"bad credentials"}',
  },
  "404": { status: 404, headers: { "content-type": "text/html" }, body: '{"lies":"about its type"}' },
  "429": { status: 429, headers: { "retry-after": "1" }, body: "" },
  "500": { status: 500, headers: JSON_TYPE, body: "not json at all" },
  "502": { status: 502, headers: { "content-type": "text/html" }, body: HTML },
  "503": { status: 503, headers: { "content-type": "text/html" }, body: "<p>sorry</p>".repeat(10_000) },
  "451": { status: 451, headers: { "content-type": "text/plain" }, body: "\u001b[31mred\u0007" },
  ok: { headers: JSON_TYPE, body: '{"id":1,"name":"ci","tags":["a","b"],"big":12345678901234567890}' },
  text: { headers: { "content-type": "text/plain" }, body: "plain text" },
  none: { status: 204 },
  created: { status: 201, headers: JSON_TYPE, body: "" },
  null: { headers: JSON_TYPE, body: "null" },
  broken: { headers: JSON_TYPE, body: '{"id": nope' },
  cut: { headers: JSON_TYPE, body: '{"id":1,"tags":["a"' },
  page: { headers: { "content-type": "text/html" }, body: HTML },
  moved: {
    status: 302,
    headers: { location: "https://login.example.test/", "content-type": "text/html" },
    body: HTML,
  },
  bytes: {
    headers: { "content-type": "application/octet-stream" },
    body: Buffer.from([0, 255, 254, 10, 13]),
  },
  huge: { headers: JSON_TYPE, body: Buffer.alloc(64 * 1024 * 1024 + 1, " ") },
};

const script: Answerer = ({ url }, response) => {
  const { status = 200, headers = {}, body = "" } = ANSWERS[url.split("/").at(-1) ?? ""] ?? {};
  response.writeHead(status, headers);
  response.end(body);
};

const id = { name: "id", in: "path", type: "string" };

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  upstream = await startUpstream(script);
  folder = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({
      namespace: "api",
      baseUri: upstream.url,
      operations: [
        { name: "get", method: "GET", path: "/things/{id}", inputParameters: [id] },
        {
          name: "pick",
          method: "GET",
          path: "/picked/{id}",
          inputParameters: [id],
          outputParameters: [
            { name: "key", type: "number", value: "$.id" },
            { name: "labels", type: "array", value: "$.tags[*]" },
            { name: "owner", type: "string", value: "$.owner.name" },
          ],
        },
        { name: "read", method: "GET", path: "/texts/{id}", inputParameters: [id], outputRawFormat: "text" },
        { name: "csv", method: "GET", path: "/tables/{id}", inputParameters: [id], outputRawFormat: "avro" },
        { name: "peek", method: "HEAD", path: "/things/{id}", inputParameters: [id] },
      ],
    }),
  });
});

afterAll(() => upstream.close());

describe.concurrent("run ends with 5 where the API refuses, and shows what it said", () => {
  it.each([
    {
      name: "JSON",
      id: "422",
      status: 422,
      // Exactly what the contract says: status line, decoded body, request line.
      stderr: [
        /^get: HTTP 422 Unprocessable Entity\n\{\n {2}"errors": \[\n {4}\{\n {6}"code": "form_param_missing",\n {6}"message": "name is required"\n {4}\}\n {2}\]\n\}\nGET http:\/\/127\.0\.0\.1:\d+\/things\/422\n$/,
      ],
      body: { errors: [{ code: "form_param_missing", message: "name is required" }] },
    },
    {
      name: "text",
      id: "400",
      status: 400,
      stderr: [/^get: HTTP 400 Bad Request\n\| no such tenant\nGET http:\/\/127\.0\.0\.1:\d+\/things\/400\n$/],
      body: "no such tenant\n",
    },
    {
      name: "a challenge",
      id: "401",
      status: 401,
      stderr: ['"message": "bad credentials"'],
      body: { message: "bad credentials" },
    },
    {
      name: "JSON that is declared as HTML",
      id: "404",
      status: 404,
      stderr: ['"lies": "about its type"'],
      body: { lies: "about its type" },
    },
    {
      name: "an empty body",
      id: "429",
      status: 429,
      stderr: [
        /^get: HTTP 429 Too Many Requests; the API asks to wait 1 s\nGET http:\/\/127\.0\.0\.1:\d+\/things\/429\n$/,
      ],
      body: null,
    },
    {
      name: "text that is declared as JSON",
      id: "500",
      status: 500,
      stderr: ["\n| not json at all\n"],
      body: "not json at all",
    },
    {
      name: "HTML",
      id: "502",
      status: 502,
      stderr: [`get: HTTP 502 Bad Gateway\n${HTML.replace(/^(?=.)/gm, "| ")}GET `],
      body: HTML,
    },
    {
      name: "a redirect that is not to be followed",
      id: "moved",
      more: ["--max-redirects", "0"],
      status: 302,
      stderr: ["get: HTTP 302 Found: redirected to https://login.example.test/, which is not followed"],
      body: HTML,
    },
    {
      name: "a page that is too long to show",
      id: "503",
      status: 503,
      stderr: [/^\| .{20000}…\n\(100000 more characters\)\n/m],
      body: expect.any(String),
    },
    {
      name: "control characters",
      id: "451",
      status: 451,
      stderr: ["\\u001b[31mred\\u0007"],
      body: "\u001b[31mred\u0007",
    },
  ])("$name", async ({ id, more = [], status, stderr, body }) => {
    const request = { method: "GET", url: `${upstream.url}/things/${id}` };
    await expectFailure({
      args: ["run", "api", "get", "--id", id, "--retries", "0", ...more],
      cwd: folder,
      code: 5,
      error: "HTTP_STATUS",
      stderr,
      details: { operation: "get", status, body, request, headers: expect.any(Object) },
    });
  });

  it.each(["422", "moved"])("%s with --output raw", async id => {
    const args = ["run", "api", "get", "--id", id, "--output", "raw", "--max-redirects", "0"];
    const { code, stdout, stderr } = await runCommand(args, { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain("get: HTTP ");
  });
});

describe.concurrent("run prints the outputs of an answer", () => {
  it.each([
    { args: ["get", "--id", "null"], stdout: "null\n" },
    { args: ["get", "--id", "none"], stdout: "null\n" },
    { args: ["get", "--id", "created"], stdout: "null\n" },
    { args: ["peek", "--id", "ok"], stdout: "null\n" },
    { args: ["pick", "--id", "ok"], stdout: '{"key":1,"labels":["a","b"],"owner":null}\n' },
    { args: ["pick", "--id", "none"], stdout: '{"key":null,"labels":null,"owner":null}\n' },
    { args: ["read", "--id", "text"], stdout: '"plain text"\n' },
    { args: ["read", "--id", "page"], stdout: `${JSON.stringify(HTML)}\n` },
    { args: ["get", "--id", "page", "--output", "raw"], stdout: HTML },
    { args: ["get", "--id", "none", "--output", "raw"], stdout: "" },
    { args: ["csv", "--id", "ok", "--output", "raw"], stdout: String(ANSWERS["ok"]?.body) },
  ])("$args", async ({ args, stdout }) => {
    expect(await runCommand(["run", "api", ...args], { cwd: folder })).toEqual({
      code: 0,
      stdout,
      stderr: "",
    });
  });

  it("prints bytes as received with --output raw", async () => {
    const { code, stdout } = await runCommand(["run", "api", "get", "--id", "bytes", "--output", "raw"], {
      cwd: folder,
      encoding: "latin1",
    });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "\u0000\u00ff\u00fe\n\r" });
  });
});

describe.concurrent("run ends with 7 where the answer is not what the file says", () => {
  it.each([
    {
      name: "broken JSON",
      id: "broken",
      stderr: [
        'Cannot decode the answer to "get" as json: it is not JSON: unexpected "o" at line 1, column 9',
        '{"id": nope',
      ],
    },
    { name: "JSON that ends early", id: "cut", stderr: ["the text ends at line 1, column 20"] },
    {
      name: "HTML for JSON",
      id: "page",
      stderr: ['unexpected "<" at line 1, column 1', "<h1>Bad gateway</h1>"],
    },
    { name: "bytes for JSON", id: "bytes", stderr: ["it is not UTF-8 text", "00 ff fe 0a 0d"] },
  ])("$name", async ({ id, stderr }) => {
    await expectFailure({
      args: ["run", "api", "get", "--id", id],
      cwd: folder,
      code: 7,
      error: "RESPONSE_INVALID",
      stderr,
      details: { operation: "get", format: "json" },
    });
  });

  it("3 for a format without its schema, before anything is sent", async () => {
    await expectFailure({
      args: ["run", "api", "csv", "--id", "never-asked"],
      cwd: folder,
      code: 3,
      error: "CAPABILITY_INVALID",
      stderr: ['Cannot decode answers to operation "csv": it needs an outputSchema'],
    });
    expect(upstream.requests.some(({ url }) => url.includes("never-asked"))).toBe(false);
  });

  it("a body above the limit", async () => {
    await expectFailure({
      args: ["run", "api", "get", "--id", "huge"],
      cwd: folder,
      code: 7,
      error: "RESPONSE_TOO_LARGE",
      stderr: [`is larger than ${64 * 1024 * 1024} bytes`],
      details: { maxBytes: 64 * 1024 * 1024 },
    });
  });
});
