import { fileURLToPath } from "node:url";
import { SecretMask } from "../base/mask-secrets.ts";
import { userAgent } from "../base/version.ts";
import type { LoginStore } from "../engine/authentication/login-store.ts";
import { noSessions, Sessions } from "../engine/authentication/sessions.ts";
import { userLogins } from "../engine/authentication/user-logins.ts";
import { BindResolver } from "../engine/binds/bind-resolver.ts";
import {
  type BindFunction,
  type BindSource,
  type BindValuesByKey,
  environmentSource,
  functionSource,
  valuesSource,
} from "../engine/binds/bind-source.ts";
import { locatedSource } from "../engine/binds/located-source.ts";
import { type CacheOption, cacheChoice } from "../engine/cache-choice.ts";
import type { CallEvent } from "../engine/call-event.ts";
import type { WatchContext } from "../engine/call-watch.ts";
import { capabilityFolders } from "../engine/capability-folders.ts";
import type { ConnectionSettings } from "../engine/connection-settings.ts";
import { exchangeLimits, withGuard } from "../engine/exchange-settings.ts";
import { kinds } from "../engine/kinds.ts";
import type { OverlaidCapability } from "../engine/overlay-capability.ts";
import type { Document } from "../language/document/document.ts";
import type {
  Authentication as AuthenticationDeclaration,
  CapabilityDocument,
} from "../language/document/document-types.ts";
import { locate } from "../language/document/locate.ts";
import { documentFromValue, readDocument } from "../language/document/read-document.ts";
import { resolveDocument } from "../language/document/resolve-document.ts";
import { baseUriProblem, shownBaseUri } from "../language/expression/base-uri.ts";
import { type CompileOptions, compile } from "../language/model/compile.ts";
import type { LoadedOverlays } from "../language/overlays/load-overlays.ts";
import type { Overlays } from "../language/overlays/overlays.ts";
import type { ResolvedOverlay } from "../language/overlays/resolved-overlay.ts";
import { requireValid } from "../language/validation/validate.ts";
import type { CacheOptions } from "../net/cache/response-cache.ts";
import { PROXY_VARIABLES } from "../net/connect/proxy/proxy-variables.ts";
import type { HttpRequest } from "../net/http-request.ts";
import type { Observe } from "../net/layers/exchange-event.ts";
import { isKeeper } from "../net/layers/limits-keepers.ts";
import type { Transport } from "../net/transport.ts";
import { lazyUndici } from "../net/wire/lazy-undici.ts";
import { Capability, type CapabilityParts } from "./capability.ts";

