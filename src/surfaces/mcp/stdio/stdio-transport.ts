import { setTimeout as pause } from "node:timers/promises";
import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/server";
import { stringify } from "../../../base/numbers/exact-json.ts";
import { batchProblem, checkMembers } from "../protocol/batch-members.ts";
import { fault, type Parsed, parseMessage } from "../protocol/parse-message.ts";
import { INVALID_REQUEST } from "../protocol/protocol-fault.ts";
import { Batches } from "./batches.ts";
import { LineSplitter } from "./line-splitter.ts";
import type { McpStreams } from "./streams.ts";

/** Longest message, in bytes. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
/** Most bytes of lines that wait because the client does not read its answers. */
const MAX_WAITING_BYTES = MAX_MESSAGE_BYTES;
/** How long the last answers may take to be read, in milliseconds. */
const FLUSH_MS = 1_000;

/**
 * Messages of JSON-RPC over streams, one each line (MCP, "stdio"). While the client reads no answers, its messages wait,
 * and few of them are read: then nothing grows.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onmessage?: Transport["onmessage"];
  onerror?: ((error: Error) => void) | undefined;
  /** Settles when the connection has ended. */
  readonly closed: Promise<void>;

  readonly #streams: McpStreams;
  readonly #lines = new LineSplitter(MAX_MESSAGE_BYTES);
  readonly #batches = new Batches();
  readonly #waiting: (Uint8Array | undefined)[] = [];
  #waitingBytes = 0;
  #revision: string | undefined;
  /** Settles when the client has read what was written. `undefined`: it may be sent more. */
  #blocked: Promise<void> | undefined;
  #isClosed = false;
  #close: () => void = () => {};

  constructor(streams: McpStreams) {
    this.#streams = streams;
    this.closed = new Promise(resolve => {
      this.#close = resolve;
    });
  }

  async start(): Promise<void> {
    const { signal } = this.#streams;
    const close = () => void this.close();
    signal.addEventListener("abort", close, { once: true });
    if (signal.aborted) close();
    void this.#read().catch(close);
  }

  setProtocolVersion(version: string): void {
    this.#revision = version;
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#isClosed) return;
    // A client that does not read has no use for progress.
    if (this.#blocked !== undefined && "method" in message && message.method === "notifications/progress") return;
    if (this.#batches.has(message)) this.#write(this.#batches.add(message));
    else this.#write(message);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting.length = 0;
    try {
      this.onclose?.();
    } finally {
      void this.#flush().then(this.#close);
    }
  }

  /** Waits until the client has read what was written. One that does not read keeps nobody. */
  async #flush(): Promise<void> {
    const enough = new AbortController();
    const written = this.#streams.output.written?.().catch(() => {});
    await Promise.race([written, pause(FLUSH_MS, undefined, { signal: enough.signal }).catch(() => {})]);
    enough.abort();
  }

  async #read(): Promise<void> {
    for await (const piece of this.#streams.input) {
      if (this.#isClosed) return;
      for (const line of this.#lines.split(piece)) this.#take(line);
      while (this.#waitingBytes > MAX_WAITING_BYTES && !this.#isClosed) await this.#blocked;
    }
    const last = this.#lines.rest();
    if (last !== undefined) this.#take(last);
    // Messages that are answered at once, such as those of a file, are answered before the end.
    await new Promise(resolve => setImmediate(resolve));
    await this.close();
  }

  #take(line: Uint8Array | undefined): void {
    this.#waiting.push(line);
    this.#waitingBytes += line?.length ?? 0;
    this.#deliverWaiting();
  }

  #deliverWaiting(): void {
    while (this.#blocked === undefined && !this.#isClosed && this.#waiting.length > 0) {
      const line = this.#waiting.shift();
      this.#waitingBytes -= line?.length ?? 0;
      this.#deliver(line === undefined ? TOO_LONG : parseMessage(line));
    }
  }

  #deliver(parsed: Parsed): void {
    switch (parsed.kind) {
      case "message":
        this.#write(this.#batches.cancel(parsed.message));
        this.onmessage?.(parsed.message);
        break;
      case "batch":
        this.#deliverBatch(parsed.members);
        break;
      case "fault":
        this.#write(parsed.answer);
        break;
      default:
        parsed satisfies never;
    }
  }

  #deliverBatch(members: readonly unknown[]): void {
    const problem = batchProblem(members, this.#revision);
    if (problem !== undefined) {
      this.#deliver(fault(INVALID_REQUEST, null, problem));
      return;
    }
    const { messages, answers } = checkMembers(members);
    this.#write(this.#batches.open(messages, answers));
    for (const message of messages) this.#deliver({ kind: "message", message });
  }

  #write(message: JSONRPCMessage | readonly JSONRPCMessage[] | undefined): void {
    if (message === undefined || this.#isClosed) return;
    const { output } = this.#streams;
    try {
      if (output.write(`${stringify(message)}\n`) === false) this.#wait(output.written?.());
    } catch {
      void this.close();
    }
  }

  #wait(written: Promise<void> | undefined): void {
    if (written === undefined || this.#blocked !== undefined) return;
    this.#blocked = written.then(
      () => {
        this.#blocked = undefined;
        this.#deliverWaiting();
      },
      () => this.close(),
    );
  }
}

const TOO_LONG = fault(INVALID_REQUEST, null, "Invalid Request: a message has at most 4 MiB");
