import { createHash } from "node:crypto";
import path from "node:path";
import { RemediedError } from "../base/remedy.ts";
import { settingInvalid } from "../language/overlays/config-error.ts";
import type { ResolvedOverlay, Setting } from "../language/overlays/resolved-overlay.ts";
import { certificatesProblem } from "../net/connect/certificates.ts";
import type { ConnectionRules } from "../net/connect/connection-rules.ts";
import { type EgressPolicy, hostPatternProblem } from "../net/connect/egress/egress-policy.ts";
import { readProxies } from "../net/connect/proxy/proxies.ts";
import type { BindSurroundings, LocatedVariable } from "./binds/bind-reader.ts";
import type { OpenSettings } from "./open-options.ts";

/** Context that connection settings are read in. */
export type ConnectionContext = Pick<BindSurroundings, "env" | "cwd" | "config">;

/** Connection settings of every exchange. */
export interface ConnectionSettings {
  readonly egress: EgressPolicy | undefined;
  readonly connection: ConnectionRules | undefined;
}

/**
 * Reads the files that connection settings name, and checks everything.
 *
 * @param settings options and, where these are not given, those of `overlay`
 * @param context `env` names the proxies; paths without another folder are below `cwd`; `config` is the file that
 *   `overlay` comes from: a file that was only found names no files elsewhere
 * @throws CapabilityError `CONFIG_INVALID`
 * @throws TypeError for options that make no sense
 */
export async function connectionSettings(
  { allowHosts, egress, certificateAuthority: given, http2 }: OpenSettings,
  overlay: ResolvedOverlay | undefined,
  { env, cwd, config }: ConnectionContext,
): Promise<ConnectionSettings> {
  requireHosts(allowHosts, overlay?.allowHosts);
  const certificateAuthority = await authorityOf(given, overlay, { cwd, config });
  const publicOnly = egress === "public";
  const proxies = readProxies(env);
  const id = createHash("sha256")
    .update(JSON.stringify([publicOnly, http2, certificateAuthority]))
    .digest("hex");
  return {
    egress: allowHosts && { allowHosts },
    connection: { id, publicOnly, http2, certificateAuthority, proxies },
  };
}

function requireHosts(allowHosts: readonly string[] = [], overlaid: Setting<readonly string[]> | undefined): void {
  for (const pattern of allowHosts) {
    const problem = hostPatternProblem(pattern);
    if (problem === undefined) continue;
    const message = `allowHosts cannot have ${JSON.stringify(pattern)}: ${problem}`;
    throw overlaid?.value === allowHosts ? settingInvalid(message, overlaid.origin) : new TypeError(message);
  }
}

async function authorityOf(
  given: string | undefined,
  overlay: Pick<ResolvedOverlay, "caFile" | "directory"> | undefined,
  { cwd, config }: Pick<ConnectionContext, "cwd" | "config">,
): Promise<string | undefined> {
  if (given !== undefined) {
    const problem = certificatesProblem(given);
    if (problem !== undefined) throw new TypeError(`certificateAuthority ${problem}`);
    return given;
  }
  const overlaid = overlay?.caFile;
  if (overlaid === undefined) return undefined;
  const folder = overlay?.directory ?? cwd;
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
  { directory, cwd, config }: Pick<BindSurroundings, "cwd" | "config"> & Required<Pick<LocatedVariable, "directory">>,
): Promise<string> {
  const { findFile } = await import("./binds/file/find-file.ts");
  const { readSmallFile } = await import("../base/files/read-small-file.ts");
  const place = { kind: "absolute", path: file } as const;
  return readSmallFile(
    await findFile(place, { directory, fromConfig: true }, { cwd, fileRoots: [], config, tenant: undefined }),
  );
}
