import { fileURLToPath } from "node:url";
import type { SecretMask } from "../base/mask-secrets.ts";
import { userAgent } from "../base/version.ts";
import type { Document } from "../language/document/document.ts";
import type { CapabilityDocument } from "../language/document/document-types.ts";
import { isSearched, locate } from "../language/document/locate.ts";
import { documentFromValue, readDocument } from "../language/document/read-document.ts";
import { resolveDocument } from "../language/document/resolve-document.ts";
import { type CompileOptions, compile } from "../language/model/compile.ts";
import { compileExposed } from "../language/model/exposed/compile-exposed.ts";
import { requireServable } from "../language/model/exposed/require-servable.ts";
import type { CapabilityModel } from "../language/model/types.ts";
import type { LoadedOverlays } from "../language/overlays/load-overlays.ts";
import type { ResolvedOverlay } from "../language/overlays/resolved-overlay.ts";
import { requireValid } from "../language/validation/validate.ts";
import { PROXY_VARIABLES } from "../net/connect/proxy/proxy-variables.ts";
import type { HttpRequest } from "../net/http-request.ts";
import { Wire } from "../net/wire.ts";
import { noSessions, Sessions } from "./authentication/sessions.ts";
import { userLogins } from "./authentication/user-logins.ts";
import { BindResolver } from "./binds/bind-resolver.ts";
import { type BindSource, environmentSource, functionSource, valuesSource } from "./binds/bind-source.ts";
import { locatedSource } from "./binds/located-source.ts";
import { requireApart } from "./binds/tenant-binds.ts";
import { cacheChoice } from "./cache-choice.ts";
import type { WatchContext } from "./call-events.ts";
import { capabilityFolders, hiddenCapabilityNote } from "./capability-folders.ts";
import { baseUrisOf, checkOptions } from "./check-options.ts";
import type { ConnectionContext, ConnectionSettings } from "./connection-settings.ts";
import { plainExchange, plainSend } from "./exchange-settings.ts";
import { kinds } from "./kinds.ts";
import type { OpenOptions, OpenSettings } from "./open-options.ts";
import { effectiveSettings, openSettings } from "./open-settings.ts";
import type { OverlaidCapability } from "./overlay-capability.ts";
import { Runtime, type RuntimeParts } from "./runtime.ts";
import type { Opening, Surroundings } from "./surroundings.ts";

/**
 * Opens a capability: finds, reads, checks and compiles its file. Looks no variable up and sends nothing.
 *
 * @throws CapabilityError `CAPABILITY_NOT_FOUND`, `CAPABILITY_INVALID`, `CONFIG_INVALID`
 * @throws UnknownNamespaceError for an option about a namespace that the capability does not have
 * @throws TypeError, RangeError for options that make no sense
 */
export async function openRuntime(
  source: string | URL | object,
  options: OpenOptions,
  surroundings: Surroundings,
): Promise<Runtime> {
  checkOptions(options);
  const settings = openSettings(options);
  return openDocument({
    source: await readSource(source, settings, surroundings),
    options,
    settings,
    surroundings,
  });
}

/** Opens the same document in other surroundings. Overlays, values of binds and forms stay those of the runtime. */
export function reopen(
  { opening }: Runtime,
  options: OpenOptions,
  surroundings: Omit<Surroundings, "cwd" | "bindValues" | "overlays" | "numbers">,
): Promise<Runtime> {
  const { cwd, bindValues, overlays, numbers } = opening.surroundings;
  const merged = { ...opening.options, ...options };
  return openDocument({
    source: opening.source,
    options: merged,
    settings: openSettings(merged),
    surroundings: { ...surroundings, cwd, overlays, bindValues, numbers },
  });
}

