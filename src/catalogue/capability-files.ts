import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { capabilitiesBelow } from "../language/document/capabilities-below.ts";
import { bareName, isCapabilityFile, nameWithin } from "../language/document/locate.ts";
import type { ListedFolder } from "./entry.ts";
import { settled, stampOf } from "./stamp.ts";

/** Folders whose files a catalogue holds, by absolute paths, in the order in which names are looked up. */
export interface CatalogueFolders {
  /** Files and folders that are held with everything below them: a name that several have is made longer. */
  readonly roots: readonly string[];
  /** Folders with everything below them. */
  readonly deep: readonly string[];
  readonly dirs: readonly string[];
}

/** A YAML file that a name leads to. */
export interface NamedFile {
  readonly name: string;
  /** Absolute path. */
  readonly file: string;
  /** Whether it may be below the folder that is searched, where other files lie too. */
  readonly isDeep: boolean;
}

interface FoundFiles {
  readonly files: readonly NamedFile[];
  readonly folders: readonly ListedFolder[];
}

/**
 * Lists the files of folders by the names that lead to them, in the order of the names. The first folder that has a name
 * wins, as in a look-up. A name that is not enough for a file below a folder is its path in it.
 */
export function capabilityFiles({ roots, deep, dirs }: CatalogueFolders): FoundFiles {
  const folders: ListedFolder[] = [];
  // Its stamp is taken before: what changes meanwhile is seen at the next use.
  const onFolder = (folder: string) => folders.push({ path: folder, kept: settled(stampOf(folder), Date.now()) });
  const files = new Map<string, NamedFile>();
  const add = (name: string, file: string, isDeep: boolean) => {
    if (!files.has(name)) files.set(name, { name, file, isDeep });
  };
  for (const { name, file, isDeep } of filesOfRoots(roots, onFolder)) add(name, file, isDeep);
  for (const folder of deep) {
    const found = capabilitiesBelow(folder, inner => onFolder(path.join(folder, inner)));
    const counts = new Map<string, number>();
    for (const file of found) counts.set(bareName(file), (counts.get(bareName(file)) ?? 0) + 1);
    for (const file of found) {
      const name = bareName(file);
      const isClear = path.dirname(file) === "." || counts.get(name) === 1;
      add(isClear ? name : nameWithin(file), path.join(folder, file), true);
    }
  }
  for (const folder of dirs) {
    onFolder(folder);
    for (const entry of entriesOf(folder)) add(bareName(entry), path.join(folder, entry), false);
  }
  return { files: [...files.values()].sort(byName), folders };
}

/** Lists the files of roots, each by the shortest name that no other has: its own, its path in the root, its whole path. */
function filesOfRoots(roots: readonly string[], onFolder: (folder: string) => void): NamedFile[] {
  const found = new Map<string, { readonly names: readonly string[]; readonly isDeep: boolean }>();
  for (const root of roots) {
    const isDeep = statSync(root, { throwIfNoEntry: false })?.isDirectory() === true;
    const inner = isDeep ? capabilitiesBelow(root, folder => onFolder(path.join(root, folder))) : [""];
    for (const each of inner) {
      const file = path.join(root, each);
      const names = [bareName(file), nameWithin(path.relative(path.dirname(root), file)), nameWithin(file)];
      if (!found.has(file)) found.set(file, { names, isDeep });
    }
  }
  const counts = new Map<string, number>();
  for (const { names } of found.values())
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Array.from(found, ([file, { names, isDeep }]) => {
    const name = names.find(each => counts.get(each) === 1) ?? file;
    return { name, file, isDeep };
  });
}

/** Compares files by name, as their lists are sorted. */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isCapabilityFile).sort();
  } catch {
    return [];
  }
}
