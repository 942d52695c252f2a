import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { readSmallFile } from "../../base/files/read-small-file.ts";
import { ioReason } from "../../base/io-reason.ts";
import { isWithin, withoutLinks } from "../../base/path-within.ts";
import { isPlainPath } from "../../language/document/plain-path.ts";
import { findFolder } from "../binds/file/find-folder.ts";
import type { ScriptSource } from "./script-worker.ts";

/** Where scripts may be read from. */
export interface ScriptPlaces {
  readonly cwd: string;
  /** Folders that the caller allows. */
  readonly roots: readonly string[];
}

/** A file that was read, as long as it stays as it was. */
interface Kept {
  readonly version: string;
  readonly source: ScriptSource;
}

const MOST_KEPT = 200;

/** Finds and reads scripts. Files that have not changed are read once. */
export class ScriptFiles {
  readonly #places: ScriptPlaces;
  readonly #kept = new Map<string, Kept>();

  constructor(places: ScriptPlaces) {
    this.#places = places;
  }

  /**
   * Reads a script of a folder.
   *
   * @param directory folder of the file that declares the location
   * @throws Error with the reason; RemediedError if an option would allow it
   */
  async read(name: string, location: string, directory: string | undefined): Promise<ScriptSource> {
    if (!isPlainPath(name)) {
      throw new Error(
        `"${name}" is not a path below a folder, of names of letters, digits, dots, hyphens and underscores`,
      );
    }
    const file = path.join(await findFolder(location, directory, { ...this.#places, option: "scriptRoots" }), name);
    const stats = await stat(file).catch(error => {
      throw new Error(`${file} cannot be read: ${ioReason(error)}`);
    });
    const version = `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}`;
    const kept = this.#kept.get(file);
    if (kept?.version === version) return kept.source;
    const folder = file.slice(0, -name.length - 1);
    const real = await realpath(file);
    if (!isWithin(real, withoutLinks(folder))) throw new Error(`${file} leads out of ${folder}`);
    const source = { name, text: await readSmallFile(real) };
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(file, { version, source });
    return source;
  }
}
