import path from "node:path";
import { isCapabilityError } from "../../../base/capability-error.ts";
import { countOf } from "../../../base/count-of.ts";
import { quoteArgument } from "../../../base/quote-argument.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { printLines } from "../printed-text.ts";
import { type AddedFolder, addedFolder } from "./added-folder.ts";
import { LOCK_FILE } from "./lock-file.ts";
import { readAdded, sha256 } from "./place-files.ts";
import { readLockOf, selectAdded } from "./select-added.ts";

interface CheckOptions {
  /** Names or paths of the capabilities; none for all. */
  readonly names: readonly string[];
  readonly dir: string | undefined;
}

/**
 * Runs `naftiko add --check`: tells which added files are not what the lock says. It asks no server: whether there is
 * something newer says `--update`.
 */
export async function checkAdded({ names, dir }: CheckOptions, { cwd, stdout }: CommandContext): Promise<ExitCode> {
  const place = addedFolder(dir, cwd);
  const lines: string[] = [];
  const checked = new Set<string>();
  for (const [name, locked] of selectAdded(await readLockOf(place), names)) {
    for (const [file, { sha256: expected }] of [[name, locked] as const, ...locked.imports]) {
      checked.add(file);
      const problem = await problemOf(file, expected, place);
      if (problem !== undefined) lines.push(`${file} ${problem.replaceAll("NAME", quoteArgument(name))}`);
    }
  }
  stdout.write(printLines([...lines, `${countOf(checked.size, "added file")}, ${countOf(lines.length, "problem")}`]));
  return lines.length === 0 ? exitCode.done : exitCode.capability;
}

async function problemOf(file: string, expected: string, place: AddedFolder): Promise<string | undefined> {
  try {
    const content = await readAdded(path.join(place.root, ...file.split("/")), place);
    if (content === undefined)
      return `is missing: "naftiko add --update NAME" fetches it again; or remove its entry from ${LOCK_FILE}`;
    if (sha256(content) === expected) return undefined;
    return 'has changed since it was added: undo that, or replace it by "naftiko add --update NAME --force"';
  } catch (error) {
    if (isCapabilityError(error, "USAGE") || isCapabilityError(error, "IO_FAILED"))
      return `cannot be checked: ${error.message}`;
    throw error;
  }
}
