import { stat } from "node:fs/promises";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { withFileLock } from "../../base/files/file-lock.ts";
import { makeFolder } from "../../base/files/make-folder.ts";
import { openWholeFile } from "../../base/files/whole-file.ts";
import { authenticationError } from "./authentication-error.ts";
import type { LoginMedium, LoginStore } from "./login-store.ts";

/** Name of the file of logins, in the folder of the store. */
export const LOGINS_FILE = "logins.json";

/** Room for the tokens of a login, in bytes. */
const ROOM = 64 * 1024;

/**
 * Creates a store that several processes share, with a lock for each key. A keychain has no locks of its own.
 *
 * @param folder folder of the locks, created if necessary
 */
export function sharedLoginStore(medium: LoginMedium, folder: string): LoginStore {
  async function withLock<Value>(key: string, action: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
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
          await requireRoom(path.join(folder, LOGINS_FILE));
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
