import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import { isJsonObject } from "../../../base/json-object.ts";

/** Answers of batches, each of which is sent as one (MCP 2025-03-26; JSON-RPC 2.0, 6). */
export class Batches {
  readonly #byId = new Map<string | number, Batch>();

  /**
   * Opens a batch.
   *
   * @param messages those that can be delivered
   * @param answers to those that cannot
   * @returns the answers where nothing else is waited for
   */
  open(messages: readonly JSONRPCMessage[], answers: readonly JSONRPCMessage[]): readonly JSONRPCMessage[] | undefined {
    const ids = messages.flatMap(message => ("method" in message && "id" in message ? [message.id] : []));
    const batch: Batch = { waiting: new Set(ids), answers: [...answers] };
    for (const id of batch.waiting) this.#byId.set(id, batch);
    return finished(batch);
  }

  /** Tells whether a message answers a member of a batch that is open. */
  has(message: JSONRPCMessage): boolean {
    return answeredId(message) !== undefined && this.#byId.has(answeredId(message) as string);
  }

  /** Keeps the answer to a member. Returns all answers where it is the last. */
  add(answer: JSONRPCMessage): readonly JSONRPCMessage[] | undefined {
    return this.#settle(answeredId(answer), answer);
  }

  /** Waits no longer for the request that a message cancels: it is not answered. Returns all answers if it is the last. */
  cancel(message: JSONRPCMessage): readonly JSONRPCMessage[] | undefined {
    if (!("method" in message) || message.method !== "notifications/cancelled") return undefined;
    return this.#settle(isJsonObject(message.params) ? message.params["requestId"] : undefined);
  }

  #settle(id: unknown, answer?: JSONRPCMessage): readonly JSONRPCMessage[] | undefined {
    const batch = this.#byId.get(id as string);
    if (batch === undefined) return undefined;
    this.#byId.delete(id as string);
    batch.waiting.delete(id as string);
    if (answer !== undefined) batch.answers.push(answer);
    return finished(batch);
  }
}

interface Batch {
  /** Ids of requests that have no answer yet. */
  readonly waiting: Set<string | number>;
  readonly answers: JSONRPCMessage[];
}

/** A batch of which nothing is to be answered gets no answer. */
function finished({ waiting, answers }: Batch): readonly JSONRPCMessage[] | undefined {
  return waiting.size === 0 && answers.length > 0 ? answers : undefined;
}

function answeredId(message: JSONRPCMessage): string | number | undefined {
  return "method" in message ? undefined : message.id;
}
