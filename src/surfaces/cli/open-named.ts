import type { CapabilityError } from "../../base/capability-error.ts";
import type { BindValuesByKey } from "../../engine/binds/bind-source.ts";
import { openRuntime, UnknownNamespaceError } from "../../engine/open.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import type { Runtime } from "../../engine/runtime.ts";
import type { Surroundings } from "../../engine/surroundings.ts";
import { absoluteFolders } from "./absolute-folders.ts";
import type { CommandContext } from "./command-context.ts";
import { printLines } from "./printed-text.ts";
import { type ConfigOptions, readConfig } from "./read-config.ts";
import { usageError } from "./usage-error.ts";

interface NamedOptions extends ConfigOptions {
  readonly bindValues: BindValuesByKey;
  readonly open: OpenOptions;
  readonly firstSources?: Surroundings["firstSources"];
}

/** Opens the capability that a command line names, by name or path, to look at it. */
export async function openNamed(
  written: string,
  { bindValues, config, open, firstSources = [] }: NamedOptions,
  context: CommandContext,
): Promise<Runtime> {
  const overlays = await readConfig({ config, open }, context);
  const options = { ...open, env: context.env };
  const onHidden = (note: string) => context.stderr.write(printLines([note]));
  return openWritten(written, options, { overlays, bindValues, firstSources, onHidden }, context);
}

/**
 * Opens the capability that a command line names, as `openCapability` does.
 *
 * @throws CapabilityError `USAGE` for a namespace that the capability does not have, and as `openRuntime` throws
 */
export async function openWritten(
  written: string,
  options: OpenOptions,
  surroundings: Omit<Surroundings, "cwd" | "secrets">,
  { cwd, secrets }: CommandContext,
): Promise<Runtime> {
  const importRoots = absoluteFolders(options.importRoots, cwd);
  const bindFileRoots = absoluteFolders(options.bindFileRoots, cwd);
  const scriptRoots = absoluteFolders(options.scriptRoots, cwd);
  const folderRoots = absoluteFolders(options.folderRoots, cwd);
  try {
    return await openRuntime(
      written,
      { ...options, importRoots, bindFileRoots, scriptRoots, folderRoots },
      { ...surroundings, cwd, secrets, numbers: "exact" },
    );
  } catch (error) {
    if (!(error instanceof UnknownNamespaceError)) throw error;
    throw baseUriError(error);
  }
}

/** Explains an option `--base-uri` about a namespace that the capability does not have. */
export function baseUriError({ capability, namespace, known }: UnknownNamespaceError): CapabilityError<"USAGE"> {
  return usageError(`Cannot use --base-uri ${namespace}=…: ${capability} consumes ${known.join(", ") || "nothing"}`);
}
