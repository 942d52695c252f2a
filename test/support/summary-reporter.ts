import type { UserConsoleLog } from "vitest";
import type { Reporter, TestModule, TestSuite } from "vitest/node";
import { MARK } from "./marked-secret.ts";

/** Ends a run with one line that programs can read: `12 passed, 0 failed`, and `, 1 skipped` where tests were. */
export class SummaryReporter implements Reporter {
  #leaks = 0;

  /** What a test prints is read by nobody, but kept by CI: a secret in it is a failure. */
  onUserConsoleLog({ content }: UserConsoleLog): void {
    if (content.includes(MARK)) this.#leaks++;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length + this.#leaks, skipped: 0 };
    if (this.#leaks > 0) process.exitCode = 1;
    for (const module of modules) count(module, counts);
    const { passed, failed, skipped } = counts;
    process.stdout.write(
      `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}\n`,
    );
  }
}

/** A file that cannot be loaded, and a hook that fails, is a failure though no test is. */
function count(
  suite: TestModule | TestSuite,
  counts: { passed: number; failed: number; skipped: number },
): void {
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
