import { existsSync } from "node:fs";
import path from "node:path";
import type { CacheOptions } from "../../net/cache/response-cache.ts";
import { cacheFolder } from "./cache-folder.ts";
import type { CommandContext } from "./command-context.ts";
import type { RunArguments } from "./parse-run-arguments.ts";
import { usageError } from "./usage-error.ts";

/** Where the answers of a call are kept. */
export interface CommandCache {
  /** As the command line says; `undefined` if it says nothing. */
  readonly cache: CacheOptions | false | undefined;
  /** Where an overlay alone wants them to be kept. */
  readonly overlaidCache: CacheOptions;
}

/**
 * Returns the cache of a command line: a file, since a process makes one call.
 *
 * @throws CapabilityError `USAGE` for a file in no folder
 */
export function commandCache(
  { cache, mock, cassette }: RunArguments,
  { cwd, env }: CommandContext,
  onWarning: (message: string) => void,
): CommandCache {
  const overlaidCache = { file: path.join(cacheFolder(env), "naftiko", "answers.sqlite"), onWarning };
  // A sandbox is gone after the call, and a recording is of what the API answers.
  if (cache === false || mock || cassette !== undefined) return { cache: false, overlaidCache };
  if (cache === undefined) return { cache, overlaidCache };
  if (cache === true) return { cache: overlaidCache, overlaidCache };
  const file = path.resolve(cwd, cache);
  if (!existsSync(path.dirname(file))) throw usageError(`Cannot keep answers in ${file}: there is no such folder`);
  return { cache: { file, onWarning }, overlaidCache };
}
