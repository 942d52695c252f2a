import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import type { LoginStore, StoredTokens } from "./login-store.ts";
import { readTokens } from "./stored-tokens.ts";

/** Logins in a file that its owner alone may read. It is replaced as a whole, so that nobody ever reads half of one. */
export function fileLoginStore(file: string): LoginStore {
  return {
    read: async key => (await readAll(file)).get(key),
    async write(key, tokens) {
      await writeAll(file, (await readAll(file)).set(key, tokens));
      return file;
    },
    async remove(key) {
      const all = await readAll(file);
      if (!all.delete(key)) return false;
      await writeAll(file, all);
      return true;
    },
  };
}

async function readAll(file: string): Promise<Map<string, StoredTokens>> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return new Map();
    throw error;
  }
  const all = new Map<string, StoredTokens>();
  for (const [key, value] of Object.entries(parseObject(text))) {
    const tokens = readTokens(value);
    if (tokens !== undefined) all.set(key, tokens);
  }
  return all;
}

/** A file that something else has damaged holds no logins; the next one replaces it. */
function parseObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

async function writeAll(file: string, all: ReadonlyMap<string, StoredTokens>): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${randomUUID()}`;
  const handle = await open(next, "wx", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`);
    await handle.close();
    await rename(next, file);
  } catch (error) {
    await handle.close();
    await rm(next, { force: true });
    throw error;
  }
}
