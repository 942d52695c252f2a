import { readFile } from "node:fs/promises";
import path from "node:path";
import { zipSync } from "fflate";
import { stringify } from "../../../base/numbers/exact-json.ts";
import { isWithin } from "../../../base/path-within.ts";
import { commandFiles } from "./command-files.ts";
import { type BundleFacts, mcpbManifest } from "./mcpb-manifest.ts";

/** Time of every file: bundles of the same content are the same bytes. The format's years begin with 1980. */
const TIME = new Date(1980, 0, 1);

/** Folder of the capability's files in a bundle. */
const CAPABILITY_FOLDER = "capability";

/**
 * Returns a bundle of a capability and the command that serves it (MCPB specification): a ZIP archive.
 *
 * @param files absolute paths of the capability's file and of those that it imports
 * @param packageFolder where the files of the command are
 */
export async function mcpbBundle(
  facts: Omit<BundleFacts, "file">,
  files: readonly [string, ...string[]],
  packageFolder: string,
): Promise<Uint8Array> {
  const root = commonFolder(files);
  const placeOf = (file: string) => [CAPABILITY_FOLDER, ...path.relative(root, file).split(path.sep)].join("/");
  const entries: Record<string, Uint8Array> = {};
  const manifest = mcpbManifest({ ...facts, file: placeOf(files[0]) });
  entries["manifest.json"] = Buffer.from(`${stringify(manifest, 2)}\n`);
  for (const file of files) entries[placeOf(file)] = await readFile(file);
  for (const [name, content] of await commandFiles(packageFolder)) entries[name] = content;
  return zipSync(entries, { mtime: TIME, level: 9 });
}

/** Returns the nearest folder that holds all files. */
function commonFolder(files: readonly [string, ...string[]]): string {
  let folder = path.dirname(files[0]);
  while (!files.every(file => isWithin(file, folder)) && folder !== path.dirname(folder)) folder = path.dirname(folder);
  return folder;
}
