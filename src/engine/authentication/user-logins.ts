import type { Environment } from "../../base/environment.ts";
import type { LoginStore } from "./login-store.ts";

/** Returns the user's logins. Their store is loaded when it is needed. */
export function userLogins(env: Environment): LoginStore {
  const open = async () => (await import("./user-login-store.ts")).openUserLoginStore(env);
  return {
    read: async key => (await open()).read(key),
    write: async (key, tokens) => (await open()).write(key, tokens),
    remove: async key => (await open()).remove(key),
    renew: async (key, renew, signal) => (await open()).renew(key, renew, signal),
  };
}
