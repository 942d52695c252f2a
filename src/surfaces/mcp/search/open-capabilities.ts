import type { SearchHit } from "../../../catalogue/search/search-catalogue.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { Operation } from "../../../language/model/types.ts";
import type { WholeTool } from "../../../tools/answer/whole-answer.ts";
import { operationTool } from "../../../tools/operation-tools.ts";
import type { ManyOperations, OpenedCapability } from "./many-operations.ts";
import { idOf } from "./named-catalogue.ts";

/** Capabilities that are open at the same time; of more, those that were not used for the longest time are closed. */
const MOST_OPEN = 256;

/** An operation of a capability that is open, and what calls it for agents. */
export interface OpenOperation {
  readonly runtime: Runtime;
  readonly operation: Operation;
  readonly tool: WholeTool;
}

/** Capabilities that are opened when they are first used, and opened again when their files have changed. */
export class OpenCapabilities {
  readonly #many: Pick<ManyOperations, "open" | "options">;
  /** By file, in the order of their last use. */
  readonly #opened = new Map<string, Opened>();
  readonly #tools = new WeakMap<Operation, WholeTool>();

  constructor(many: Pick<ManyOperations, "open" | "options">) {
    this.#many = many;
  }

  /**
   * Does some work with an operation, whose capability stays open until it is done.
   *
   * @throws CapabilityError if the file cannot be opened, or has the operation no longer; what the work throws
   */
  async use<Value>(hit: SearchHit, work: (opened: OpenOperation) => Promise<Value>): Promise<Value> {
    const opened = this.#get(hit.file.file, hit.file.stamp);
    opened.users++;
    try {
      const { runtime } = await opened.capability;
      const operation = runtime.find(hit.operation.reference);
      const tool = this.#tools.get(operation) ?? operationTool(runtime, operation, idOf(hit), this.#many.options);
      this.#tools.set(operation, tool);
      return await work({ runtime, operation, tool });
    } finally {
      opened.users--;
      if (opened.isRetired && opened.users === 0) void close(opened);
    }
  }

  /** Closes all, those that calls use as well: their calls end. */
  async close(): Promise<void> {
    const all = [...this.#opened.values()];
    this.#opened.clear();
    await Promise.all(all.map(close));
  }

  #get(file: string, stamp: string): Opened {
    const before = this.#opened.get(file);
    if (before?.stamp === stamp) {
      this.#opened.delete(file);
      this.#opened.set(file, before);
      return before;
    }
    this.#retire(file);
    for (const [other, { users }] of this.#opened) {
      if (this.#opened.size < MOST_OPEN) break;
      if (users === 0) this.#retire(other);
    }
    const opened: Opened = { stamp, capability: this.#many.open(file), users: 0, isRetired: false };
    this.#opened.set(file, opened);
    // What could not be opened is tried again by the next call.
    opened.capability.catch(() => {
      if (this.#opened.get(file) === opened) this.#opened.delete(file);
    });
    return opened;
  }

  #retire(file: string): void {
    const opened = this.#opened.get(file);
    if (opened === undefined) return;
    this.#opened.delete(file);
    opened.isRetired = true;
    if (opened.users === 0) void close(opened);
  }
}

interface Opened {
  readonly stamp: string;
  readonly capability: Promise<OpenedCapability>;
  /** Calls that use it. */
  users: number;
  isRetired: boolean;
}

/** Closes what no call uses. Nobody is left who could do something about a failure. */
async function close({ capability }: Opened): Promise<void> {
  await capability.then(opened => opened.close()).catch(() => {});
}