/** How a capability is opened. Everything is optional. */
export interface OpenOptions {
  /** Folders searched for a name before `NAFTIKO_PATH`, `./capabilities` and the package's own. */
  readonly dirs?: readonly string[];
  /**
   * Folders that the file may import from, with everything below them, besides its own folder.
   *
   * @default []
   */
  readonly importRoots?: readonly string[];
  /**
   * Environment in which binds without a `location` are looked up. It is also the one that settings come from: proxies
   * (`HTTPS_PROXY`, …), the servers and credentials of secret stores (`VAULT_ADDR`, …), `NAFTIKO_PATH`, the folder of
   * logins (`XDG_STATE_HOME`, `HOME`); and the one that commands of `exec:` locations get. So give it no values that
   * somebody else has written: they belong into {@link OpenOptions.bindSources}.
   *
   * @default process.env
   */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /**
   * Asked for the value of a bind, in this order, before the environment and the `location` of the bind: the first that
   * has one answers.
   *
   * @default []
   */
  readonly bindSources?: readonly (BindFunction | BindSource)[];
  /**
   * Folders whose files binds of the capability file may name (`location: file:///…`), with everything below them,
   * besides the file's own folder and the working one.
   *
   * @default []
   */
  readonly bindFileRoots?: readonly string[];
  /**
   * Longest time of one look-up of a bind, in milliseconds. `0` means no limit. Expiry rejects with `BIND_MISSING`.
   *
   * @default 10_000
   */
  readonly bindTimeoutMs?: number;
  /**
   * URL used in place of the file's base URI: one for every adapter, or one per namespace. It is taken as it is, without
   * placeholders.
   */
  readonly baseUri?: string | Readonly<Record<string, string>>;
  /**
   * Authentication used in place of the file's, per namespace, in the form the file has it (`{ type: "bearer", token:
   * "{{NAME}}" }`; a value without braces is the value itself). `"none"` sends no credential at all.
   */
  readonly authentication?: "none" | Readonly<Record<string, AuthenticationDeclaration>>;
  /**
   * What is to be different about the capability, in the form `naftiko.config.yaml` has it. The options above and
   * those about time and attempts below win. No configuration file is ever looked for.
   */
  readonly overlays?: Overlays;
  /** The profile of {@link OpenOptions.overlays} that is laid over its base. */
  readonly profile?: string;
  /**
   * Whether a credential is implied where a file declares no authentication but binds exactly one variable that looks
   * like one: it is then sent as a bearer token.
   *
   * @default true
   */
  readonly impliedAuthentication?: boolean;
  /**
   * Whether credentials and the values of variables may go over plain `http` to other hosts than this one. Otherwise such
   * a call, such a token endpoint and such a Vault is refused.
   *
   * @default false
   */
  readonly allowInsecureAuthentication?: boolean;
  /**
   * Longest time of one attempt, from dispatch to the last byte, in milliseconds. `0` means no limit. Expiry rejects
   * with `TIMEOUT`. Of a stream: from dispatch to the header, and from one piece of the body to the next.
   *
   * @default 30_000
   */
  readonly timeoutMs?: number;
  /**
   * Longest time of opening a connection, from the look-up of the host to the end of the TLS handshake, in milliseconds.
   * `0` means no limit. Expiry rejects with `TIMEOUT`, unless a retry helps.
   *
   * @default 10_000
   */
  readonly connectTimeoutMs?: number;
  /**
   * Longest time of a whole call, in milliseconds: look-ups of variables, tokens, waiting for a turn, every attempt and the
   * pauses between them, of a stream until its last item. `0` means no limit. Expiry rejects with `TIMEOUT`.
   *
   * @default 0
   */
  readonly deadlineMs?: number;
  /**
   * Further attempts after a failure that may pass: of a connection, a time-out, or status 408, 429, 502, 503 or 504.
   * Pauses grow, and are as long as the API asks. It is for the idempotent methods (RFC 9110, 9.2.2), for operations that
   * an overlay calls `idempotent`, and for requests with an `Idempotency-Key`.
   *
   * @default 2
   */
  readonly retries?: number;
  /**
   * Longest response body in bytes, of a stream its longest item; more rejects with `RESPONSE_TOO_LARGE`.
   *
   * @default 67_108_864 (64 MiB)
   */
  readonly maxResponseBytes?: number;
  /**
   * Values that the body of an answer may decode to: members, items, cells, and elements of a page or a text. It does not
   * hold for JSON and text, whose bytes bound them. More rejects with `RESPONSE_TOO_LARGE`.
   *
   * @default 1_000_000
   */
  readonly maxResponseValues?: number;
  /**
   * Longest processor time of decoding an answer of XML, CSV, YAML, HTML, Markdown, Avro or Protobuf, in milliseconds.
   * More rejects with `RESPONSE_TOO_LARGE`. Time-outs and deadlines hold meanwhile too.
   *
   * @default 1_500, or 400 for each MiB where that is more
   */
  readonly maxDecodeMs?: number;
  /**
   * Whether answers are kept for later calls, as their headers allow (RFC 9111), and where: `true` or `"memory"` for as
   * long as the capability is open; options, such as the `file` of a database; or a cache of `createResponseCache` that
   * capabilities share, which is not closed with the capability. GETs for the same at the same time are sent once then.
   * Overlays may say it of operations; `false` wins over them.
   *
   * @default false, but where an overlay says `true`: in memory
   */
  readonly cache?: CacheOption;
  /**
   * Redirects followed at most; a further one rejects with `REDIRECT_REFUSED`. `0` follows none: the answer is then what
   * the redirect itself says. GET and HEAD follow any, other methods only 307 and 308 within the origin; headers that may
   * hold a credential are not sent to another origin.
   *
   * @default 5
   */
  readonly maxRedirects?: number;
  /**
   * Hosts that requests may go to: names, `*.example.com` for all below one, or `*`. Others are refused with
   * `EGRESS_REFUSED`, for tokens and redirects too. Without it requests go where their URLs say, and redirects lead to no
   * other host.
   */
  readonly allowHosts?: readonly string[];
  /**
   * `"public"`: only addresses of the public internet are connected to, whatever a name is looked up as; others are
   * refused with `EGRESS_REFUSED`. A `transport` of one's own has to see to that itself.
   *
   * @default "any"
   */
  readonly egress?: "any" | "public";
  /** Certificates of authorities, in PEM, that are trusted besides those that Node trusts. */
  readonly certificateAuthority?: string;
  /**
   * Whether HTTP/2 is spoken with servers that offer it.
   *
   * @default false
   */
  readonly http2?: boolean;
  /**
   * What sends requests, in place of undici. It is not closed with the capability. Capabilities that are given the same
   * one share its connections, and what they do to a host: its retry budget, rate, concurrency and circuit breaker.
   * Time-outs, deadlines, signals and `close` end a call even where it never answers; its `signal` tells it so. What it
   * throws rejects with `NETWORK`, the original as `cause`, unless it is a CapabilityError; so does an answer that is none.
   */
  readonly transport?: Transport;
  /**
   * Told of what happens in calls, as it happens: requests, answers, retries, tokens, pages, ends. It is called in the
   * middle of a call, so it should be quick. What it throws, or rejects with, ends no call: the first time it is a warning
   * of the process (`NAFTIKO_LISTENER`).
   */
  readonly onEvent?: (event: CallEvent) => void;
}

