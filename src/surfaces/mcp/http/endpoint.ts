import type { FastifyReply, FastifyRequest } from "fastify";
import type { McpOffer } from "../offer.ts";
import type { ProtocolSettings } from "../protocol/call-tool.ts";
import { createServer } from "../protocol/create-server.ts";

/** Settings of an endpoint. */
export interface EndpointSettings extends ProtocolSettings {
  /** Longest body of a request, in bytes. */
  readonly maxBodyBytes: number;
}

/** Serves one offer to clients of every revision, over HTTP. */
export interface McpEndpoint {
  /**
   * Answers a request.
   *
   * @param target path and query below the address of the endpoint: `/` and `/mcp` are served
   * @param caller tells apart the callers that a guard has let in
   */
  handle(request: FastifyRequest, reply: FastifyReply, target: string, caller: string | undefined): Promise<void>;
  /** Tells clients that the lists of the offer have changed. */
  changed(): void;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/**
 * Makes the endpoint of an offer.
 *
 * @param offer is asked for at each request, and may be another one each time
 */
export async function createMcpEndpoint(offer: () => McpOffer, settings: EndpointSettings): Promise<McpEndpoint> {
  const [{ createMcpHandler }, { toNodeHandler }] = await Promise.all([
    import("../protocol/mcp-package.ts"),
    import("@modelcontextprotocol/node"),
  ]);
  const handler = createMcpHandler(({ era }) => createServer(offer, { era, caller: "" }, settings), {
    onerror: () => {},
    maxRequestBodySize: settings.maxBodyBytes,
  });
  const answer = toNodeHandler(handler, { maxRequestBodySize: settings.maxBodyBytes });
  return {
    async handle(request, reply) {
      reply.hijack();
      await answer(request.raw as never, reply.raw as never);
    },
    changed() {
      handler.notify.toolsChanged();
      handler.notify.resourcesChanged();
      handler.notify.promptsChanged();
    },
    close: () => handler.close(),
  };
}
