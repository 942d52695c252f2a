import { readFile } from "node:fs/promises";
import { createSecureContext } from "node:tls";
import type { ListenerTls } from "./listener.ts";

/** Absolute paths of a certificate and its key, in PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/**
 * Reads a certificate and its key.
 *
 * @throws TlsFilesError if one cannot be read, or they are no pair
 */
export async function readTlsFiles(files: TlsFiles): Promise<ListenerTls> {
  const [cert, key] = await Promise.all([readPem(files.cert, "certificate"), readPem(files.key, "key")]);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const reason = code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH" ? "the key is that of another certificate" : message;
    throw new TlsFilesError(`Cannot use ${files.cert} with ${files.key}: ${reason}`);
  }
  return { cert, key };
}

async function readPem(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new TlsFilesError(`Cannot read the ${what} ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** A certificate or its key cannot be used. */
export class TlsFilesError extends Error {
  override readonly name = "TlsFilesError";
}