/**
 * Opens a capability: finds, reads, checks and compiles its file. No variable is looked up and nothing is sent.
 *
 * @param source path of a file; name of a capability, looked up as {@link OpenOptions.dirs} says; `file:` URL; or an
 *   already parsed document, which is not changed
 * @throws CapabilityError `CAPABILITY_NOT_FOUND`, `CAPABILITY_INVALID`, `CONFIG_INVALID`
 * @throws TypeError, RangeError for options that make no sense
 */
export async function openCapability(
  source: string | URL | object,
  options: OpenOptions = {},
): Promise<Capability> {
  checkOptions(options);
  const env = options.env ?? process.env;
  const capability = await openDocument(await readSource(source, options, env), options);
  checkNamespaces(capability, options);
  return capability;
}

/** Parts that the command brings and the library does not offer. */
export interface OpenInternals {
  /** Learns the secrets that calls use. */
  readonly secrets?: SecretMask;
  /** Values of binds without a `location`, in place of those in `env`, which then holds settings alone. */
  readonly bindValues?: BindValuesByKey;
  /** Asked for a bind before the environment. */
  readonly firstSources?: readonly BindSource[];
  /** Asked for a bind after the environment, in place of what its `location` names. */
  readonly sources?: readonly BindSource[];
  /** Overlays of a configuration file. */
  readonly overlays?: LoadedOverlays | undefined;
  /** In place of the user's own. */
  readonly logins?: LoginStore;
  /** In place of the system's clock: milliseconds since 1970. */
  readonly now?: () => number;
  /** Where answers are kept of operations that an overlay alone wants it of. */
  readonly overlaidCache?: CacheOptions | undefined;
  /** Told of what happens in every exchange. */
  readonly observe?: Observe;
  /** Whether a sandbox answers, which no token, certificate or signature is needed for. */
  readonly inSandbox?: boolean;
}