async function openDocument(opening: Opening): Promise<Runtime> {
  const { source, settings, surroundings } = opening;
  const { secrets, now = Date.now, inSandbox = false, observe } = surroundings;
  const { env, profile, transport } = settings;
  const resolved = await resolveDocument(source, settings);
  const { document, diagnostics } = await requireValid(resolved, kinds);
  const compileOptions: CompileOptions = {
    kinds,
    baseUris: baseUrisOf(settings.baseUri),
    authentication: settings.authentication,
    impliedAuthentication: settings.impliedAuthentication,
    origins: resolved.origins,
    deferred: source.text !== undefined,
  };
  const overlays = surroundings.overlays ?? (await loadOverlays(settings));
  if (profile !== undefined && overlays === undefined)
    throw new TypeError("profile names a profile of the option overlays, which is not given");
  const { model, findings, overlay } = await compileOverlaid(
    { name: source.name, document, profile, overlays, secrets },
    compileOptions,
  );
  checkNamespaces(model, settings);
  const watch = await watchFor({ onEvent: settings.onEvent, secrets, now });
  const { egress, connection } = inSandbox
    ? USUAL_CONNECTIONS
    : await connectionsOf(effectiveSettings(opening, overlay), overlay, {
        env,
        cwd: surroundings.cwd,
        config: overlays,
      });
  for (const secret of connection?.proxies?.secrets ?? []) secrets.add(secret);
  const common = {
    model,
    exposed: () => {
      requireServable(document, resolved);
      return compileExposed(document, model, { kinds, origins: resolved.origins });
    },
    document: resolved,
    diagnostics: [...diagnostics, ...findings],
    permissions: await permissionsOf(opening, overlays, model),
    logins: surroundings.logins ?? userLogins(env),
    callsForeign: (transport ?? surroundings.logins) !== undefined || settings.bindSources.length > 0,
    plans: new Map(),
    watch,
  };
  const { tenants } = surroundings;
  const taken = tenants === undefined ? undefined : requireApart(model.binds);
  const openFor = async (opening: Opening, more: Pick<RuntimeParts, "tenants" | "whole" | "closed">) => {
    const { secrets, tenant, sharing } = opening.surroundings;
    const wire = new Wire(transport);
    wire.redactWith(text => secrets.text(text));
    const allowPlainHttp = settings.allowInsecureAuthentication || wire.staysHere;
    const cache = cacheChoice(opening.options.cache, surroundings.overlaidCache);
    const holdsSecret = allowPlainHttp ? undefined : (request: HttpRequest) => holdsSecretIn(request, secrets);
    const isObserved = watch !== undefined;
    const sending = { opening, egress, connection, cache, holdsSecret, isObserved, observe, now };
    const exchange = plainExchange(settings, sending);
    const { logins } = common;
    const send = await plainSend(sending, wire);
    const session = { send, exchange, secrets, now, allowPlainHttp, logins, userAgent, tenant, sharing };
    const renewMs = tenant === undefined ? undefined : tenants?.renewMs;
    // Younger than the values themselves: otherwise what is read again could be what was read before.
    const maxAgeMs = renewMs && renewMs / 2;
    const binds = new BindResolver(
      bindSourcesOf(opening, overlays, maxAgeMs, taken),
      secrets,
      settings.bindTimeoutMs,
      renewMs,
    );
    const sessions = inSandbox ? noSessions() : new Sessions(session);
    return new Runtime({
      ...common,
      ...more,
      ...{ opening, secrets, allowPlainHttp, binds, wire, sessions, session, sending },
    });
  };
  if (tenants === undefined) return openFor(opening, { tenants: undefined, whole: undefined, closed: undefined });
  const { TenantRuntimes } = await import("./tenant-runtimes.ts");
  const { TenantSecrets } = await import("../base/tenant-secrets.ts");
  const whole: Runtime = await openFor(opening, {
    whole: undefined,
    closed: undefined,
    tenants: new TenantRuntimes(tenant => {
      const own = new TenantSecrets(secrets);
      const sharing = surroundings.sharing?.within(JSON.stringify(["tenant", tenant]));
      const ofTenant = { ...opening, surroundings: { ...surroundings, tenant, secrets: own, sharing } };
      return openFor(ofTenant, { tenants: undefined, whole, closed: () => own.forget() });
    }),
  });
  return whole;
}

/** Returns what may be called. Loads nothing where nothing is said of it. */
async function permissionsOf(
  { settings: { policy, profile }, surroundings: { secrets, inSandbox } }: Opening,
  overlays: LoadedOverlays | undefined,
  model: CapabilityModel,
): Promise<RuntimeParts["permissions"]> {
  const levels = overlays?.policies(profile) ?? [];
  if (policy === undefined && levels.length === 0) return undefined;
  const { openPermissions } = await import("./policy/permissions.ts");
  // What a sandbox does hurts nobody.
  return openPermissions({ policy, levels, model, secrets, asks: inSandbox !== true });
}

/** Returns what follows each call, if there is a listener. */
async function watchFor({
  onEvent,
  secrets,
  now,
}: { readonly onEvent: OpenOptions["onEvent"] } & Omit<WatchContext, "onEvent">): Promise<RuntimeParts["watch"]> {
  if (onEvent === undefined) return undefined;
  const { CallWatch } = await import("./call-events.ts");
  const context = { onEvent, secrets, now };
  return (call, operation) => new CallWatch(context, call, operation);
}

interface Overlaying {
  readonly name: string;
  readonly document: CapabilityDocument;
  readonly overlays: LoadedOverlays | undefined;
  readonly profile: string | undefined;
  readonly secrets: SecretMask;
}

