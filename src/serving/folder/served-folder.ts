import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { mediaTypeOfFile } from "../../base/file-type.ts";
import { isWithin } from "../../base/path-within.ts";
import { type FolderPlaces, findFolder } from "../../engine/binds/file/find-folder.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { isPlainName, isPlainPath } from "../../language/document/plain-path.ts";
import { FolderProblem } from "./folder-problem.ts";

/** A file below a folder. */
export interface FolderFile {
  /** Relative, with slashes. */
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  readonly mediaType: string;
  /** Changes when the file does. */
  readonly stamp: string;
}

/** A file that is open for reading. Whoever opened it closes it. */
interface OpenFolderFile {
  readonly file: FolderFile;
  /** Gives the bytes once: as many as the file had when it was opened. */
  pieces(): AsyncIterableIterator<Uint8Array>;
  close(): Promise<void>;
}

/** Bounds of what is listed: a folder may hold anything. */
const MOST_FILES = 10_000;
const DEEPEST = 32;

/**
 * A folder whose files callers may read. Nothing outside it is read: paths are made of plain names, and links are
 * followed only where they stay inside.
 */
export class ServedFolder {
  readonly #location: string;
  readonly #directory: string | undefined;
  readonly #places: FolderPlaces;

  /**
   * @param location `file:` URL of the folder, as the capability file has it
   * @param directory folder of the file that declares it. `undefined`: it is no file
   */
  constructor(location: string, directory: string | undefined, places: Pick<FolderPlaces, "cwd" | "roots">) {
    this.#location = location;
    this.#directory = directory;
    this.#places = { ...places, option: "folderRoots" };
  }

  /**
   * Lists the files that can be read, at any depth, in the order of their paths.
   *
   * @throws FolderProblem
   */
  async list(): Promise<FolderFile[]> {
    const root = await this.#root();
    const files: FolderFile[] = [];
    let seen = 0;
    const visit = async (folder: string, prefix: string, above: readonly string[]): Promise<void> => {
      if (above.length > DEEPEST) throw new FolderProblem("tooLarge", `The folder is deeper than ${DEEPEST} levels`);
      const entries = await readdir(folder).catch((error: unknown) => {
        throw readProblem(error);
      });
      seen += entries.length;
      if (seen > MOST_FILES) throw new FolderProblem("tooLarge", `The folder has more than ${MOST_FILES} files`);
      for (const name of entries) {
        if (!isPlainName(name)) continue;
        // Other programs may change the folder meanwhile, and links may lead nowhere.
        const real = await realpath(path.join(folder, name)).catch(() => undefined);
        if (real === undefined || !isWithin(real, root)) continue;
        const stats = await stat(real).catch(() => undefined);
        if (stats?.isFile()) files.push(fileOf(prefix + name, stats));
        // A link to a folder above would have no end.
        else if (stats?.isDirectory() && real !== root && !above.includes(real))
          await visit(real, `${prefix}${name}/`, [...above, real]);
      }
    };
    await visit(root, "", []);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /**
   * Opens a file.
   *
   * @param relative path of names of letters, digits, dots, hyphens and underscores
   * @throws FolderProblem
   */
  async open(relative: string): Promise<OpenFolderFile> {
    if (!isPlainPath(relative)) {
      const names = "letters, digits, dots, hyphens and underscores";
      throw new FolderProblem("unsafe", `The path is not made of names of ${names}, with slashes between them`);
    }
    const root = await this.#root();
    const real = await realpath(path.join(root, relative)).catch((error: unknown) => {
      throw readProblem(error);
    });
    if (!isWithin(real, root)) throw absent();
    let handle: FileHandle;
    try {
      // Without waiting: the other end of a pipe may never come.
      handle = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    } catch (error) {
      throw readProblem(error);
    }
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw absent();
      // A link may have been put into the way since: the open file still has to be the one at this place.
      const now = await realpath(real);
      const there = await lstat(now);
      if (now !== real || there.ino !== stats.ino || there.dev !== stats.dev) throw absent();
      return openFile(fileOf(relative, stats), handle);
    } catch (error) {
      await handle.close();
      throw error instanceof FolderProblem ? error : readProblem(error);
    }
  }

  /**
   * Reads a whole file.
   *
   * @throws FolderProblem, also if it is longer than `maxBytes`
   */
  async read(relative: string, maxBytes: number): Promise<{ readonly file: FolderFile; readonly bytes: Buffer }> {
    const opened = await this.open(relative);
    try {
      const { file } = opened;
      if (file.size > maxBytes) throw new FolderProblem("tooLarge", `The file is larger than ${maxBytes} bytes`);
      const pieces: Uint8Array[] = [];
      for await (const piece of opened.pieces()) pieces.push(piece);
      return { file, bytes: Buffer.concat(pieces) };
    } finally {
      await opened.close();
    }
  }

  /** Returns the folder without links. */
  async #root(): Promise<string> {
    let root: string;
    try {
      root = await realpath(await findFolder(this.#location, this.#directory, this.#places));
    } catch (error) {
      throw new FolderProblem("absent", "There is no such folder", error);
    }
    const stats = await stat(root).catch(() => undefined);
    if (!stats?.isDirectory()) throw new FolderProblem("absent", "There is no such folder");
    return root;
  }
}

/** Returns where folders that a capability names may be. */
export function folderPlaces({ opening }: Pick<Runtime, "opening">): Pick<FolderPlaces, "cwd" | "roots"> {
  return { cwd: opening.surroundings.cwd, roots: opening.settings.folderRoots };
}

function fileOf(relative: string, { size, mtimeMs, ino, dev }: Stats): FolderFile {
  return { path: relative, size, mediaType: mediaTypeOfFile(relative), stamp: `${dev} ${ino} ${size} ${mtimeMs}` };
}

function openFile(file: FolderFile, handle: FileHandle): OpenFolderFile {
  return {
    file,
    async *pieces() {
      let left = file.size;
      while (left > 0) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(Math.min(left, PIECE)), 0);
        // Another program has cut it.
        if (bytesRead === 0) throw new FolderProblem("failed", "The file has become shorter");
        left -= bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    },
    close: () => handle.close(),
  };
}

/** Bytes that are read at a time. */
const PIECE = 65_536;

function absent(): FolderProblem {
  return new FolderProblem("absent", "There is no such file");
}

function readProblem(error: unknown): FolderProblem {
  const { code = "" } = error as NodeJS.ErrnoException;
  return MISSING.has(code) ? absent() : new FolderProblem("failed", "The file cannot be read", error);
}

/** Codes of files that are not there, of folders, of links in a circle, and of names that no file has. */
const MISSING: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EISDIR", "ELOOP", "ENAMETOOLONG", "ENXIO"]);
