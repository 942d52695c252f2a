import path from "node:path";
import { CapabilityError, isCapabilityError } from "../../../base/capability-error.ts";
import { isJsonObject } from "../../../base/json-object.ts";
import { type Normalised, normalise } from "../dialect/normalise.ts";
import type { Document } from "../document.ts";
import type { Origin } from "../origins.ts";
import { readDocument } from "../read-document.ts";
import { locateImport } from "./import-location.ts";
import type { ImportProblems } from "./import-problems.ts";

export interface ImportOptions {
  /** Folders, with everything below them, that a file may import from besides its own. */
  readonly importRoots?: readonly string[] | undefined;
  /** Called for each file that is imported, and for those that are missing, before they are read. */
  readonly onImport?: ((file: string) => void) | undefined;
}

/** Document that imports or is imported. */
export interface ImportSource extends Normalised {
  readonly document: Document;
}

/** Most files that one document may bring in. */
const MAX_IMPORTED_FILES = 200;

/** Most characters of all files that one document brings in. */
const MAX_IMPORTED_LENGTH = 16 * 1024 * 1024;

/** Most files that may import one another in a row. */
const MAX_IMPORT_DEPTH = 20;

/** Reads imported files, each once, from the folders that are allowed. */
export class ImportReader {
  readonly #roots: readonly string[];
  readonly #problems: ImportProblems;
  readonly #onImport: ImportOptions["onImport"];
  readonly #sources = new Map<string, Promise<ImportSource>>();
  #length = 0;

  constructor(roots: readonly string[], problems: ImportProblems, onImport: ImportOptions["onImport"]) {
    this.#roots = roots;
    this.#onImport = onImport;
    this.#problems = problems;
  }

  /**
   * Opens the file that a location means. Returns `undefined` after reporting a problem.
   *
   * @param place the place of the import
   * @param way the files that lead there: the one opened first, each importing the next
   */
  async open(location: string, place: Origin, way: readonly string[]): Promise<ImportSource | undefined> {
    const what = `Cannot import ${JSON.stringify(location)}`;
    const { file } = place.document;
    if (file === undefined)
      return this.#problems.add(place, `${what}: a document without a file has no folder to start from`);
    const found = locateImport(location, { directory: path.dirname(file), roots: this.#roots });
    if (found.named !== undefined) this.#onImport?.(found.named);
    if (!found.ok) return this.#problems.add(place, `${what}: ${found.reason}`, found.remedy);
    if (way.includes(found.file)) {
      const cycle = [...way.slice(way.indexOf(found.file)), found.file];
      return this.#problems.add(place, `Import cycle: ${cycle.map(step => path.basename(step)).join(" → ")}`);
    }
    if (way.length > MAX_IMPORT_DEPTH)
      return this.#problems.add(place, `${what}: more than ${MAX_IMPORT_DEPTH} files import one another in a row`);
    if (this.#length > MAX_IMPORTED_LENGTH)
      return this.#problems.add(
        place,
        `${what}: the imported files have more than ${MAX_IMPORTED_LENGTH / 1024 / 1024} million characters`,
      );
    if (this.#sources.size >= MAX_IMPORTED_FILES && !this.#sources.has(found.file))
      return this.#problems.add(place, `${what}: more than ${MAX_IMPORTED_FILES} files are imported`);
    try {
      return await this.#readOnce(found.file);
    } catch (error) {
      if (!(error instanceof CapabilityError)) throw error;
      if (isCapabilityError(error, "CAPABILITY_INVALID")) this.#problems.addForeign(error.details.diagnostics);
      return this.#problems.add(place, `${what}: ${error.message}`);
    }
  }

  #readOnce(file: string): Promise<ImportSource> {
    const known = this.#sources.get(file);
    if (known !== undefined) return known;
    const reading = this.#readSource(file);
    this.#sources.set(file, reading);
    return reading;
  }

  async #readSource(file: string): Promise<ImportSource> {
    const document = await readDocument(file);
    this.#length += document.text?.length ?? 0;
    const normalised = normalise(document);
    if (isJsonObject(normalised.value) && Object.hasOwn(normalised.value, "naftiko"))
      return { document, ...normalised };
    throw new CapabilityError("CAPABILITY_NOT_FOUND", {
      message: `${file} has neither "naftiko" nor "ikanos" at its root`,
      details: { name: file, searched: [file], suggestions: [] },
    });
  }
}
