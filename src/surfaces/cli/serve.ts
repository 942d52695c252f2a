import type { SandboxEvent } from "../sandbox/messages.ts";
import type { RunningServer } from "../sandbox/start-server.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { printLines } from "./printed-text.ts";
import { untilAborted } from "./until-aborted.ts";
import { usageError } from "./usage-error.ts";

/** A server that a command runs. */
interface Service<Server extends RunningServer> {
  readonly port: number;
  readonly quiet: boolean;
  readonly start: (onRequest: ((event: SandboxEvent) => void) | undefined) => Promise<Server>;
  /** Returns the lines that are printed when the server listens. */
  readonly greeting: (server: Server) => readonly string[];
  /** Line that says how to stop the server. */
  readonly note: string;
}

/**
 * Runs a server until the command is interrupted, and prints a line for each request.
 *
 * @throws CapabilityError `USAGE` if it cannot listen
 */
export async function serve<Server extends RunningServer>(
  { port, quiet, start, greeting, note }: Service<Server>,
  { stdout, stderr, signal }: CommandContext,
): Promise<ExitCode> {
  const onRequest = ({ method, path, status }: SandboxEvent) =>
    stderr.write(printLines([`${status} ${method} ${path}`]));
  const server = await start(quiet ? undefined : onRequest).catch((error: NodeJS.ErrnoException) => {
    const { code } = error;
    if (code === "EADDRINUSE" || code === "EACCES") throw usageError(`Cannot listen on port ${port}: ${code}`);
    throw error;
  });
  try {
    stdout.write(printLines([...greeting(server)]));
    if (!quiet) stderr.write(printLines([note]));
    await untilAborted(signal);
    return exitCode.interrupted;
  } finally {
    await server.close();
  }
}
