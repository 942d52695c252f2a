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
 * Lists files, and all YAML files below folders, each once.
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
    const below = await readdir(absolute, { recursive: true });
    for (const name of below.filter(isCapabilityFile).sort()) {
      const file = path.join(absolute, name);
      if (!files.has(file)) files.set(file, false);
    }
  }
  return Array.from(files, ([file, isNamed]) => ({ file, isNamed }));
}
