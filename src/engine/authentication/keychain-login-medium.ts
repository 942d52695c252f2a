import type { LoginMedium } from "./login-store.ts";
import { readTokens } from "./stored-tokens.ts";

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
