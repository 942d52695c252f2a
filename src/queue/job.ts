import { createHash } from "node:crypto";
import { isJsonObject } from "../base/json-object.ts";
import { parseExact, stringify } from "../base/numbers/exact-json.ts";
import type { EndedRow } from "../batch/row.ts";
import type { Inputs } from "../engine/request/check-inputs.ts";

/** Version of what submitters and workers write for each other. Another one is not read. */
const PROTOCOL = 1;

/** Most characters of the inputs of a row, as JSON. */
export const MOST_INPUTS: number = 4 * 1024 * 1024;

/** A row on the queue. It holds no secret: binds get their values where calls are made. */
export interface RowJob {
  /** Id of its batch. */
  readonly batch: string;
  readonly row: number;
  readonly key: string;
  readonly inputs: Inputs;
  /** Value of the header `Idempotency-Key`, the same for every attempt. */
  readonly idempotencyKey?: string | undefined;
  /** Name in the ledger, for rows that are not to be done twice. A row that fails gives it back. */
  readonly ledger?: string | undefined;
  /** The row may have been done already: ask {@link BatchStore.isDone} before it is called. */
  readonly again: boolean;
  /** Times that it was begun after it came back from a worker that died; absent for none. */
  readonly begun?: number | undefined;
}

/** A result on its way to the store. */
export interface StoredResult {
  readonly row: number;
  readonly status: number | string;
  readonly line: string;
  /** Name in the ledger that the row gives back, since it failed. */
  readonly release?: string | undefined;
}

/** A job that no row can be made of. */
export interface BadJob {
  /** Problem, as the end of a sentence about the job. */
  readonly problem: string;
  /** The row that it would have been, where that can be told. */
  readonly batch?: string;
  readonly row?: number;
}

/** What is kept of a batch as long as it is on the queue. */
export interface BatchRecord {
  readonly id: string;
  readonly capability: QueuedCapability;
  /** Reference of the operation, which names exactly one. */
  readonly operation: string;
  /** Calls that may begin in a time, over all workers, as `--rate` has it. */
  readonly rate?: string | undefined;
  /** When it was submitted first, as ISO 8601. */
  readonly started: string;
  /** Results stay until they are asked for; nobody waits for them. */
  readonly detached: boolean;
  /** Whether its calls have a key by which the API tells a repeated request from another one. */
  readonly hasKeys: boolean;
}

/** The capability of a batch. */
export interface QueuedCapability {
  readonly name: string;
  /** Hash of what it says. Workers whose capability of the name has another one do none of its rows. */
  readonly hash: string;
}

/** Returns the name of the queue that holds the rows of a capability. */
export function queueName(hash: string): string {
  return `rows-${hash}`;
}

/** Returns the id of a job. Its queue refuses a second one while the first is there, and no longer. */
function jobId(batch: string, row: number): string {
  return `${batch}.${row}`;
}

/** Returns the row that a job belongs to, by its id alone. `undefined` for the job of somebody else. */
export function placeOfJob(id: string): { readonly batch: string; readonly row: number } | undefined {
  const [, batch, number] = /^([^.]+)\.([1-9]\d{0,14})$/.exec(id) ?? [];
  return isBatchId(batch) ? { batch, row: Number(number) } : undefined;
}

/** Data of a job: inputs are JSON as a text, since the numbers and characters of queues are fewer than those of JSON. */
interface JobData {
  readonly v: number;
  readonly batch: string;
  readonly row: number;
  readonly key: string;
  readonly inputs: string;
  readonly idempotencyKey?: string | undefined;
  readonly ledger?: string | undefined;
  readonly again?: true | undefined;
  readonly begun?: number | undefined;
}

/** A row as BullMQ takes it. */
export interface QueuedJob {
  readonly id: string;
  readonly data: JobData;
}

/** Makes a job of a row. `undefined` for inputs that are too large to travel. */
export function queuedJob({ inputs, again, ...job }: RowJob): QueuedJob | undefined {
  const text = stringify(inputs) ?? "{}";
  if (text.length > MOST_INPUTS) return undefined;
  return { id: jobId(job.batch, job.row), data: { v: PROTOCOL, ...job, inputs: text, again: again || undefined } };
}

/** Reads the data of a job, which anybody may have written who has the queue. */
export function readJob(data: unknown): RowJob | BadJob {
  if (!isJsonObject(data)) return { problem: "it is no object" };
  const { v, batch, row, key, inputs, idempotencyKey, ledger, again, begun } = data;
  const isPlaced = isBatchId(batch) && Number.isSafeInteger(row) && (row as number) > 0;
  const place = isPlaced ? { batch, row: row as number } : {};
  const bad = (problem: string): BadJob => ({ problem, ...place });
  if (v !== PROTOCOL)
    return bad(`it is of version ${shown(v)} of the queue's jobs, and this naftiko reads ${PROTOCOL}`);
  if (!isPlaced) return bad("it tells no batch and row");
  if (typeof key !== "string" || typeof inputs !== "string") return bad("it lacks its key or inputs");
  if (inputs.length > MOST_INPUTS) return bad("its inputs are too large");
  if (!isTextOrAbsent(idempotencyKey) || !isTextOrAbsent(ledger)) return bad("its keys are no text");
  const values = readInputs(inputs);
  if (values === undefined) return bad("its inputs are no JSON object");
  const times = Number.isSafeInteger(begun) ? (begun as number) : undefined;
  return {
    batch,
    row: row as number,
    key,
    inputs: values,
    idempotencyKey,
    ledger,
    again: again === true,
    begun: times,
  };
}

/**
 * Returns the end of a row as the store keeps it. The inputs of one that failed travel with it, so that it can be done
 * again.
 */
export function storedResult(ended: EndedRow, ledger: string | undefined): StoredResult {
  const { row, status, error } = ended;
  const line = stringify(error === undefined ? { ...ended, inputs: null } : ended) ?? "null";
  return { row, status, line, release: error === undefined ? undefined : ledger };
}

/** Reads the line of a result. `undefined` for another text. */
export function readResult(line: string): EndedRow | undefined {
  try {
    const value = parseExact(line, "bigint");
    if (!isJsonObject(value) || !Number.isSafeInteger(value.row) || value.status === undefined) return undefined;
    return value as unknown as EndedRow;
  } catch {
    return undefined;
  }
}

/** Returns whether a text is the id of a batch: parts of keys are made of it. */
export function isBatchId(value: unknown): value is string {
  return typeof value === "string" && /^[A-Za-z0-9_-]{4,64}$/.test(value);
}

/** Returns a name in the ledger. It tells nothing of its parts. */
export function ledgerName(...parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 32);
}

function readInputs(text: string): Inputs | undefined {
  try {
    const value = parseExact(text, "bigint");
    return isJsonObject(value) ? (value as Inputs) : undefined;
  } catch {
    return undefined;
  }
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && value.length <= 256);
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : "unknown";
}
