import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { withFileLock } from "../../base/files/file-lock.ts";
import { makeFolder } from "../../base/files/make-folder.ts";
import { openWholeFile } from "../../base/files/whole-file.ts";
import { authenticationError } from "./authentication-error.ts";
import { fileLoginMedium, keychainLoginMedium } from "./login-media.ts";
import type { LoginMedium, LoginStore } from "./login-store.ts";

const FILE = "logins.json";

/** Room for the tokens of a login, in bytes. */
const ROOM = 64 * 1024;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens the logins of a user: in the system's keychain if there is one, else in a file. `NAFTIKO_LOGINS=file` keeps them
 * out of the keychain.
 */
export async function openUserLoginStore(env: Environment): Promise<LoginStore> {
  const folder = path.join(stateFolder(env), "naftiko");
  const file = fileLoginMedium(path.join(folder, FILE));
  const keychain = env["NAFTIKO_LOGINS"] === "file" ? undefined : await keychainLoginMedium();
  return sharedLoginStore(keychain === undefined ? file : firstOf(keychain, file), folder);
}

/**
 * Creates a store that several processes share, with a lock for each key. A keychain has no locks of its own.
 *
 * @param folder folder of the locks, created if necessary
 */
export function sharedLoginStore(medium: LoginMedium, folder: string): LoginStore {
  async function withLock<Value>(
    key: string,
    action: () => Promise<Value>,
    signal?: AbortSignal,
  ): Promise<Value> {
    try {
      makeFolder(folder);
      return await withFileLock(path.join(folder, `login-${key}`), action, { signal });
    } catch (error) {
      if (error instanceof CapabilityError || signal?.aborted) throw error;
      const reason = (error as Error).message;
      throw authenticationError("oauth2", "login_not_kept", `Cannot keep the login in ${folder}: ${reason}`, {
        cause: error,
      });
    }
  }
  return {
    read: key => medium.read(key),
    write: (key, tokens) => withLock(key, () => medium.write(key, tokens)),
    remove: key =>
      withLock(key, async () => {
        const stored = await medium.read(key);
        await medium.remove(key);
        return stored;
      }),
    renew: (key, renew, signal) =>
      withLock(
        key,
        async () => {
          const stored = await medium.read(key);
          await requireRoom(path.join(folder, FILE));
          const tokens = await renew(stored);
          if (tokens !== stored) await medium.write(key, tokens);
          return tokens;
        },
        signal,
      ),
  };
}

/** Checks that tokens can be written, before a refresh token is used up for them. */
async function requireRoom(file: string): Promise<void> {
  const present = await stat(file).catch(() => undefined);
  const whole = await openWholeFile(file, { mode: 0o600 });
  try {
    await whole.write(Buffer.alloc((present?.size ?? 0) + ROOM));
  } finally {
    await whole.discard();
  }
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
