import path from "node:path";
import type { WholeFile } from "../files/whole-file.ts";
import { usageError } from "./usage-error.ts";

/** Which option names the file, and who may read it; as who may read the one that is there, by default. */
export interface OutFileOptions {
  readonly option: "--out" | "--trace-har";
  readonly mode?: number;
}

/**
 * Opens the file of an option, before anything is sent.
 *
 * @throws CapabilityError `USAGE` where it cannot be written
 */
export async function openOutFile(
  written: string,
  cwd: string,
  { option, ...permissions }: OutFileOptions = { option: "--out" },
): Promise<WholeFile> {
  try {
    const { openWholeFile } = await import("../files/whole-file.ts");
    return await openWholeFile(path.resolve(cwd, written), permissions);
  } catch (error) {
    throw usageError(`Cannot write ${option} ${JSON.stringify(written)}: ${(error as Error).message}`);
  }
}
