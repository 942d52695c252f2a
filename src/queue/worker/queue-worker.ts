import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Worker } from "bullmq";
import { CapabilityError, type ErrorCode, isCapabilityError } from "../../base/capability-error.ts";
import { getOrSet } from "../../base/get-or-set.ts";
import type { SecretMask } from "../../base/mask-secrets.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { thrownText } from "../../base/thrown-text.ts";
import { callRow } from "../../batch/call-row.ts";
import type { EndedRow } from "../../batch/row.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import type { Operation } from "../../language/model/types.ts";
import { type HostPause, Pace } from "../../net/layers/pace.ts";
import type { Log } from "../../serving/log.ts";
import { parseRatePolicy } from "../../serving/rate/rate-policy.ts";
import type { Sharing } from "../../sharing/sharing.ts";
import { type BadJob, type BatchRecord, placeOfJob, type RowJob, readJob, storedResult } from "../job.ts";
import type { JobQueue } from "../job-queue.ts";
import { BatchRate } from "./batch-rate.ts";
import { ResultWriter } from "./result-writer.ts";
import { Slots } from "./slots.ts";
import { ToldPauses } from "./told-pauses.ts";
import { endUnreadable } from "./unreadable-jobs.ts";
import type { WorkerCapabilities } from "./worker-capabilities.ts";

/** Settings of a worker. */
interface WorkerSettings {
  readonly queue: JobQueue;
  readonly capabilities: WorkerCapabilities;
  /** Calls at the same time, of all capabilities together. */
  readonly concurrency: number;
  readonly log: Log;
  /** State that workers share. `undefined`: each has its share of the rates of batches. */
  readonly sharing: Sharing | undefined;
}

/** Pause between two looks at the batches of the queue. */
const LOOK_MS = 1_000;
/** Pause between two signs of life. */
const BEAT_MS = 5_000;
/** How long a queue that does not answer is waited for when the worker stops. */
const MOST_SILENCE_MS = 5_000;
/** After this time a row of a worker that says nothing is another's. Its worker says so twice in the time. */
const LOCK_MS = 15_000;
/** Pause between two looks for rows of dead workers. */
const STALLED_MS = 5_000;
/** Workers that may die of a row. More than a few: of rows that are innocent, workers die at the same time by chance. */
const MOST_DEATHS = 5;
/** Time after which a worker that could not do rows of a capability tries one again. */
const REST_MS = 30_000;
/** BullMQ gives no row up by itself. */
const UNLIMITED = 1_000_000;

/** A batch that the worker has rows of. */
interface KnownBatch {
  readonly record: BatchRecord;
  /** Of its operation, or why there is none. */
  readonly called: Operation | Unit | Failure;
  /** `undefined`: calls begin as soon as there is a place. */
  readonly rate: BatchRate | undefined;
  isOver: boolean;
}

/** Why the worker does no rows of a capability that it has. */
interface Unfit {
  readonly problem: string;
  /** It takes none for a while. */
  isResting: boolean;
}

/**
 * Codes of failures that are of the worker, and not of a row: it lacks what another worker may have. The policy is not
 * among them: what it refuses has ended.
 */
const OF_WORKER: ReadonlySet<string> = new Set<ErrorCode>([
  "AUTHENTICATION_FAILED",
  "BASE_URI_MISSING",
  "BIND_MISSING",
  "CAPABILITY_INVALID",
]);

type Failure = NonNullable<EndedRow["error"]>;

/** Works off the rows of batches on a queue. */
export class QueueWorker {
  readonly #id = randomUUID();
  readonly #settings: WorkerSettings;
  readonly #slots: Slots;
  readonly #results: ResultWriter;
  /** By the hash of their capability. */
  readonly #workers = new Map<string, Worker>();
  readonly #batches = new Map<string, KnownBatch>();
  /** Batches that are being looked at. */
  readonly #learning = new Map<string, Promise<KnownBatch | undefined>>();
  /** Capabilities that the worker has and cannot call, by hash. */
  readonly #unfit = new Map<string, Unfit>();
  readonly #told = new Set<string>();
  /** When the store answered last. */
  #lastBeat = 0;
  /** Aborted when no further row may begin. */
  readonly #stopping = new AbortController();
  /** Pauses that APIs ask for are those of all batches. */
  readonly #pace: Pace;