/** Opens a document that was already read. */
export async function openDocument(
  document: Document,
  options: OpenOptions = {},
  internals: OpenInternals = {},
): Promise<Capability> {
  const { secrets = new SecretMask() } = internals;
  const { now = Date.now, inSandbox = false } = internals;
  const resolved = await resolveDocument(document, options);
  const { document: valid, diagnostics } = await requireValid(resolved, kinds);
  const compileOptions: CompileOptions = {
    kinds,
    baseUris: baseUrisOf(options.baseUri),
    authentication: options.authentication,
    impliedAuthentication: options.impliedAuthentication ?? true,
    origins: resolved.origins,
    deferred: document.text !== undefined,
  };
  const loaded = internals.overlays ?? (await loadOverlays(options));
  const { model, findings, overlay } = await compileOverlaid(
    { name: document.name, document: valid, profile: options.profile, overlays: loaded, secrets },
    compileOptions,
  );
  const env = options.env ?? process.env;
  const wire = await wireOf(options.transport);
  wire.redactWith?.(text => secrets.text(text));
  const { transport, watch } = await listenTo(wire, { onEvent: options.onEvent, secrets, now });
  const allowPlainHttp = (options.allowInsecureAuthentication ?? false) || (wire.staysHere ?? false);
  const { timeoutMs, connectTimeoutMs, deadlineMs, retries, maxRedirects } = options;
  const { maxResponseBytes, maxResponseValues, maxDecodeMs } = options;
  const connections = inSandbox ? {} : await connectionsOf(options, overlay, env, loaded);
  for (const secret of connections.connection?.proxies?.secrets ?? []) secrets.add(secret);
  const { observe } = internals;
  const cache = cacheChoice(options.cache, internals.overlaidCache);
  const decoding = { maxResponseBytes, maxResponseValues, maxDecodeMs };
  const bounds = { timeoutMs, connectTimeoutMs, deadlineMs, retries, maxRedirects, ...decoding };
  const holdsSecret = allowPlainHttp ? undefined : (request: HttpRequest) => holdsSecretIn(request, secrets);
  const exchange = { ...bounds, ...connections, cache, holdsSecret, observe, now };
  const limits = exchangeLimits(exchange);
  const logins = internals.logins ?? userLogins(env);
  const send = await withGuard(transport, connections.egress);
  const context = { send, limits, secrets, now, allowPlainHttp, logins, userAgent };
  return new Capability({
    model,
    document: resolved,
    diagnostics: [...diagnostics, ...findings],
    secrets,
    allowPlainHttp,
    binds: new BindResolver(bindSourcesOf(options, internals, loaded), secrets, options.bindTimeoutMs),
    transport,
    sessions: inSandbox ? noSessions() : new Sessions(context),
    logins,
    now,
    ownsTransport: options.transport === undefined,
    callsForeign: [options.transport, options.bindSources, internals.logins].some(
      given => given !== undefined,
    ),
    exchange,
    watch,
  });
}

/** What sends: a program's own transport is held to the limits, which it may not know. */
async function wireOf(given: Transport | undefined): Promise<Transport> {
  if (given === undefined) return lazyUndici();
  if (isKeeper(given)) return given;
  const { foreignTransport } = await import("../net/layers/foreign-transport.ts");
  return foreignTransport(given);
}

/** Where somebody listens, the transport tells of what it sends, and each call is followed. */
async function listenTo(
  transport: Transport,
  { onEvent, secrets, now }: { readonly onEvent: OpenOptions["onEvent"] } & Omit<WatchContext, "onEvent">,
): Promise<Pick<CapabilityParts, "transport" | "watch">> {
  if (onEvent === undefined) return { transport, watch: undefined };
  const { observedTransport } = await import("../net/layers/observed.ts");
  const { CallWatch } = await import("../engine/call-watch.ts");
  const context = { onEvent, secrets, now };
  return {
    transport: observedTransport(transport),
    watch: (call, operation) => new CallWatch(context, call, operation),
  };
}

interface Overlaying {
  readonly name: string;
  readonly document: CapabilityDocument;
  readonly overlays: LoadedOverlays | undefined;
  readonly profile: string | undefined;
  readonly secrets: SecretMask;
}

