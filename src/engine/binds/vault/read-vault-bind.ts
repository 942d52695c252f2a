import { isJsonObject, type JsonObject, member } from "../../../base/json-object.ts";
import { SecretMask } from "../../../base/mask-secrets.ts";
import type { BindReader } from "../bind-reader.ts";
import { fieldsOf, fieldText } from "../field-text.ts";
import { requestJson, type StoreAnswer } from "../request-json.ts";
import { type SecretFields, SharedReads } from "../shared-reads.ts";
import { parseVaultLocation, type VaultSecret } from "./vault-location.ts";
import { type VaultServer, vaultServer } from "./vault-server.ts";

const secrets = new SharedReads<SecretFields>();
const tokens = new SharedReads<string>();

/** Reads a variable from the KV engine of HashiCorp Vault, version 2 or 1, over its HTTP API. */
export const readVaultBind: BindReader = async ({ declared, key }, surroundings, signal) => {
  const secret = parseVaultLocation(declared, surroundings.tenant);
  const server = await vaultServer(surroundings);
  const read = () => readSecret(secret, server, signal);
  return secrets.find(
    JSON.stringify([server, secret.paths]),
    read,
    fields => fieldText(fields, key),
    surroundings.maxAgeMs,
  );
};

async function readSecret(secret: VaultSecret, server: VaultServer, signal: AbortSignal): Promise<SecretFields> {
  const { answer, token } = await askWithToken(secret, server, signal);
  const { status, body } = answer;
  if (status === 200) {
    const fields = fieldsIn(body);
    if (fields !== undefined) return fields;
    throw new Error(`Vault at ${server.address} answered with no secret at ${secret.name}`);
  }
  if (status === 404) throw new Error(`Vault at ${server.address} has no secret ${secret.name}`);
  if (status === 403) throw new Error(`Vault at ${server.address} does not let the token read ${secret.name}`);
  throw refusal(server, answer, [token]);
}

/** Reads with a token. One from AppRole expires: if it is refused, another one is requested once. */
async function askWithToken(
  secret: VaultSecret,
  server: VaultServer,
  signal: AbortSignal,
): Promise<{ readonly answer: StoreAnswer; readonly token: string }> {
  const { login } = server;
  if (login.kind === "token")
    return { answer: await askPaths(secret, server, login.token, signal), token: login.token };
  const key = JSON.stringify(server);
  let isNew = false;
  const logIn = async () => {
    isNew = true;
    return requestToken(server, login, signal);
  };
  for (;;) {
    const token = (await tokens.find(key, logIn, found => found)) ?? "";
    const answer = await askPaths(secret, server, token, signal);
    if (answer.status !== 403 || isNew) return { answer, token };
    tokens.forget(key);
  }
}

/** Returns the first answer with a secret, else a 403 before a 404: a forbidden path may have one. */
async function askPaths(
  { paths }: VaultSecret,
  server: VaultServer,
  token: string,
  signal: AbortSignal,
): Promise<StoreAnswer> {
  let worst: StoreAnswer | undefined;
  for (const path of paths) {
    const answer = await ask(server, path, { signal, headers: { "x-vault-token": token } });
    if (answer.status !== 404 && answer.status !== 403) return answer;
    if (worst === undefined || answer.status === 403) worst = answer;
  }
  return worst ?? { status: 404, body: undefined };
}

async function requestToken(
  server: VaultServer,
  { roleId, secretId }: { readonly roleId: string; readonly secretId: string },
  signal: AbortSignal,
): Promise<string> {
  const answer = await ask(server, "auth/approle/login", {
    signal,
    method: "POST",
    headers: {},
    body: { role_id: roleId, secret_id: secretId },
  });
  const token = memberAt(answer.body, "auth", "client_token");
  if (answer.status === 200 && typeof token === "string") return token;
  if (answer.status === 400 || answer.status === 403)
    throw new Error(`Vault at ${server.address} refuses VAULT_ROLE_ID and VAULT_SECRET_ID`);
  throw refusal(server, answer, [roleId, secretId]);
}

function ask(
  { address, namespace, certificateAuthority }: VaultServer,
  path: string,
  { headers, ...request }: Omit<Parameters<typeof requestJson>[0], "url" | "certificateAuthority">,
): Promise<StoreAnswer> {
  return requestJson({
    ...request,
    url: `${address}/v1/${path}`,
    certificateAuthority,
    headers: {
      ...headers,
      "x-vault-request": "true",
      ...(namespace === undefined ? {} : { "x-vault-namespace": namespace }),
    },
  });
}

/** Returns the values of an answer. Version 2 of the engine wraps them once more than version 1. */
function fieldsIn(body: unknown): SecretFields | undefined {
  const data = memberAt(body, "data");
  if (!isJsonObject(data)) return undefined;
  const inner = member(data, "data");
  return fieldsOf(isJsonObject(inner) && isJsonObject(member(data, "metadata")) ? inner : data);
}

/** Returns the refusal of Vault, with credentials masked in its message. */
function refusal({ address }: VaultServer, { status, body }: StoreAnswer, credentials: readonly string[]): Error {
  const mask = new SecretMask();
  for (const credential of credentials) mask.add(credential);
  const errors = memberAt(body, "errors");
  const said = Array.isArray(errors) && errors.length > 0 ? `: ${mask.text(errors.join(", "))}` : "";
  if (status === 503 && /sealed/i.test(said)) return new Error(`Vault at ${address} is sealed`);
  if (status >= 300 && status < 400)
    return new Error(`Vault at ${address} redirects to another server: point VAULT_ADDR there`);
  return new Error(`Vault at ${address} answered ${status}${said}`);
}

function memberAt(value: unknown, ...names: readonly string[]): unknown {
  let found = value;
  for (const name of names) found = isJsonObject(found) ? member(found as JsonObject, name) : undefined;
  return found;
}
