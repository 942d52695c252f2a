import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import type { BindValuesByKey } from "../binds/bind-source.ts";
import type { CommandContext } from "./command-context.ts";
import { usageError } from "./usage-error.ts";

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
  const merged = new Map(Object.entries(readEnvFile(path.join(cwd, ".env"), true)));
  for (const file of files) addAll(merged, readEnvFile(path.resolve(cwd, file), false));
  addAll(merged, env);
  return merged;
}

function addAll(merged: Map<string, string>, values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) if (value !== undefined) merged.set(name, value);
}

function readEnvFile(file: string, optional: boolean): Record<string, string> {
  try {
    return parseEnv(readFileSync(file, "utf8")) as Record<string, string>;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (optional && (code === "ENOENT" || code === "EISDIR")) return {};
    throw usageError(`Cannot read the variables of ${file}: ${code ?? message}`);
  }
}
