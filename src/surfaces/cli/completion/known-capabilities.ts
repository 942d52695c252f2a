import path from "node:path";
import type { CatalogueFile } from "../../../catalogue/catalogue-file.ts";
import { isPath } from "../../../language/document/locate.ts";
import { absoluteFolders } from "../absolute-folders.ts";
import type { CommandContext } from "../command-context.ts";
import { openCatalogue } from "../open-catalogue.ts";
import type { Candidate } from "./completion.ts";

/** Folders that a command line names. */
export interface NamedFolders {
  /** Values of `--dir`. */
  readonly dirs: readonly string[];
  /** Values of `--allow-import`. */
  readonly importRoots: readonly string[];
}

export type KnownCapability = Pick<CatalogueFile, "adapters" | "operations">;

/** Returns the names of the capabilities that can be called, in their order. */
export async function capabilityNames(named: NamedFolders, context: CommandContext): Promise<Candidate[]> {
  const { files } = await openCatalogue(named, context);
  return files.map(({ name, label, description }) => ({ text: name, description: label || description }));
}

/** Finds the capability that a command line names, by name or path. */
export async function findCapability(
  written: string,
  named: NamedFolders,
  context: CommandContext,
): Promise<KnownCapability | undefined> {
  const { files } = await openCatalogue(named, context);
  const found = files.find(({ name }) => name === written);
  if (found !== undefined || !isPath(written)) return found;
  const { readFile } = await import("../../../catalogue/read-file.ts");
  const importRoots = absoluteFolders(named.importRoots, context.cwd);
  return readFile(path.resolve(context.cwd, written), { importRoots, isDeep: false });
}
