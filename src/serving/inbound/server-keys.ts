import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { isJsonObject } from "../../base/json-object.ts";
import { parseJson } from "../../base/parse-json.ts";
import { authenticationError } from "../../engine/authentication/authentication-error.ts";
import type { AuthorizationServer, SharedText } from "./authorization-server.ts";

/** How long keys are used before they are requested again. */
const LIFE_MS = 300_000;
/** How long keys are used that another process has got: they may be that much older. */
const SHARED_LIFE_MS = 60_000;
/** Shortest time between two requests for keys that tokens with unknown ones, or a server that is down, bring about. */
const PAUSE_MS = 30_000;
/** How long a server that gave no keys is not asked again while there are none. */
const FAILURE_LIFE_MS = 1_000;
/** Most keys that are looked at. */
const MOST_KEYS = 100;

/** The keys by which an authorization server signs tokens (RFC 7517). They are kept while the server is down. */
export class ServerKeys {
  readonly #server: AuthorizationServer;
  readonly #now: () => number;
  readonly #shared: SharedText | undefined;
  #keys: JWTVerifyGetKey | undefined;
  /** The keys as JSON. */
  #text: string | undefined;
  #endMs = 0;
  /** When keys may be requested again before they have expired. */
  #pauseEndMs = 0;
  #pending: Promise<JWTVerifyGetKey> | undefined;
  #failure: unknown;
  #failureEndMs = 0;

  constructor(server: AuthorizationServer, now: () => number) {
    this.#server = server;
    this.#shared = server.shared("jwks");
    this.#now = now;
  }

  /** Finds the key of a token by its header. Keys, and places of keys, that the token itself has count for nothing. */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#current();
    try {
      return await keys(header, token);
    } catch (error) {
      // The server may have got another key since.
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      const others = await this.#renewed(keys);
      if (others === keys) throw error;
      return others(header, token);
    }
  };

  /** @throws CapabilityError if the server has given no keys so far */
  async #current(): Promise<JWTVerifyGetKey> {
    const keys = this.#keys;
    if (keys === undefined) {
      if (this.#now() < this.#failureEndMs) throw this.#failure;
      return this.#load();
    }
    return this.#now() < this.#endMs ? keys : this.#renewed(keys);
  }

  /** Requests keys again, unless that was done a short time ago. Returns `keys` if there are no others. */
  async #renewed(keys: JWTVerifyGetKey): Promise<JWTVerifyGetKey> {
    if (this.#pending === undefined) {
      if (this.#now() < this.#pauseEndMs) return this.#keys ?? keys;
      this.#pauseEndMs = this.#now() + PAUSE_MS;
    }
    return this.#load().catch(() => keys);
  }

  #load(): Promise<JWTVerifyGetKey> {
    this.#pending ??= this.#request().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #request(): Promise<JWTVerifyGetKey> {
    const others = await this.#shared?.read();
    // Keys that this process has already are asked for again: the server may have got others since.
    if (others !== undefined && others !== this.#text) {
      const parsed = parseJson(others);
      if (parsed.ok && Array.isArray(parsed.value)) return this.#use(others, parsed.value, SHARED_LIFE_MS);
    }
    const url = await this.#server.endpoint("jwks_uri");
    try {
      const { keys } = await this.#server.json({
        method: "GET",
        url,
        headers: { accept: "application/jwk-set+json, application/json" },
      });
      if (!Array.isArray(keys)) throw authenticationError("oauth2", "no_keys", `${url} answered no keys`);
      const text = JSON.stringify(keys);
      await this.#shared?.write(text, LIFE_MS);
      return this.#use(text, keys, LIFE_MS);
    } catch (error) {
      // The keys may have moved.
      this.#server.forget();
      this.#failure = error;
      this.#failureEndMs = this.#now() + FAILURE_LIFE_MS;
      throw error;
    }
  }
  #use(text: string, keys: readonly unknown[], lifeMs: number): JWTVerifyGetKey {
    // One that is none must not take the others along.
    const usable = keys.filter(isJsonObject).slice(0, MOST_KEYS);
    const found = createLocalJWKSet({ keys: usable } as object as JSONWebKeySet);
    this.#text = text;
    this.#keys = found;
    this.#endMs = this.#now() + lifeMs;
    return found;
  }
}
