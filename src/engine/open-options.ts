import type { AuthenticationDeclaration } from "../language/document/document-types.ts";
import type { Overlays, PolicySetting } from "../language/overlays/overlays.ts";
import type { Transport } from "../net/transport.ts";
import type { BindFunction, BindSource } from "./binds/bind-source.ts";
import type { CacheOption } from "./cache-choice.ts";
import type { CallEvent } from "./call-events.ts";

/** How a capability is opened. Everything is optional. */
export type OpenOptions = {
  readonly [Name in keyof OpenSettings]?: OpenSettings[Name] | undefined;
};

/** Options of opening, complete: only those without a default may be `undefined`. */
export interface OpenSettings {
  /**
   * Folders searched for a name, with everything below them, before `NAFTIKO_PATH`, `capabilities` of the working folder
   * or of the nearest one above it, and the package's own.
   *
   * @default []
   */
  readonly dirs: readonly string[];
  /**
   * Folders that the file may import from, with everything below them, besides its own folder.
   *
   * @default []
   */
  readonly importRoots: readonly string[] | undefined;
  /**
   * Environment in which binds without a `location` are looked up. It is also the one that settings come from: proxies
   * (`HTTPS_PROXY`, …), the servers and credentials of secret stores (`VAULT_ADDR`, …), `NAFTIKO_PATH`, the folder of
   * logins (`XDG_STATE_HOME`, `HOME`); and the one that commands of `exec:` locations get. Values that
   * someone else has written do not belong here but into {@link OpenOptions.bindSources}.
   *
   * @default process.env
   */
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Asked for the value of a bind, in this order, before the environment and the `location` of the bind: the first that
   * has one answers.
   *
   * @default []
   */
  readonly bindSources: readonly (BindFunction | BindSource)[];
  /**
   * Folders whose files binds of the capability file may name (`location: file:///…`), with everything below them,
   * besides the file's own folder and the working one.
   *
   * @default []
   */
  readonly bindFileRoots: readonly string[];
  /**
   * Folders whose files steps may run as scripts (`location: file:///…`), with everything below them, besides the file's
   * own folder and the working one.
   *
   * @default []
   */
  readonly scriptRoots: readonly string[];
  /**
   * Folders whose files a server may give to its callers: skills and static resources (`location: file:///…`), with
   * everything below them, besides the file's own folder and the working one.
   *
   * @default []
   */
  readonly folderRoots: readonly string[];
  /**
   * Longest time of one look-up of a bind, in milliseconds. `0` means no limit. Expiry rejects with `BIND_MISSING`.
   *
   * @default 10_000
   */
  readonly bindTimeoutMs: number;
  /**
   * URL used in place of the file's base URI: one for every adapter, or one per namespace. It is taken as it is, without
   * placeholders.
   */
  readonly baseUri: string | Readonly<Record<string, string>> | undefined;
  /**
   * Authentication used in place of the file's, per namespace, in the form the file has it (`{ type: "bearer", token:
   * "{{NAME}}" }`; a value without braces is the value itself). `"none"` sends no credential at all.
   */
  readonly authentication: "none" | Readonly<Record<string, AuthenticationDeclaration>> | undefined;
  /**
   * Changes to the capability, in the form of `naftiko.config.yaml`. The options above and
   * those about time and attempts below win. No configuration file is ever looked for.
   */
  readonly overlays: Overlays | undefined;
  /**
   * What may be called. It narrows what {@link OpenOptions.overlays} allow, and allows nothing that they refuse. Other calls
   * reject with `OPERATION_REFUSED` or `CONFIRMATION_MISSING`, before variables are looked up.
   */
  readonly policy: PolicySetting | undefined;
  /** The profile of {@link OpenOptions.overlays} that is laid over its base. */
  readonly profile: string | undefined;
  /**
   * Whether a credential is implied where a file declares no authentication but binds exactly one variable that looks
   * like one: it is then sent as a bearer token.
   *
   * @default true
   */
  readonly impliedAuthentication: boolean;
  /**
   * Whether credentials and the values of variables may go over plain `http` to other hosts than this one. Otherwise such
   * a call, such a token endpoint and such a Vault is refused.
   *
   * @default false
   */
  readonly allowInsecureAuthentication: boolean;
  /**
   * Longest time of one attempt, from dispatch to the last byte, in milliseconds. `0` means no limit. Expiry rejects
   * with `TIMEOUT`. For a stream it is the time from dispatch to the header, and from one piece of the body to the next.
   *
   * @default 30_000
   */
  readonly timeoutMs: number;
  /**
   * Longest time of opening a connection, from the look-up of the host to the end of the TLS handshake, in milliseconds.
   * `0` means no limit. Expiry rejects with `TIMEOUT`, unless a retry helps.
   *
   * @default 10_000
   */
  readonly connectTimeoutMs: number;
  /**
   * Longest time of a whole call, in milliseconds: look-ups of variables, tokens, waiting for a turn, every attempt and the
   * pauses between them, of a stream until its last item. `0` means no limit. Expiry rejects with `TIMEOUT`.
   *
   * @default 0
   */
  readonly deadlineMs: number;
  /**
   * Further attempts after a failure that may pass: of a connection, a time-out, or status 408, 429, 502, 503 or 504.
   * Pauses grow, and are as long as the API asks. It is for the idempotent methods (RFC 9110, 9.2.2), for operations that
   * an overlay calls `idempotent`, and for requests with an `Idempotency-Key`.
   *
   * @default 2
   */
  readonly retries: number;
  /**
   * Longest response body in bytes, of a stream its longest item; more rejects with `RESPONSE_TOO_LARGE`.
   *
   * @default 67_108_864 (64 MiB)
   */
  readonly maxResponseBytes: number;
  /**
   * Values that the body of an answer may decode to: members, items, cells, and elements of a page or a text. It does not
   * hold for JSON and text, whose bytes bound them. More rejects with `RESPONSE_TOO_LARGE`.
   *
   * @default 1_000_000
   */
  readonly maxResponseValues: number;
  /**
   * Longest processor time of decoding an answer of XML, CSV, YAML, HTML, Markdown, Avro or Protobuf, in milliseconds.
   * More rejects with `RESPONSE_TOO_LARGE`. Time-outs and deadlines hold meanwhile too.
   *
   * @default 1_500, or 400 for each MiB where that is more
   */
  readonly maxDecodeMs: number | undefined;
  /**
   * Form of an integer in an answer that a `number` cannot hold, beyond ±(2^53 - 1): a `bigint`, or its text.
   *
   * @default "bigint"
   */
  readonly largeIntegers: "bigint" | "string";
  /**
   * Whether answers are kept for later calls, as their headers allow (RFC 9111), and where: `true` or `"memory"` for as
   * long as the capability is open; options, such as the `file` of a database; or a cache of `createResponseCache` that
   * capabilities share, which is not closed with the capability. GETs for the same at the same time are sent once then.
   * Overlays may say it of operations; `false` wins over them.
   *
   * @default false, but where an overlay says `true`: in memory
   */
  readonly cache: CacheOption | undefined;
  /**
   * Redirects followed at most; a further one rejects with `REDIRECT_REFUSED`. `0` follows none: the answer is then what
   * the redirect itself says. GET and HEAD follow any, other methods only 307 and 308 within the origin; headers that may
   * hold a credential are not sent to another origin.
   *
   * @default 5
   */
  readonly maxRedirects: number;
  /**
   * Hosts that requests may go to: names, `*.example.com` for all below one, or `*`. Others are refused with
   * `EGRESS_REFUSED`, for tokens and redirects too. Without it requests go where their URLs say, and redirects lead to no
   * other host.
   */
  readonly allowHosts: readonly string[] | undefined;
  /**
   * `"public"`: only addresses of the public internet are connected to, whatever a name is looked up as; others are
   * refused with `EGRESS_REFUSED`. A `transport` of one's own has to see to that itself.
   *
   * @default "any"
   */
  readonly egress: "any" | "public";
  /** Certificates of authorities, in PEM, that are trusted besides those that Node trusts. */
  readonly certificateAuthority: string | undefined;
  /**
   * Whether HTTP/2 is spoken with servers that offer it.
   *
   * @default false
   */
  readonly http2: boolean;
  /**
   * Sends requests in place of undici. It is not closed with the capability. Capabilities that are given the same
   * one share its connections, and what they do to a host: its retry budget, rate, concurrency and circuit breaker.
   * Time-outs, deadlines, signals and `close` end a call even if it never answers; its `signal` tells it so. An
   * error that it throws rejects with `NETWORK` and the original as `cause`, unless it is a CapabilityError. So does an
   * answer that is not an `HttpResponse`.
   */
  readonly transport: Transport | undefined;
  /**
   * Called for each event of a call, as it happens: requests, answers, retries, tokens, pages, ends. It is called in the
   * middle of a call, so it should be quick. An error that it throws or rejects with ends no call: the first one is a
   * warning of the process (`NAFTIKO_LISTENER`).
   */
  readonly onEvent: ((event: CallEvent) => void) | undefined;
}
