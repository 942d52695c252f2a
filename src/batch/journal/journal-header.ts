import { isJsonObject } from "../../base/json-object.ts";
import type { RowOrder } from "./row-order.ts";

/** Facts that a run and every resume of it have in common: with others, other requests would be sent. */
export interface JournalHeader {
  /** SHA-256 of the file that the rows are read from; `null` where it cannot be read twice. */
  readonly source: string | null;
  /** SHA-256 of the capability. */
  readonly capability: string;
  /** Reference of the operation. */
  readonly operation: string;
  /**
   * Options that decide what is sent, as written, by name. Values that may be secrets come as their hash, under a name that
   * ends with `#`: they are not told.
   */
  readonly options: Readonly<Record<string, string>>;
  readonly order: RowOrder;
  /** Whether failed rows have a file of their own. */
  readonly splitsFailed: boolean;
  /** First row of the batch, and how far the next one is from each: those of `--shard`. */
  readonly firstRow: number;
  readonly rowStep: number;
}

/** The first line of a journal. */
export interface StoredHeader extends JournalHeader {
  /** Form of the journal. */
  readonly version: 1;
  /** Random name of the run. Keys of idempotency are made of it. */
  readonly runId: string;
  /** Time of the start, for people. */
  readonly startedAt: string;
}

/** Returns the header that a line holds, or `undefined` if it is none of this version. */
export function readHeader(text: string): StoredHeader | undefined {
  try {
    const header: unknown = JSON.parse(text);
    const isKnown = isJsonObject(header) && header["version"] === 1 && typeof header["runId"] === "string";
    return isKnown && isJsonObject(header["options"]) ? (header as unknown as StoredHeader) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the differences between the run that began and the one that would go on, as clauses. */
export function differencesOf(before: StoredHeader, now: JournalHeader): string[] {
  const found: string[] = [];
  if (before.source !== now.source) found.push("the rows have changed: the run began with a file of other content");
  if (before.capability !== now.capability) found.push("the capability has changed");
  if (before.operation !== now.operation)
    found.push(`the operation was ${quoted(before.operation)} and is ${quoted(now.operation)}`);
  for (const name of new Set([...Object.keys(before.options), ...Object.keys(now.options)])) {
    const [old, current] = [before.options, now.options].map(options =>
      Object.hasOwn(options, name) ? options[name] : undefined,
    );
    if (old !== current) found.push(optionDifference(name, old, current));
  }
  if (before.order !== now.order) found.push(`--order was ${before.order} and is ${now.order}`);
  if (before.splitsFailed !== now.splitsFailed)
    found.push(now.splitsFailed ? "--failed was not given" : "--failed was given, and is not now");
  if (before.firstRow !== now.firstRow || before.rowStep !== now.rowStep)
    found.push(`--shard was ${shardOf(before)} and is ${shardOf(now)}`);
  return found;
}

function optionDifference(name: string, old: string | undefined, current: string | undefined): string {
  const isSecret = name.endsWith("#");
  const shown = isSecret ? name.slice(0, -1) : name;
  if (old === undefined) return `${shown} was not given`;
  if (current === undefined) return `${shown} was given, and is not now`;
  return isSecret ? `${shown} is another` : `${shown} was ${quoted(old)} and is ${quoted(current)}`;
}

function shardOf({ firstRow, rowStep }: JournalHeader): string {
  return `${firstRow}/${rowStep}`;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
