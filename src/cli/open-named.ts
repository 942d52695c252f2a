import path from "node:path";
import type { Capability } from "../capability.ts";
import { capabilityFolders } from "../capability-folders.ts";
import { locate } from "../document/locate.ts";
import { readDocument } from "../document/read-document.ts";
import type { SecretMask } from "../error/mask-secrets.ts";
import { type OpenOptions, openDocument } from "../open-capability.ts";
import type { CommandContext } from "./command-context.ts";
import { type ConfigOptions, readConfig } from "./read-config.ts";

export interface NamedOptions extends ConfigOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folders looked in before the usual ones. */
  readonly dirs: readonly string[];
  readonly importRoots: readonly string[];
  readonly impliedAuthentication: boolean;
  /** Folders whose files binds may name. */
  readonly bindFileRoots?: readonly string[];
  readonly bindTimeoutMs?: number;
  /** Further options. */
  readonly open?: OpenOptions;
  readonly secrets?: SecretMask;
}

/** Opens the capability that a command line names, by name or path, to look at it. */
export async function openNamed(
  written: string,
  {
    env,
    dirs,
    importRoots,
    impliedAuthentication,
    bindFileRoots = [],
    bindTimeoutMs,
    config,
    profile,
    open,
    secrets,
  }: NamedOptions,
  context: CommandContext,
): Promise<Capability> {
  const { cwd } = context;
  const file = await locate(written, { dirs: capabilityFolders(dirs, env), cwd });
  const document = await readDocument(file);
  const overlays = await readConfig({ config, profile }, context);
  const options = {
    env,
    importRoots: importRoots.map(folder => path.resolve(cwd, folder)),
    impliedAuthentication,
    bindFileRoots: bindFileRoots.map(folder => path.resolve(cwd, folder)),
    ...(bindTimeoutMs === undefined ? {} : { bindTimeoutMs }),
    ...(profile === undefined ? {} : { profile }),
    ...open,
  };
  return openDocument(document, options, { overlays, ...(secrets === undefined ? {} : { secrets }) });
}
