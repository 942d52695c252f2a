import { createPrivateKey, X509Certificate } from "node:crypto";
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
    // Without any of the two, a context is made that can serve nobody.
    createPrivateKey(key);
    new X509Certificate(cert);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new TlsFilesError(`Cannot use ${files.cert} with ${files.key}: ${REASONS[code] ?? message}`);
  }
  return { cert, key };
}

/** Texts for errors of OpenSSL, by code. */
const REASONS: Readonly<Record<string, string>> = {
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: "the key is that of another certificate",
  ERR_OSSL_PEM_NO_START_LINE: "the certificate is none in PEM",
  ERR_OSSL_UNSUPPORTED: "the key is none in PEM",
};

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
