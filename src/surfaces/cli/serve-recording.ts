import path from "node:path";
import { countOf } from "../../base/count-of.ts";
import { readCassette } from "../../net/cassette/cassette-file.ts";
import { startReplayServer } from "../sandbox/replay-server.ts";
import type { CommandContext } from "./command-context.ts";
import type { ExitCode } from "./exit-code.ts";
import { serve } from "./serve.ts";

interface MockReplayOptions {
  /** File of recorded calls. */
  readonly replay: string;
  readonly port: number;
  readonly quiet: boolean;
}

/** Runs `naftiko mock --replay FILE`: serves recorded calls until it is interrupted. */
export async function mockReplay(
  { replay, port, quiet }: MockReplayOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const cassette = await readCassette(path.resolve(context.cwd, replay));
  const origins = new Set(cassette.interactions.map(({ request }) => new URL(request.url).origin));
  return serve(
    {
      port,
      quiet,
      start: onRequest => startReplayServer(cassette, { port, host: "127.0.0.1", onRequest }),
      greeting: ({ url }) => [
        `${countOf(cassette.interactions.length, "recorded call")} on ${url}`,
        ...Array.from(origins, origin => `  in place of ${origin}`),
      ],
      note: "Ctrl-C stops it",
    },
    context,
  );
}
