import { promisify } from "node:util";
import zlib from "node:zlib";
import { Zip, type ZipInputFile } from "fflate";
import { FolderProblem } from "./folder-problem.ts";
import type { ServedFolder } from "./served-folder.ts";

/** Most that is packed, in bytes: an archive is made in memory. */
const MOST_BYTES = 32 * 1024 * 1024;

const deflate = promisify(zlib.deflateRaw);

/** The files of a folder as a ZIP archive. Files that have not changed are packed once. */
export class FolderArchive {
  readonly #folder: ServedFolder;
  #last: { readonly stamp: string; readonly packing: Promise<Buffer> } | undefined;

  constructor(folder: ServedFolder) {
    this.#folder = folder;
  }

  /**
   * Packs the files: the same ones always give the same bytes.
   *
   * @throws FolderProblem
   */
  async pack(): Promise<Buffer> {
    const files = await this.#folder.list();
    if (files.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES)
      throw new FolderProblem("tooLarge", `The folder has more than ${MOST_BYTES} bytes`);
    const stamp = files.map(file => `${file.path} ${file.stamp}`).join("\n");
    if (this.#last?.stamp === stamp) return this.#last.packing;
    const packing = packFiles(
      this.#folder,
      files.map(file => file.path),
    );
    this.#last = { stamp, packing };
    packing.catch(() => {
      if (this.#last?.packing === packing) this.#last = undefined;
    });
    return packing;
  }
}

async function packFiles(folder: ServedFolder, paths: readonly string[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const zip = new Zip((error, piece) => {
    if (error !== null) throw error;
    pieces.push(piece);
  });
  let left = MOST_BYTES;
  for (const name of paths) {
    const { bytes } = await folder.read(name, left);
    left -= bytes.length;
    const packed = (await deflate(bytes)) as Buffer<ArrayBuffer>;
    const entry: ZipInputFile = {
      filename: name,
      size: bytes.length,
      crc: zlib.crc32(bytes),
      compression: DEFLATE,
      // The earliest that the format has, in local time: when a file was written is no part of what it is.
      mtime: new Date(1980, 0, 1),
    };
    zip.add(entry);
    entry.ondata?.(null, packed, true);
  }
  zip.end();
  return Buffer.concat(pieces);
}

/** Method of compression (APPNOTE.TXT, 4.4.5). */
const DEFLATE = 8;
