import type { CallOptions } from "../../../engine/call-options.ts";
import type { AnswerSettings } from "../../../tools/answer/answer-settings.ts";
import { Answers } from "../../../tools/answer/answers.ts";
import { absoluteFolders } from "../absolute-folders.ts";
import { catalogueStore } from "../catalogue-store.ts";
import type { CommandContext } from "../command-context.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import { fileOpener, type OpeningArguments, readServedOverlays } from "../serve/file-opener.ts";
import { filesOfRoots, findRoots } from "../serve/served-files.ts";
import { tellers } from "../serve/tellers.ts";
import { chooseTools, type ServedOperations } from "./choose-tools.ts";
import { environmentToken } from "./environment-token.ts";

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
  /** Most tools that are listed: of more operations, tools that find and call them are. */
  readonly toolLimit: number;
  readonly answers: AnswerSettings;
  /** Headers of every call. */
  readonly headers: CallOptions["headers"];
}

/** Runs `naftiko mcp <capability>…` until its client goes, or it is interrupted. */
export async function serveTools(given: ServeToolsArguments, context: CommandContext): Promise<ExitCode> {
  context.endsByInterrupt?.();
  // Standard output belongs to the protocol: all that is told goes to standard error.
  const told = tellers(context);
  const token = environmentToken(given.tokenVariable, context);
  const served = await servedOperations(given, context);
  const open = await fileOpener(given, served.files.length === 1, context);
  const tools = await chooseTools(
    served,
    open,
    { headers: given.headers },
    {
      ...told,
      env: context.env,
      answers: new Answers(given.answers),
    },
  );
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

/** Finds the files that are served, and what may be called of them. */
async function servedOperations(given: ServeToolsArguments, context: CommandContext): Promise<ServedOperations> {
  const { open, written, toolLimit: limit } = given;
  const { cwd, env } = context;
  const roots = await findRoots(written, open.dirs ?? [], context);
  const catalogue = {
    folders: { roots, deep: [], dirs: [] },
    importRoots: absoluteFolders(open.importRoots, cwd),
    store: catalogueStore(env),
  };
  return { files: filesOfRoots(roots), catalogue, limit, refusalOf: await policyRefusal(given, context) };
}

/** Returns what tells why the policy refuses an operation. `undefined` without a policy. */
async function policyRefusal(
  given: ServeToolsArguments,
  context: CommandContext,
): Promise<ServedOperations["refusalOf"]> {
  const { policy, profile } = given.open;
  const levels = (await readServedOverlays(given, context))?.policies(profile) ?? [];
  if (policy === undefined && levels.length === 0) return undefined;
  const [{ policyOf }, { catalogueRefusal }] = await Promise.all([
    import("../../../engine/policy/policy-of.ts"),
    import("../../mcp/search/catalogue-refusal.ts"),
  ]);
  const compiled = policyOf(policy, levels);
  return (file, operation) => catalogueRefusal(compiled, file, operation);
}