  constructor(settings: WorkerSettings) {
    this.#settings = settings;
    const { queue, concurrency } = settings;
    const shared = settings.sharing && new ToldPauses(settings.sharing);
    const onPause = (pause: HostPause) => this.#tellPause(pause);
    this.#pace = new Pace({ rate: undefined, stop: this.#stopping.signal, onPause, shared });
    this.#slots = new Slots(concurrency);
    this.#results = new ResultWriter((id, results) => queue.patiently(() => queue.store.addResults(id, results)));
  }

  /** Whether it takes rows: it does not while it stops, or while the queue is down. */
  get isReady(): boolean {
    return !this.#stopping.signal.aborted && Date.now() - this.#lastBeat < 3 * BEAT_MS;
  }

  /**
   * Works until a signal: then it takes no more rows, and ends those that it has begun.
   *
   * @param ready called when it has looked for batches for the first time
   */
  async run(signal: AbortSignal, ready: () => void): Promise<void> {
    await this.#beat();
    await this.#look();
    ready();
    let nextBeat = Date.now() + BEAT_MS;
    while (await paused(LOOK_MS, signal)) {
      // While the queue is down, commands wait for it.
      await Promise.race([this.#look(), paused(Number.MAX_SAFE_INTEGER, signal)]);
      if (Date.now() < nextBeat) continue;
      nextBeat = Date.now() + BEAT_MS;
      void this.#beat();
    }
    await this.#stop();
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    const closed = Promise.all([...this.#workers.values()].map(worker => worker.close()));
    const left = closed.then(() => this.#settings.queue.store.gone(this.#id));
    if ((await Promise.race([left.then(() => true), this.#isLost()])) === true) return;
    const { queue, log } = this.#settings;
    log
      .logger("worker")
      .warn(`The queue ${queue.shown} is down: rows whose results it has not got are done again by others`);
  }

  /** Settles when the queue has not answered for a while: whoever stops a worker does not wait for it. */
  async #isLost(): Promise<void> {
    const { store } = this.#settings.queue;
    while (true) {
      const answer = store
        .ids()
        .then(() => true)
        .catch(() => false);
      if ((await Promise.race([answer, sleep(MOST_SILENCE_MS)])) !== true) return;
      await sleep(LOOK_MS);
    }
  }

  /** Tells that the worker is there. A failure is told: the next time comes soon. */
  async #beat(): Promise<void> {
    try {
      await this.#tellPresence();
    } catch (error) {
      this.#fault(error as Error);
    }
  }

  async #tellPresence(): Promise<void> {
    const { queue, capabilities } = this.#settings;
    const fit = capabilities.all.filter(({ hash }) => !this.#unfit.has(hash));
    const unfit = capabilities.all.flatMap(capability => {
      const problem = this.#unfit.get(capability.hash)?.problem;
      return problem === undefined ? [] : [{ ...capability, problem }];
    });
    await queue.store.seen({ id: this.#id, host: hostname(), pid: process.pid, capabilities: fit, unfit });
    this.#lastBeat = Date.now();
    if (![...this.#batches.values()].some(({ rate }) => rate)) return;
    const workers = await queue.store.workers();
    for (const { record, rate } of this.#batches.values()) {
      if (rate !== undefined)
        rate.workers = workers.filter(worker =>
          worker.capabilities.some(({ hash }) => hash === record.capability.hash),
        ).length;
    }
  }

  /** Looks which batches there are, and begins to take the rows of their capabilities. */
  async #look(): Promise<void> {
    try {
      await this.#lookForBatches();
    } catch (error) {
      // Somebody else has written what is no batch, or the queue is closed.
      this.#tellOnce(`The batches of the queue cannot be read: ${thrownText(error)}`);
    }
  }

  async #lookForBatches(): Promise<void> {
    const { store } = this.#settings.queue;
    const ids = await store.ids();
    for (const id of this.#batches.keys()) if (!ids.includes(id)) this.#batches.delete(id);
    for (const state of await Promise.all(ids.map(id => store.find(id)))) {
      if (state === undefined) continue;
      const known = this.#batches.get(state.record.id) ?? (await this.#learn(state.record));
      if (known !== undefined) known.isOver = state.isCancelled;
    }
  }

  /** Begins to take the rows of a batch's capability, if the worker has it. */
  #learn(record: BatchRecord): Promise<KnownBatch | undefined> {
    const learning = getOrSet(this.#learning, record.id, () => this.#learnNew(record));
    return learning.finally(() => this.#learning.delete(record.id));
  }

  async #learnNew(record: BatchRecord): Promise<KnownBatch | undefined> {
    const { capabilities } = this.#settings;
    const { id, capability, operation } = record;
    const known = this.#batches.get(id);
    if (known !== undefined) return known;
    const found = await capabilities.find(capability);
    if ("problem" in found) {
      this.#tellOnce(`No rows of capability ${JSON.stringify(capability.name)} are taken: ${found.problem}`);
      return undefined;
    }
    const called = findCalled(found.runtime, operation);
    const batch = { record, called, rate: this.#rateOf(record), isOver: false };
    const isNew = !this.#workers.has(capability.hash) && !this.#stopping.signal.aborted;
    if (isNew) this.#workers.set(capability.hash, this.#take(capability.hash, found.runtime));
    this.#batches.set(id, batch);
    if (isNew || batch.rate !== undefined) await this.#beat();
    return batch;
  }

  #rateOf({ id, rate = "" }: BatchRecord): BatchRate | undefined {
    const policy = parseRatePolicy(rate);
    if (policy === undefined) return undefined;
    const turns = { requests: policy.requests, intervalMs: policy.windowSeconds * 1_000 };
    return new BatchRate(id, turns, this.#settings.sharing, this.#stopping.signal);
  }

  #take(hash: string, runtime: Runtime): Worker {
    const { queue, concurrency } = this.#settings;
    const worker = queue.work(hash, (job, token) => this.#work(job, token, hash, runtime), {
      // Rows that wait for a place are there when one is free.
      concurrency: 2 * concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_MS,
      maxStalledCount: UNLIMITED,
    });
    worker.on("error", error => this.#fault(error));
    worker.on("stalled", id => void this.#lookAfter(hash, id));
    worker.on("failed", (job, error) => {
      this.#tellOnce(`Row ${JSON.stringify(job?.id)} could not be worked on: ${thrownText(error)}`);
    });
    return worker;
  }

  /** Does a row. What it throws puts the job among those that BullMQ gave up. */
  async #work(job: Job, token: string | undefined, hash: string, runtime: Runtime): Promise<void> {
    const row = readJob(job.data);
    if ("problem" in row) return this.#refuse({ ...placeOfJob(job.id ?? ""), ...row });
    const { queue } = this.#settings;
    const batch = this.#batches.get(row.batch) ?? (await this.#learnOf(row.batch));
    if (batch?.record.capability.hash !== hash || batch.isOver) return;
    const hasStalled = job.stalledCounter > 0 || row.begun !== undefined;
    if ((row.again || hasStalled) && (await queue.patiently(() => queue.store.isDone(row.batch, row.row)))) return;
    // The first worker may have died before it began the row.
    const begun = (row.begun ?? 0) + 1;
    if (begun >= MOST_DEATHS) return this.#keep(row, lost(row), runtime);
    await batch.rate?.turn();
    await this.#slots.take();
    try {
      if (this.#stopping.signal.aborted || this.#unfit.get(hash)?.isResting) return await this.#giveBack(job, token);
      if (batch.isOver) return;
      if (hasStalled) await queue.patiently(() => job.updateData({ ...job.data, begun }));
      await this.#keep(row, await this.#call(row, batch, runtime), runtime);
      this.#unfit.delete(hash);
    } catch (error) {
      if (isOfWorker(error)) this.#rest(hash, runtime.name, error);
      else if (!isCapabilityError(error, "ABORTED")) throw error;
      await this.#giveBack(job, token);
    } finally {
      this.#slots.giveBack();
    }
  }

  async #learnOf(id: string): Promise<KnownBatch | undefined> {
    const { queue } = this.#settings;
    const state = await queue.patiently(() => queue.store.find(id));
    return state && this.#learn(state.record);
  }

  async #call(row: RowJob, { called }: KnownBatch, runtime: Runtime): Promise<EndedRow> {
    if ("code" in called) return failed(row, called);
    const options = { pace: this.#pace, idempotencyKey: row.idempotencyKey };
    // A row that was sent in part has ended: nobody sends that part again.
    return callRow(runtime, called, row, options, (error, sent) => sent === 0 && isOfWorker(error));
  }

  /** Takes no rows of a capability for a while, and says so once: other workers may have what this one lacks. */
  #rest(hash: string, name: string, { code, message }: CapabilityError): void {
    const worker = this.#workers.get(hash);
    if (worker === undefined || this.#unfit.get(hash)?.isResting) return;
    const problem = `${code}: ${thrownText({ message })}`;
    this.#tellOnce(`No rows of capability ${JSON.stringify(name)} are taken, other workers may do them: ${problem}`);
    this.#unfit.set(hash, { problem, isResting: true });
    void worker.pause(true);
    void this.#beat();
    void paused(REST_MS, this.#stopping.signal).then(isOver => {
      if (!isOver) return;
      this.#unfit.set(hash, { problem, isResting: false });
      return worker.resume();
    });
  }

  /** Looks after a job that has come back from a worker that said nothing. */
  async #lookAfter(hash: string, id: string): Promise<void> {
    try {
      if (await endUnreadable(this.#settings.queue, hash, id))
        this.#tellOnce(`A job of the queue is no row: ${JSON.stringify(id)} is no JSON`);
    } catch (error) {
      this.#fault(error as Error);
    }
  }

  async #keep({ batch, ledger }: RowJob, ended: EndedRow, { secrets }: Runtime): Promise<void> {
    await this.#results.add(batch, storedResult(withoutSecrets(ended, secrets), ledger));
  }

  /** Puts a row back into the queue, for another worker. */
  async #giveBack(job: Job, token: string | undefined): Promise<never> {
    const { WaitingError } = await import("../bullmq.ts");
    await job.moveToWait(token);
    throw new WaitingError();
  }

  async #refuse({ problem, batch, row }: BadJob): Promise<void> {
    this.#tellOnce(`A job of the queue is no row: ${problem}`);
    if (batch === undefined || row === undefined) throw new Error(`no row: ${problem}`);
    const message = `Row ${row} cannot be read from the queue: ${problem}`;
    const error = { code: "ROW_INVALID", message } as const;
    const ended = { row, key: null, status: error.code, outputs: null, attempts: 0, ms: 0, error, inputs: null };
    await this.#results.add(batch, storedResult(ended, undefined));
  }

  #fault(error: Error): void {
    if (isOfConnection(error)) return;
    this.#tellOnce(`The queue: ${thrownText(error)}`);
  }

  #tellPause({ origin, waitMs, status }: HostPause): void {
    const seconds = Math.ceil(waitMs / 100) / 10;
    this.#settings.log.logger("worker").info(`${origin} asks to wait ${seconds} s (${status}): all its rows do`);
  }

  /** Tells something once: the next row would say the same. */
  #tellOnce(line: string): void {
    if (this.#told.has(line) || this.#told.size >= MOST_TOLD) return;
    this.#told.add(line);
    this.#settings.log.logger("worker").warn(line);
  }
}

/** Lines that are told. Only a queue that somebody plays with has more to tell. */
const MOST_TOLD = 1_000;

/** Waits. Returns whether it was to the end. */
async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(Math.min(ms, 2 ** 31 - 1), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

function findCalled(runtime: Runtime, reference: string): KnownBatch["called"] {
  try {
    return runtime.findCallable(reference);
  } catch (error) {
    if (!(error instanceof CapabilityError)) throw error;
    return { code: error.code, message: error.message };
  }
}

function failed({ row, key, inputs }: RowJob, error: Failure): EndedRow {
  return { row, key, status: error.code, outputs: null, attempts: 0, ms: 0, inputs, error };
}

function lost(row: RowJob): EndedRow {
  const message = `Row ${row.row} was taken by ${MOST_DEATHS} workers, which died or lost the queue while they did it`;
  return failed(row, { code: "WORKER_LOST", message });
}

/** Masks secrets in outputs: an API may tell what it was sent. */
function withoutSecrets(result: EndedRow, secrets: SecretMask): EndedRow {
  const text = stringify(result.outputs) ?? "null";
  return secrets.text(text) === text ? result : { ...result, outputs: secrets.value(result.outputs) };
}

function isOfWorker(error: unknown): error is CapabilityError {
  return error instanceof CapabilityError && OF_WORKER.has(error.code);
}

/**
 * Returns whether an error only tells that the server is away, which the queue tells of itself, or was: a row whose lock ran
 * out meanwhile is another worker's.
 */
function isOfConnection(error: Error & { readonly code?: unknown }): boolean {
  return (
    typeof error.code === "string" ||
    /connection|closed|ended|writable|missing (?:key|lock) for job/i.test(error.message)
  );
}
