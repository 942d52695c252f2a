import { fileURLToPath } from "node:url";
import { SecretMask } from "../base/mask-secrets.ts";
import { userAgent } from "../base/version.ts";
import type { LoginStore } from "../engine/authentication/login-store.ts";
import { noSessions, Sessions } from "../engine/authentication/sessions.ts";
import { userLogins } from "../engine/authentication/user-logins.ts";
import { BindResolver } from "../engine/binds/bind-resolver.ts";
import {
  type BindSource,
  type BindValuesByKey,
  environmentSource,
  functionSource,
  valuesSource,
} from "../engine/binds/bind-source.ts";
import { locatedSource } from "../engine/binds/located-source.ts";
import { cacheChoice } from "../engine/cache-choice.ts";
import type { WatchContext } from "../engine/call-watch.ts";
import { capabilityFolders } from "../engine/capability-folders.ts";
import type { ConnectionSettings } from "../engine/connection-settings.ts";
import { plainExchange, withGuard } from "../engine/exchange-settings.ts";
import { kinds } from "../engine/kinds.ts";
import type { OpenOptions } from "../engine/open-options.ts";
import { baseUrisOf, checkOptions } from "../engine/options.ts";
import type { OverlaidCapability } from "../engine/overlay-capability.ts";
import type { Document } from "../language/document/document.ts";
import type { CapabilityDocument } from "../language/document/document-types.ts";
import { locate } from "../language/document/locate.ts";
import { documentFromValue, readDocument } from "../language/document/read-document.ts";
import { resolveDocument } from "../language/document/resolve-document.ts";
import { type CompileOptions, compile } from "../language/model/compile.ts";
import type { LoadedOverlays } from "../language/overlays/load-overlays.ts";
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
  const exchangeOptions = { ...bounds, ...connections, cache, holdsSecret, observe, now };
  const exchange = plainExchange(exchangeOptions);
  const logins = internals.logins ?? userLogins(env);
  const send = await withGuard(transport, connections.egress);
  const context = { send, exchange, secrets, now, allowPlainHttp, logins, userAgent };
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
    exchangeOptions,
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

/** A namespace that the capability does not have is a slip of the pen: what it should replace would stay. */
function checkNamespaces({ parts }: Capability, { baseUri, authentication }: OpenOptions): void {
  const known = parts.model.adapters.map(adapter => adapter.namespace);
  for (const [name, byNamespace] of Object.entries({ baseUri, authentication })) {
    if (typeof byNamespace !== "object") continue;
    for (const namespace of Object.keys(byNamespace)) {
      if (known.includes(namespace)) continue;
      throw new TypeError(`${name} names "${namespace}": the capability consumes ${known.join(", ")}`);
    }
  }
}