/** Compiles a document, with what overlays set for it in place. */
async function compileOverlaid(
  { name, document, overlays, profile, secrets }: Overlaying,
  options: CompileOptions,
): Promise<OverlaidCapability> {
  const overlay = overlays?.for({ capability: name, profile });
  if (overlays === undefined || overlay === undefined)
    return { model: compile(name, document, options), findings: [] };
  const { overlayCapability, requireFitting } = await import("../engine/overlay-capability.ts");
  const overlaid = overlayCapability(name, document, { ...options, overlay }, secrets);
  requireFitting(overlaid, overlays.name);
  return overlaid;
}

/** Of a body nothing is told: a redirect takes none to another origin. */
function holdsSecretIn({ url, headers }: HttpRequest, secrets: SecretMask): boolean {
  return [url, ...Object.values(headers)].some(text => secrets.text(text) !== text);
}

/** Nothing is loaded where nothing is said. */
async function connectionsOf(
  options: OpenOptions,
  overlay: ResolvedOverlay | undefined,
  env: Readonly<Record<string, string | undefined>>,
  config: LoadedOverlays | undefined,
): Promise<ConnectionSettings> {
  const { allowHosts, egress, certificateAuthority, http2 } = options;
  const isUsual =
    (allowHosts ?? egress ?? certificateAuthority ?? http2) === undefined &&
    (overlay?.allowHosts ?? overlay?.egress ?? overlay?.caFile) === undefined &&
    !PROXY_VARIABLES.some(name => env[name]);
  if (isUsual) return {};
  const { connectionSettings } = await import("../engine/connection-settings.ts");
  return connectionSettings(options, overlay, env, config);
}

async function loadOverlays({ overlays }: OpenOptions): Promise<LoadedOverlays | undefined> {
  if (overlays === undefined) return undefined;
  const { overlaysOf } = await import("../language/overlays/load-overlays.ts");
  return overlaysOf(overlays);
}

function bindSourcesOf(
  options: OpenOptions,
  { bindValues, firstSources = [], sources: located }: OpenInternals,
  config: LoadedOverlays | undefined,
): BindSource[] {
  const { env = process.env, bindSources = [], bindFileRoots = [] } = options;
  const allowPlainHttp = options.allowInsecureAuthentication ?? false;
  return [
    ...firstSources,
    ...bindSources.map(source => (typeof source === "function" ? functionSource(source) : source)),
    bindValues === undefined ? environmentSource(env) : valuesSource(bindValues),
    ...(located ?? [
      locatedSource({ env, cwd: process.cwd(), fileRoots: bindFileRoots, allowPlainHttp, config }),
    ]),
  ];
}

