import path from "node:path";
import { describe, expect, it } from "vitest";
import { CapabilityError, type ErrorCode } from "../../../src/base/capability-error.ts";
import { SecretMask } from "../../../src/base/mask-secrets.ts";
import { exitCode, exitCodeOf } from "../../../src/surfaces/cli/exit-code.ts";
import { main } from "../../../src/surfaces/cli/main.ts";
import { runCommand } from "../../support/run-command.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** As the contract has them. A new code does not compile until it has a row. */
const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  USAGE: 2,
  OPERATION_NOT_FOUND: 2,
  OPERATION_AMBIGUOUS: 2,
  OPERATION_REFUSED: 2,
  CONFIRMATION_MISSING: 2,
  INPUT_MISSING: 2,
  INPUT_INVALID: 2,
  INPUT_UNKNOWN: 2,
  ROW_INVALID: 2,
  REQUEST_INVALID: 2,
  CAPABILITY_NOT_FOUND: 3,
  DESCRIPTION_INVALID: 3,
  CONFIG_INVALID: 3,
  CAPABILITY_INVALID: 3,
  BIND_MISSING: 4,
  BASE_URI_MISSING: 4,
  AUTHENTICATION_FAILED: 4,
  HTTP_STATUS: 5,
  NETWORK: 6,
  TIMEOUT: 6,
  CIRCUIT_OPEN: 6,
  NOT_RECORDED: 6,
  REDIRECT_REFUSED: 6,
  EGRESS_REFUSED: 6,
  RESPONSE_INVALID: 7,
  RESPONSE_TOO_LARGE: 7,
  STEP_FAILED: 7,
  SCRIPT_FAILED: 7,
  QUEUE_REFUSED: 3,
  QUEUE_UNAVAILABLE: 6,
  WORKER_LOST: 6,
  IO_FAILED: 8,
  BATCH_REFUSED: 2,
  ABORTED: 130,
};

describe("exitCodeOf()", () => {
  it.each(Object.entries(EXIT_CODES))("%s is %d", (code, expected) => {
    const error = new CapabilityError(code as ErrorCode, { message: "", details: {} as never });
    expect(exitCodeOf(error)).toBe(expected);
  });

  it.each([[new Error("x")], [new TypeError("x")], ["x"], [undefined]])("%s is a fault", thrown => {
    expect(exitCodeOf(thrown)).toBe(1);
  });
});

describe("main()", () => {
  it("ends with 1 for a fault of its own, without a stack trace", async () => {
    for (const [args, pattern] of [
      [
        ["list"],
        /^fault: the disk is full \(a mistake in naftiko, not yours: report it with what --verbose prints\)\n$/,
      ],
      [["list", "--output", "json"], /^\{"error":\{"code":"FAULT","message":"the disk is full"\}\}\n$/],
    ] as const) {
      let stderr = "";
      const code = await main(args, {
        env: {},
        cwd: "/",
        stdin: (async function* () {})(),
        stdout: {
          write() {
            throw new Error("the disk is full");
          },
        },
        stderr: { write: (text: string) => (stderr += text) } as never,
        reserveOutput: () => Promise.reject(new Error("the disk is full")),
        secrets: new SecretMask(),
        signal: new AbortController().signal,
      });
      expect(code).toBe(1);
      expect(stderr).toMatch(pattern);
    }
  });
});

describe("run --help", () => {
  it("explains every exit code", async () => {
    const { stdout } = await runCommand(["run", "--help"]);
    const [, table = ""] = /Exit codes:\n([\s\S]*)$/.exec(stdout) ?? [];
    for (const code of Object.values(exitCode)) expect(table).toMatch(new RegExp(`(^|\\s)${code} {2}\\S`));
  });
});

describe("what nobody has caught", () => {
  const thrown = 'new Error("boom sk_live_marked\\n::error::forged")';
  it.each([
    { of: "an exception", code: `throw ${thrown};` },
    { of: "a rejection", code: `Promise.reject(${thrown});` },
    { of: "what has no text", code: "throw Object.create(null);" },
  ])("is one line that says whose mistake it is: $of", async ({ code }) => {
    const folder = await temporaryFolder({ "boom.cjs": `process.nextTick(() => { ${code} });` });
    const env = { NODE_OPTIONS: `--require ${path.join(folder, "boom.cjs")}` };
    const ended = await runCommand(["list"], { env, cwd: folder });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^fault: .*report it.*\n$/) });
    const verbose = await runCommand(["list", "--verbose"], { env, cwd: folder });
    expect(
      verbose.stderr
        .split("\n")
        .slice(1, -1)
        .every(line => line.startsWith("| ")),
    ).toBe(true);
  });
});
