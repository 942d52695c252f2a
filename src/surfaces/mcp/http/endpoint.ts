import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isJsonType } from "../../../base/media-types.ts";
import { Refusal } from "../../../serving/refusal.ts";
import { readBody } from "../../../serving/request-body.ts";
import type { McpOffer } from "../offer.ts";
import type { ProtocolSettings } from "../protocol/call-tool.ts";
import { parseMessage } from "../protocol/parse-message.ts";
import { type AcceptedForms, acceptedForms, sendJson } from "./exchange.ts";
import { LegacyRequests } from "./legacy-requests.ts";
import { isModern, ModernRequests } from "./modern-requests.ts";
import type { Sender } from "./posted.ts";
import { type EndpointAddress, senderCheck } from "./sender-check.ts";

/** Settings of an endpoint. */
export interface EndpointSettings extends ProtocolSettings {
  readonly address: EndpointAddress;
}

/** Serves one offer to clients of every revision, over HTTP. */
export interface McpEndpoint {
  /** @throws Refusal 403 for a request that a page of somebody else may have sent. It has to be looked at first. */
  check(headers: IncomingHttpHeaders): void;
  /**
   * Answers a request of somebody who was let in.
   *
   * @param target path and query below the address of the endpoint: `/` and `/mcp` are served
   */
  handle(request: FastifyRequest, reply: FastifyReply, target: string, sender: Sender): void | Promise<void>;
  /** Tells clients that the lists of the offer have changed. */
  changed(): void;
  /** Ends answers that have no end of their own. Calls go on. */
  stop(): void;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** Longest body of a request, in bytes. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Makes the endpoint of an offer.
 *
 * @param offer is asked for at each request, and may be another one each time
 */
export function createMcpEndpoint(offer: () => McpOffer, settings: EndpointSettings): McpEndpoint {
  const legacy = new LegacyRequests(offer, settings);
  const modern = new ModernRequests(offer, settings);
  const problemOf = senderCheck(settings.address);

  const post = async (request: IncomingMessage, raw: ServerResponse, sender: Sender): Promise<void> => {
    const { headers } = request;
    const accepts = acceptedForms(headers.accept);
    requireForms(accepts);
    requireJson(headers["content-type"]);
    const parsed = parseMessage(await readBody(request, MAX_BODY_BYTES));
    const posted = { request, raw, accepts, ...sender };
    switch (parsed.kind) {
      case "fault":
        sendJson(raw, 400, JSON.stringify(parsed.answer));
        return;
      case "batch":
        legacy.takeBatch(parsed.members, posted);
        return;
      case "message": {
        const { message } = parsed;
        if ("method" in message && isModern(message, headers)) await modern.take(message, posted);
        else legacy.take(message, posted);
      }
    }
  };

  return {
    check(headers) {
      const problem = problemOf(headers);
      if (problem !== undefined) throw new Refusal(403, problem);
    },
    handle({ raw: request, method }, reply, target, sender) {
      requireEndpoint(target);
      switch (method) {
        case "POST":
          reply.hijack();
          return post(request, reply.raw, sender);
        case "GET":
          if (!acceptedForms(request.headers.accept).events) throw notAcceptable("text/event-stream");
          legacy.listen(request, reply, sender.caller);
          return;
        case "DELETE":
          legacy.end(request, reply, sender.caller);
          return;
        default:
          throw new Refusal(405, "The endpoint takes POST, GET and DELETE", { allow: "POST, GET, DELETE" });
      }
    },
    changed() {
      legacy.changed();
      modern.changed(offer());
    },
    stop() {
      legacy.stop();
      void modern.close();
    },
    async close() {
      legacy.close();
      await modern.close();
    },
  };
}

/** @throws Refusal 404 */
function requireEndpoint(target: string): void {
  const end = target.indexOf("?");
  const path = end < 0 ? target : target.slice(0, end);
  if (path !== "/" && path !== "/mcp" && path !== "/mcp/") throw new Refusal(404, "The endpoint is at / and /mcp");
}

/** @throws Refusal 406 */
function requireForms({ json, events }: AcceptedForms): void {
  if (!json && !events) throw notAcceptable("application/json, text/event-stream");
}

function notAcceptable(forms: string): Refusal {
  return new Refusal(406, `The client has to accept ${forms}`);
}

/** @throws Refusal 415 */
function requireJson(contentType: string | undefined): void {
  if (contentType === "application/json") return;
  if (contentType === undefined || !isJsonType(contentType) || /^[^;]*\+json/i.test(contentType))
    throw new Refusal(415, "The content type has to be application/json", { accept: "application/json" });
}
