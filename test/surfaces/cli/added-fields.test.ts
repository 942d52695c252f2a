import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText, input, required } from "../../support/capability-text.ts";
import { markedSecret, refuseMarked } from "../../support/marked-secret.ts";
import { type MainOptions, runMain } from "../../support/run-main.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const KEY = markedSecret("key");
const OTHER = markedSecret("other");

let upstream: Upstream;
let options: MainOptions;

beforeAll(async () => {
  upstream = await startUpstream(({ url, headers }, response) => {
    const page = Number(new URL(url, "http://any.test").searchParams.get("page") ?? 1);
    if (!url.startsWith("/list")) return answerJson(response, 200, { ok: true });
    if (page === 1) response.setHeader("link", `</list?page=2>; rel="next"`);
    answerJson(response, 200, { data: [{ page, trace: headers["x-trace"] }] });
  });
  const inputParameters = [
    { name: "X-Version", in: "header", value: "1" },
    { name: "X-Secret", in: "header", value: "{{UNSET}}" },
    required("X-Account", "header"),
    input("limit", "query", "integer"),
    input("query", "query"),
    input("header", "query"),
  ];
  const own = { namespace: "api", baseUri: upstream.url, binds: { API_KEY: "API_KEY", UNSET: "UNSET" } };
  const operations = [
    { name: "get", method: "GET", path: "/get?fixed=1", inputParameters },
    { name: "add", method: "POST", path: "/add", inputParameters: [input("body", "body", "object")] },
    { name: "list", method: "GET", path: "/list" },
  ];
  options = {
    cwd: await temporaryFolder({
      "capabilities/bearer.yaml": capabilityText({
        ...own,
        authentication: { type: "bearer", token: "{{API_KEY}}" },
        operations,
      }),
      "capabilities/keyed.yaml": capabilityText({
        ...own,
        authentication: { type: "apikey", key: "key", placement: "query", value: "{{API_KEY}}" },
        operations,
      }),
    }),
    env: { API_KEY: KEY },
  };
});
afterAll(() => upstream.close());

