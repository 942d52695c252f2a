import { randomUUID } from "node:crypto";
import path from "node:path";
import { CapabilityError, type ErrorCode } from "../../../base/capability-error.ts";
import { wantsKey } from "../../../batch/call-row.ts";
import { idempotencyKeyOfKey, idempotencyKeyOfRow } from "../../../batch/idempotency-key.ts";
import type { Journal } from "../../../batch/journal/journal.ts";
import { openJournal } from "../../../batch/journal/open-journal.ts";
import type { BatchRow } from "../../../batch/row.ts";
import { openRows } from "../../../batch/rows/open-rows.ts";
import type { RowSource } from "../../../batch/rows/row-source.ts";
import { type BatchSettings, runBatch } from "../../../batch/run-batch.ts";
import { declaredInputs } from "../../../engine/orchestration/unit-inputs.ts";
import { withAdded } from "../../../engine/request/added-fields.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { isUnit } from "../../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../../language/model/exposed/types.ts";
import type { Operation } from "../../../language/model/types.ts";
import { type HostPause, Pace } from "../../../net/layers/pace.ts";
import { capabilityHash } from "../../../queue/capability-hash.ts";
import type { JobQueue } from "../../../queue/job-queue.ts";
import { adviceOn } from "../advice.ts";
import { AdvisedError } from "../advised-error.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { printLines } from "../printed-text.ts";
import { type AskedInputs, readInputs } from "../read-inputs.ts";
import type { BatchArguments } from "./batch-arguments.ts";
import { BatchCount } from "./batch-count.ts";
import { batchHeader } from "./batch-header.ts";
import { BatchProgress } from "./batch-progress.ts";
import { type BatchEnd, summaryJson, summaryLines } from "./batch-summary.ts";
import { LineOutputs } from "./line-outputs.ts";
import { openBatch } from "./open-batch.ts";
import { rowsText, timeText } from "./row-numbers.ts";
import { withSmallHeap } from "./with-small-heap.ts";

/** Least time between notes of pauses, in milliseconds: an API may ask for one each second. */
const NOTE_PAUSE_MS = 10_000;

/** Calls at once. */
const USUAL_CONCURRENCY = 10;

/** Everything that the rows of one command line have in common. */
interface Batch {
  readonly given: BatchArguments;
  readonly context: CommandContext;
  readonly runtime: Runtime;
  readonly called: Operation | Unit;
  readonly source: RowSource;
  readonly note: (text: string) => void;
  /** Where workers take the rows. `undefined`: this process makes the calls. */
  readonly queue?: JobQueue;
}

/** Runs `naftiko batch <capability> <operation>`: calls an operation for each row, and writes the ends of the rows. */
export async function batchRows(given: BatchArguments, context: CommandContext): Promise<ExitCode> {
  context.endsByInterrupt?.();
  const { secrets, stderr } = context;
  const note = (text: string) => {
    if (!given.quiet) stderr.write(printLines([secrets.text(text)]));
  };
  try {
    const { runtime, close } = await openBatch(given, note, context);
    let called: Operation | Unit | undefined;
    try {
      called = await runtime.perform(async () => runtime.findCallable(given.operation));
      const opened = { given, context, runtime, called, note };
      return await withSmallHeap(() => withRows(opened));
    } catch (error) {
      const unit = called !== undefined && isUnit(called) ? called : undefined;
      const operation = called === undefined || isUnit(called) ? undefined : called;
      throw new AdvisedError(
        error,
        adviceOn(error, { capability: runtime, written: given.capability, operation, unit }),
      );
    } finally {
      await close();
    }
  } catch (error) {
    throw secrets.error(error);
  }
}

async function withRows(opened: Omit<Batch, "source">): Promise<ExitCode> {
  const { given, context, called, note } = opened;
  const { from, out, dryRun, maps, sets, key, shard } = given;
  const asked: AskedInputs = isUnit(called) ? { ...declaredInputs(called), body: undefined } : withAdded(called, given);
  const set = await readInputs(asked, { inputs: sets, inputsJson: undefined }, context);
  const origin =
    from === "-"
      ? ({ kind: "standard input", stream: context.stdin } as const)
      : ({ kind: "file", path: path.resolve(context.cwd, from) } as const);
  const settings = { reference: called.reference, map: maps, set, key, shard, isKept: out !== undefined };
  const source = await openRows(origin, asked, settings);
  const told = source.notes.length;
  try {
    const batch = { ...opened, source };
    for (const text of source.notes) note(`note: ${text}`);
    if (dryRun) return await show(batch);
    if (given.queue !== undefined) return await withQueue(batch, given.queue);
    return out === undefined ? await runUnkept(batch) : await runKept(batch, path.resolve(context.cwd, out));
  } finally {
    for (const text of source.notes.slice(told)) note(`note: ${text}`);
    await source.close();
  }
}

