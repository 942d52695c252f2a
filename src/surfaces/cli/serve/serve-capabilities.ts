import { thrownText } from "../../../base/thrown-text.ts";
import { startHealthServer } from "../../../serving/health-server.ts";
import { IdempotencyLedger } from "../../../serving/idempotency/idempotency-ledger.ts";
import { LISTENER_LIMITS, type Listener, type ListenerTls, startListener } from "../../../serving/listener.ts";
import { RateLimit } from "../../../serving/rate/rate-limit.ts";
import type { RatePolicy } from "../../../serving/rate/rate-policy.ts";
import type { Tenants } from "../../../serving/tenant/open-tenants.ts";
import { readTlsFiles, type TlsFiles, TlsFilesError } from "../../../serving/tls-files.ts";
import type { Sharing } from "../../../sharing/sharing.ts";
import type { AnswerSettings } from "../../../tools/answer/answer-settings.ts";
import { AdvisedError } from "../advised-error.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { SharingArguments } from "../open-sharing.ts";
import { untilAborted } from "../until-aborted.ts";
import { usageError } from "../usage-error.ts";
import { fileOpener, type OpeningArguments, readServedOverlays } from "./file-opener.ts";
import { LOOPBACK, listenError } from "./own-ports.ts";
import { OwnServer } from "./own-server.ts";
import { findStreamAdapter, serveStreams } from "./serve-streams.ts";
import { findServedFiles } from "./served-files.ts";
import type { ServerParts } from "./server-parts.ts";
import { SharedServer } from "./shared-server.ts";
import { adviceOn, type Tellers, tellers } from "./tellers.ts";
import { watchFiles } from "./watch-files.ts";
import { watchTls } from "./watch-tls.ts";

interface ServeArguments extends OpeningArguments {
  /** Names, paths and folders. */
  readonly written: readonly string[];
  /** One port for all. `undefined`: each adapter has its own. */
  readonly port: number | undefined;
  /** Address to listen on, in place of those of the files. */
  readonly host: string | undefined;
  /** Port that tells how the server is. `undefined`: there is none. */
  readonly healthPort: number | undefined;
  readonly watch: boolean;
  /** Absolute paths. */
  readonly tls: TlsFiles | undefined;
  readonly maxConnections: number;
  /** How many requests a caller may send. `undefined`: as many as they like. */
  readonly rateLimit: RatePolicy | undefined;
  /** Where state is that copies of the server share. */
  readonly sharing: SharingArguments;
  /** Origins whose pages may call; `*` for all. */
  readonly origins: readonly string[];
  /** How answers to agents are written. */
  readonly answers: AnswerSettings;
}

/** How long requests under way may go on when the server stops, in milliseconds. */
const STOP_MS = 30_000;

/** Runs `naftiko serve <capability>…` until it is interrupted, which is how it ends well. */
export async function serveCapabilities(given: ServeArguments, context: CommandContext): Promise<ExitCode> {
  context.endsByInterrupt?.();
  const tls = given.tls === undefined ? undefined : await requiredTls(given.tls);
  const limits = { ...LISTENER_LIMITS, maxConnections: given.maxConnections };
  const files = await findServedFiles(given.written, given.open.dirs ?? [], context);
  const telling = tellers(context);
  const tenants = await tenantsOf(given, context, telling);
  const sharing = await sharingOf(given, context, telling.log.logger("server").warn);
  const isSingle = files.files.size === 1;
  const open = await fileOpener(given, isSingle, context, sharing, tenants?.options).catch(async (error: unknown) => {
    await sharing?.close();
    throw error;
  });
  const parts: ServerParts = {
    files,
    open,
    tenants: tenants?.source,
    listen: ({ host, port }, handle) =>
      startListener({ host, port, tls: certificate.current, limits, origins: given.origins }, handle),
    host: given.host,
    origins: given.origins,
    answers: given.answers,
    env: context.env,
    rateLimit: given.rateLimit === undefined ? undefined : await RateLimit.open(given.rateLimit, sharing),
    ledger: new IdempotencyLedger(sharing),
    ...telling,
  };
  const certificate = { current: tls };
  const server = given.port === undefined ? new OwnServer(parts) : new SharedServer(parts, given.port);
  const gone = new AbortController();
  const signal = AbortSignal.any([context.signal, gone.signal]);
  let health: Listener | undefined;
  try {
    await server.start().catch((error: unknown) => {
      throw new AdvisedError(error, adviceOn(error));
    });
    if (given.healthPort !== undefined) {
      health = await tellHealth({ host: given.host ?? LOOPBACK, port: given.healthPort }, signal, parts.tell);
    }
    const streams = findStreamAdapter(server);
    await Promise.all([
      untilAborted(signal),
      streams && serveStreams(streams, parts, signal, context).finally(() => gone.abort()),
      given.watch ? watchFiles(server, parts, signal) : undefined,
      given.tls === undefined ? undefined : watchTls(given.tls, certificate, server, parts.tell, signal),
    ]);
    return exitCode.done;
  } finally {
    await server.stop(STOP_MS);
    await health?.stop(0);
    await sharing?.close();
  }
}

/** Tells how the server is, until it has stopped: that it is not ready from the signal on. */
async function tellHealth(address: { host: string; port: number }, signal: AbortSignal, tell: (line: string) => void) {
  const health = await startHealthServer({ ...address, isReady: () => !signal.aborted }).catch((error: unknown) => {
    throw listenError(error, "health", address);
  });
  tell(`health is told on ${health.url}`);
  return health;
}

/** Begins to share, where there is where to. Loads nothing otherwise. */
async function sharingOf(
  { sharing }: ServeArguments,
  context: CommandContext,
  tell: (line: string) => void,
): Promise<Sharing | undefined> {
  if ((sharing.redis ?? context.env["NAFTIKO_REDIS"]) === undefined) return undefined;
  const { openSharing } = await import("../open-sharing.ts");
  return openSharing(sharing, context, tell);
}

/** Opens the tenants of the configuration. Loads nothing where there are none. */
async function tenantsOf(
  given: OpeningArguments,
  context: CommandContext,
  { log }: Tellers,
): Promise<Tenants | undefined> {
  if (given.config === undefined) return undefined;
  const overlays = await readServedOverlays(given, context);
  if (overlays?.tenants === undefined) return undefined;
  const { openTenants } = await import("../../../serving/tenant/open-tenants.ts");
  return openTenants(overlays, error => log.logger("server").error(thrownText(error)));
}

async function requiredTls(files: TlsFiles): Promise<ListenerTls> {
  try {
    return await readTlsFiles(files);
  } catch (error) {
    throw error instanceof TlsFilesError ? usageError(error.message) : error;
  }
}
