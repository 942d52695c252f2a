import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isJsonObject } from "../../base/json-object.ts";
import { parseJson } from "../../base/parse-json.ts";
import type { Sharing } from "../../sharing/sharing.ts";
import type { FieldValues } from "./authentication-kind.ts";
import type { StoredTokens } from "./login-store.ts";
import { failed } from "./oauth2-exchange.ts";
import type { RequestTokens } from "./token-cache.ts";

/** How long a process that asks for tokens keeps the others from it; it says so again meanwhile. */
const LEASE_MS = 5_000;
/** Time between two looks at whether tokens are there. */
const POLL_MS = 50;
/** Longest wait for the tokens of another process, where asking for own ones does no harm. */
const LONGEST_WAIT_MS = 10_000;
/** Life of tokens whose end is not known. */
const USUAL_LIFE_MS = 3_600_000;
/** Life of a refresh token that nobody uses. */
const REFRESH_LIFE_MS = 30 * 86_400_000;

/** No answer: nothing can be shared for now. */
const AWAY = "away";

/**
 * Gets tokens once for all processes that share: one of them asks for tokens, the others wait for those. They are encrypted
 * with what the declaration holds, so that a process without its secret cannot read them.
 *
 * @param request asks the authorization server
 */
export function sharedTokens(
  request: RequestTokens,
  values: FieldValues,
  { sharing, now }: { readonly sharing: Sharing; readonly now: () => number },
): RequestTokens {
  const { authorizationServerUri = "", tokenEndpoint = "", clientId = "", scopes = "", audience = "" } = values;
  const { resource = "", refreshToken = "" } = values;
  // A refresh token cannot be guessed, so that its hash tells nothing. The secret of a client may be.
  const person = refreshToken === "" ? "" : createHash("sha256").update(refreshToken).digest("base64url");
  const parts = [authorizationServerUri, tokenEndpoint, clientId, scopes, audience, resource, person];
  const name = sharing.name("tokens", ...parts);
  const leaseName = sharing.name("token-lease", ...parts);
  const secret = JSON.stringify(values);

  /** Asks the server where nothing can be shared. A refresh token that can be used once may be another process's by now. */
  const alone: RequestTokens = (previous, observe, signal) => {
    if (previous?.refreshToken === undefined || refreshToken === "" || previous.refreshToken === refreshToken)
      return request(previous, observe, signal);
    throw failed(
      "shared_state",
      "The access token has expired, and the refresh token can be used once: shared state, by which copies agree who does, " +
        "is away",
    );
  };

  const read = () =>
    sharing.ask(
      async store => storedTokens(sharing.unseal(name, await store.get(name), secret)),
      () => AWAY as typeof AWAY,
    );

  const write = (tokens: StoredTokens) => {
    const { refreshToken: next, expiresAt } = tokens;
    const lifeMs = next === undefined ? (expiresAt === undefined ? USUAL_LIFE_MS : expiresAt - now()) : REFRESH_LIFE_MS;
    const sealed = sharing.seal(name, JSON.stringify(tokens), secret);
    return sharing.ask(
      store => store.set(name, sealed, Math.max(1_000, lifeMs)),
      () => undefined,
    );
  };

  return async (previous, observe, signal) => {
    const me = Buffer.from(randomUUID());
    const endAt = performance.now() + LONGEST_WAIT_MS;
    const isUsable = (tokens: StoredTokens) =>
      tokens.accessToken !== previous?.accessToken && (tokens.expiresAt ?? Number.POSITIVE_INFINITY) > now();
    for (;;) {
      const stored = await read();
      if (stored === AWAY) return alone(previous, observe, signal);
      if (stored !== undefined && isUsable(stored)) return stored;
      const other = await sharing.ask<Buffer | undefined, typeof AWAY>(
        store => store.setIfAbsent(leaseName, me, LEASE_MS),
        () => AWAY as typeof AWAY,
      );
      if (other === AWAY) return alone(previous, observe, signal);
      if (other === undefined) return await leased(stored, me);
      if (performance.now() > endAt && refreshToken === "") return request(previous, observe, signal);
      await sleep(POLL_MS, undefined, { signal });
    }

    /** Asks the server, while the others wait. */
    async function leased(before: StoredTokens | undefined, mine: Buffer): Promise<StoredTokens> {
      const again = setInterval(() => {
        void sharing.ask(
          store => store.replace(leaseName, mine, mine, LEASE_MS),
          () => undefined,
        );
      }, LEASE_MS / 3);
      try {
        // Another process may have ended between the look and the lease.
        const found = await read();
        if (found !== AWAY && found !== undefined && isUsable(found)) return found;
        const newest = (found === AWAY ? undefined : found) ?? before ?? previous;
        const tokens = await request(newest, observe, signal);
        await write(tokens);
        return tokens;
      } finally {
        clearInterval(again);
        await sharing.ask(
          store => store.delete(leaseName, mine),
          () => undefined,
        );
      }
    }
  };
}

function storedTokens(text: string | undefined): StoredTokens | undefined {
  const parsed = text === undefined ? undefined : parseJson(text);
  if (parsed?.ok !== true || !isJsonObject(parsed.value)) return undefined;
  const { accessToken, refreshToken, expiresAt } = parsed.value;
  if (typeof accessToken !== "string") return undefined;
  return {
    accessToken,
    refreshToken: typeof refreshToken === "string" ? refreshToken : undefined,
    expiresAt: typeof expiresAt === "number" ? expiresAt : undefined,
  };
}
