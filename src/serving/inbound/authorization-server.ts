import { isJsonObject, type JsonObject } from "../../base/json-object.ts";
import { parseJson } from "../../base/parse-json.ts";
import { isExposed } from "../../base/plain-http.ts";
import { authenticationError, quoteServer } from "../../engine/authentication/authentication-error.ts";
import type { SessionContext } from "../../engine/authentication/authentication-kind.ts";
import type { HttpRequest } from "../../net/http-request.ts";
import type { Exchange } from "../../net/transport.ts";

/** How long one request may take: callers wait meanwhile. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 1_048_576;
/** How long the metadata are used. */
const METADATA_LIFE_MS = 3_600_000;
/** How long a server that gave no metadata is not asked again. */
const FAILURE_LIFE_MS = 1_000;

/** A text that processes share. */
export interface SharedText {
  read(): Promise<string | undefined>;
  write(text: string, lifeMs: number): Promise<void>;
}

/** The server that issues tokens, reached as APIs are: with the rules and certificates of the capability. */
export class AuthorizationServer {
  /** Without a slash at its end. */
  readonly issuer: string;
  readonly #session: SessionContext;
  readonly #exchange: Exchange;
  #metadata: Promise<JsonObject> | undefined;
  /** When `#metadata` are requested again. */
  #endMs = 0;

  constructor(uri: string, session: SessionContext) {
    this.issuer = uri.replace(/\/+$/, "");
    this.#session = session;
    const { bounds } = session.exchange;
    const timeoutMs = bounds.timeoutMs === 0 ? TIMEOUT_MS : Math.min(bounds.timeoutMs, TIMEOUT_MS);
    this.#exchange = { ...session.exchange, bounds: { ...bounds, timeoutMs, maxResponseBytes: MAX_BYTES } };
  }

  /**
   * Returns the URL of an endpoint from the server's metadata.
   *
   * @throws CapabilityError if it cannot be had
   */
  async endpoint(name: string): Promise<string> {
    const url = (await this.metadata())[name];
    if (typeof url === "string") return url;
    const message = `The metadata of the authorization server ${this.issuer} have no ${name}`;
    throw authenticationError("oauth2", "no_endpoint", message);
  }

  /** Returns the metadata, which are requested at most once an hour. */
  metadata(): Promise<JsonObject> {
    const { now } = this.#session;
    if (this.#metadata === undefined || now() >= this.#endMs) {
      const found = this.#discover();
      this.#endMs = Number.POSITIVE_INFINITY;
      this.#metadata = found;
      found.then(
        () => {
          this.#endMs = now() + METADATA_LIFE_MS;
        },
        () => {
          this.#endMs = now() + FAILURE_LIFE_MS;
        },
      );
    }
    return this.#metadata;
  }

  /**
   * Returns a text that processes share about the server. `undefined` where none is shared, or where others than these
   * processes could write it: by keys of their own they would make tokens that are let in.
   */
  shared(kind: string): SharedText | undefined {
    const { sharing } = this.#session;
    if (!sharing?.isTrusted) return undefined;
    const name = sharing.name(kind, this.issuer);
    return {
      read: () =>
        sharing.ask(
          async store => sharing.unseal(name, await store.get(name)),
          () => undefined,
        ),
      write: (text, lifeMs) =>
        sharing.ask(
          store => store.set(name, sharing.seal(name, text), lifeMs),
          () => undefined,
        ),
    };
  }

  /** Requests the metadata again when they are needed next. */
  forget(): void {
    this.#metadata = undefined;
  }

  /** Gets the metadata of RFC 8414, else those of OpenID Connect Discovery 1.0. */
  async #discover(): Promise<JsonObject> {
    const problems: string[] = [];
    for (const url of metadataUrls(this.issuer)) {
      const answer = await this.#send({ method: "GET", url, headers: { accept: "application/json" } });
      if (typeof answer === "string") problems.push(answer);
      else if (isOf(answer, this.issuer)) return answer;
      else problems.push(`${url} is of another issuer, ${quoteServer(JSON.stringify(answer["issuer"]))}`);
    }
    const message = `The authorization server ${this.issuer} has no metadata: ${problems.join("; ")}`;
    throw authenticationError("oauth2", "no_metadata", message);
  }

  /**
   * Requests JSON.
   *
   * @throws CapabilityError if the server cannot be reached, or answers something else
   */
  async json(request: HttpRequest): Promise<JsonObject> {
    const answer = await this.#send(request);
    if (typeof answer === "string") throw authenticationError("oauth2", "invalid_answer", answer);
    return answer;
  }

  /** Returns the JSON of an answer, or what is wrong with it. */
  async #send(request: HttpRequest): Promise<JsonObject | string> {
    const { url } = request;
    const { send, allowPlainHttp, userAgent } = this.#session;
    if (!/^https?:\/\//i.test(url) || !URL.canParse(url))
      return `${quoteServer(JSON.stringify(url))} is not an http or https URL`;
    if (!allowPlainHttp && isExposed(new URL(url).href)) return `${url} is plain http, which others could answer`;
    const headers = { ...request.headers, "user-agent": userAgent };
    const { status, body } = await send({ ...request, headers }, this.#exchange);
    if (status !== 200) return `${url} answered HTTP ${status}`;
    const parsed = parseJson(Buffer.from(body).toString("utf8"));
    return parsed.ok && isJsonObject(parsed.value) ? parsed.value : `${url} answered no JSON object`;
  }
}

/** Tells whether metadata are those of an issuer (RFC 8414, 3.3). Some servers leave it out. */
function isOf({ issuer = "" }: JsonObject, expected: string): boolean {
  return issuer === "" || (typeof issuer === "string" && issuer.replace(/\/+$/, "") === expected);
}

/**
 * Returns the places of metadata. The path of an issuer stands behind the well-known one (RFC 8414, 3.1); many servers
 * have it in front, as OpenID Connect does.
 */
function metadataUrls(issuer: string): ReadonlySet<string> {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/+$/, "");
  return new Set([
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/oauth-authorization-server`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]);
}
