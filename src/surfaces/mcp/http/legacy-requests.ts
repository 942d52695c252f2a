import type { IncomingMessage, ServerResponse } from "node:http";
import type { JSONRPCMessage } from "@modelcontextprotocol/server";
import type { FastifyReply } from "fastify";
import { Refusal } from "../../../serving/refusal.ts";
import type { McpOffer } from "../offer.ts";
import { BATCH_REVISION, batchProblem, checkMembers } from "../protocol/batch-members.ts";
import type { ProtocolSettings } from "../protocol/call-tool.ts";
import { INVALID_REQUEST } from "../protocol/protocol-fault.ts";
import { faultMessage, type RpcRequest } from "./answer-call.ts";
import { Exchange, sendJson, sendNothing } from "./exchange.ts";
import { type Posted, toolName } from "./posted.ts";
import { Session } from "./session.ts";
import { Sessions } from "./sessions.ts";

/** Most messages of a batch. */
const MOST_MESSAGES = 100;
/** Revisions that open with `initialize`. */
const REVISIONS: ReadonlySet<string> = new Set(["2024-11-05", BATCH_REVISION, "2025-06-18", "2025-11-25"]);

/** Answers requests of the revisions that open with `initialize`: those of a session, and those that stand alone. */
export class LegacyRequests {
  readonly #offer: () => McpOffer;
  readonly #settings: ProtocolSettings;
  readonly #sessions: Sessions;

  constructor(offer: () => McpOffer, settings: ProtocolSettings) {
    this.#offer = offer;
    this.#settings = settings;
    this.#sessions = new Sessions(offer, settings);
  }

  /** Takes a message. */
  take(message: JSONRPCMessage, posted: Posted): void {
    this.#take([message], undefined, posted);
  }

  /** Takes the members of a batch, which are answered as one. */
  takeBatch(members: readonly unknown[], posted: Posted): void {
    const { "mcp-session-id": id, "mcp-protocol-version": named } = posted.request.headers;
    const owner = ownerOf(posted.caller, posted.request);
    const session = typeof id === "string" ? this.#sessions.find(id, owner) : undefined;
    const problem = batchProblem(members, session?.revision ?? named ?? BATCH_REVISION) ?? lengthProblem(members);
    if (problem !== undefined) {
      refuseBatch(posted.raw, problem);
      return;
    }
    const { messages, answers } = checkMembers(members);
    if (messages.some(opensSession)) refuseBatch(posted.raw, "Invalid Request: initialize stands by itself");
    else
      this.#take(
        messages,
        answers.map(answer => JSON.stringify(answer)),
        posted,
      );
  }

  /** @param faults answers to the members of a batch that are no messages; `undefined`: it is no batch */
  #take(messages: readonly JSONRPCMessage[], faults: readonly string[] | undefined, posted: Posted): void {
    const { request, raw, accepts, found } = posted;
    const revision = request.headers["mcp-protocol-version"];
    if (typeof revision === "string" && !REVISIONS.has(revision)) {
      refuseRevision(raw, messages);
      return;
    }
    const session = this.#sessionFor(messages, posted);
    if (session === undefined) {
      refuseSession(raw, messages);
      return;
    }
    const requests: RpcRequest[] = [];
    for (const message of messages) {
      if (isRequest(message)) requests.push(message);
      else session.hear(message);
    }
    const { sessionId } = session;
    const awaited = requests.length + (faults?.length ?? 0);
    if (sessionId === undefined) raw.once("close", () => void session.close());
    if (awaited === 0) {
      sendNothing(raw);
      return;
    }
    const exchange = new Exchange(raw, accepts, { sessionId, awaited, isBatch: faults !== undefined });
    for (const text of faults ?? []) exchange.answer(text);
    for (const each of requests) session.take(each, exchange, found(each.method, toolName(each)));
  }

  /** Sends a client what belongs to none of its requests, as long as it listens. */
  listen(request: IncomingMessage, reply: FastifyReply, caller: string | undefined): void {
    const session = this.#named(request, caller);
    reply.hijack();
    if (session === undefined) refuseSession(reply.raw, []);
    else session.listen(reply.raw);
  }

  /** Ends a session, as its client asks. */
  end(request: IncomingMessage, reply: FastifyReply, caller: string | undefined): void {
    const session = this.#named(request, caller);
    reply.hijack();
    if (session?.sessionId === undefined) {
      refuseSession(reply.raw, []);
      return;
    }
    this.#sessions.end(session.sessionId);
    reply.raw.writeHead(204).end();
  }

  /** Tells clients that the lists have changed. */
  changed(): void {
    this.#sessions.changed();
  }

  /** Lets go of the clients that listen. */
  stop(): void {
    this.#sessions.stop();
  }

  close(): void {
    this.#sessions.close();
  }

  /** Returns the session that messages belong to: a new one, that which they name, or one for them alone. */
  #sessionFor(messages: readonly JSONRPCMessage[], { request, caller }: Posted): Session | undefined {
    const owner = ownerOf(caller, request);
    if (messages.some(opensSession)) return this.#sessions.open(owner, caller);
    const id = request.headers["mcp-session-id"];
    if (typeof id === "string") return this.#sessions.find(id, owner);
    return new Session(undefined, caller ?? "", this.#offer, this.#settings);
  }

  /** @throws Refusal 405 for a request that names no session: those of clients without one are all sent by POST */
  #named(request: IncomingMessage, caller: string | undefined): Session | undefined {
    const id = request.headers["mcp-session-id"];
    if (typeof id !== "string") throw new Refusal(405, "Without a session, the endpoint takes POST", { allow: "POST" });
    return this.#sessions.find(id, ownerOf(caller, request));
  }
}

/** Returns whom a session belongs to: somebody who authenticated, else an address. */
function ownerOf(caller: string | undefined, { socket }: IncomingMessage): string {
  return caller ?? `address ${socket.remoteAddress ?? ""}`;
}

function isRequest(message: JSONRPCMessage): message is JSONRPCMessage & RpcRequest {
  return "method" in message && "id" in message;
}

function opensSession(message: JSONRPCMessage): boolean {
  return isRequest(message) && message.method === "initialize";
}

function refuseBatch(raw: ServerResponse, message: string): void {
  sendJson(raw, 400, faultMessage(null, { code: INVALID_REQUEST, message, data: undefined }));
}

function lengthProblem(members: readonly unknown[]): string | undefined {
  return members.length > MOST_MESSAGES ? `Invalid Request: a batch has at most ${MOST_MESSAGES} messages` : undefined;
}

function refuseSession(raw: ServerResponse, messages: readonly JSONRPCMessage[]): void {
  const message = "Session not found: it has ended, or was never opened; a new one opens with initialize";
  sendJson(raw, 404, faultMessage(idOf(messages), { code: SESSION_NOT_FOUND, message, data: undefined }));
}

function refuseRevision(raw: ServerResponse, messages: readonly JSONRPCMessage[]): void {
  const message = `Bad Request: Unsupported protocol version (supported versions: ${[...REVISIONS].join(", ")})`;
  sendJson(raw, 400, faultMessage(idOf(messages), { code: BAD_REQUEST, message, data: undefined }));
}

/** Codes that the official packages use; the specification has none. */
const SESSION_NOT_FOUND = -32001;
const BAD_REQUEST = -32000;

function idOf([message]: readonly JSONRPCMessage[]): string | number | null {
  return message !== undefined && isRequest(message) ? message.id : null;
}
