import path from "node:path";
import { type Catalogue, readCatalogue } from "../../catalogue/catalogue.ts";
import { capabilityFolders } from "../../engine/capability-folders.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { absoluteFolders } from "./absolute-folders.ts";
import { cacheFolder } from "./cache-folder.ts";
import type { CommandContext } from "./command-context.ts";
import { createProgress } from "./progress.ts";
import { noteUnusualRun } from "./unusual-run.ts";

/** Opens the catalogue of the capabilities that a command line can call by name. Its index is kept for the next one. */
export async function openCatalogue(
  { dirs = [], importRoots }: Pick<OpenOptions, "dirs" | "importRoots">,
  context: CommandContext,
): Promise<Catalogue> {
  const { cwd, env } = context;
  const folders = capabilityFolders(dirs, env, cwd);
  const progress = createProgress(context, { quiet: false, verbose: false });
  const catalogue = await readCatalogue({
    folders: { deep: absoluteFolders(folders.deep, cwd), dirs: absoluteFolders(folders.dirs, cwd) },
    importRoots: absoluteFolders(importRoots, cwd),
    store: path.join(cacheFolder(env), "naftiko", "catalogue"),
    onProgress: (done, all) => {
      noteUnusualRun();
      progress.show(`Reading capability files: ${done} of ${all}`);
    },
  });
  progress.clear();
  return catalogue;
}