/** Runs a batch whose rows workers do. A queue that is down is told before anything is written. */
async function withQueue(batch: Batch, url: string): Promise<ExitCode> {
  const { given, context } = batch;
  const { openGivenQueue } = await import("./open-given-queue.ts");
  const queue = await openGivenQueue(url, context);
  try {
    const queued = { ...batch, queue };
    if (given.detach) {
      const { detachRows } = await import("./rows-on-queue.ts");
      await permitted(queued, undefined);
      return await detachRows(queued);
    }
    return given.out === undefined
      ? await runUnkept(queued)
      : await runKept(queued, path.resolve(context.cwd, given.out));
  } finally {
    await queue.close();
  }
}

async function show(batch: Batch): Promise<ExitCode> {
  const { given, context, runtime, called, source, note } = batch;
  const { showBatch } = await import("./dry-run.ts");
  const policyNote = runtime.policyNote(called);
  if (policyNote !== undefined) note(`note: ${policyNote}`);
  const idempotencyKeyOf = keysOf(batch, randomUUID());
  const { headers, query } = given;
  await showBatch({ runtime, called, source, options: { headers, query }, idempotencyKeyOf }, context);
  return exitCode.done;
}

/** Runs a batch whose results go to standard output. */
async function runUnkept(batch: Batch): Promise<ExitCode> {
  const { given, context, source } = batch;
  const outputs = new LineOutputs(given.failed, context);
  try {
    const parts = { rows: source.read(() => true), isDone: () => false, order: given.order, runId: randomUUID() };
    const end = await run(batch, { ...parts, add: ended => outputs.add(ended) });
    await outputs.flush();
    return finish(batch, end);
  } finally {
    outputs.close();
  }
}

/** Runs a batch with a journal beside its output, from which a later run can go on. */
async function runKept(batch: Batch, out: string): Promise<ExitCode> {
  const { given, context, runtime, called, source, note } = batch;
  const failed = given.failed === undefined ? undefined : path.resolve(context.cwd, given.failed);
  const files = { out, failed, source: given.from === "-" ? undefined : path.resolve(context.cwd, given.from) };
  const header = batchHeader(given, called, capabilityHash(runtime), source.hash, batch.queue?.name);
  const journal = await openJournal(files, header, { resume: given.resume });
  for (const text of journal.notes) note(`note: ${text}`);
  if (journal.isFinished) {
    await journal.close();
    note(`note: all ${rowsText(journal.before.rows)} of ${given.out} have ended: there is nothing to go on with`);
    return exitCode.done;
  }
  let isWhole = false;
  try {
    const { before, runId } = journal;
    const isDone = (row: number) => journal.isDone(row);
    // Keys of rows that have ended still count.
    const rows = source.read(given.key === undefined ? row => !journal.isDone(row) : () => true);
    const end = await run(batch, { rows, isDone, runId, before, order: "finished", keep: ended => journal.add(ended) });
    isWhole = end.stopped === undefined;
    await endJournal(journal, isWhole);
    return finish(batch, end);
  } catch (error) {
    // The failure that ended the batch says more than that of closing.
    if (!isWhole) await (given.resume || !isUnsent(error) ? journal.close() : journal.discard()).catch(() => {});
    throw error;
  }
}

/** Tells whether a failure comes before anything is sent: the same command may be given again when it is mended. */
function isUnsent(error: unknown): boolean {
  return error instanceof CapabilityError && UNSENT.has(error.code);
}

const UNSENT: ReadonlySet<string> = new Set<ErrorCode>([
  "BASE_URI_MISSING",
  "BIND_MISSING",
  "CONFIRMATION_MISSING",
  "OPERATION_REFUSED",
]);

function endJournal(journal: Journal, isWhole: boolean): Promise<void> {
  return isWhole ? journal.finish() : journal.close();
}

/** The parts of a run that depend on where its results go. */
interface Run extends Pick<BatchSettings, "isDone" | "order"> {
  readonly rows: ReturnType<RowSource["read"]>;
  readonly runId: string;
  readonly before?: Journal["before"];
  readonly keep?: BatchSettings["keep"];
  /** Writes the end of a row. */
  readonly add?: LineOutputs["add"];
}

