import { randomUUID } from "node:crypto";
import { wantsKey } from "../../../batch/call-row.ts";
import { idempotencyKeyOfKey, idempotencyKeyOfRow } from "../../../batch/idempotency-key.ts";
import type { BatchRow, EndedRow } from "../../../batch/row.ts";
import type { RowSource } from "../../../batch/rows/row-source.ts";
import type { BatchSettings } from "../../../batch/run-batch.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { isUnit, resolvedWork } from "../../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../../language/model/exposed/types.ts";
import type { Operation } from "../../../language/model/types.ts";
import { isIdempotent } from "../../../net/layers/idempotent.ts";
import { capabilityHash } from "../../../queue/capability-hash.ts";
import { detachBatch } from "../../../queue/detach-batch.ts";
import type { JobQueue } from "../../../queue/job-queue.ts";
import type { FeedSettings } from "../../../queue/row-feeder.ts";
import { runQueuedBatch } from "../../../queue/run-queued-batch.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { printData, printLines } from "../printed-text.ts";
import { writeChunk } from "../write-chunk.ts";
import type { BatchArguments } from "./batch-arguments.ts";
import { rowsText } from "./row-numbers.ts";

/** A batch whose rows workers do. */
interface QueuedBatch {
  readonly given: BatchArguments;
  readonly context: CommandContext;
  readonly runtime: Runtime;
  readonly called: Operation | Unit;
  readonly source: RowSource;
  readonly note: (text: string) => void;
  readonly queue: JobQueue;
}

/** Settings of a run, those that a queue has too. */
interface QueuedRun extends Pick<BatchSettings, "isDone" | "keep" | "maxErrors"> {
  readonly runId: string;
  readonly stop: AbortController;
}

/** Rows ahead of their results: more would fill the queue, fewer let workers wait. */
const ROWS_AHEAD = 10_000;
/** The same where the batch stops after some failures. */
const FEW_AHEAD = 50;

/** Gives the rows of a batch to workers, and their ends as they arrive. */
export function rowsOnQueue(
  batch: QueuedBatch,
  { runId, stop, isDone, keep, maxErrors }: QueuedRun,
): AsyncGenerator<EndedRow, void, undefined> {
  const { given, queue, source, note } = batch;
  let reads = 0;
  const read = (isWanted: (row: number) => boolean) =>
    reads++ > 0 && source.hash === undefined ? undefined : source.read(isWanted);
  return runQueuedBatch(queue, read, {
    ...feedSettings(batch, runId),
    ...{ isDone, maxErrors, stop },
    keep: keep ?? (async () => {}),
    window: given.concurrency ?? (maxErrors === undefined ? ROWS_AHEAD : FEW_AHEAD),
    tell: sentence => note(`note: ${sentence}`),
  });
}

/** Puts the rows of a batch on the queue, and prints its id. */
export async function detachRows(batch: QueuedBatch): Promise<ExitCode> {
  const { given, context, queue, source } = batch;
  const { stdout, stderr, signal } = context;
  const settings = feedSettings(batch, randomUUID());
  const count = await detachBatch(queue, isWanted => source.read(isWanted), settings, signal);
  if (count === undefined) {
    stderr.write(printLines(["interrupted: the rows are taken off the queue again"]));
    return exitCode.interrupted;
  }
  if (!given.quiet) stderr.write(printLines([`${rowsText(count)} on the queue ${queue.shown}`]));
  await writeChunk(stdout, printData(`${settings.record.id}\n`, stdout));
  return exitCode.done;
}

function feedSettings({ given, runtime, called }: QueuedBatch, runId: string): FeedSettings {
  const hasKeys = wantsKey(called);
  const hasOwnKeys = given.key !== undefined;
  const { reference } = called;
  const record = {
    id: runId,
    capability: { name: runtime.name, hash: capabilityHash(runtime) },
    operation: reference,
    rate: given.rateText,
    started: new Date().toISOString(),
    detached: given.detach,
    hasKeys,
  };
  const idempotencyKeyOf = hasOwnKeys
    ? ({ key }: BatchRow) => idempotencyKeyOfKey(reference, key)
    : ({ row }: BatchRow) => idempotencyKeyOfRow(runId, row);
  return {
    ...{ record, hasOwnKeys },
    idempotencyKeyOf: hasKeys ? idempotencyKeyOf : undefined,
    usesLedger: hasOwnKeys || repeatsMatter(called),
  };
}

/** Tells whether a call that is repeated may do more than one call does. One of several steps may. */
function repeatsMatter(called: Operation | Unit): boolean {
  if (!isUnit(called)) return !isIdempotent(called.method);
  const work = resolvedWork(called);
  return work.kind !== "call" || !isIdempotent(work.operation.method);
}
