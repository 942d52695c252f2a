import { fstatSync, statSync } from "node:fs";
import { CapabilityError } from "../../base/capability-error.ts";

/**
 * Looks whether a file that is being written still has its name, and its size.
 *
 * @throws CapabilityError `IO_FAILED`
 */
export function requireUnchanged(descriptor: number, path: string, size: number): void {
  const named = statSync(path, { bigint: true, throwIfNoEntry: false });
  const opened = fstatSync(descriptor, { bigint: true });
  const problem =
    named === undefined
      ? "was removed"
      : named.ino !== opened.ino || named.dev !== opened.dev
        ? "was replaced"
        : named.size === BigInt(size)
          ? undefined
          : "was changed";
  if (problem === undefined) return;
  throw new CapabilityError("IO_FAILED", {
    message: `Cannot go on writing ${path}: it ${problem} by something else while the batch wrote it`,
    details: { reason: "ESTALE", path },
  });
}
