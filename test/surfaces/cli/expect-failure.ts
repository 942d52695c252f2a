import { expect } from "vitest";
import type { ErrorCode } from "../../../src/base/capability-error.ts";
import { type CommandOptions, runCommand } from "../../support/run-command.ts";

/** A command line that fails, and what has to come of it. */
export interface Failure extends CommandOptions {
  readonly args: readonly string[];
  readonly code: number;
  readonly error: ErrorCode;
  /** Parts of standard error for people. */
  readonly stderr: readonly (string | RegExp)[];
  /** Parts that it must not hold. */
  readonly absent?: readonly (string | RegExp)[];
  /** Members of the error's `details` for programs. */
  readonly details?: object;
}

/**
 * Runs the command line as it is, and `run` once more with `--output json`: the exit code is the same, standard output
 * stays empty, people read a message without a stack trace, programs one JSON object.
 */
export async function expectFailure(failure: Failure): Promise<void> {
  const { args, code, error, stderr, absent = [], details = {}, ...options } = failure;
  const text = await runCommand(args, options);
  expect(text.stderr).not.toMatch(STACK_TRACE);
  expect(text.stderr).toMatch(/\S\n$/);
  for (const part of stderr) expect(text.stderr).toMatch(part);
  for (const part of absent) expect(text.stderr).not.toMatch(part);
  expect({ code: text.code, stdout: text.stdout }).toEqual({ code, stdout: "" });
  const [command, ...others] = args;
  if (command !== "run") return;
  const json = await runCommand(["run", "--output", "json", ...others], options);
  expect({ code: json.code, stdout: json.stdout }).toEqual({ code, stdout: "" });
  expect(json.stderr).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(json.stderr)).toEqual({
    error: expect.objectContaining({
      code: error,
      message: expect.any(String),
      details: expect.objectContaining(details),
    }),
  });
}

/** As V8 writes it. Places in files are indented by two. */
const STACK_TRACE = /^ {4}at /m;
