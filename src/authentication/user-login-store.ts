import { homedir } from "node:os";
import path from "node:path";
import { fileLoginStore } from "./file-login-store.ts";
import { keychainLoginStore } from "./keychain-login-store.ts";
import type { LoginStore } from "./login-store.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The logins of a user: in the system's keychain where there is one, else in a file. `NAFTIKO_LOGINS=file` keeps them
 * out of the keychain.
 */
export async function openUserLoginStore(env: Environment): Promise<LoginStore> {
  const file = fileLoginStore(path.join(stateFolder(env), "naftiko", "logins.json"));
  const keychain = env["NAFTIKO_LOGINS"] === "file" ? undefined : await keychainLoginStore();
  if (keychain === undefined) return file;
  return {
    read: async key => (await orNothing(keychain.read(key))) ?? file.read(key),
    async write(key, tokens) {
      // A keychain may be locked, absent, or too small for long tokens.
      const place = await orNothing(keychain.write(key, tokens));
      if (place === undefined) return file.write(key, tokens);
      await file.remove(key);
      return place;
    },
    async remove(key) {
      const removed = [await orNothing(keychain.remove(key)), await file.remove(key)];
      return removed.includes(true);
    },
  };
}

async function orNothing<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked;
  } catch {
    return undefined;
  }
}

/** Where programs keep what is worth keeping between runs (XDG Base Directory Specification). */
function stateFolder(env: Environment): string {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local, HOME: home } = env;
  if (state !== undefined && path.isAbsolute(state)) return state;
  if (process.platform === "win32" && local !== undefined) return local;
  return path.join(home || homedir(), ".local", "state");
}
