import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { countOf } from "../../../base/count-of.ts";
import { ioReason } from "../../../base/io-reason.ts";
import { failedLine, resultLine } from "../../../batch/result-line.ts";
import type { JobQueue } from "../../../queue/job-queue.ts";
import { type BatchStatus, batchResults, batchStatus, cancelBatch, retryBatch } from "../../../queue/manage-batch.ts";
import { alignColumns } from "../align-columns.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { ioError } from "../io-error.ts";
import { printData, printLines } from "../printed-text.ts";
import { usageError } from "../usage-error.ts";
import { writeChunk } from "../write-chunk.ts";
import { openGivenQueue } from "./open-given-queue.ts";

/** A batch on a queue, as it was given. */
interface GivenBatch {
  readonly id: string;
  readonly queue: string | undefined;
}

/** Characters that are written at once. */
const CHUNK = 64 * 1024;

/** Runs `naftiko batch status`. */
export async function tellStatus(given: GivenBatch, isJson: boolean, context: CommandContext): Promise<ExitCode> {
  return withQueue(given, context, async queue => {
    const status = await batchStatus(queue, given.id);
    const { stdout } = context;
    await writeChunk(
      stdout,
      isJson ? printData(`${JSON.stringify(json(status))}\n`, stdout) : printLines(lines(status)),
    );
    return exitCode.done;
  });
}

/** Runs `naftiko batch results`. */
export async function writeResults(
  given: GivenBatch,
  files: { readonly out: string | undefined; readonly failed: string | undefined },
  context: CommandContext,
): Promise<ExitCode> {
  return withQueue(given, context, async queue => {
    await batchStatus(queue, given.id);
    const out = files.out === undefined ? undefined : await newFile(files.out, context);
    const failed = files.failed === undefined ? undefined : await newFile(files.failed, context);
    const write = async (file: FileHandle | undefined, text: string) => {
      if (text === "") return;
      if (file === undefined) await writeChunk(context.stdout, printData(text, context.stdout));
      else await file.appendFile(text).catch(error => Promise.reject(ioError("write the results", error)));
    };
    let [done, bad, failures] = ["", "", 0];
    for await (const ended of batchResults(queue, given.id)) {
      if (ended.error !== undefined) failures++;
      if (ended.error !== undefined && failed !== undefined) bad += failedLine(ended);
      else done += resultLine(ended);
      if (done.length < CHUNK && bad.length < CHUNK) continue;
      await write(out, done);
      await write(failed, bad);
      [done, bad] = ["", ""];
    }
    await write(out, done);
    await write(failed, bad);
    await out?.close();
    await failed?.close();
    return failures > 0 ? exitCode.httpStatus : exitCode.done;
  });
}

/** Runs `naftiko batch retry`. */
export async function retryRows(given: GivenBatch, context: CommandContext): Promise<ExitCode> {
  return withQueue(given, context, async queue => {
    const count = await retryBatch(queue, given.id);
    context.stderr.write(printLines([`${countOf(count, "failed row")} of ${given.id} on the queue again`]));
    return exitCode.done;
  });
}

/** Runs `naftiko batch cancel`. */
export async function cancelRows(given: GivenBatch, context: CommandContext): Promise<ExitCode> {
  return withQueue(given, context, async queue => {
    const count = await cancelBatch(queue, given.id);
    context.stderr.write(
      printLines([`${given.id} is cancelled: ${countOf(count, "row")} taken off the queue, results removed`]),
    );
    return exitCode.done;
  });
}

async function withQueue(
  { queue: url }: GivenBatch,
  context: CommandContext,
  act: (queue: JobQueue) => Promise<ExitCode>,
): Promise<ExitCode> {
  const queue = await openGivenQueue(url, context);
  try {
    return await act(queue);
  } finally {
    await queue.close();
  }
}

async function newFile(name: string, { cwd }: CommandContext): Promise<FileHandle> {
  const file = path.resolve(cwd, name);
  try {
    return await open(file, "wx");
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === "EEXIST";
    if (isThere) throw usageError(`${file} is there already: name another file, or move it away`);
    throw usageError(`Cannot write ${file}: ${ioReason(error)}`);
  }
}

function lines({ state, ended, open: left, workers, problem, foreign }: BatchStatus): string[] {
  const { record, rows, counts } = state;
  const all = rows === undefined ? "more are being added" : countOf(rows, "row");
  const rest = left === undefined ? "" : left === 0 ? ", all of them" : `, ${left} wait or are being done`;
  const hosts = workers.map(({ host, pid }) => `${host} (pid ${pid})`);
  return [
    `${record.id}: ${record.capability.name} ${record.operation}, since ${record.started}`,
    `${all}: ${ended} ended${rest}`,
    ...alignColumns(Object.entries(counts).map(([status, count]) => [`  ${status}`, String(count)])),
    workers.length === 0
      ? "no worker has this capability"
      : `${countOf(workers.length, "worker")}: ${hosts.join(", ")}`,
    ...(problem === undefined ? [] : [`note: ${problem}`]),
    ...(foreign === 0 ? [] : [`note: ${countOf(foreign, "job")} on this queue belong to no batch, and are left there`]),
  ];
}

function json({ state, ended, open: left, workers, problem, foreign }: BatchStatus): object {
  const { record, rows, counts } = state;
  const { id, capability, operation, started } = record;
  const seen = workers.map(({ host, pid }) => ({ host, pid }));
  const places = { rows: rows ?? null, ended, open: left ?? null, statuses: counts };
  return {
    id,
    capability,
    operation,
    started,
    ...places,
    workers: seen,
    problem: problem ?? null,
    foreignJobs: foreign,
  };
}
