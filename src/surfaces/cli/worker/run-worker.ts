import { countOf } from "../../../base/count-of.ts";
import { capabilityFolders } from "../../../engine/capability-folders.ts";
import { findCapability, isPath } from "../../../language/document/locate.ts";
import { openQueue } from "../../../queue/open-queue.ts";
import { parseQueueUrl } from "../../../queue/queue-url.ts";
import { QueueWorker } from "../../../queue/worker/queue-worker.ts";
import { type CapabilitySource, WorkerCapabilities } from "../../../queue/worker/worker-capabilities.ts";
import { startHealthServer } from "../../../serving/health-server.ts";
import type { Listener } from "../../../serving/listener.ts";
import type { Sharing } from "../../../sharing/sharing.ts";
import { AdvisedError } from "../advised-error.ts";
import { queueUrl } from "../batch/open-given-queue.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { openFollowed } from "../mcp/open-followed.ts";
import { fileOpener, type OpeningArguments } from "../serve/file-opener.ts";
import { LOOPBACK, listenError } from "../serve/own-ports.ts";
import { findServedFiles, type ServedFiles } from "../serve/served-files.ts";
import { adviceOn, tellers } from "../serve/tellers.ts";

interface WorkerArguments extends OpeningArguments {
  /** URL of the queue, or the file that holds it; `undefined`: the variable names it. */
  readonly queue: string | undefined;
  /** Names, paths and folders; none for all that have a name. */
  readonly written: readonly string[];
  readonly concurrency: number;
  /** Address of the port that tells how the worker is. */
  readonly host: string | undefined;
  readonly healthPort: number | undefined;
}

/** Runs `naftiko worker` until it is interrupted, which is how it ends well. */
export async function runWorker(given: WorkerArguments, context: CommandContext): Promise<ExitCode> {
  context.endsByInterrupt?.();
  const { written, concurrency } = given;
  const { log, tell } = tellers(context);
  const files = written.length === 0 ? undefined : await findServedFiles(written, given.open.dirs ?? [], context);
  const url = await queueUrl(given.queue, context);
  const queue = await openQueue(url, log.logger("queue").warn);
  const closing: (() => Promise<unknown>)[] = [() => queue.close()];
  try {
    const sharing = await sharingOf(url, context, log.logger("queue").warn);
    if (sharing !== undefined) closing.unshift(() => sharing.close());
    const open = await fileOpener(given, files?.files.size === 1, context, sharing);
    const capabilities = new WorkerCapabilities({
      fileOf: fileFinder(files, given.open.dirs ?? [], context),
      open: file => openFollowed(file, open, { env: context.env, log }),
    });
    closing.unshift(() => capabilities.close());
    await openNamed(files, capabilities);
    const worker = new QueueWorker({ queue, capabilities, concurrency, log, sharing });
    if (given.healthPort !== undefined) {
      const health = await startHealth({ host: given.host ?? LOOPBACK, port: given.healthPort }, worker);
      closing.unshift(() => health.stop(0));
      tell(`health is told on ${health.url}`);
    }
    const what = files === undefined ? "all capabilities" : countOf(files.files.size, "capability", "capabilities");
    const ready = () => tell(`worker takes rows of ${what} from ${queue.shown}, ${concurrency} at a time`);
    await worker.run(context.signal, ready);
    return exitCode.done;
  } finally {
    for (const close of closing) await close();
  }
}

/** Begins to share rates, breakers and pauses where the queue is. `undefined` for a Postgres. */
async function sharingOf(
  url: string,
  context: CommandContext,
  tell: (line: string) => void,
): Promise<Sharing | undefined> {
  const queue = parseQueueUrl(url);
  if (queue.kind !== "redis") return undefined;
  const { openSharing } = await import("../open-sharing.ts");
  return openSharing({ redis: queue.url, stateKeyFile: undefined }, context, tell);
}

/** Opens what is named by itself: a mistake in it is told at once, and not when its first row comes. */
async function openNamed(files: ServedFiles | undefined, capabilities: WorkerCapabilities): Promise<void> {
  for (const [name, file] of files?.files ?? []) {
    if (!files?.named.has(name)) continue;
    await capabilities.open(file).catch((error: unknown) => {
      throw new AdvisedError(error, adviceOn(error));
    });
  }
}

/** Makes what finds the file of a name, which comes from the queue. */
function fileFinder(
  files: ServedFiles | undefined,
  dirs: readonly string[],
  { env, cwd }: CommandContext,
): CapabilitySource["fileOf"] {
  if (files !== undefined) return name => files.files.get(name);
  const folders = capabilityFolders(dirs, env, cwd);
  return name => (isPath(name) ? undefined : findCapability(name, { ...folders, cwd }));
}

function startHealth(address: { host: string; port: number }, worker: QueueWorker): Promise<Listener> {
  const starting = startHealthServer({ ...address, isReady: () => worker.isReady });
  return starting.catch((error: unknown) => {
    throw listenError(error, "health", address);
  });
}
