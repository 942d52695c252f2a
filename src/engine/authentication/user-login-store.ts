import { homedir } from "node:os";
import path from "node:path";
import type { Environment } from "../../base/environment.ts";
import { fileLoginMedium, keychainLoginMedium } from "./login-media.ts";
import type { LoginMedium, LoginStore } from "./login-store.ts";
import { LOGINS_FILE, sharedLoginStore } from "./shared-login-store.ts";

/**
 * Opens the logins of a user: in the system's keychain if there is one, else in a file. `NAFTIKO_LOGINS=file` keeps them
 * out of the keychain.
 */
export async function openUserLoginStore(env: Environment): Promise<LoginStore> {
  const folder = path.join(stateFolder(env), "naftiko");
  const file = fileLoginMedium(path.join(folder, LOGINS_FILE));
  const keychain = env["NAFTIKO_LOGINS"] === "file" ? undefined : await keychainLoginMedium();
  return sharedLoginStore(keychain === undefined ? file : firstOf(keychain, file), folder);
}

/** Combines two media. The file keeps the tokens while the keychain is locked, absent, or too small for them. */
function firstOf(keychain: LoginMedium, file: LoginMedium): LoginMedium {
  return {
    read: async key => (await file.read(key)) ?? orNothing(keychain.read(key)),
    async write(key, tokens) {
      const place = await orNothing(keychain.write(key, tokens));
      if (place !== undefined) {
        await file.remove(key);
        return place;
      }
      // Removes older tokens, whose refresh token is used up.
      await orNothing(keychain.remove(key));
      return file.write(key, tokens);
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

/** Returns the folder for data that programs keep between runs (XDG Base Directory Specification). */
function stateFolder(env: Environment): string {
  const { XDG_STATE_HOME: state, LOCALAPPDATA: local, HOME: home } = env;
  if (state !== undefined && path.isAbsolute(state)) return state;
  if (process.platform === "win32" && local !== undefined) return local;
  return path.join(home || homedir(), ".local", "state");
}
