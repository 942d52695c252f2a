import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import type { BindValuesByKey } from "../binds/bind-source.ts";
import type { CommandContext } from "./command-context.ts";
import { usageError } from "./usage-error.ts";

/** Largest `.env` that is read, in bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * The values of binds without a `location`: `./.env` where there is one, then the given files, a later one over an
 * earlier one, then the process environment, which wins.
 *
 * `.env` is found, not named: whoever wrote the folder wrote it. So it feeds binds, and no setting is ever read from it;
 * settings are those of `CommandContext.env`.
 *
 * @throws CapabilityError `USAGE` for a file that cannot be read
 */
export function readBindValues(files: readonly string[], { cwd, env }: CommandContext): BindValuesByKey {
  const found = path.join(cwd, ".env");
  const merged = new Map(isUsualFile(found) ? Object.entries(readEnvFile(found)) : []);
  for (const file of files) addAll(merged, readEnvFile(path.resolve(cwd, file)));
  addAll(merged, env);
  return merged;
}

function addAll(merged: Map<string, string>, values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) if (value !== undefined) merged.set(name, value);
}

/** Tells whether there is a file to be read: who writes the folder may put a pipe there, or a device without an end. */
function isUsualFile(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) return false;
  if (stats.size <= MAX_BYTES) return true;
  throw usageError(`Cannot read the variables of ${file}: it is larger than ${MAX_BYTES} bytes`);
}

function readEnvFile(file: string): Record<string, string> {
  try {
    return parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw usageError(`Cannot read the variables of ${file}: ${code ?? message}`);
  }
}