async function readSource(
  source: string | URL | object,
  options: OpenOptions,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Document> {
  if (source instanceof URL) {
    if (source.protocol !== "file:")
      throw new TypeError(`Cannot open ${source.protocol} URLs, only file: URLs`);
    return readDocument(fileURLToPath(source));
  }
  if (typeof source === "string") {
    const dirs = capabilityFolders(options.dirs ?? [], env);
    return readDocument(await locate(source, { dirs, cwd: process.cwd() }));
  }
  if (typeof source === "object" && source !== null) return documentFromValue(source);
  throw new TypeError(`Cannot open a ${typeof source}: give a path, a name, a URL or a document`);
}

/** The longest time that timers take, and enough for the other numbers. */
const LARGEST_NUMBER = 2 ** 31 - 1;

/** Callers may be JavaScript: what their compiler did not tell them is told here, before it goes wrong elsewhere. */
function checkOptions(options: OpenOptions): void {
  demand("options", "an object", isObject(options));
  const { dirs, importRoots, env, baseUri, authentication, transport } = options;
  const { impliedAuthentication, allowInsecureAuthentication, overlays, profile } = options;
  const { bindSources, bindFileRoots } = options;
  demand("dirs", "a list of paths", dirs === undefined || isTexts(dirs));
  demand("importRoots", "a list of paths", importRoots === undefined || isTexts(importRoots));
  demand("env", "an object", env === undefined || isObject(env));
  demand("bindFileRoots", "a list of paths", bindFileRoots === undefined || isTexts(bindFileRoots));
  demand(
    "bindSources",
    "a list of functions, or of objects with describe, serves and lookup",
    bindSources === undefined || (Array.isArray(bindSources) && bindSources.every(isBindSource)),
  );
  for (const [name, value] of Object.entries({ impliedAuthentication, allowInsecureAuthentication })) {
    demand(name, "true or false", value === undefined || typeof value === "boolean");
  }
  const { allowHosts, egress, certificateAuthority, http2 } = options;
  demand("allowHosts", "a list of host names", allowHosts === undefined || isTexts(allowHosts));
  demand("egress", '"any" or "public"', egress === undefined || egress === "any" || egress === "public");
  demand(
    "certificateAuthority",
    "certificates in PEM",
    certificateAuthority === undefined || typeof certificateAuthority === "string",
  );
  demand("http2", "true or false", http2 === undefined || typeof http2 === "boolean");
  demand("onEvent", "a function", /^(?:undefined|function)$/.test(typeof options.onEvent));
  demand("transport", "a function", /^(?:undefined|function)$/.test(typeof transport));
  demand(
    "baseUri",
    "a URL, or URLs by namespace",
    baseUri === undefined ||
      typeof baseUri === "string" ||
      (isObject(baseUri) && isTexts(Object.values(baseUri))),
  );
  demand(
    "authentication",
    '"none", or declarations with a type by namespace',
    authentication === undefined || authentication === "none" || isDeclarations(authentication),
  );
  demand("overlays", "an object", overlays === undefined || isObject(overlays));
  demand(
    "profile",
    "the name of a profile of overlays",
    profile === undefined || typeof profile === "string",
  );
  if (profile !== undefined && overlays === undefined)
    throw new TypeError("profile names a profile of the option overlays, which is not given");
  for (const [namespace, url] of baseUrisOf(baseUri)) {
    const problem = baseUriProblem(url);
    if (problem !== undefined)
      throw new TypeError(`The base URI ${JSON.stringify(shownBaseUri(url))} (${namespace}) ${problem}`);
  }
  const { timeoutMs, connectTimeoutMs, deadlineMs, retries, maxRedirects } = options;
  const { maxResponseBytes, maxResponseValues, maxDecodeMs } = options;
  const { bindTimeoutMs } = options;
  const times = { timeoutMs, connectTimeoutMs, deadlineMs, bindTimeoutMs };
  const numbers = { ...times, retries, maxResponseBytes, maxResponseValues, maxDecodeMs, maxRedirects };
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined) continue;
    demand(name, "a number", typeof value === "number");
    if (Number.isInteger(value) && value >= 0 && value <= LARGEST_NUMBER) continue;
    throw new RangeError(`${name} must be a whole number from 0 to ${LARGEST_NUMBER}, found ${value}`);
  }
}

function demand(name: string, kind: string, holds: boolean): void {
  if (!holds) throw new TypeError(`${name} must be ${kind}`);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(item => typeof item === "string");
}

function isBindSource(value: unknown): boolean {
  if (typeof value === "function") return true;
  const { describe, serves, lookup } = (isObject(value) ? value : {}) as Partial<BindSource>;
  return [describe, serves, lookup].every(method => typeof method === "function");
}

function isDeclarations(value: unknown): boolean {
  return (
    isObject(value) &&
    Object.values(value).every(
      (item: unknown) => isObject(item) && typeof (item as { type?: unknown }).type === "string",
    )
  );
}

/** A namespace that the capability does not have is a slip of the pen: what it should replace would stay. */
function checkNamespaces({ parts }: Capability, { baseUri, authentication }: OpenOptions): void {
  const known = parts.model.adapters.map(adapter => adapter.namespace);
  for (const [name, byNamespace] of Object.entries({ baseUri, authentication })) {
    if (!isObject(byNamespace)) continue;
    for (const namespace of Object.keys(byNamespace)) {
      if (known.includes(namespace)) continue;
      throw new TypeError(`${name} names "${namespace}": the capability consumes ${known.join(", ")}`);
    }
  }
}

function baseUrisOf(baseUri: OpenOptions["baseUri"]): ReadonlyMap<string, string> {
  if (baseUri === undefined) return new Map();
  return typeof baseUri === "string" ? new Map([["*", baseUri]]) : new Map(Object.entries(baseUri));
}
