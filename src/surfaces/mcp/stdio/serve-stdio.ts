import type { McpOffer } from "../offer.ts";
import type { ProtocolSettings } from "../protocol/call-tool.ts";
import { StdioTransport } from "./stdio-transport.ts";
import type { McpStreams } from "./streams.ts";

/**
 * Serves one client over streams, in each revision of the protocol.
 *
 * @returns settles when the client has gone, or serving has to end: calls that are under way are aborted
 */
export async function serveStdio(
  offer: () => McpOffer,
  streams: McpStreams,
  settings: ProtocolSettings,
): Promise<void> {
  const [{ serveStdio: serve }, { createServer }] = await Promise.all([
    import("../protocol/mcp-package.ts"),
    import("../protocol/create-server.ts"),
  ]);
  const transport = new StdioTransport(streams);
  serve(({ era }) => createServer(offer, { era, caller: "" }, settings), { transport });
  await transport.closed;
}
