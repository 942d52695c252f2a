import path from "node:path";
import { fileText } from "../../base/files/file-text.ts";
import type { DeclaredFormat } from "./raw-format.ts";

const LONGEST_SCHEMA_BYTES = 1024 * 1024;

/** The file of a schema. */
export interface SchemaFile {
  /** Absolute, without symbolic links. */
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the file that `outputSchema` names, relative to the folder of the capability file and below it: a capability file
 * must not make this program read files elsewhere (language chapter 5.8).
 *
 * @throws Error with the reason
 */
export async function readSchemaFile({ outputSchema, folder }: DeclaredFormat): Promise<SchemaFile> {
  if (outputSchema === undefined) throw new Error("it needs an outputSchema, the path of its schema file");
  if (folder === undefined) throw new Error("a document that was given as an object has no folder to read it from");
  return readBelow(folder, outputSchema);
}

/**
 * Reads a file by its path relative to a folder. It must be below that folder, even after symbolic links are resolved.
 *
 * @throws Error with the reason
 */
export async function readBelow(folder: string, relative: string): Promise<SchemaFile> {
  const { readFile, realpath, stat } = await import("node:fs/promises");
  if (path.isAbsolute(relative)) throw new Error("it is not relative to the folder of the capability file");
  const root = await realpath(folder);
  const named = path.join(root, relative);
  // Before the file is looked at, so that the message does not tell whether a file elsewhere exists.
  requireBelow(root, named);
  const file = await realpath(named).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === "ENOENT" ? new Error(`there is no file ${named}`) : cause;
  });
  requireBelow(root, file);
  const stats = await stat(file);
  if (!stats.isFile()) throw new Error("it is not a file");
  if (stats.size > LONGEST_SCHEMA_BYTES) throw new Error(`it is larger than ${LONGEST_SCHEMA_BYTES} bytes`);
  return { file, text: fileText(await readFile(file)) };
}

function requireBelow(root: string, file: string): void {
  if (file.startsWith(root.endsWith(path.sep) ? root : root + path.sep)) return;
  throw new Error("it is outside the folder of the capability file");
}
