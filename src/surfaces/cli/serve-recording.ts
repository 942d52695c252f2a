import path from "node:path";
import type { Cassette } from "../../net/cassette/cassette.ts";
import { readCassette } from "../../net/cassette/cassette-file.ts";
import { startReplayServer } from "../sandbox/replay-server.ts";
import type { RunningServer } from "../sandbox/start-server.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { printLines } from "./printed-text.ts";
import { untilAborted } from "./until-aborted.ts";
import { usageError } from "./usage-error.ts";

interface MockReplayOptions {
  /** File of recorded calls. */
  readonly replay: string;
  readonly port: number;
  readonly quiet: boolean;
}

/** Runs `naftiko mock --replay FILE`: serves recorded calls until it is interrupted. */
export async function mockReplay(options: MockReplayOptions, context: CommandContext): Promise<ExitCode> {
  const { stdout, stderr, signal, cwd } = context;
  const cassette = await readCassette(path.resolve(cwd, options.replay));
  const server = await start(cassette, options, context);
  try {
    const origins = new Set(cassette.interactions.map(({ request }) => new URL(request.url).origin));
    const count = cassette.interactions.length;
    stdout.write(printLines([`${count} recorded ${count === 1 ? "call" : "calls"} on ${server.url}`]));
    for (const origin of origins) stdout.write(printLines([`  in place of ${origin}`]));
    if (!options.quiet) stderr.write(printLines(["Ctrl-C stops it"]));
    await untilAborted(signal);
    return exitCode.interrupted;
  } finally {
    await server.close();
  }
}

async function start(
  cassette: Cassette,
  { port, quiet }: MockReplayOptions,
  { stderr }: CommandContext,
): Promise<RunningServer> {
  try {
    return await startReplayServer(cassette, {
      port,
      host: "127.0.0.1",
      onRequest: quiet
        ? undefined
        : ({ method, path: asked, status }) => stderr.write(printLines([`${status} ${method} ${asked}`])),
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES")
      throw usageError(`Cannot listen on port ${port}: ${code}`);
    throw error;
  }
}
