import { realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isWithin, withoutLinks } from "../../../base/path-within.ts";
import type { Remedy } from "../../../base/remedy.ts";

type ImportLocation =
  /** `file`: absolute, without symbolic links. `named`: the same with them. */
  | { readonly ok: true; readonly file: string; readonly named: string }
  /** `reason` continues "Cannot import x: …". `named`: what was looked for, if it may be imported. */
  | { readonly ok: false; readonly reason: string; readonly remedy?: Remedy; readonly named?: string };

/** Places that a location may lead to. */
interface ImportScope {
  /** Folder of the importing file, which relative locations start from. */
  readonly directory: string;
  /** Folders that must hold the file, at any depth. Symbolic links count as what they lead to. */
  readonly roots: readonly string[];
}

/** Finds the file that the location of an import means (language chapter 10.1). Nothing is fetched from elsewhere. */
export function locateImport(location: string, { directory, roots }: ImportScope): ImportLocation {
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(location)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "file") return refuse(`only files can be imported, not ${scheme}: URLs`);
  const named = filePath(location);
  if (named === undefined) return refuse("it is not the path of a file");
  const file = path.resolve(directory, named);
  // Checked before the file system is asked, so that the answer does not reveal which outside files exist.
  if (!roots.some(root => isWithin(file, path.resolve(root)))) return outside(file, roots);
  try {
    const real = realpathSync(file);
    return roots.some(root => isWithin(real, withoutLinks(root)))
      ? { ok: true, file: real, named: file }
      : outside(real, roots);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? `there is no file ${file}` : `${file} cannot be read: ${code}`;
    return { ok: false, reason, named: file };
  }
}

/**
 * Returns the path in a location: the location itself, or that of a `file:` URL, which may also be relative
 * (`file:///./x`).
 */
function filePath(location: string): string | undefined {
  if (location === "" || location.includes("\0")) return undefined;
  if (!/^file:/i.test(location)) return location;
  const relative = /^file:\/{2,3}(\.{1,2}\/.*)$/is.exec(location)?.[1];
  try {
    return relative === undefined ? fileURLToPath(location) : decodeURIComponent(relative);
  } catch {
    return undefined;
  }
}

function outside(file: string, roots: readonly string[]): ImportLocation {
  const remedy = { option: "importRoots", value: [path.dirname(file)] } as const;
  return { ok: false, reason: `${file} is outside ${roots.join(", ")}`, remedy };
}

function refuse(reason: string): ImportLocation {
  return { ok: false, reason };
}
