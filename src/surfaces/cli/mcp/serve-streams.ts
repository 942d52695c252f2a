import type { Readable } from "node:stream";
import type { McpOffer } from "../../mcp/offer.ts";
import { serveStdio } from "../../mcp/stdio/serve-stdio.ts";
import type { CommandContext } from "../command-context.ts";
import type { Tellers } from "../serve/tellers.ts";

/** Serves one client over the streams of the process, until it goes. */
export async function serveStreams(
  offer: McpOffer,
  { stdin, signal, reserveOutput }: CommandContext,
  { log }: Tellers,
): Promise<void> {
  const { error: report } = log.logger("mcp");
  const output = await reserveOutput();
  try {
    await serveStdio(() => offer, { input: stdin, output, signal }, { report: error => report(String(error)) });
  } finally {
    // What waits for input would keep the process.
    (stdin as Partial<Readable>).destroy?.();
  }
}
