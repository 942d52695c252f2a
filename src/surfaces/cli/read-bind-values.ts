import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import path from "node:path";
import { fileText } from "../../base/files/file-text.ts";
import { ioReason } from "../../base/io-reason.ts";
import { parseDotenv } from "../../base/parse-dotenv.ts";
import type { BindValuesByKey } from "../../engine/binds/bind-source.ts";
import type { CommandContext } from "./command-context.ts";
import { usageError } from "./usage-error.ts";

/** Largest file of variables, in bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * Reads the values of binds without a `location`: `./.env` where it exists, then the given files, a later one over an
 * earlier one, then the process environment, which wins.
 *
 * `.env` is found, not named: it belongs to the author of the folder. So it feeds binds, and no setting is ever read
 * from it; settings are those of `CommandContext.env`.
 *
 * @throws CapabilityError `USAGE` for a file that cannot be read
 */
export function readBindValues(files: readonly string[], context: CommandContext): BindValuesByKey {
  const found = valuesIn(path.join(context.cwd, ".env"), readFound);
  return mergedValues([found, ...namedValues(files, context)]);
}

/**
 * Reads the values of binds for a server, as {@link readBindValues} does without `./.env`: what is found in a folder must
 * not decide what others get.
 *
 * @throws CapabilityError `USAGE` for a file that cannot be read
 */
export function readNamedBindValues(files: readonly string[], context: CommandContext): BindValuesByKey {
  return mergedValues(namedValues(files, context));
}

/** Values of variables by name. */
type Values = ReadonlyMap<string, string | undefined>;

function namedValues(files: readonly string[], { cwd, env }: CommandContext): Values[] {
  return [...files.map(file => valuesIn(path.resolve(cwd, file), readNamed)), new Map(Object.entries(env))];
}

/** Merges values, later ones over earlier ones. */
function mergedValues(all: readonly Values[]): BindValuesByKey {
  const merged = new Map<string, string>();
  for (const values of all) {
    for (const [name, value] of values) if (value !== undefined) merged.set(name, value);
  }
  return merged;
}

function valuesIn(file: string, read: (file: string) => Uint8Array): Values {
  try {
    return parseDotenv(fileText(read(file)));
  } catch (error) {
    throw usageError(`Cannot read the variables of ${file}: ${ioReason(error)}`);
  }
}

/** Reads a named file. It may be a pipe of the shell (`<(…)`), but not a device that never ends. */
function readNamed(file: string): Uint8Array {
  const descriptor = openSync(file, "r");
  try {
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = readSync(descriptor, buffer, length, buffer.length - length, null);
    requireSmall(length);
    return buffer.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a found file. The folder may hold a pipe there, which would never end, or a device. */
function readFound(file: string): Uint8Array {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) return new Uint8Array();
  requireSmall(stats.size);
  return readFileSync(file);
}

function requireSmall(bytes: number): void {
  if (bytes > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES} bytes`);
}
