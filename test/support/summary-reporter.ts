import type { UserConsoleLog } from "vitest";
import type { Reporter, TestModule, TestSuite } from "vitest/node";
import { MARK } from "./marked-secret.ts";

/** Ends a run with one line that programs can read: `12 passed, 0 failed`, and `, 1 skipped` where tests were. */
export class SummaryReporter implements Reporter {
  #leaks = 0;

  /** Counts the secrets that tests print, as failures: CI keeps the output. */
  onUserConsoleLog({ content }: UserConsoleLog): void {
    if (content.includes(MARK)) this.#leaks++;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length + this.#leaks, skipped: 0 };
    if (this.#leaks > 0) process.exitCode = 1;
    for (const module of modules) count(module, counts);
    const { passed, failed, skipped } = counts;
    process.stdout.write(`${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}\n`);
  }
}

/** Counts the tests. A file that cannot be loaded, and a hook that fails, is a failure without a failed test. */
function count(suite: TestModule | TestSuite, counts: { passed: number; failed: number; skipped: number }): void {
  if (suite.errors().length > 0) counts.failed++;
  for (const child of suite.children) {
    if (child.type === "suite") {
      count(child, counts);
      continue;
    }
    const { state } = child.result();
    // A test that never ended was interrupted.
    counts[state === "pending" ? "failed" : state]++;
  }
}
