import path from "node:path";
import type { BindSource, BindValuesByKey } from "../../engine/binds/bind-source.ts";
import { capabilityFolders, hiddenCapabilityNote } from "../../engine/capability-folders.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { locate } from "../../language/document/locate.ts";
import { readDocument } from "../../language/document/read-document.ts";
import type { Capability } from "../../library/capability.ts";
import { openDocument } from "../../library/open-capability.ts";
import type { CommandContext } from "./command-context.ts";
import { printLines } from "./printed-text.ts";
import { type ConfigOptions, readConfig } from "./read-config.ts";

interface NamedOptions extends ConfigOptions {
  readonly bindValues: BindValuesByKey;
  /** Folders looked in before the usual ones. */
  readonly dirs: readonly string[];
  readonly importRoots: readonly string[];
  readonly impliedAuthentication: boolean;
  /** Folders whose files binds may name. */
  readonly bindFileRoots?: readonly string[];
  readonly bindTimeoutMs?: number;
  /** Further options. */
  readonly open?: OpenOptions;
  /** Asked for a bind before everything else. */
  readonly firstSources?: readonly BindSource[];
}

/** Opens the capability that a command line names, by name or path, to look at it. */
export async function openNamed(
  written: string,
  {
    bindValues,
    dirs,
    importRoots,
    impliedAuthentication,
    bindFileRoots = [],
    bindTimeoutMs,
    config,
    profile,
    open,
    firstSources = [],
  }: NamedOptions,
  context: CommandContext,
): Promise<Capability> {
  const { cwd, env, secrets } = context;
  const file = await locate(written, { dirs: capabilityFolders(dirs, env), cwd });
  const hidden = hiddenCapabilityNote(written, file, cwd);
  if (hidden !== undefined) context.stderr.write(printLines([hidden]));
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
  return openDocument(document, options, { overlays, bindValues, firstSources, secrets });
}
