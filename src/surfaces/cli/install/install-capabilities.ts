import { countOf } from "../../../base/count-of.ts";
import type { OpenOptions } from "../../../engine/open-options.ts";
import { bareName } from "../../../language/document/locate.ts";
import type { CommandContext } from "../command-context.ts";
import { environmentVariables } from "../environment-variables.ts";
import type { ExitCode } from "../exit-code.ts";
import { openWritten } from "../open-named.ts";
import { printLines } from "../printed-text.ts";
import { filesOfRoots, findRoots } from "../serve/served-files.ts";
import { usageError } from "../usage-error.ts";
import type { ClientName } from "./client-names.ts";
import { clients } from "./clients.ts";
import { installServer } from "./install-server.ts";
import { ownCommand } from "./own-command.ts";

/** Arguments of `naftiko mcp install`. */
interface InstallArguments {
  readonly client: ClientName;
  /** Names, paths of files, or folders. */
  readonly written: readonly string[];
  readonly name: string | undefined;
  /** Options of `naftiko mcp`, as they are written into the entry. */
  readonly options: readonly string[];
  readonly open: OpenOptions;
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** Most files that are opened to learn which variables they read. */
const MOST_OPENED = 500;

/** Names that every client takes for that of a server. */
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** Runs `naftiko mcp install <client> <capability>…`. */
export async function installCapabilities(given: InstallArguments, context: CommandContext): Promise<ExitCode> {
  const { client, written, options, open, dryRun, force } = given;
  const places = await findRoots(written, open.dirs ?? [], context);
  const name = given.name ?? defaultName(places);
  if (!NAME.test(name)) {
    throw usageError(
      `Cannot name a server ${JSON.stringify(name)}: clients take up to 64 letters, digits, _ and -; choose it with --name`,
    );
  }
  const variables = await variablesOf(places, open, context);
  const { command, args } = ownCommand(context.env);
  const launch = { command, args: [...args, "mcp", ...places, ...options], variables };
  const readsFile = options.includes("--env-file");
  return installServer(clients[client], { name, launch, readsFile, dryRun, force }, context);
}

function defaultName(places: readonly string[]): string {
  const [only, ...others] = places;
  if (only === undefined || others.length > 0) return "naftiko";
  return bareName(only)
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .slice(0, 64);
}

/** Returns the names of the variables that operations of the files read. A file that does not open has none. */
async function variablesOf(places: readonly string[], open: OpenOptions, context: CommandContext): Promise<string[]> {
  const tell = (line: string) => context.stderr.write(printLines([line]));
  const files = filesOfRoots(places);
  if (files.length > MOST_OPENED)
    tell(`note: only the variables of ${MOST_OPENED} of ${countOf(files.length, "file")} are looked at`);
  const names = new Set<string>();
  for (const file of files.slice(0, MOST_OPENED)) {
    try {
      const surroundings = { overlays: undefined, bindValues: new Map<string, string>() };
      const runtime = await openWritten(file, { ...open, env: context.env }, surroundings, context);
      for (const variable of environmentVariables(runtime.model.operations)) names.add(variable.name);
      await runtime.close();
    } catch (error) {
      if (files.length === 1) throw error;
      tell(`warning: ${file} cannot be opened: ${(error as Error).message}`);
    }
  }
  return [...names].sort();
}
