import { appendFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { capabilityText, input } from "../../../support/capability-text.ts";
import { runCommand } from "../../../support/run-command.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../../support/upstream.ts";

let upstream: Upstream;
let folder: string;
/** Done before each answer. */
let meanwhile: () => Promise<void>;

beforeAll(async () => {
  upstream = await startUpstream(async ({ url }, response) => {
    await meanwhile();
    answerJson(response, 200, { id: url });
  });
  const operation = {
    name: "get",
    method: "GET",
    path: "/items/{id}",
    inputParameters: [input("id", "path"), input("count", "query", "integer", { required: false })],
    outputParameters: [{ name: "id", type: "string", value: "$.id" }],
  };
  folder = await temporaryFolder({
    "capabilities/shop.yaml": capabilityText({ namespace: "shop", baseUri: upstream.url, operations: [operation] }),
  });
  await mkdir(path.join(folder, "folder.csv"));
});
afterAll(() => upstream.close());
beforeEach(() => {
  meanwhile = async () => {};
  upstream.requests.length = 0;
});

async function batch(content: string | Uint8Array, file: string, args: readonly string[] = []) {
  const cwd = await temporaryFolder({ [file]: content });
  const given = ["batch", "shop", "get", "--dir", path.join(folder, "capabilities"), "--from", file, ...args];
  return { cwd, ...(await runCommand(given, { cwd, env: {} })) };
}

describe("naftiko batch", () => {
  it.each<[string, string, string | Uint8Array, string[], RegExp]>([
    ["an empty file", "a.csv", "", [], /a\.csv is empty/],
    ["empty JSON lines", "a.jsonl", "\n", [], /a\.jsonl is empty/],
    ["a duplicate header", "a.csv", "id,id\n1,2\n", [], /two columns with the name "id"/],
    ["an unknown column", "a.csv", "id,numbr\n1,2\n", ["--map", "count=number"], /no column "number".*"numbr"/],
    ["an unknown input", "a.csv", "id,n\n1,2\n", ["--map", "cuont=n"], /no input "cuont".*"count"/],
    ["an unknown input of --set", "a.csv", "id\n1\n", ["--set", "cuont=1"], /no input "cuont".*"count"/],
    ["an input that nothing gives", "a.csv", "ids\n1\n", [], /nothing gives the input "id".*did you mean "ids"/],
    ["a key that is nothing", "a.csv", "id\n1\n", ["--key", "idd"], /--key "idd" is no column/],
    ["bytes that are no text", "a.csv", Buffer.from("id\n1\n\xe4\n", "latin1"), [], /not UTF-8 text.*line 3/],
  ])("refuses %s before it sends anything", async (_, file, content, args, message) => {
    const { code, stdout, stderr } = await batch(content, file, args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(upstream.requests).toEqual([]);
  });

  it.each<[string, string, string | Uint8Array, number, (number | string)[], RegExp | undefined]>([
    ["a header alone", "a.csv", "id\n", 0, [], undefined],
    ["a byte order mark", "a.csv", "\ufeffid\n1\n", 0, [200], undefined],
    ["UTF-16", "a.csv", Buffer.from("\ufeffid\r\n1\r\n", "utf16le"), 0, [200], undefined],
    ["ragged rows", "a.csv", "id,count\n1,2\n\n3\n4,5,6\n7,8\n", 5, [200, "ROW_INVALID", "ROW_INVALID", 200], /line 4/],
    ["bad JSON lines", "a.jsonl", '{"id":"1"}\n{"id"\n[]\n', 5, [200, "ROW_INVALID", "ROW_INVALID"], /line 2/],
    ["cells that do not fit", "a.csv", "id,count\n1,2\n3,abc\n", 5, [200, "INPUT_INVALID"], /line 3.*abc/],
    ["an open quote", "a.csv", 'id\n1\n"2\n3\n', 5, [200, "ROW_INVALID"], /line 3.*never closed/],
  ])("sends the other rows of a file with %s", async (_, file, content, code, statuses, message) => {
    const ended = await batch(content, file, ["--order", "rows"]);
    const lines = ended.stdout.split("\n").filter(line => line !== "");
    expect(ended.code).toBe(code);
    expect(lines.map(line => (JSON.parse(line) as { status: unknown }).status)).toEqual(statuses);
    if (message !== undefined) expect(ended.stdout).toMatch(message);
    expect(upstream.requests).toHaveLength(statuses.filter(status => status === 200).length);
  });

  it("tells the line of each row in the file of failed rows, which can be fed back", async () => {
    const { cwd } = await batch("number,count\n1,x\n2\n3,4\n", "a.csv", [
      "--map",
      "id=number",
      "--order",
      "rows",
      "--failed",
      "f.jsonl",
    ]);
    const failed = (await readFile(path.join(cwd, "f.jsonl"), "utf8")).trim().split("\n");
    expect(failed.map(line => JSON.parse(line))).toMatchObject([
      { row: 1, line: 2, status: "INPUT_INVALID", inputs: { id: "1", count: "x" } },
      { row: 2, line: 3, status: "ROW_INVALID", inputs: null },
    ]);
    const again = await batch(failed.join("\n"), "f.jsonl", [
      "--map",
      "id=number",
      "--set",
      "count=5",
      "--order",
      "rows",
    ]);
    expect(again.stdout).toMatch(/"row":1,.*"status":200.*\n.*"row":2,.*"status":"ROW_INVALID".*line 3/);
  });

  it("tells a file that grows while it is read", async () => {
    const cwd = await temporaryFolder({ "a.csv": "id\n1\n2\n" });
    meanwhile = () => appendFile(path.join(cwd, "a.csv"), "3\n");
    const args = ["batch", "shop", "get", "--dir", path.join(folder, "capabilities"), "--from", "a.csv"];
    const { code, stderr } = await runCommand([...args, "--concurrency", "1"], { cwd, env: {} });
    expect({ code, requests: upstream.requests.length }).toEqual({ code: 0, requests: 2 });
    expect(stderr).toMatch(/has grown by \d+ bytes since it was opened/);
  });
});
