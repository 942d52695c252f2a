import path from "node:path";
import { CapabilityError } from "../../../base/capability-error.ts";
import { LISTENER_LIMITS, type ListenerTls, startListener } from "../../../serving/listener.ts";
import { Log } from "../../../serving/log.ts";
import { RateLimit } from "../../../serving/rate/rate-limit.ts";
import type { RatePolicy } from "../../../serving/rate/rate-policy.ts";
import { readTlsFiles, type TlsFiles, TlsFilesError } from "../../../serving/tls-files.ts";
import { AdvisedError } from "../advised-error.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { formatError } from "../format-error.ts";
import { type Line, printLines } from "../printed-text.ts";
import { remedyLines } from "../remedy-text.ts";
import { paintFor } from "../style.ts";
import { untilAborted } from "../until-aborted.ts";
import { usageError } from "../usage-error.ts";
import { fileOpener, type OpeningArguments } from "./file-opener.ts";
import { OwnServer } from "./own-server.ts";
import { findServedFiles } from "./served-files.ts";
import type { ServerParts } from "./server-parts.ts";
import { SharedServer } from "./shared-server.ts";
import { watchFiles } from "./watch-files.ts";
import { watchTls } from "./watch-tls.ts";

interface ServeArguments extends OpeningArguments {
  /** Names, paths and folders. */
  readonly written: readonly string[];
  /** One port for all. `undefined`: each adapter has its own. */
  readonly port: number | undefined;
  /** Address to listen on, in place of those of the files. */
  readonly host: string | undefined;
  readonly watch: boolean;
  /** Absolute paths. */
  readonly tls: TlsFiles | undefined;
  readonly maxConnections: number;
  /** How many requests a caller may send. `undefined`: as many as they like. */
  readonly rateLimit: RatePolicy | undefined;
  /** Origins whose pages may call; `*` for all. */
  readonly origins: readonly string[];
}

/** How long requests under way may go on when the server stops, in milliseconds. */
const STOP_MS = 30_000;

/** Runs `naftiko serve <capability>…` until it is interrupted, which is how it ends well. */
export async function serveCapabilities(given: ServeArguments, context: CommandContext): Promise<ExitCode> {
  context.endsByInterrupt?.();
  const tls = given.tls === undefined ? undefined : await requiredTls(given.tls);
  const limits = { ...LISTENER_LIMITS, maxConnections: given.maxConnections };
  const files = await findServedFiles(given.written, given.open.dirs ?? [], context);
  const parts: ServerParts = {
    files,
    open: await fileOpener(given, files.files.size === 1, context),
    listen: ({ host, port }, handle) =>
      startListener({ host, port, tls: certificate.current, limits, origins: given.origins }, handle),
    host: given.host,
    env: context.env,
    rateLimit: given.rateLimit === undefined ? undefined : await RateLimit.open(given.rateLimit),
    ...tellers(context),
  };
  const certificate = { current: tls };
  const server = given.port === undefined ? new OwnServer(parts) : new SharedServer(parts, given.port);
  try {
    await server.start().catch((error: unknown) => {
      throw new AdvisedError(error, adviceOn(error));
    });
    const { signal } = context;
    await Promise.all([
      untilAborted(signal),
      given.watch ? watchFiles(server, parts, signal) : undefined,
      given.tls === undefined ? undefined : watchTls(given.tls, certificate, server, parts.tell, signal),
    ]);
    return exitCode.done;
  } finally {
    await server.stop(STOP_MS);
  }
}

async function requiredTls(files: TlsFiles): Promise<ListenerTls> {
  try {
    return await readTlsFiles(files);
  } catch (error) {
    throw error instanceof TlsFilesError ? usageError(error.message) : error;
  }
}

/** Logger of what is told of files. The user is told more of them, in lines that the log does not have. */
const FILES = "files";

/** Makes what tells the user of the server, on standard error. */
function tellers({ stderr, env, secrets, cwd }: CommandContext): Pick<ServerParts, "tell" | "fail" | "log"> {
  const paint = paintFor(stderr, env, false);
  const write = (lines: readonly Line[]) => stderr.write(printLines(lines, paint));
  const log = new Log(entry => {
    if (entry.logger !== FILES) write([entry.message]);
  }, secrets);
  const server = log.logger("server");
  const files = log.logger(FILES);
  return {
    log,
    tell: line => server.info(line),
    fail: (file, error, outcome) => {
      const shown = path.relative(cwd, file);
      const headline = `${shown.startsWith("..") ? file : shown} cannot be served as it is: ${outcome}`;
      const lines = formatError(secrets.error(error), {
        advice: adviceOn(error),
        secrets,
        verbose: false,
        include: false,
      });
      files.error(`${headline}: ${error instanceof Error ? error.message : String(error)}`);
      write([headline, ...lines]);
    },
  };
}

/** Returns what to do about an error, as lines. No `.env` is read that is not named. */
function adviceOn(error: unknown): string[] {
  if (!(error instanceof CapabilityError)) return [];
  return remedyLines(error.remedies, [], "the environment or in a file that --env-file names");
}
