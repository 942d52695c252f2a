import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../support/capability-text.ts";
import { markedSecret, refuseMarked } from "../../support/marked-secret.ts";
import { type CommandOptions, runCommand, startCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

const TOKEN = markedSecret("token");

let upstream: Upstream;
let folder: string;
let failures = 0;

beforeAll(async () => {
  upstream = await startUpstream((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://any.test");
    const offset = Number(searchParams.get("offset") ?? 0);
    if (pathname === "/hangs") return;
    if (pathname === "/flaky") answerJson(response, failures-- > 0 ? 503 : 200, { ok: true });
    else if (pathname === "/gone") answerJson(response, 404, { told: request.headers.authorization });
    else if (pathname === "/moved") response.writeHead(302, { location: `/thing?token=${TOKEN}&n=1` }).end();
    else if (pathname === "/list")
      answerJson(response, 200, { data: [1, 2, 3].slice(offset, offset + 2), total_count: 3 });
    else if (pathname === "/bytes")
      response.writeHead(200, { "content-type": "image/png" }).end(Buffer.from([0, 255, 1]));
    else if (pathname === "/lines")
      response.writeHead(200, { "content-type": "application/x-ndjson" }).end('{"a":1}\n{"a":2}\n');
    else answerJson(response, 200, { told: request.headers.authorization, password: TOKEN });
  });
  const offset = [input("offset", "query", "integer"), input("limit", "query")];
  const nothing = [{ name: "nothing", type: "string", value: "$.nothing" }];
  const get = (name: string, more = {}) => ({ name, method: "GET", path: `/${name}`, ...more });
  folder = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({
      namespace: "api",
      baseUri: upstream.url,
      binds: { TOKEN: "TOKEN" },
      authentication: { type: "bearer", token: "{{TOKEN}}" },
      operations: [
        ...["flaky", "gone", "hangs", "lines"].map(name => get(name)),
        // The result itself is not masked.
        ...["moved", "thing"].map(name => get(name, { outputParameters: nothing })),
        get("list", { inputParameters: offset }),
        get("bytes", { outputRawFormat: "binary" }),
        {
          name: "add",
          method: "POST",
          path: "/things",
          inputParameters: [input("name", "body"), input("password", "body")],
          outputParameters: nothing,
        },
      ],
    }),
  });
});

afterAll(() => upstream.close());

beforeEach(() => {
  failures = 0;
});

const options = (): CommandOptions => ({ cwd: folder, env: { TOKEN } });
const run = (...args: string[]) => runCommand(["run", "api", ...args], options());

interface Archive {
  readonly log: { readonly version: string; readonly entries: readonly ArchiveEntry[] };
}

interface ArchiveEntry {
  readonly startedDateTime: string;
  readonly time: number;
  readonly timings: Readonly<Record<string, number>>;
  readonly request: Readonly<Record<string, unknown>> & {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly { readonly name: string; readonly value: string }[];
    readonly postData?: { readonly mimeType: string; readonly text: string };
  };
  readonly response: Readonly<Record<string, unknown>> & {
    readonly status: number;
    readonly content: Readonly<Record<string, unknown>>;
  };
  readonly _error?: string;
}

/** Returns the entries of an archive, which has every field that HAR 1.2 asks for and no secret. */
async function entriesOf(name: string): Promise<readonly ArchiveEntry[]> {
  const text = await readFile(path.join(folder, name), "utf8");
  refuseMarked(text, name);
  const { log } = JSON.parse(text) as Archive;
  expect(log).toMatchObject({ version: "1.2", creator: { name: "naftiko", version: expect.any(String) } });
  for (const { startedDateTime, time, timings, request, response } of log.entries) {
    expect(Date.parse(startedDateTime)).toBeGreaterThan(0);
    const { ssl: _, blocked = -1, ...parts } = timings;
    const sum = [...Object.values(parts), blocked].reduce((total, ms) => total + Math.max(0, ms), 0);
    expect(Math.abs(sum - time)).toBeLessThan(0.01);
    const fields = ["method", "url", "httpVersion", "cookies", "headers", "queryString"];
    expect(Object.keys(request)).toEqual(expect.arrayContaining([...fields, "headersSize", "bodySize"]));
    expect(Object.keys(response)).toEqual(
      expect.arrayContaining([
        ...["status", "statusText", "httpVersion", "cookies", "headers", "content"],
        ...["redirectURL", "headersSize", "bodySize"],
      ]),
    );
    expect(response.content).toMatchObject({ size: expect.any(Number), mimeType: expect.any(String) });
  }
  return log.entries;
}

