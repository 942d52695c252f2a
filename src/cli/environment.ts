import { readFileSync } from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import type { CommandContext } from "./command-context.ts";
import { usageError } from "./usage-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a command: `./.env` where there is one, then the given files, a later one over an earlier one, then
 * the process environment, which wins.
 */
export function readEnvironment(files: readonly string[], { cwd, env }: CommandContext): Environment {
  const merged: Record<string, string | undefined> = { ...readEnvFile(path.join(cwd, ".env"), true) };
  for (const file of files) Object.assign(merged, readEnvFile(path.resolve(cwd, file), false));
  return Object.assign(merged, env);
}

function readEnvFile(file: string, optional: boolean): Environment {
  try {
    return parseEnv(readFileSync(file, "utf8")) as Environment;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (optional && (code === "ENOENT" || code === "EISDIR")) return {};
    throw usageError(`Cannot read the variables of ${file}: ${code ?? message}`);
  }
}
