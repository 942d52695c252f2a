import { readFile } from "node:fs/promises";
import path from "node:path";
import { changeFile } from "../../base/files/change-file.ts";
import { makeFolder } from "../../base/files/make-folder.ts";
import type { LoginMedium, StoredTokens } from "./login-store.ts";

/** Logins in a file that its owner alone may read. Processes that change it at once lose nothing of each other. */
export function fileLoginMedium(file: string): LoginMedium {
  /** What is there of logins that nobody here understands stays. */
  async function change(edit: (all: Map<string, unknown>) => void): Promise<void> {
    makeFolder(path.dirname(file));
    await changeFile(
      file,
      (text = "") => {
        const all = parseMembers(text);
        edit(all);
        return `${JSON.stringify(Object.fromEntries(all), undefined, 2)}\n`;
      },
      { mode: 0o600 },
    );
  }
  const read = async (key: string) => readTokens(parseMembers(await readText(file)).get(key));
  return {
    read,
    async write(key, tokens) {
      await change(all => all.set(key, tokens));
      return file;
    },
    async remove(key) {
      // Where there is nothing to remove, the folder need not be there either.
      if ((await read(key)) === undefined) return false;
      let isRemoved = false;
      await change(all => {
        isRemoved = all.delete(key);
      });
      return isRemoved;
    },
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** A file that something else has damaged holds no logins; the next one replaces it. */
function parseMembers(text: string): Map<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return new Map(isObject ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
}

/** Tokens as a store gives them back; nothing where something else has written them. */
function readTokens(value: unknown): StoredTokens | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { accessToken, refreshToken, expiresAt } = value as Record<string, unknown>;
  if (typeof accessToken !== "string") return undefined;
  return {
    accessToken,
    ...(typeof refreshToken === "string" ? { refreshToken } : {}),
    ...(typeof expiresAt === "number" ? { expiresAt } : {}),
  };
}

const SERVICE = "naftiko";

/** Logins in the keychain of the system, through an optional dependency; nothing where that is not installed. */
export async function keychainLoginMedium(): Promise<LoginMedium | undefined> {
  const keyring = await loadKeyring();
  if (keyring === undefined) return undefined;
  const entryOf = (key: string) => new keyring.AsyncEntry(SERVICE, key);
  return {
    async read(key) {
      const text = await entryOf(key).getPassword();
      return text ? readTokens(JSON.parse(text)) : undefined;
    },
    async write(key, tokens) {
      await entryOf(key).setPassword(JSON.stringify(tokens));
      return "the system's keychain";
    },
    remove: key => entryOf(key).deletePassword(),
  };
}

async function loadKeyring(): Promise<typeof import("@napi-rs/keyring") | undefined> {
  try {
    return await import("@napi-rs/keyring");
  } catch {
    return undefined;
  }
}
