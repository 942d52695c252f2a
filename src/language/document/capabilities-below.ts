import { type Dirent, readdirSync } from "node:fs";
import path from "node:path";

/** Bounds of a search: a folder such as `/` must not hold up a command. */
const MOST_ENTRIES = 50_000;
const DEEPEST = 12;

/**
 * Lists the YAML files below a folder by their paths in it, those of the folder itself first, in order. Opens none of
 * them. Hidden folders, `node_modules` and symbolic links to folders are left out, as is everything beyond 50,000 entries
 * and 12 levels. A folder that cannot be listed has none.
 *
 * @param onFolder called for each folder before it is listed, with its path in the root
 */
export function capabilitiesBelow(root: string, onFolder?: (folder: string) => void): string[] {
  const files: string[] = [];
  let folders = [""];
  let entries = 0;
  for (let depth = 0; folders.length > 0 && depth <= DEEPEST; depth++) {
    const next: string[] = [];
    for (const folder of folders) {
      onFolder?.(folder);
      for (const entry of list(path.join(root, folder))) {
        if (++entries > MOST_ENTRIES) return files;
        const inner = path.join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!entry.name.startsWith(".") && entry.name !== "node_modules") next.push(inner);
        } else if (/\.ya?ml$/.test(entry.name)) {
          files.push(inner);
        }
      }
    }
    folders = next;
  }
  return files;
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}
