import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { isCapabilityFile } from "../../language/document/locate.ts";

export interface FoundFile {
  /** Absolute path. */
  readonly file: string;
  /** Whether the file itself was named, and not a folder that it is in. */
  readonly isNamed: boolean;
}

/**
 * Lists files, and all YAML files below folders, each once. Installed packages and the folders of Git are left out.
 *
 * @param verb what is done with them, for the message
 * @throws CapabilityError `CAPABILITY_NOT_FOUND` for a missing path
 */
export async function findFiles(paths: readonly string[], cwd: string, verb: string): Promise<FoundFile[]> {
  const files = new Map<string, boolean>();
  for (const given of paths) {
    const absolute = path.resolve(cwd, given);
    const entry = await stat(absolute).catch(() => undefined);
    if (entry === undefined) {
      throw new CapabilityError("CAPABILITY_NOT_FOUND", {
        message: `Cannot ${verb} ${absolute}: there is no such file or folder`,
        details: { name: given, searched: [absolute], suggestions: [] },
      });
    }
    if (!entry.isDirectory()) {
      files.set(absolute, true);
      continue;
    }
    for (const file of (await filesBelow(absolute)).sort()) if (!files.has(file)) files.set(file, false);
  }
  return Array.from(files, ([file, isNamed]) => ({ file, isNamed }));
}

const FOREIGN_FOLDERS: ReadonlySet<string> = new Set(["node_modules", ".git"]);

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const below = path.join(folder, entry.name);
    if (!entry.isDirectory()) {
      if (isCapabilityFile(entry.name)) files.push(below);
    } else if (!FOREIGN_FOLDERS.has(entry.name)) {
      for (const file of await filesBelow(below)) files.push(file);
    }
  }
  return files;
}
