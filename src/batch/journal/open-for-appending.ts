import { openSync } from "node:fs";
import { ioReason } from "../../base/io-reason.ts";
import { batchRefused } from "../batch-refused.ts";

/**
 * Opens a file for reading and for writing at its end. A missing one is made.
 *
 * @throws CapabilityError `BATCH_REFUSED`
 */
export function openForAppending(path: string): number {
  try {
    return openSync(path, "a+");
  } catch (error) {
    throw batchRefused(`Cannot write ${path}: ${ioReason(error)}`, { reason: "path", path }, error);
  }
}
