import { readFile } from "node:fs/promises";
import path from "node:path";
import { ioReason } from "../../base/io-reason.ts";
import { percentDecode } from "../../base/percent-decoding.ts";
import { openSharedStore } from "../../sharing/open-shared-store.ts";
import { Sharing } from "../../sharing/sharing.ts";
import { parseStoreUrl, type StoreUrl } from "../../sharing/store-url.ts";
import type { CommandContext } from "./command-context.ts";
import { usageError } from "./usage-error.ts";

/** Arguments about state that processes share. */
export interface SharingArguments {
  /** URL of a Redis, or `@` and a file with it. `undefined`: that of `NAFTIKO_REDIS`. */
  readonly redis: string | undefined;
  /** File with the secret of the copies. `undefined`: `NAFTIKO_STATE_KEY` has it, or there is none. */
  readonly stateKeyFile: string | undefined;
}

/** Shortest secret: of fewer characters, all could be tried. */
const SHORTEST_KEY = 16;

/**
 * Begins to share state.
 *
 * @param tell told when the store cannot be reached, and when it can again
 * @throws CapabilityError `USAGE`, never with the URL, which may hold a password
 */
export async function openSharing(
  { redis, stateKeyFile }: SharingArguments,
  context: CommandContext,
  tell: (line: string) => void,
): Promise<Sharing> {
  const { env, secrets } = context;
  const source = redis === undefined ? "NAFTIKO_REDIS" : "Option --redis";
  const written = redis ?? env["NAFTIKO_REDIS"] ?? "";
  const text = written.startsWith("@") ? await textOf(source, written.slice(1), context) : written;
  const url = redisUrl(source, text);
  if (url.url.password !== "") secrets.add(percentDecode(url.url.password));
  const stateKey = await stateKeyOf(stateKeyFile, context);
  if (stateKey !== undefined) secrets.add(stateKey);
  return Sharing.open(await openSharedStore(url), { url, stateKey, tell });
}

function redisUrl(source: string, text: string): StoreUrl {
  const url = parseStoreUrl(text);
  if (url?.kind === "redis") {
    if (/^(?:\/\d{0,5})?$/.test(url.url.pathname)) return url;
    throw usageError(
      `${source} ends with the number of a database, such as /0, or with none, found ${url.url.pathname}`,
    );
  }
  const scheme = /^[a-z][a-z\d+.-]*(?=:)/i.exec(text)?.[0];
  const found = url === undefined && scheme?.startsWith("redis") !== true ? scheme : undefined;
  const what = found === undefined ? "another text" : `one that begins with ${found}:`;
  throw usageError(`${source} is a URL such as redis://127.0.0.1:6379 or rediss://cache.example:6380, found ${what}`);
}

async function stateKeyOf(file: string | undefined, context: CommandContext): Promise<string | undefined> {
  const key = file === undefined ? context.env["NAFTIKO_STATE_KEY"] : await textOf("Option --state-key", file, context);
  if (key === undefined || (key === "" && file === undefined)) return undefined;
  if (key.length >= SHORTEST_KEY) return key;
  const source = file === undefined ? "NAFTIKO_STATE_KEY" : `The file ${file} of --state-key`;
  throw usageError(`${source} has ${key.length} characters: a secret of copies has at least ${SHORTEST_KEY}`);
}

/** Reads a file that holds one line. */
async function textOf(source: string, file: string, { cwd }: CommandContext): Promise<string> {
  try {
    return (await readFile(path.resolve(cwd, file), "utf8")).trim();
  } catch (error) {
    throw usageError(`${source} names the file ${file}, which cannot be read: ${ioReason(error)}`);
  }
}
