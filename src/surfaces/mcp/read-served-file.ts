import { isUtf8 } from "node:buffer";
import { isTextFile } from "../../base/file-type.ts";
import { FolderProblem } from "../../serving/folder/folder-problem.ts";
import type { ServedFolder } from "../../serving/folder/served-folder.ts";
import type { ResourceContents } from "./offer.ts";

/** Largest file that is given, in bytes. */
const LARGEST_FILE = 16 * 1024 * 1024;

/**
 * Reads a file of a folder as a resource: a text if its name or type says so and it is one, else its bytes.
 *
 * @param usualType media type of all files of the folder; `undefined`: it is told by their names
 * @returns `undefined` where there is no such file
 * @throws FolderProblem
 */
export async function readServedFile(
  folder: ServedFolder,
  path: string,
  uri: string,
  usualType: string | undefined,
): Promise<readonly ResourceContents[] | undefined> {
  try {
    const { file, bytes } = await folder.read(path, LARGEST_FILE);
    const mimeType = usualType ?? file.mediaType;
    const isText = (isTextFile(path) || mimeType.startsWith("text/")) && isUtf8(bytes);
    return [{ uri, mimeType, ...(isText ? { text: bytes.toString("utf8") } : { blob: bytes.toString("base64") }) }];
  } catch (error) {
    if (error instanceof FolderProblem && (error.kind === "absent" || error.kind === "unsafe")) return undefined;
    throw error;
  }
}
