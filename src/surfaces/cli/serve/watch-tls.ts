import { setTimeout as pause } from "node:timers/promises";
import { SettledChange, stampsOf } from "../../../serving/file-stamps.ts";
import type { ListenerTls } from "../../../serving/listener.ts";
import { readTlsFiles, type TlsFiles, TlsFilesError } from "../../../serving/tls-files.ts";
import type { CapabilityServer } from "./server-parts.ts";

/** Time between looks at the certificate, in milliseconds. */
const LOOK_MS = 1_000;

/** Uses a certificate for new connections when its files change, until the signal. A pair that is none is told of. */
export async function watchTls(
  files: TlsFiles,
  certificate: { current: ListenerTls | undefined },
  server: CapabilityServer,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const paths = [files.cert, files.key];
  const change = new SettledChange(await stampsOf(paths));
  while (!signal.aborted) {
    await pause(LOOK_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted || !change.look(await stampsOf(paths))) continue;
    try {
      const tls = await readTlsFiles(files);
      certificate.current = tls;
      for (const listener of server.listeners) listener.renewCertificate(tls);
      tell(`new connections get the certificate ${files.cert} as it is now`);
    } catch (error) {
      if (!(error instanceof TlsFilesError)) throw error;
      tell(`${error.message}; the older certificate stays in use`);
    }
  }
}
