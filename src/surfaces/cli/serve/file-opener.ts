import { openRuntime, UnknownNamespaceError } from "../../../engine/open.ts";
import type { OpenOptions } from "../../../engine/open-options.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { TenantOptions } from "../../../engine/surroundings.ts";
import type { LoadedOverlays } from "../../../language/overlays/load-overlays.ts";
import type { Sharing } from "../../../sharing/sharing.ts";
import type { Telemetry } from "../../../telemetry/telemetry.ts";
import { absoluteFolders } from "../absolute-folders.ts";
import type { CommandContext } from "../command-context.ts";
import { connectionArguments } from "../connection-arguments.ts";
import { baseUriError } from "../open-named.ts";
import { readBaseUris } from "../read-base-uris.ts";
import { readNamedBindValues } from "../read-bind-values.ts";
import { readConfig, readUserPolicy } from "../read-config.ts";
import { usageError } from "../usage-error.ts";

/** Arguments about how files are opened. */
export interface OpeningArguments {
  readonly open: OpenOptions;
  readonly baseUris: readonly string[];
  readonly caCert: string | undefined;
  readonly envFiles: readonly string[];
  readonly config: string | undefined;
}

/** Opens a capability file by its absolute path. */
export type OpenFile = (file: string, telemetry: Telemetry) => Promise<Runtime>;

/**
 * Makes what opens files. Variables and the configuration are read once, and from no file that is not named: what lies in
 * the working folder must not decide what a server does.
 *
 * @param isSingle whether it is for one file, whose namespaces `--base-uri` names; of many, each has others
 * @param tenants `undefined`: there are none
 * @throws CapabilityError `USAGE`, `CONFIG_INVALID`
 */
export async function fileOpener(
  given: OpeningArguments,
  isSingle: boolean,
  context: CommandContext,
  sharing?: Sharing,
  tenants?: TenantOptions,
): Promise<OpenFile> {
  const { cwd, env, secrets } = context;
  const bindValues = readNamedBindValues(given.envFiles, context);
  const overlays = await readServedOverlays(given, context);
  const baseUri = readBaseUris(given.baseUris);
  const options: OpenOptions = {
    ...given.open,
    ...connectionArguments(given, cwd),
    env,
    importRoots: absoluteFolders(given.open.importRoots, cwd),
    bindFileRoots: absoluteFolders(given.open.bindFileRoots, cwd),
    scriptRoots: absoluteFolders(given.open.scriptRoots, cwd),
    folderRoots: absoluteFolders(given.open.folderRoots, cwd),
  };
  const surroundings = { cwd, secrets, overlays, bindValues, numbers: "exact", sharing, tenants } as const;
  const open = (file: string, uris: OpenOptions["baseUri"], telemetry: Telemetry) =>
    openRuntime(file, { ...options, baseUri: uris }, { ...surroundings, telemetry });
  return async (file, telemetry) => {
    try {
      return await open(file, baseUri, telemetry);
    } catch (error) {
      if (!(error instanceof UnknownNamespaceError) || baseUri === undefined) throw error;
      if (isSingle) throw baseUriError(error);
      const known = Object.entries(baseUri).filter(([name]) => name === "*" || error.known.includes(name));
      return open(file, Object.fromEntries(known), telemetry);
    }
  };
}

/**
 * Reads the configuration of a server: the one that is named, or else the policy of the user's alone.
 *
 * @throws CapabilityError `USAGE`, `CONFIG_INVALID`
 */
export async function readServedOverlays(
  given: Pick<OpeningArguments, "config" | "open">,
  context: CommandContext,
): Promise<LoadedOverlays | undefined> {
  if (given.config !== undefined) return readConfig({ config: given.config, open: given.open }, context);
  if (given.open.profile !== undefined)
    throw usageError("Option --profile takes --config FILE with it: no configuration is looked for");
  return readUserPolicy(context);
}