/** Compiles a document with its overlays in place. */
async function compileOverlaid(
  { name, document, overlays, profile, secrets }: Overlaying,
  options: CompileOptions,
): Promise<OverlaidCapability> {
  const overlay = overlays?.for({ capability: name, profile });
  if (overlays === undefined || overlay === undefined) return { model: compile(name, document, options), findings: [] };
  const { overlayCapability, requireFitting } = await import("./overlay-capability.ts");
  const overlaid = overlayCapability(name, document, { ...options, overlay }, secrets);
  requireFitting(overlaid, overlays.name);
  return overlaid;
}

/** Tells whether a request holds a secret outside its body, which a redirect never takes to another origin. */
function holdsSecretIn({ url, headers }: HttpRequest, secrets: SecretMask): boolean {
  return [url, ...Object.values(headers)].some(text => secrets.text(text) !== text);
}

const USUAL_CONNECTIONS: ConnectionSettings = { egress: undefined, connection: undefined };

/** Resolves connection settings. Loads nothing if there are none. */
async function connectionsOf(
  settings: OpenSettings,
  overlay: ResolvedOverlay | undefined,
  context: ConnectionContext,
): Promise<ConnectionSettings> {
  const { allowHosts, egress, certificateAuthority, http2 } = settings;
  const isUsual =
    (allowHosts ?? certificateAuthority ?? overlay?.caFile) === undefined &&
    egress === "any" &&
    !http2 &&
    !PROXY_VARIABLES.some(name => context.env[name]);
  if (isUsual) return USUAL_CONNECTIONS;
  const { connectionSettings } = await import("./connection-settings.ts");
  return connectionSettings(settings, overlay, context);
}

async function loadOverlays({ overlays }: OpenOptions): Promise<LoadedOverlays | undefined> {
  if (overlays === undefined) return undefined;
  const { overlaysOf } = await import("../language/overlays/load-overlays.ts");
  return overlaysOf(overlays);
}

function bindSourcesOf(
  { settings, surroundings }: Opening,
  config: LoadedOverlays | undefined,
  maxAgeMs: number | undefined,
  taken: ReadonlySet<string> | undefined,
): BindSource[] {
  const { env, bindSources, bindFileRoots: fileRoots, allowInsecureAuthentication: allowPlainHttp } = settings;
  const { cwd, bindValues, firstSources = [], sources, tenant } = surroundings;
  return [
    ...firstSources,
    ...bindSources.map(source => (typeof source === "function" ? functionSource(source) : source)),
    bindValues === undefined ? environmentSource(env) : valuesSource(bindValues),
    ...(sources ?? [locatedSource({ env, cwd, fileRoots, allowPlainHttp, config, tenant, maxAgeMs }, taken)]),
  ];
}

async function readSource(
  source: string | URL | object,
  { dirs, env }: OpenSettings,
  { cwd, onHidden }: Surroundings,
): Promise<Document> {
  if (source instanceof URL) {
    if (source.protocol !== "file:") throw new TypeError(`Cannot open ${source.protocol} URLs, only file: URLs`);
    return readDocument(fileURLToPath(source));
  }
  if (typeof source === "string") {
    const folders = isSearched(source) ? capabilityFolders(dirs, env, cwd) : { dirs: [] };
    const file = await locate(source, { ...folders, cwd });
    const hidden = onHidden && hiddenCapabilityNote(source, file, cwd);
    if (hidden !== undefined) onHidden?.(hidden);
    return readDocument(file);
  }
  if (typeof source === "object" && source !== null) return documentFromValue(source);
  throw new TypeError(`Cannot open a ${typeof source}: give a path, a name, a URL or a document`);
}

/** An option names a namespace that the capability does not have. */
export class UnknownNamespaceError extends TypeError {
  readonly capability: string;
  readonly namespace: string;
  readonly known: readonly string[];

  constructor(option: string, namespace: string, { name, adapters }: CapabilityModel) {
    const known = adapters.map(adapter => adapter.namespace);
    super(`${option} names "${namespace}": the capability consumes ${known.join(", ")}`);
    this.capability = name;
    this.namespace = namespace;
    this.known = known;
  }
}

/** Refuses an unknown namespace, which is a slip of the pen: the part it should replace would stay. */
function checkNamespaces(model: CapabilityModel, { baseUri, authentication }: OpenOptions): void {
  const known = new Set(["*", ...model.adapters.map(({ namespace }) => namespace)]);
  for (const [option, byNamespace] of Object.entries({ baseUri, authentication })) {
    if (typeof byNamespace !== "object") continue;
    const unknown = Object.keys(byNamespace).find(namespace => !known.has(namespace));
    if (unknown !== undefined) throw new UnknownNamespaceError(option, unknown, model);
  }
}
