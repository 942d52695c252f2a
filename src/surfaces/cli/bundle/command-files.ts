import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** Files of the package that the command does without in a bundle: the library, and texts for bundlers. */
const OF_LIBRARY = /^(index\.c?js|.*-text\.js)$/;

/** Folder of the command in a bundle. */
export const COMMAND_FOLDER = "server";

/**
 * Reads the files by which the command runs alone.
 *
 * @param folder that of the package
 * @returns their contents by their paths in a bundle, in an order that stays
 */
export async function commandFiles(folder: string): Promise<Map<string, Uint8Array>> {
  const built = (await readdir(path.join(folder, "dist"))).filter(
    name => /\.c?js$/.test(name) && !OF_LIBRARY.test(name),
  );
  const names = [
    "package.json",
    // The command finds its package by this file.
    "schema/naftiko.schema.json",
    "THIRD-PARTY-NOTICES",
    ...built.map(name => `dist/${name}`),
  ];
  const files = new Map<string, Uint8Array>();
  for (const name of names.sort()) files.set(`${COMMAND_FOLDER}/${name}`, await readFile(path.join(folder, name)));
  return files;
}
