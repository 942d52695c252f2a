import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseEnv } from "node:util";
import type { CommandContext } from "./command-context.ts";
import { usageError } from "./usage-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment of a command: `./.env` where there is one, then the given files, a later one over an earlier one, then
 * the process environment, which wins.
 */
export async function readEnvironment(
  files: readonly string[],
  { cwd, env }: CommandContext,
): Promise<Environment> {
  const merged: Record<string, string | undefined> = { ...(await readEnvFile(path.join(cwd, ".env"), true)) };
  for (const file of files) Object.assign(merged, await readEnvFile(path.resolve(cwd, file), false));
  return Object.assign(merged, env);
}

async function readEnvFile(file: string, optional: boolean): Promise<Environment> {
  try {
    return parseEnv(await readFile(file, "utf8")) as Environment;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (optional && (code === "ENOENT" || code === "EISDIR")) return {};
    throw usageError(`Cannot read the variables of ${file}: ${code ?? message}`);
  }
}
