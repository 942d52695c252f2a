import path from "node:path";
import type { Environment } from "../../base/environment.ts";
import { cacheFolder } from "./cache-folder.ts";

/** Returns the folder of the indexes of catalogues. */
export function catalogueStore(env: Environment): string {
  return path.join(cacheFolder(env), "naftiko", "catalogue");
}
