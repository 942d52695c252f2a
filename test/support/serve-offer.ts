import type { Caller, Guard } from "../../src/serving/inbound/guard.ts";
import { LISTENER_LIMITS, startListener } from "../../src/serving/listener.ts";
import { createMcpEndpoint, type McpEndpoint } from "../../src/surfaces/mcp/http/endpoint.ts";
import type { McpOffer } from "../../src/surfaces/mcp/offer.ts";

/** A server over HTTP in this process. */
export interface HttpServer {
  readonly url: string;
  readonly port: number;
  readonly endpoint: McpEndpoint;
  /** Methods and tools that were asked for. */
  readonly found: readonly string[];
  /** Errors that the operator was told of. */
  readonly reports: readonly unknown[];
  close(): Promise<void>;
}

interface ServeOptions {
  readonly origins?: readonly string[];
  readonly admit?: Guard["admit"];
}

const ANYBODY: Caller = { id: undefined };

/** Serves an offer over HTTP, on this computer alone. */
export async function serveOffer(
  offer: () => McpOffer,
  { origins = [], admit = () => ANYBODY }: ServeOptions = {},
): Promise<HttpServer> {
  const reports: unknown[] = [];
  const found: string[] = [];
  const endpoint = createMcpEndpoint(offer, {
    address: { host: "127.0.0.1", origins, resource: undefined },
    report: error => reports.push(error),
  });
  const listener = await startListener(
    { host: "127.0.0.1", port: 0, tls: undefined, limits: LISTENER_LIMITS, origins },
    async (request, reply, target) => {
      endpoint.check(request.raw.headers);
      const { id } = await admit(request.raw);
      const sender = {
        caller: id,
        found: (method: string, tool: string | undefined) => {
          found.push(tool === undefined ? method : `${method} ${tool}`);
          return undefined;
        },
      };
      await endpoint.handle(request, reply, target, sender);
    },
  );
  const { url, port } = listener;
  return {
    ...{ url, port, endpoint, found, reports },
    async close() {
      await endpoint.close();
      await listener.stop(0);
    },
  };
}
