import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../../support/capability-text.ts";
import { MARK } from "../../../support/marked-secret.ts";
import { COMMAND, runCommand, startCommand } from "../../../support/run-command.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../../support/upstream.ts";

let upstream: Upstream;
let folder: string;
/** How orders are answered: their status, after a time. */
let answer: (id: string, sent: number) => { status?: number; afterMs?: number; headers?: Record<string, string> };

const TOKEN = `${MARK}-token-of-shop`;
const env = { SHOP_TOKEN: TOKEN };

beforeAll(async () => {
  upstream = await startUpstream(async ({ url }, response) => {
    const id = new URL(url, "http://any.test").pathname.split("/").at(-1) ?? "";
    const { status = 200, afterMs = 0, headers = {} } = answer(id, upstream.requests.length);
    if (afterMs > 0) await wait(afterMs);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    answerJson(response, status, status < 400 ? { id, name: `order ${id}` } : { message: `no ${id}, ${TOKEN}` });
  });
  const orders = {
    path: "/orders/{id}",
    inputParameters: [input("id", "path"), input("x-token", "header", "string", { value: "{{SHOP_TOKEN}}" })],
    outputParameters: [{ name: "id", type: "string", value: "$.id" }],
  };
  folder = await temporaryFolder({
    "capabilities/shop.yaml": capabilityText({
      namespace: "shop",
      baseUri: upstream.url,
      binds: { SHOP_TOKEN: "SHOP_TOKEN" },
      operations: [
        { name: "get", method: "GET", ...orders },
        { name: "create", method: "POST", ...orders },
        { name: "replace", method: "PUT", ...orders },
      ],
    }),
    "orders.csv": "id,note\n1,a\n2,b\n3,c\n",
    "lines.jsonl": '{"id":"1"}\n{"id":"2"}\n',
    "many.csv": `id\n${Array.from({ length: 200 }, (_, index) => index + 1).join("\n")}\n`,
    "bad.csv": "id\n1\n2,3\n4\n",
    "twice.csv": "id\n1\n2\n1\n",
  });
});
afterAll(() => upstream.close());
beforeEach(() => {
  answer = () => ({});
  upstream.requests.length = 0;
});

const batch = (args: readonly string[], options: object = {}) =>
  runCommand(["batch", "shop", ...args], { cwd: folder, env, ...options });

function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line));
}

