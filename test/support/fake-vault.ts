import type { ServerResponse } from "node:http";
import { type Answerer, answerJson, type ReceivedRequest, startUpstream, type Upstream } from "./upstream.ts";

/** State of a Vault: the answers of its HTTP API follow from it. */
export interface VaultState {
  sealed: boolean;
  /** Tokens that may read everything but what is forbidden. */
  readonly tokens: Set<string>;
  readonly roles: Map<string, string>;
  /** Path of the API (`secret/data/app`) to values; `forbidden` for one that no token may read. */
  readonly secrets: Map<string, object | "forbidden">;
  /** Mounts of version 1 of the KV engine; others are of version 2. */
  readonly version1: Set<string>;
  /** Answers every request in place of the API. */
  answer: Answerer | undefined;
}

export interface FakeVault extends Upstream {
  readonly state: VaultState;
}

/** Starts a server that answers as the HTTP API of HashiCorp Vault does: KV of both versions, AppRole, its errors. */
export async function startVault(): Promise<FakeVault> {
  const state: VaultState = {
    sealed: false,
    tokens: new Set(["hvs.root-token"]),
    roles: new Map(),
    secrets: new Map(),
    version1: new Set(),
    answer: undefined,
  };
  let logins = 0;
  const answer = (request: ReceivedRequest, response: ServerResponse) => {
    if (state.answer !== undefined) return state.answer(request, response);
    if (state.sealed) return errors(response, 503, "Vault is sealed");
    const path = request.url.replace("/v1/", "");
    if (path === "auth/approle/login") {
      const { role_id: role = "", secret_id: secret } = JSON.parse(request.body) as Record<string, string>;
      if (state.roles.get(role) !== secret) return errors(response, 400, "invalid role or secret ID");
      const token = `hvs.login-${++logins}`;
      state.tokens.add(token);
      return answerJson(response, 200, { auth: { client_token: token, lease_duration: 60 } });
    }
    if (!state.tokens.has(String(request.headers["x-vault-token"]))) return errors(response, 403, "permission denied");
    const values = state.secrets.get(path);
    if (values === "forbidden") return errors(response, 403, "1 error occurred:\n\t* permission denied\n\n");
    if (values === undefined) return errors(response, 404);
    const isVersion1 = state.version1.has(path.split("/", 1)[0] ?? "");
    const data = isVersion1 ? values : { data: values, metadata: { version: 1 } };
    answerJson(response, 200, { request_id: "1", lease_id: "", renewable: false, data });
  };
  return Object.assign(await startUpstream(answer), { state });
}

function errors(response: ServerResponse, status: number, ...messages: readonly string[]): void {
  answerJson(response, status, { errors: messages });
}
