import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

// These tests hold the files that a call reads of the built command: a short start of `run` loads few.

let upstream: Upstream;

beforeAll(async () => {
  upstream = await startUpstream((_request, response) => answerJson(response, 200, { id: "ak_1" }));
});
afterAll(() => upstream.close());

const COMMAND = path.resolve(import.meta.dirname, "../../../dist/naftiko.cjs");
const CALL = ["run", "clerk-backend-api-api-keys", "getApiKey", "--apiKeyID", "ak_1"];

it.each([
  { of: "a plain call", args: [], loaded: [] },
  // It shows that what is loaded is seen.
  { of: "a call that is only shown as curl", args: ["--dry-run=curl"], loaded: ["command-rest.cjs"] },
])("$of loads $loaded besides the command's first script", async ({ args, loaded }) => {
  expect(await loadedBy([...CALL, "--base-uri", upstream.url, ...args])).toEqual(loaded);
});

it.each(["list", "search"])("%s loads the script of quick commands alone, besides what reads files", async name => {
  const XDG_CACHE_HOME = await temporaryFolder({});
  const line = name === "list" ? [name] : [name, "key"];
  expect(await loadedBy(line, { XDG_CACHE_HOME })).toEqual([]);
  expect(await codeCaches(XDG_CACHE_HOME)).toEqual(["reader"]);
  expect(await loadedBy(line, { XDG_CACHE_HOME })).toEqual([]);
  expect(await codeCaches(XDG_CACHE_HOME)).toEqual([name, "reader"].sort());
});

it("mcp loads the packages of its protocol besides the script of quick commands, each with a code cache", async () => {
  const XDG_CACHE_HOME = await temporaryFolder({});
  const line = ["mcp", "clerk-backend-api-api-keys"];
  const client = { name: "test", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: client };
  const stdin = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`;
  const { code, stdout } = await runCommand(line, { env: { XDG_CACHE_HOME }, stdin });
  expect({ code, answers: stdout.trim().split("\n").length }).toEqual({ code: 0, answers: 1 });
  expect(await codeCaches(XDG_CACHE_HOME)).toEqual(["mcp", "mcp-package"]);
  expect(await loadedBy(line, { XDG_CACHE_HOME })).toEqual([]);
});

/** Returns the kinds of runs for which the launcher has kept a code cache. */
async function codeCaches(cacheHome: string): Promise<string[]> {
  const names = await readdir(path.join(cacheHome, "naftiko", "code"));
  return names.map(name => name.split(".").at(-2) ?? "").sort();
}

it("help of a quick command loads what reads options", async () => {
  expect(await loadedBy(["list", "--help"])).toContain("command-yargs.cjs");
});

it("a call of a file with headers of its own loads nothing more", async () => {
  const folder = await temporaryFolder({
    "api.yaml": `naftiko: "1.0.0-alpha3"
binds:
  - namespace: env
    keys:
      CLERK_SECRET_KEY: CLERK_SECRET_KEY
capability:
  consumes:
    - type: http
      namespace: api
      baseUri: ${upstream.url}
      inputParameters:
        - name: Accept
          in: header
          value: application/json
        - name: X-Version
          in: header
          value: "2"
        - name: limit
          in: query
      resources:
        - name: all
          path: /all
          operations:
            - name: get
              method: GET
`,
  });
  expect(await loadedBy(["run", path.join(folder, "api.yaml"), "get"])).toEqual([]);
});

it("loads no more of Node than a bare script that sends the same request, but for starting a script", async () => {
  const bare = `require("node:http").get(process.argv[2], { agent: false }, response => response.resume());`;
  const folder = await temporaryFolder({
    "bare.cjs": bare,
    "list.cjs": `process.on("exit", () =>
      require("node:fs").writeFileSync(process.env.LOADED, JSON.stringify(process.moduleLoadList)));`,
  });
  const modules = async (file: string, args: readonly string[]) => {
    const report = path.join(folder, "loaded.json");
    const list = path.join(folder, "list.cjs");
    const env = { ...process.env, CLERK_SECRET_KEY: "sk_test_1234", LOADED: report };
    await promisify(execFile)(process.execPath, ["--require", list, file, ...args], { env });
    const names = JSON.parse(await readFile(report, "utf8")) as string[];
    return names.filter(name => name.startsWith("NativeModule")).map(name => name.split(" ")[1] ?? "");
  };
  const command = await modules(COMMAND, [...CALL, "--base-uri", upstream.url]);
  const script = new Set(await modules(path.join(folder, "bare.cjs"), [upstream.url]));
  const more = command.filter(name => !script.has(name) && !name.startsWith("internal/"));
  expect(more.filter(name => name !== "vm" && name !== "process")).toEqual([]);
});

/** Returns the files of the command that Node's module loader has read, except the first script. */
async function loadedBy(args: readonly string[], more: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const folder = await temporaryFolder({
    "watch.cjs": `process.on("exit", () =>
      require("node:fs").writeFileSync(process.env.LOADED, JSON.stringify(Object.keys(require.cache))));`,
  });
  const report = path.join(folder, "loaded.json");
  const env = {
    ...more,
    CLERK_SECRET_KEY: "sk_test_1234",
    LOADED: report,
    NODE_OPTIONS: `--require ${path.join(folder, "watch.cjs")}`,
  };
  expect((await runCommand(args, { env })).code).toBe(0);
  const files = JSON.parse(await readFile(report, "utf8")) as string[];
  return files
    .map(file => path.basename(file))
    .filter(name => name !== "naftiko.cjs" && name !== "watch.cjs")
    .sort();
}