interface Sending {
  readonly what: string;
  readonly args: readonly string[];
  readonly url?: string;
  /** Headers by lower-case name; `undefined` for one that must be absent. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Fields that the operation `get` needs. */
const GIVEN = ["-H", "X-Secret: s", "-H", "X-Account: 7"];

describe("--header", () => {
  it.each<Sending>([
    { what: "a new one", args: ["-H", "X-New: a b"], headers: { "x-new": "a b", "x-version": "1" } },
    { what: "one of the file, in another case", args: ["--header", "x-VERSION:2"], headers: { "x-version": "2" } },
    { what: "a required input and an unset variable", args: [], headers: { "x-account": "7", "x-secret": "s" } },
    { what: "an input that is given", args: ["--X-Account", "8"], headers: { "x-account": "7" } },
    { what: "a default", args: ["-H", "User-Agent: me/1"], headers: { "user-agent": "me/1" } },
    { what: "an empty one", args: ["-H", "X-New;"], headers: { "x-new": "" } },
    {
      what: "one that is left out",
      args: ["-H", "User-Agent:", "-H", "X-Version: "],
      headers: { "user-agent": undefined, "x-version": undefined },
    },
    { what: "several of one name", args: ["-H", "X-A: 1", "-H", "x-a: 2"], headers: { "x-a": "1, 2" } },
    { what: "a value with colons", args: ["-H", "X-A: a:b;c"], headers: { "x-a": "a:b;c" } },
    {
      what: "the credential, whose variable is then not needed",
      args: ["-H", `Authorization: Token ${OTHER}`],
      headers: { authorization: `Token ${OTHER}` },
      env: {},
    },
    { what: "no credential", args: ["-H", "authorization:"], headers: { authorization: undefined }, env: {} },
  ])("sends $what", async ({ args, headers = {}, env = { API_KEY: KEY } }) => {
    const result = await runMain(["run", "bearer", "get", ...GIVEN, ...args], { ...options, env });
    expect(result.code, result.stderr).toBe(0);
    const sent = upstream.requests.at(-1)?.headers ?? {};
    for (const [name, value] of Object.entries(headers)) expect(sent[name]).toBe(value);
  });

  it("says in which form the body is", async () => {
    const args = [
      "run",
      "bearer",
      "add",
      "--body",
      '{"a":"b"}',
      "-H",
      "Content-Type: application/x-www-form-urlencoded",
    ];
    expect(await runMain(args, options)).toMatchObject({ code: 0 });
    expect(upstream.requests.at(-1)).toMatchObject({
      body: "a=b",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
  });

  it("is sent with each page", async () => {
    const result = await runMain(["run", "bearer", "list", "--all", "--quiet", "-H", "X-Trace: t"], options);
    expect(result).toEqual({ code: 0, stdout: '{"page":1,"trace":"t"}\n{"page":2,"trace":"t"}\n', stderr: "" });
  });
});

describe("--query", () => {
  it.each<Sending>([
    { what: "a new one", args: ["--query", "a=b"], url: "/get?fixed=1&a=b" },
    { what: "one name twice", args: ["--query", "a=1", "--query", "a=2"], url: "/get?fixed=1&a=1&a=2" },
    { what: "an empty one", args: ["--query", "a="], url: "/get?fixed=1&a=" },
    {
      what: "characters that have a meaning",
      args: ["--query", "a b=c&d=é%20"],
      url: "/get?fixed=1&a%20b=c%26d%3D%C3%A9%2520",
    },
    {
      what: "one in place of an input",
      args: ["--limit", "1", "--query", "limit=none"],
      url: "/get?fixed=1&limit=none",
    },
    { what: "one in place of the path's own", args: ["--query", "fixed=2"], url: "/get?fixed=2" },
    {
      what: "the inputs of these names by -i",
      args: ["-i", "query=q", "-i", "header=h"],
      url: "/get?fixed=1&query=q&header=h",
    },
  ])("sends $what", async ({ args, url }) => {
    const result = await runMain(["run", "bearer", "get", ...GIVEN, ...args], options);
    expect(result.code, result.stderr).toBe(0);
    expect(upstream.requests.at(-1)?.url).toBe(url);
  });

  it("takes the place of a credential, and goes on to the next page", async () => {
    const result = await runMain(["run", "keyed", "list", "--all", "--quiet", "--query", `key=${OTHER}`], {
      ...options,
      env: {},
    });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(upstream.requests.slice(-2).map(({ url }) => url)).toEqual([
      `/list?key=${OTHER}`,
      `/list?page=2&key=${OTHER}`,
    ]);
  });
});

it.each([
  ["--dry-run"],
  ["--dry-run=json"],
  ["--dry-run=curl"],
  ["--dry-run=har"],
  ["--dry-run", "--mock"],
  ["--verbose", "--select", "$.ok"],
  ["--base-uri", "http://127.0.0.1:1", "--retries", "0"],
])("a credential is masked: %j", async (...args) => {
  const fields = ["-H", `X-Api-Key: ${OTHER}`, "-H", `Cookie: a=1; sid=${OTHER}`, "--query", `access_token=${OTHER}`];
  const result = await runMain(["run", "bearer", "list", ...fields, ...args], options);
  refuseMarked(result.stdout + result.stderr, args.join(" "));
  if (args[0] === "--dry-run") expect(result.stdout).toContain("x-api-key: ***");
});

it.each([
  [["-H", "Host: a"], 'cannot send "Host": it is a header that only the transport may write'],
  [["-H", "X A: b"], 'cannot send "X A": it is not a valid header name'],
  [["-H", "X-A: a\r\nX-B: b"], 'cannot send "X-A": it holds the character U+000D'],
  [["-H", "X-A: €"], 'cannot send "X-A": it holds the character U+20AC'],
  [["-H", `Bearer ${OTHER}`], "takes 'Name: value'"],
  [["-H", `: ${OTHER}`], "takes 'Name: value'"],
  [["--query", OTHER], "takes name=value; an input of that name is given by -i query=…"],
  [["--query", "=a"], "takes name=value"],
])("%j is refused before anything is sent", async (args, says) => {
  const before = upstream.requests.length;
  const result = await runMain(["run", "bearer", "list", ...args], options);
  expect(result).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(says) });
  refuseMarked(result.stderr, args.join(" "));
  expect(upstream.requests).toHaveLength(before);
});
