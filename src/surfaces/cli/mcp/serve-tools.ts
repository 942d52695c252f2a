import type { CallOptions } from "../../../engine/call-options.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { fileOpener, type OpeningArguments } from "../serve/file-opener.ts";
import { findFiles } from "../serve/served-files.ts";
import { tellers } from "../serve/tellers.ts";
import { environmentToken } from "./environment-token.ts";
import { openTools } from "./open-tools.ts";

/** Arguments of `naftiko mcp`. */
interface ServeToolsArguments extends OpeningArguments {
  /** Names, paths and folders. */
  readonly written: readonly string[];
  /** Where to listen. `undefined`: standard input and output are the connection. */
  readonly http: { readonly host: string; readonly port: number } | undefined;
  /** Variable with the token that clients present. */
  readonly tokenVariable: string | undefined;
  /** Origins whose pages may call; `*` for all. */
  readonly origins: readonly string[];
  /** Headers of every call. */
  readonly headers: CallOptions["headers"];
}

/** Runs `naftiko mcp <capability>…` until its client goes, or it is interrupted. */
export async function serveTools(given: ServeToolsArguments, context: CommandContext): Promise<ExitCode> {
  context.endsByInterrupt?.();
  // Standard output belongs to the protocol: all that is told goes to standard error.
  const told = tellers(context);
  const token = environmentToken(given.tokenVariable, context);
  const files = await findFiles(given.written, given.open.dirs ?? [], context);
  const open = await fileOpener(given, files.length === 1, context);
  const tools = await openTools(files, open, { headers: given.headers }, { ...told, env: context.env });
  try {
    if (given.http === undefined) {
      const { serveStreams } = await import("./serve-streams.ts");
      await serveStreams(tools.offer, context, told);
    } else {
      const { serveHttp } = await import("./serve-http.ts");
      await serveHttp(tools.offer, { ...given.http, token, origins: given.origins }, context, told);
    }
    return exitCode.done;
  } finally {
    await tools.close();
  }
}
