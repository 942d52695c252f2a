import { readFile } from "node:fs/promises";
import path from "node:path";
import { ALLOW_PLAIN_HTTP, isExposed } from "../../../base/plain-http.ts";
import { RemediedError } from "../../../base/remedy.ts";
import type { BindSurroundings } from "../bind-reader.ts";

/** The Vault of this process, named by the same variables as for Vault's own command. */
export interface VaultServer {
  /** Without a slash at its end. */
  readonly address: string;
  readonly namespace: string | undefined;
  /** In PEM. */
  readonly certificateAuthority: string | undefined;
  readonly login: VaultLogin;
}

type VaultLogin =
  | { readonly kind: "token"; readonly token: string }
  | { readonly kind: "approle"; readonly roleId: string; readonly secretId: string };

/**
 * Finds the server and the credential. A capability file names neither: it could send the credential to a host of its own.
 *
 * @throws Error with the missing variable, or for a server over plain `http`
 */
export async function vaultServer({
  env,
  allowPlainHttp,
}: Pick<BindSurroundings, "env" | "allowPlainHttp">): Promise<VaultServer> {
  return {
    address: addressOf(env["VAULT_ADDR"], allowPlainHttp),
    namespace: env["VAULT_NAMESPACE"] || undefined,
    certificateAuthority: await authorityOf(env["VAULT_CACERT"]),
    login: await loginOf(env),
  };
}

function addressOf(address: string | undefined, allowPlainHttp: boolean): string {
  if (!address) throw new Error("VAULT_ADDR is not set");
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "")
    throw new Error("VAULT_ADDR is not a URL such as https://vault.example:8200");
  if (!allowPlainHttp && isExposed(url.href))
    throw new RemediedError(`VAULT_ADDR would take the token over plain http to ${url.host}`, ALLOW_PLAIN_HTTP);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
}

async function authorityOf(file: string | undefined): Promise<string | undefined> {
  if (!file) return undefined;
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new Error(`VAULT_CACERT cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

async function loginOf(env: BindSurroundings["env"]): Promise<VaultLogin> {
  const { VAULT_TOKEN: token, VAULT_ROLE_ID: roleId, VAULT_SECRET_ID: secretId } = env;
  if (token) return { kind: "token", token };
  if (roleId && secretId) return { kind: "approle", roleId, secretId };
  const kept = await keptToken(env["HOME"] ?? env["USERPROFILE"]);
  if (kept) return { kind: "token", token: kept };
  throw new Error(
    "no credential for Vault: set VAULT_TOKEN, or VAULT_ROLE_ID and VAULT_SECRET_ID, or use `vault login`",
  );
}

/** Returns the token that `vault login` has stored. */
async function keptToken(home: string | undefined): Promise<string | undefined> {
  if (!home) return undefined;
  try {
    return (await readFile(path.join(home, ".vault-token"), "utf8")).trim();
  } catch {
    return undefined;
  }
}