describe("naftiko batch", () => {
  it("calls for each row, and writes a line for each", async () => {
    const { code, stdout, stderr } = await batch(["get", "--from", "orders.csv", "--order", "rows"]);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toMatchObject([
      { row: 1, key: expect.stringMatching(/^[\w-]{22}$/), status: 200, outputs: { id: "1" }, attempts: 1 },
      { row: 2, status: 200, outputs: { id: "2" } },
      { row: 3, status: 200, outputs: { id: "3" } },
    ]);
    expect(stderr).toMatch(/3 rows in .*\n {2}200 {2}3\n/);
    expect(stderr).toContain('no input uses column "note"');
  });

  it("gives failed rows a file of their own, which is a source again", async () => {
    answer = id => (id === "2" ? { status: 422 } : {});
    const cwd = await temporaryFolder({ "orders.csv": "number\n1\n2\n3\n" });
    const args = ["create", "--map", "id=number", "--dir", path.join(folder, "capabilities")];
    const files = ["--out", "out.jsonl", "--failed", "failed.jsonl"];
    const first = await batch([...args, "--from", "orders.csv", ...files], { cwd });
    expect(first.code).toBe(5);
    expect(linesOf(await readFile(path.join(cwd, "out.jsonl"), "utf8"))).toHaveLength(2);
    const failed = await readFile(path.join(cwd, "failed.jsonl"), "utf8");
    expect(linesOf(failed)).toMatchObject([
      { row: 2, status: 422, outputs: null, error: { code: "HTTP_STATUS" }, inputs: { id: "2" } },
    ]);
    expect(failed).not.toContain(MARK);
    answer = () => ({});
    const again = await batch([...args, "--from", "failed.jsonl"], { cwd });
    expect({ code: again.code, lines: linesOf(again.stdout) }).toMatchObject({
      code: 0,
      lines: [{ row: 1, status: 200 }],
    });
  });

  it("gives each POST a key of its own, the same for each attempt, and a PUT none", async () => {
    answer = (_, sent) => (sent === 1 ? { status: 503 } : {});
    await batch(["create", "--from", "orders.csv", "--concurrency", "1"]);
    const keys = upstream.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(4);
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
    upstream.requests.length = 0;
    await batch(["replace", "--from", "orders.csv"]);
    expect(upstream.requests.some(({ headers }) => "idempotency-key" in headers)).toBe(false);
  });

  it("sends no second row of a key, and gives a key the same Idempotency-Key in each run", async () => {
    const args = ["create", "--from", "twice.csv", "--key", "id", "--order", "rows"];
    const { code, stdout } = await batch(args);
    expect({ code, lines: linesOf(stdout) }).toMatchObject({
      code: 0,
      lines: [{ key: "1" }, { key: "2" }, { key: "1", status: "duplicate", outputs: null, attempts: 0 }],
    });
    await batch(args);
    const keys = upstream.requests.map(({ url, headers }) => [url, headers["idempotency-key"]].join(" ")).sort();
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(2);
  });

  it.each([
    { name: "a file", args: ["--from", "lines.jsonl"], options: {} },
    { name: "standard input", args: ["--from", "-"], options: { stdin: '{"id":"1"}\n\n{"id":"2"}\n' } },
  ])("reads JSON lines of $name", async ({ args, options }) => {
    const { code, stdout } = await batch(["get", ...args], options);
    expect({ code, count: linesOf(stdout).length }).toEqual({ code: 0, count: 2 });
  });

  it("takes parts of the rows, which are all of them together", async () => {
    const parts = await Promise.all(
      ["1/2", "2/2"].map(shard => batch(["get", "--from", "orders.csv", "--shard", shard, "--order", "rows"])),
    );
    expect(parts.map(({ stdout }) => linesOf(stdout).map(({ row }) => row))).toEqual([[1, 3], [2]]);
  });

  it("ends a row that cannot be read as failed, and sends the others", async () => {
    const { code, stdout } = await batch(["get", "--from", "bad.csv", "--order", "rows"]);
    expect({ code, lines: linesOf(stdout) }).toMatchObject({
      code: 5,
      lines: [
        { row: 1, status: 200 },
        { row: 2, key: null, status: "ROW_INVALID" },
        { row: 3, status: 200 },
      ],
    });
    expect(upstream.requests).toHaveLength(2);
  });

  it("stops after too many failures", async () => {
    answer = () => ({ status: 400 });
    const cwd = await temporaryFolder({});
    const args = ["get", "--from", path.join(folder, "many.csv"), "--max-errors", "5", "--concurrency", "4"];
    const dir = ["--dir", path.join(folder, "capabilities")];
    const { code, stderr } = await batch([...args, ...dir, "--out", "out.jsonl"], { cwd });
    expect(code).toBe(5);
    expect(upstream.requests.length).toBeLessThanOrEqual(5 + 2 * 4);
    expect(stderr).toMatch(/stopped: too many rows have failed, 1\d\d rows left; .*--resume/);
    answer = () => ({});
    const resumed = await batch([...args, ...dir, "--out", "out.jsonl", "--resume"], { cwd });
    expect(resumed.code).toBe(5);
    const rows = linesOf(await readFile(path.join(cwd, "out.jsonl"), "utf8")).map(({ row }) => row);
    expect(new Set(rows).size).toBe(200);
    expect(rows).toHaveLength(200);
    expect(upstream.requests).toHaveLength(200);
  });

  it.each(["SIGINT", "SIGTERM"] as const)("lets running calls end at %s, and goes on with --resume", async signal => {
    answer = () => ({ afterMs: 30 });
    const cwd = await temporaryFolder({});
    const args = ["batch", "shop", "get", "--from", path.join(folder, "many.csv"), "--out", "out.jsonl"];
    const options = { cwd, env: { ...env, NAFTIKO_PATH: path.join(folder, "capabilities") } };
    const running = await startCommand(args, options);
    while (upstream.requests.length < 30) await wait(10);
    running.child.kill(signal);
    const { code, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toMatch(/stopped: interrupted, .* rows left; go on with the same command and --resume/);
    const sent = upstream.requests.length;
    expect(linesOf(await readFile(path.join(cwd, "out.jsonl"), "utf8"))).toHaveLength(sent);
    const resumed = await runCommand([...args, "--resume"], options);
    expect(resumed.code).toBe(0);
    expect(upstream.requests).toHaveLength(200);
    const rows = linesOf(await readFile(path.join(cwd, "out.jsonl"), "utf8")).map(({ row }) => row);
    expect(new Set(rows).size).toBe(200);
    const finished = await runCommand([...args, "--resume"], options);
    expect(finished.code).toBe(0);
    expect(upstream.requests).toHaveLength(200);
  });

  it("ends at once at a second signal", async () => {
    answer = () => ({ afterMs: 20_000 });
    const running = await startCommand(["batch", "shop", "get", "--from", "orders.csv"], { cwd: folder, env });
    while (upstream.requests.length < 3) await wait(10);
    running.child.kill("SIGINT");
    await wait(100);
    running.child.kill("SIGINT");
    expect((await running.finished).code).toBe(130);
  });

  it("pauses all rows when the API asks one to wait, and tells it", async () => {
    answer = (_, sent) => (sent === 1 ? { status: 429, headers: { "retry-after": "1" } } : {});
    const { code, stdout, stderr } = await batch(["get", "--from", "many.csv", "--concurrency", "2"]);
    expect(code).toBe(0);
    expect(linesOf(stdout).filter(({ attempts }) => attempts === 2)).toHaveLength(1);
    expect(stderr).toMatch(/note: HTTP 429 \(retry-after\): all rows for 127\.0\.0\.1:\d+ wait 1 s/);
  });

  it("shows the batch without sending anything", async () => {
    const { code, stdout } = await batch(["create", "--from", "twice.csv", "--dry-run", "--key", "id"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^rows {8}3\nunreadable {2}0\nduplicates {2}1\n\nThe request of row 1:\nPOST http.*\/orders\/1\n/,
    );
    expect(stdout).toContain("x-token: ***");
    expect(upstream.requests).toHaveLength(0);
  });

  it("gives its summary as JSON", async () => {
    answer = id => (id === "3" ? { status: 404 } : {});
    const { stderr } = await batch(["get", "--from", "orders.csv", "--set", "id=7", "--quiet", "--output", "json"]);
    expect(JSON.parse(stderr)).toMatchObject({ rows: 3, failed: 0, total: 3, byStatus: { 200: 3 }, stopped: null });
  });

  it("asks the sandbox with --mock", async () => {
    const { code, stdout } = await batch(["get", "--from", "orders.csv", "--mock"]);
    expect({ count: linesOf(stdout).length, code }).toMatchObject({ count: 3 });
    expect(upstream.requests).toHaveLength(0);
  });

  const refused: readonly [name: string, code: number, message: RegExp, args: readonly string[], options: object][] = [
    ["no source", 2, /from/, ["get"], {}],
    ["an unknown operation", 2, /OPERATION|operation/, ["gte", "--from", "orders.csv"], {}],
    ["a rate that is none", 2, /--rate/, ["get", "--from", "orders.csv", "--rate", "fast"], {}],
    ["errors that are no number", 2, /--max-errors/, ["get", "--from", "orders.csv", "--max-errors", "0"], {}],
    ["a shard that is none", 2, /--shard/, ["get", "--from", "orders.csv", "--shard", "3/2"], {}],
    ["no concurrency", 2, /--concurrency/, ["get", "--from", "orders.csv", "--concurrency", "0"], {}],
    ["a mapping without a column", 2, /--map/, ["get", "--from", "orders.csv", "--map", "id"], {}],
    ["--resume without --out", 2, /--out/, ["get", "--from", "orders.csv", "--resume"], {}],
    ["an unknown input", 2, /nmae/, ["get", "--from", "orders.csv", "--set", "nmae=1"], {}],
    ["an unknown column", 2, /numbre/, ["get", "--from", "orders.csv", "--map", "id=numbre"], {}],
    ["a variable that is missing", 4, /SHOP_TOKEN/, ["get", "--from", "orders.csv"], { env: {} }],
    ["what the policy forbids", 2, /read-only|readOnly|change/, ["create", "--from", "orders.csv", "--read-only"], {}],
    ["what nobody confirms", 2, /confirm/, ["create", "--from", "orders.csv", "--confirm", "writes"], {}],
  ];
  it.each(refused)("refuses %s before anything is sent", async (_, code, message, args, options) => {
    const ended = await batch(args, options);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
    expect(upstream.requests).toHaveLength(0);
  });

  it("ends in order when nobody reads on", async () => {
    answer = () => ({ afterMs: 10 });
    const script = `"${process.execPath}" "${COMMAND}" batch shop get --from many.csv --concurrency 2 | head -n 1`;
    const { stdout } = await promisify(execFile)("bash", ["-c", script], {
      cwd: folder,
      env: { ...process.env, ...env },
    });
    expect(linesOf(stdout)).toHaveLength(1);
    expect(upstream.requests.length).toBeLessThan(200);
  });
});
