import { type Catalogue, type CatalogueOptions, readCatalogue } from "../../catalogue/catalogue.ts";
import { capabilityFolders } from "../../engine/capability-folders.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { absoluteFolders } from "./absolute-folders.ts";
import { catalogueStore } from "./catalogue-store.ts";
import type { CommandContext } from "./command-context.ts";
import { createProgress } from "./progress.ts";
import { noteUnusualRun } from "./unusual-run.ts";

/** Opens the catalogue of the capabilities that a command line can call by name. Its index is kept for the next one. */
export async function openCatalogue(
  open: Pick<OpenOptions, "dirs" | "importRoots">,
  context: Pick<CommandContext, "env" | "cwd" | "stderr">,
): Promise<Catalogue> {
  const progress = createProgress(context, { quiet: false, verbose: false });
  const catalogue = await readCatalogue({
    ...catalogueOptions(open, context),
    onProgress: (done, all) => {
      noteUnusualRun();
      progress.show(`Reading capability files: ${done} of ${all}`);
    },
  });
  progress.clear();
  return catalogue;
}

/** Returns the folders in which a command line looks for names, and where the index of them is. */
export function catalogueOptions(
  { dirs = [], importRoots }: Pick<OpenOptions, "dirs" | "importRoots">,
  { cwd, env }: Pick<CommandContext, "env" | "cwd">,
): CatalogueOptions {
  const folders = capabilityFolders(dirs, env, cwd);
  return {
    folders: { roots: [], deep: absoluteFolders(folders.deep, cwd), dirs: absoluteFolders(folders.dirs, cwd) },
    importRoots: absoluteFolders(importRoots, cwd),
    store: catalogueStore(env),
  };
}