describe("--trace-har", () => {
  it.each([
    { what: "a call", args: ["thing"], entries: ["200 /thing"] },
    { what: "each attempt", args: ["flaky"], failures: 1, entries: ["503 /flaky", "200 /flaky"] },
    { what: "redirects", args: ["moved"], entries: ["302 /moved", "200 /thing?token=***&n=1"] },
    {
      what: "pages",
      args: ["list", "--all"],
      entries: ["200 /list", "200 /list?offset=2"],
    },
    { what: "a stream", args: ["lines"], entries: ["200 /lines"] },
    { what: "a refusal", args: ["gone"], code: 5, entries: ["404 /gone"] },
    {
      what: "a time-out",
      args: ["hangs", "--timeout", "100", "--retries", "0"],
      code: 6,
      entries: ["0 /hangs"],
    },
  ])("keeps $what", async ({ what, args, code = 0, failures: count = 0, entries }) => {
    failures = count;
    const file = `${what.replaceAll(" ", "-")}.har`;
    const result = await run(...args, "--trace-har", file);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(`wrote ${file}: ${entries.length} request`);
    const found = await entriesOf(file);
    expect(
      found.map(({ request, response }) => `${response.status} ${request.url.slice(upstream.url.length)}`),
    ).toEqual(entries);
    expect((await stat(path.join(folder, file))).mode & 0o777).toBe(0o600);
  });

  it("has bodies, and the credentials of none of its parts", async () => {
    await run("add", "--name", "é", "--password", "hunter2", "--trace-har", "add.har");
    const [added] = await entriesOf("add.har");
    expect(added?.request.postData).toEqual({
      mimeType: "application/json",
      text: JSON.stringify({ name: "é", password: "***" }),
    });
    expect(added?.request.headers).toContainEqual({ name: "authorization", value: "Bearer ***" });
    expect(JSON.parse(String(added?.response.content["text"]))).toEqual({
      told: "Bearer ***",
      password: "***",
    });
    await run("bytes", "--out", "image.png", "--trace-har", "bytes.har");
    const [bytes] = await entriesOf("bytes.har");
    expect(bytes?.response.content).toMatchObject({ size: 3, mimeType: "image/png", encoding: "base64" });
    expect(Buffer.from(String(bytes?.response.content["text"]), "base64")).toEqual(Buffer.from([0, 255, 1]));
  });

  it("says why there is no answer", async () => {
    await run("hangs", "--timeout", "100", "--retries", "0", "--trace-har", "why.har");
    expect((await entriesOf("why.har"))[0]?._error).toMatch(/No complete answer .* within 100 ms/);
  });

  it("is written where the command is interrupted", async () => {
    const command = await startCommand(["run", "api", "hangs", "--verbose", "--trace-har", "cut.har"], options());
    await command.waitFor(/> authorization/, "stderr");
    command.child.kill("SIGINT");
    expect((await command.finished).code).toBe(130);
    expect(await entriesOf("cut.har")).toMatchObject([{ response: { status: 0 }, _error: expect.any(String) }]);
  });

  it("is refused where nothing is sent", async () => {
    const { code, stderr } = await run("thing", "--dry-run", "--trace-har", "none.har");
    expect(code).toBe(2);
    expect(stderr).toMatch(/--trace-har/);
    await expect(stat(path.join(folder, "none.har"))).rejects.toThrow("ENOENT");
  });

  it("sends nothing where the file cannot be written", async () => {
    const before = upstream.requests.length;
    const result = await run("thing", "--trace-har", "no/such/folder.har");
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toMatch(/^error: Cannot write --trace-har "no\/such\/folder.har": there is no folder/);
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("--verbose", () => {
  it.each([
    {
      what: "a call",
      args: ["thing"],
      lines: [/^> GET .*\/thing$/, /^< HTTP 200 OK \(\d+ bytes, .*total \d+ ms\)$/],
    },
    {
      what: "an attempt, why there is another, and that",
      args: ["flaky"],
      failures: 1,
      lines: [
        /^> GET .*\/flaky$/,
        /^< HTTP 503 /,
        /^\* HTTP 503: attempt 2 in \d+ ms$/,
        /^> GET .*\/flaky$/,
        /^< HTTP 200 /,
      ],
    },
    {
      what: "a redirect",
      args: ["moved"],
      lines: [
        /^> GET .*\/moved$/,
        /^< HTTP 302 /,
        /^\* redirect \(HTTP 302\) from .*\/moved to .*\/thing\?token=\*\*\*&n=1$/,
        /^> GET .*\/thing\?token=\*\*\*&n=1$/,
        /^< HTTP 200 /,
      ],
    },
    {
      what: "pages",
      args: ["list", "--all", "--max-pages", "1"],
      lines: [/^> GET .*\/list$/, /^< HTTP 200 /, /^\* page 1, 2 items$/],
    },
    {
      what: "a stream",
      args: ["lines"],
      lines: [/^> GET .*\/lines$/, /^< HTTP 200 OK \(a stream, /, /^\* end of the stream \(16 bytes, total \d+ ms\)$/],
    },
  ])("tells of $what", async ({ args, failures: count = 0, lines }) => {
    failures = count;
    const { stderr } = await run(...args, "--verbose");
    const shown = stderr.split("\n").filter(line => /^(?:> [A-Z]+ |< HTTP |\* )/.test(line));
    expect(shown).toEqual(lines.map(line => expect.stringMatching(line)));
    expect(stderr).toContain("> authorization: Bearer ***\n");
  });
});
