import path from "node:path";
import type { OpenOptions } from "../../engine/open-options.ts";
import { CONFIG_FILE, findConfig, findUserConfig, statFile } from "../../language/overlays/find-config.ts";
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
  const always = await readUserConfig(env, file);
  const overlays = await (config === undefined ? readFoundOverlays(file, env, always) : readOverlays(file, always));
  if (profile !== undefined) overlays.requireProfile(profile);
  return overlays;
}

/**
 * Reads the policy that always holds: that of the configuration in the user's folder. Loads nothing if there is none.
 *
 * @throws CapabilityError `CONFIG_INVALID`
 */
export async function readUserPolicy({ env }: Pick<CommandContext, "env">): Promise<LoadedOverlays | undefined> {
  return (await readUserConfig(env, undefined))?.policyAlone();
}

/** @param read the configuration that is read anyway */
async function readUserConfig(
  env: CommandContext["env"],
  read: string | undefined,
): Promise<LoadedOverlays | undefined> {
  const file = findUserConfig(env);
  if (file === undefined || file === read) return undefined;
  const { readFoundOverlays } = await import("../../language/overlays/load-overlays.ts");
  return readFoundOverlays(file, env);
}

function givenFile(config: string, cwd: string): string {
  const file = path.resolve(cwd, config);
  if (statFile(file) === undefined) throw usageError(`Cannot use --config ${config}: there is no file ${file}`);
  return file;
}
