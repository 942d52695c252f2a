import { createHash } from "node:crypto";
import path from "node:path";
import { RemediedError } from "../base/remedy.ts";
import { settingInvalid } from "../language/overlays/config-error.ts";
import type { LoadedOverlays } from "../language/overlays/load-overlays.ts";
import type { ResolvedOverlay, Setting } from "../language/overlays/resolved-overlay.ts";
import { certificatesProblem } from "../net/connect/certificates.ts";
import type { ConnectionRules } from "../net/connect/connection-rules.ts";
import { type EgressPolicy, hostPatternProblem } from "../net/connect/egress/egress-policy.ts";
import { readProxies } from "../net/connect/proxy/proxies.ts";
import type { BindSurroundings, LocatedVariable } from "./binds/bind-reader.ts";
import type { OpenOptions } from "./open-options.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Connection settings of every exchange. */
export interface ConnectionSettings {
  readonly egress: EgressPolicy | undefined;
  readonly connection: ConnectionRules | undefined;
}

/**
 * Options win over overlays. Files are read and everything is checked.
 *
 * @param env names the proxies
 * @param config the file that `overlay` comes from: a file that was only found names no files elsewhere
 * @throws CapabilityError `CONFIG_INVALID`
 * @throws TypeError for options that make no sense
 */
export async function connectionSettings(
  options: Pick<OpenOptions, "allowHosts" | "egress" | "certificateAuthority" | "http2">,
  overlay: ResolvedOverlay | undefined,
  env: Environment,
  config?: Pick<LoadedOverlays, "distrust">,
): Promise<ConnectionSettings> {
  const allowHosts = hostsOf(options.allowHosts, overlay?.allowHosts);
  const certificateAuthority = await authorityOf(
    options.certificateAuthority,
    overlay?.caFile,
    overlay?.directory,
    config,
  );
  const publicOnly = (options.egress ?? overlay?.egress?.value) === "public";
  const http2 = options.http2 ?? false;
  const proxies = readProxies(env);
  const id = createHash("sha256")
    .update(JSON.stringify([publicOnly, http2, certificateAuthority]))
    .digest("hex");
  return {
    egress: allowHosts && { allowHosts },
    connection: { id, publicOnly, http2, certificateAuthority, proxies },
  };
}

function hostsOf(
  given: readonly string[] | undefined,
  overlaid: Setting<readonly string[]> | undefined,
): readonly string[] | undefined {
  for (const pattern of given ?? overlaid?.value ?? []) {
    const problem = hostPatternProblem(pattern);
    if (problem === undefined) continue;
    const message = `allowHosts cannot have ${JSON.stringify(pattern)}: ${problem}`;
    throw given === undefined && overlaid !== undefined
      ? settingInvalid(message, overlaid.origin)
      : new TypeError(message);
  }
  return given ?? overlaid?.value;
}

async function authorityOf(
  given: string | undefined,
  overlaid: Setting<string> | undefined,
  directory: string | undefined,
  config: Pick<LoadedOverlays, "distrust"> | undefined,
): Promise<string | undefined> {
  if (given !== undefined) {
    const problem = certificatesProblem(given);
    if (problem !== undefined) throw new TypeError(`certificateAuthority ${problem}`);
    return given;
  }
  if (overlaid === undefined) return undefined;
  const cwd = process.cwd();
  const folder = directory ?? cwd;
  const file = path.resolve(folder, overlaid.value);
  const pem = await readAsBind(file, { directory: folder, cwd, config }).catch((error: Error) => {
    throw settingInvalid(`caFile: ${error.message}`, overlaid.origin, RemediedError.remedyOf(error));
  });
  const problem = certificatesProblem(pem);
  if (problem !== undefined) throw settingInvalid(`caFile: ${file} ${problem}`, overlaid.origin);
  return pem;
}

/** Reads a file under the rules for files of binds. */
async function readAsBind(
  file: string,
  {
    directory,
    cwd,
    config,
  }: Pick<BindSurroundings, "cwd" | "config"> & Required<Pick<LocatedVariable, "directory">>,
): Promise<string> {
  const { findFile } = await import("./binds/file/find-file.ts");
  const { readSmallFile } = await import("../base/files/read-small-file.ts");
  const place = { kind: "absolute", path: file } as const;
  return readSmallFile(
    await findFile(place, { directory, fromConfig: true }, { cwd, fileRoots: [], config }),
  );
}