async function run(batch: Batch, parts: Run): Promise<BatchEnd> {
  const { given, context, runtime, called, source } = batch;
  const { rows, runId, before, isDone, order, keep, add } = parts;
  const count = new BatchCount();
  const total = source.total;
  const stopping = new AbortController();
  const progress = new BatchProgress(
    count,
    total === undefined ? undefined : total - (before?.rows ?? 0),
    context,
    given.quiet,
  );
  const notePause = pauseNotes(batch, progress);
  const pace = new Pace({ rate: given.rate, stop: stopping.signal, onPause: notePause });
  const onInterrupt = () => {
    progress.stopping();
    stopping.abort();
  };
  const { signal } = context;
  if (signal.aborted) stopping.abort();
  else signal.addEventListener("abort", onInterrupt, { once: true });
  const begunMs = performance.now();
  let broken: { readonly error: unknown } | undefined;
  try {
    const call = await permitted(batch, progress);
    const settings: BatchSettings = {
      ...{ runtime, called, pace, call, isDone, order, keep },
      stop: () => stopping.abort(),
      concurrency: given.concurrency ?? USUAL_CONCURRENCY,
      maxErrors: given.maxErrors,
      idempotencyKeyOf: keysOf(batch, runId),
      hasOwnKeys: given.key !== undefined,
    };
    const ends =
      batch.queue === undefined
        ? runBatch(rows, settings)
        : (await import("./rows-on-queue.ts")).rowsOnQueue(
            { ...batch, queue: batch.queue },
            { ...settings, runId, stop: stopping },
          );
    for await (const ended of ends) {
      count.add(ended);
      if (add === undefined || broken !== undefined) continue;
      try {
        const writing = add(ended);
        if (writing !== undefined) await writing;
      } catch (error) {
        // Nobody reads on: calls under way end in order.
        broken = { error };
        stopping.abort();
      }
    }
  } finally {
    signal.removeEventListener("abort", onInterrupt);
    progress.end();
  }
  if (broken !== undefined) throw broken.error;
  const isWhole = !stopping.signal.aborted || count.rows + (before?.rows ?? 0) === total;
  const stopped = signal.aborted ? "interrupted" : isWhole ? undefined : "errors";
  return { count, before, stopped, total, elapsedMs: performance.now() - begunMs, isKept: keep !== undefined };
}

/** Returns the options of each call, after a person has confirmed all of them, where the policy wants that. */
function permitted({ given, context, runtime, called, source }: Batch, progress: BatchProgress | undefined) {
  const { headers, query, sets } = given;
  const { terminal } = context;
  const options = { headers, query };
  if (terminal === undefined || given.from === "-") return runtime.permitAll(called, Object.fromEntries(sets), options);
  const rows = source.total === undefined ? "each row" : `each of the ${rowsText(source.total)}`;
  const confirm = async (question: string) => {
    progress?.clear();
    const { Asker } = await import("../ask.ts");
    return new Asker(terminal).yesNo({ message: `${question}, for ${rows} of ${source.name}`, usual: false });
  };
  return runtime.permitAll(called, Object.fromEntries(sets), { ...options, confirm });
}

/** Returns what makes the key of a row, where its calls have one. */
function keysOf({ given, called }: Batch, runId: string): ((row: BatchRow) => string) | undefined {
  if (!wantsKey(called)) return undefined;
  if (given.key !== undefined) return ({ key }) => idempotencyKeyOfKey(called.reference, key);
  return ({ row }) => idempotencyKeyOfRow(runId, row);
}

/** Tells of pauses: on the terminal in the line of progress, elsewhere by a note now and then. */
function pauseNotes({ note, context }: Batch, progress: BatchProgress): (pause: HostPause) => void {
  let next = 0;
  return pause => {
    progress.paused(pause);
    const now = performance.now();
    if (context.stderr.isTTY || now < next) return;
    next = now + NOTE_PAUSE_MS;
    const { origin, waitMs, status, header } = pause;
    const by = header === undefined ? "" : ` (${header})`;
    note(`note: HTTP ${status}${by}: all rows for ${new URL(origin).host} wait ${timeText(waitMs)}`);
  };
}

/** Prints the summary, and returns the exit code. */
function finish({ given, context }: Batch, end: BatchEnd): ExitCode {
  const { stderr, signal } = context;
  if (given.isJson) stderr.write(printLines([JSON.stringify(summaryJson(end))]));
  else if (!given.quiet) stderr.write(printLines(summaryLines(end)));
  if (signal.aborted && end.stopped !== undefined) return exitCode.interrupted;
  return end.count.failed + (end.before?.failed ?? 0) > 0 || end.stopped === "errors"
    ? exitCode.httpStatus
    : exitCode.done;
}
