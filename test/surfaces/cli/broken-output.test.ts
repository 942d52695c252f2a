import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { capabilityText } from "../../support/capability-text.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { answerJson, startUpstream, type Upstream } from "../../support/upstream.ts";

// A failed write is told in one line, and the exit code is never 0. A shell breaks the outputs, so these tests do not
// run on Windows.

const COMMAND = path.resolve(import.meta.dirname, "../../../dist/naftiko.cjs");

let upstream: Upstream;
let folder: string;

beforeAll(async () => {
  upstream = await startUpstream(({ url }, response) => {
    if (url.startsWith("/lines")) {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.end('{"a":1}\n'.repeat(50_000));
    } else answerJson(response, 200, { items: "x".repeat(300_000) });
  });
  const operations = ["get", "lines"].map(name => ({ name, method: "GET", path: `/${name}` }));
  folder = await temporaryFolder({
    "capabilities/api.yaml": capabilityText({ baseUri: upstream.url, operations }),
    "capabilities/many.yaml": capabilityText({
      operations: Array.from({ length: 2_000 }, (_, n) => ({ name: `o${n}`, method: "GET", path: `/${n}` })),
    }),
    "kept.txt": "before",
  });
});
afterAll(() => upstream.close());

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** @param script what a shell runs; `naftiko` in it is the command */
function shell(script: string): Promise<Ended> {
  const command = `"${process.execPath}" "${COMMAND}"`;
  const child = spawn("bash", ["-o", "pipefail", "-c", `naftiko() { ${command} "$@"; }; ${script}`], {
    cwd: folder,
    env: { PATH: process.env["PATH"] ?? "" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", text => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", code => resolve({ code, stderr }));
  });
}

const COMMANDS: readonly string[] = [
  "list",
  "describe many",
  "validate capabilities --all",
  "validate capabilities --format json",
  "migrate capabilities/many.yaml",
  "run many --help",
  "run api get",
  "run api get --output yaml",
  "run api get --output raw",
  "run api lines",
  "run api get --dry-run",
];

describe.skipIf(process.platform === "win32")("a command whose output cannot be written", () => {
  it.each([...COMMANDS, "--help", "run --help"])("says so in one line: naftiko %s > /dev/full", async command => {
    expect(await shell(`naftiko ${command} > /dev/full`)).toEqual({
      code: 8,
      stderr: expect.stringMatching(/^error: Cannot write to standard output: .*\(ENOSPC\).*\n$/),
    });
  });

  it.each(["describe many", "run api get", "run api lines"])(
    "says so in one line: naftiko %s | true",
    async command => {
      const { code, stderr } = await shell(`naftiko ${command} | true`);
      expect({ code, stderr }).toEqual({
        code: 8,
        stderr: expect.stringMatching(/^error: Cannot write to standard output: .*\(EPIPE\).*\n$/),
      });
    },
  );

  it.each([
    { of: "a note that is lost", command: "run many o1 --mock 2> /dev/full", code: 8 },
    { of: "an error that is lost", command: "run api nope 2> /dev/full", code: 2 },
    { of: "everything that is lost", command: "list > /dev/full 2> /dev/full", code: 8 },
    { of: "an error whose reader has gone", command: "run api nope 2>&1 >/dev/null | true", code: 2 },
  ])("does not end with 0: $of", async ({ command, code }) => {
    expect(await shell(`naftiko ${command}`)).toEqual({ code, stderr: "" });
  });

  it("takes a part of a text for no whole", async () => {
    const { code, stderr } = await shell("ulimit -f 8; naftiko run api get > part.json");
    expect({ code, stderr }).toEqual({ code: 8, stderr: expect.stringMatching(/^error: .*\(EFBIG\).*\n$/) });
  });

  it.each([
    {
      of: "a device",
      limit: "true",
      command: "--out /dev/full",
      stderr: /^error: Cannot write --out "\/dev\/full": .*ENOSPC/,
    },
    { of: "a limit", command: "--out part.bin", stderr: /^error: Cannot write --out "part.bin": .*EFBIG/ },
    { of: "a file that is there", command: "--out kept.txt", stderr: /"kept.txt": .*EFBIG/ },
    {
      of: "a trace",
      command: "--trace-har part.har",
      stderr: /^error: Cannot write --trace-har "part.har": .*EFBIG/,
    },
  ])("leaves no file that looks whole: $of", async ({ command, limit = "ulimit -f 8", stderr }) => {
    expect(await shell(`${limit}; naftiko run api get ${command}`)).toEqual({
      code: 8,
      stderr: expect.stringMatching(stderr),
    });
    expect(readdirSync(folder).filter(name => name.includes("part.b") || name.includes("part.h"))).toEqual([]);
    expect(readFileSync(path.join(folder, "kept.txt"), "utf8")).toBe("before");
  });

  it.each(["export openapi api", "types api"])(
    "says that what it makes cannot be written: naftiko %s",
    async command => {
      expect(await shell(`naftiko ${command} -o /dev/full`)).toEqual({
        code: 8,
        stderr: expect.stringMatching(/^error: Cannot write --out "\/dev\/full": .*ENOSPC/),
      });
    },
  );

  it.each(["list", "run api get", "validate x", "describe api"])(
    "says that the working folder is gone: naftiko %s",
    async command => {
      const { code, stderr } = await shell(
        `mkdir -p gone && cd gone && rmdir ../gone && naftiko ${command}; code=$?; exit $code`,
      );
      expect({ code, stderr }).toEqual({
        code: 8,
        stderr: expect.stringMatching(/^error: Cannot find the working folder: .*\(ENOENT\).*\n$/),
      });
      expect(existsSync(path.join(folder, "gone"))).toBe(false);
    },
  );

  it("says that standard input is a folder", async () => {
    const { code, stderr } = await shell("naftiko run api get --inputs - < /");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^error: Cannot read --inputs: cannot be read from standard input: it is a folder/),
    });
  });
});
