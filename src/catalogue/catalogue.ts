import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { type CatalogueFolders, capabilityFiles } from "./capability-files.ts";
import type { CatalogueFile } from "./catalogue-file.ts";
import { readFile } from "./read-file.ts";

/** What folders hold that can be called. */
interface Catalogue {
  /** Changes when anything in the catalogue does. */
  readonly generation: string;
  /** In the order of their names. */
  readonly files: readonly CatalogueFile[];
}

interface CatalogueOptions {
  readonly folders: CatalogueFolders;
  /** Folders that files may import from, besides their own, by absolute paths. */
  readonly importRoots: readonly string[];
}

/** Reads the catalogue of folders. */
export async function readCatalogue({ folders, importRoots }: CatalogueOptions): Promise<Catalogue> {
  const files: CatalogueFile[] = [];
  for (const { name, file, isDeep } of capabilityFiles(folders)) {
    const stamp = stampOf(file);
    const content = await readFile(file, { importRoots, isDeep });
    if (content !== undefined) files.push({ ...content, name, file, stamp, operationCount: content.operations.length });
  }
  const stamps = files.map(({ file, stamp }) => `${file}\0${stamp}`).join("\0");
  return { generation: createHash("sha256").update(stamps).digest("hex").slice(0, 16), files };
}

function stampOf(file: string): string {
  try {
    const { mtimeMs, ctimeMs, size, ino } = statSync(file);
    return [mtimeMs, ctimeMs, size, ino].join(" ");
  } catch {
    return "";
  }
}
