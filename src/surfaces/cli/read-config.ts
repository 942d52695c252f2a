import path from "node:path";
import type { OpenOptions } from "../../engine/open-options.ts";
import { CONFIG_FILE, findConfig, statFile } from "../../language/overlays/find-config.ts";
import type { LoadedOverlays } from "../../language/overlays/load-overlays.ts";
import type { CommandContext } from "./command-context.ts";
import { usageError } from "./usage-error.ts";

/** Arguments about the configuration. */
export interface ConfigOptions {
  /** Path of the file; without it, one is looked for. */
  readonly config: string | undefined;
  readonly open: Pick<OpenOptions, "profile">;
}

/**
 * Reads the overlays of the configuration file. Loads nothing if there is none.
 *
 * @throws CapabilityError `USAGE`, `CONFIG_INVALID`
 */
export async function readConfig(
  { config, open: { profile } }: ConfigOptions,
  { cwd, env }: CommandContext,
): Promise<LoadedOverlays | undefined> {
  const file = config === undefined ? findConfig({ cwd, env }) : givenFile(config, cwd);
  if (file === undefined) {
    if (profile === undefined) return undefined;
    throw usageError(
      `Cannot use --profile ${profile}: there is no ${CONFIG_FILE} in ${cwd}, above it, or in the user's configuration folder`,
    );
  }
  const { readFoundOverlays, readOverlays } = await import("../../language/overlays/load-overlays.ts");
  const overlays = await (config === undefined ? readFoundOverlays(file, env) : readOverlays(file));
  if (profile !== undefined) overlays.requireProfile(profile);
  return overlays;
}

function givenFile(config: string, cwd: string): string {
  const file = path.resolve(cwd, config);
  if (statFile(file) === undefined) throw usageError(`Cannot use --config ${config}: there is no file ${file}`);
  return file;
}
