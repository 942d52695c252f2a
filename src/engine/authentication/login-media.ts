import { readFile } from "node:fs/promises";
import path from "node:path";
import { changeFile } from "../../base/files/change-file.ts";
import { makeFolder } from "../../base/files/make-folder.ts";
import { isJsonObject } from "../../base/json-object.ts";
import { loadOptionalPackage } from "../../base/optional-package.ts";
import { parseJson } from "../../base/parse-json.ts";
import type { LoginMedium, StoredTokens } from "./login-store.ts";

/** Keeps logins in a file that only its owner may read. Processes can change it at the same time without loss. */
export function fileLoginMedium(file: string): LoginMedium {
  /** Changes the file. Unknown logins in it stay. */
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
  const read = async (key: string) => readTokens(parseMembers(await readLogins(file)).get(key));
  return {
    read,
    async write(key, tokens) {
      await change(all => all.set(key, tokens));
      return file;
    },
    async remove(key) {
      // Without a login to remove, the folder need not exist either.
      if ((await read(key)) === undefined) return false;
      let isRemoved = false;
      await change(all => {
        isRemoved = all.delete(key);
      });
      return isRemoved;
    },
  };
}

async function readLogins(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** Reads the members of the file. A damaged file has none, and the next login replaces it. */
function parseMembers(text: string): Map<string, unknown> {
  const parsed = parseJson(text);
  return new Map(parsed.ok && isJsonObject(parsed.value) ? Object.entries(parsed.value) : []);
}

/** Reads tokens as they were stored, or returns `undefined` for a value of another form. */
function readTokens(value: unknown): StoredTokens | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { accessToken, refreshToken, expiresAt } = value as Record<string, unknown>;
  if (typeof accessToken !== "string") return undefined;
  return {
    accessToken,
    refreshToken: typeof refreshToken === "string" ? refreshToken : undefined,
    expiresAt: typeof expiresAt === "number" ? expiresAt : undefined,
  };
}

const SERVICE = "naftiko";

/** Keeps logins in the system's keychain, through an optional dependency. Returns `undefined` if it is not installed. */
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
    return (await loadOptionalPackage("@napi-rs/keyring")) as typeof import("@napi-rs/keyring");
  } catch {
    return undefined;
  }
}
