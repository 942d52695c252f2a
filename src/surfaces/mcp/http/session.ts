import type { ServerResponse } from "node:http";
import type { JSONRPCMessage, Server, Transport, TransportSendOptions } from "@modelcontextprotocol/server";
import { stringify } from "../../../base/numbers/exact-json.ts";
import { callerFieldsOf } from "../../../serving/caller-fields-of.ts";
import type { Span } from "../../../telemetry/span.ts";
import type { McpOffer } from "../offer.ts";
import type { ProtocolSettings } from "../protocol/call-tool.ts";
import { confirmByRequest } from "../protocol/confirm-by-request.ts";
import { CALLER_FIELDS, createServer } from "../protocol/create-server.ts";
import { INVALID_REQUEST } from "../protocol/protocol-fault.ts";
import { answerCall, answerList, faultMessage, isWholeList, type RpcRequest, resultMessage } from "./answer-call.ts";
import { type Exchange, openEvents, writeComment, writeEvent } from "./exchange.ts";

/** A request that has no answer yet. */
interface Pending {
  readonly exchange: Exchange;
  /** Ends a call that is answered here. Others are ended by the official package. */
  readonly controller: AbortController;
}

/** Time between comments of a stream, in milliseconds: proxies end connections on which nothing moves. */
const COMMENT_MS = 20_000;

/**
 * A client of the revisions that open with `initialize`: the official package speaks with it, by this transport. Its calls
 * of tools are answered without the package.
 */
export class Session implements Transport {
  readonly sessionId: string | undefined;
  onmessage?: Transport["onmessage"];
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  /** The revision that was agreed on. */
  revision: string | undefined;
  /** When it was last used, in milliseconds since 1970. */
  usedAt: number = Date.now();

  readonly #offer: () => McpOffer;
  readonly #caller: string;
  readonly #settings: ProtocolSettings;
  /** Made when it is needed: most requests that belong to no session do without. */
  #server: Server | undefined;
  readonly #pending = new Map<string | number, Pending>();
  #stream: ServerResponse | undefined;

  /**
   * @param sessionId `undefined` for a request that belongs to no session
   * @param caller as of a call of a tool
   */
  constructor(sessionId: string | undefined, caller: string, offer: () => McpOffer, settings: ProtocolSettings) {
    this.sessionId = sessionId;
    this.#offer = offer;
    this.#caller = caller;
    this.#settings = settings;
  }

  /** Tells whether a request is under way, or the client listens. */
  get isBusy(): boolean {
    return this.#pending.size > 0 || this.#stream !== undefined;
  }

  /** Takes a request, which is answered through its exchange. */
  take(request: RpcRequest, exchange: Exchange, span: Span | undefined): void {
    const { id, method } = request;
    if (this.#pending.has(id)) {
      exchange.answer(faultMessage(id, { code: INVALID_REQUEST, message: IN_USE, data: undefined }), 400);
      return;
    }
    const surroundings = {
      offer: this.#offer(),
      era: "legacy",
      caller: this.#caller,
      exchange,
      span,
      settings: this.#settings,
    } as const;
    if (method === "ping") {
      exchange.answer(resultMessage(id, "{}"));
      return;
    }
    if (isWholeList(request)) {
      answerList(request, surroundings);
      return;
    }
    const pending = { exchange, controller: new AbortController() };
    this.#pending.set(id, pending);
    exchange.raw.once("close", () => {
      if (this.#pending.get(id) === pending) this.#end(id, new Error("The client has gone"));
    });
    if (method !== "tools/call") {
      this.#connect();
      const extra = { [CALLER_FIELDS]: callerFieldsOf(exchange.raw.req) };
      this.onmessage?.(request as JSONRPCMessage, { authInfo: { token: "", clientId: "", scopes: [], extra } });
      return;
    }
    const { signal } = pending.controller;
    const confirm = this.#server && confirmByRequest(this.#server, id, signal);
    void answerCall(request, signal, confirm, surroundings).finally(() => {
      if (this.#pending.get(id) === pending) this.#pending.delete(id);
    });
  }

  /** Takes a notification, or the answer to a request of the server. */
  hear(message: JSONRPCMessage): void {
    if ("method" in message && message.method === "notifications/cancelled") {
      const { requestId } = (message.params ?? {}) as { requestId?: string | number };
      if (requestId !== undefined) this.#end(requestId, new Error("The client has cancelled the call"));
      return;
    }
    this.onmessage?.(message);
  }

  /** Sends what belongs to no request to a client that listens. An older listener of the session is let go. */
  listen(raw: ServerResponse): void {
    this.#stream?.end();
    this.#stream = raw;
    openEvents(raw, this.sessionId);
    const timer = setInterval(() => writeComment(raw), COMMENT_MS);
    raw.once("close", () => {
      clearInterval(timer);
      if (this.#stream === raw) this.#stream = undefined;
    });
  }

  /** Lets go of a client that listens. */
  stopListening(): void {
    this.#stream?.end();
  }

  /** Tells the client that the lists have changed. */
  changed(): void {
    if (this.#stream === undefined) return;
    const { resources, prompts } = this.#offer();
    const server = this.#connect();
    void server.sendToolListChanged().catch(() => {});
    if (resources !== undefined) void server.sendResourceListChanged().catch(() => {});
    if (prompts !== undefined) void server.sendPromptListChanged().catch(() => {});
  }

  async start(): Promise<void> {}

  setProtocolVersion(version: string): void {
    this.revision = version;
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    const text = stringify(message) ?? "";
    if ("method" in message) {
      const related = options?.relatedRequestId;
      if (related !== undefined) this.#pending.get(related)?.exchange.notify(text);
      else if (this.#stream !== undefined) writeEvent(this.#stream, text);
      return;
    }
    const { id } = message;
    const pending = id === undefined ? undefined : this.#pending.get(id);
    if (id === undefined || pending === undefined) return;
    this.#pending.delete(id);
    pending.exchange.answer(text);
  }

  async close(): Promise<void> {
    for (const id of [...this.#pending.keys()]) this.#end(id, new Error("The session has ended"));
    this.stopListening();
    this.onclose?.();
  }

  /** Gives the server of the package. The transport is there at once, and starts with nothing to wait for. */
  #connect(): Server {
    if (this.#server === undefined) {
      this.#server = createServer(this.#offer, { era: "legacy", caller: this.#caller }, this.#settings);
      void this.#server.connect(this);
    }
    return this.#server;
  }

  /** Ends a request without an answer. */
  #end(id: string | number, reason: Error): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.controller.abort(reason);
    // The package ends those that it works at.
    this.onmessage?.({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: id } });
    pending.exchange.skip();
  }
}

const IN_USE = "Invalid Request: the id is that of a request under way";
