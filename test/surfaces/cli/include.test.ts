import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { markedSecret, refuseMarked } from "../../support/marked-secret.ts";
import { type MainOptions, runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";
import { runInTerminal } from "./fake-terminal.ts";

const TOKEN = markedSecret("token");

let upstream: Upstream;
let options: MainOptions;

beforeAll(async () => {
  upstream = await startUpstream(({ url, headers }, response) => {
    response.sendDate = false;
    response.setHeader("x-left", "7");
    response.setHeader("connection", "close");
    response.setHeader("set-cookie", [`sid=${TOKEN}`, "a=b"]);
    const { pathname, searchParams } = new URL(url, "http://any.test");
    if (pathname === "/moved") return response.writeHead(302, { location: "/get" }).end();
    if (pathname === "/none") return response.writeHead(204).end();
    if (pathname === "/refused") return answerJson(response, 422, { seen: headers.authorization });
    if (pathname === "/lines") {
      response.writeHead(200, { "content-type": "application/x-ndjson", "content-length": 16 });
      return response.end('{"a":1}\n{"a":2}\n');
    }
    if (pathname !== "/list") return answerJson(response, 200, { a: 1 });
    const page = Number(searchParams.get("page") ?? 1);
    if (page === 1) response.setHeader("link", `</list?page=2>; rel="next"`);
    answerJson(response, 200, [page]);
  });
  const names = ["get", "moved", "none", "refused", "lines", "list"];
  options = {
    cwd: await temporaryFolder({
      "capabilities/api.yaml": capabilityText({
        baseUri: upstream.url,
        binds: { TOKEN: "TOKEN" },
        authentication: { type: "bearer", token: "{{TOKEN}}" },
        operations: names.map(name => ({ name, method: "GET", path: `/${name}` })),
      }),
    }),
    env: { TOKEN },
  };
});
afterAll(() => upstream.close());

const HEAD = `x-left: 7
connection: close
set-cookie: ***
set-cookie: ***
`;
const OK = `HTTP/1.1 200 OK\n${HEAD}`;
const JSON_HEAD = `${OK}content-type: application/json\ntransfer-encoding: chunked\n\n`;

describe("--include", () => {
  it.each([
    ["get", [], `${JSON_HEAD}{"a":1}\n`],
    ["get", ["--output", "raw"], `${JSON_HEAD}{"a":1}`],
    ["get", ["--output", "yaml"], `${JSON_HEAD}a: 1\n`],
    ["get", ["--select", "$.a"], `${JSON_HEAD}1\n`],
    ["get", ["--until", "$.a == 1"], `${JSON_HEAD}{"a":1}\n`],
    ["get", ["--out", "a.json", "--quiet"], JSON_HEAD],
    ["moved", [], `${JSON_HEAD}{"a":1}\n`],
    ["none", [], `HTTP/1.1 204 No Content\n${HEAD}\nnull\n`],
    ["lines", [], `${OK}content-type: application/x-ndjson\ncontent-length: 16\n\n{"a":1}\n{"a":2}\n`],
    [
      "list",
      ["--all", "--quiet"],
      `${JSON_HEAD.replace("content-type", 'link: </list?page=2>; rel="next"\ncontent-type')}1\n${JSON_HEAD}2\n`,
    ],
  ])("prints the head before the result: %s %j", async (operation, args, stdout) => {
    const result = await runMain(["run", "api", operation, "--include", ...args], options);
    expect(result).toEqual({ code: 0, stdout, stderr: "" });
  });

  it("prints the headers of an error with it", async () => {
    const result = await runMain(["run", "api", "refused", "--include"], options);
    expect(result).toMatchObject({ code: 5, stdout: "" });
    expect(result.stderr).toMatch(/^refused: HTTP 422 Unprocessable Entity\nx-left: 7\n(.+: .+\n)+\n\{\n/);
    refuseMarked(result.stderr, "an error");
  });

  it("escapes on a terminal what steers it, and colours its own text alone", async () => {
    const env = { ...options.env, NO_COLOR: "" };
    const { stdout } = await runInTerminal(["run", "api", "get", "--include"], { ...options, env });
    expect(stdout).toContain("\u001b[1mHTTP/1.1 200 OK\u001b[22m\n\u001b[36mx-left\u001b[39m: 7\n");
    const plain = await runInTerminal(["run", "api", "get", "--include", "--no-color"], { ...options, env });
    expect(plain.stdout).toContain("HTTP/1.1 200 OK\nx-left: 7\n");
  });

  it("masks the headers of an error as JSON", async () => {
    const { code, stderr } = await runMain(["run", "api", "refused", "--output", "json"], options);
    const headers = { "x-left": "7", "set-cookie": ["***", "***"] };
    expect({ code, error: JSON.parse(stderr).error }).toMatchObject({ code: 5, error: { details: { headers } } });
  });

  it.each([
    [["--dry-run"], "--dry-run asks for none"],
    [["--all", "--output", "json"], "would not be one list"],
    [["--all", "--output", "yaml"], "would not be one list"],
  ])("is refused with %j", async (args, says) => {
    const { code, stderr } = await runMain(["run", "api", "get", "--include", ...args], options);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });
});
