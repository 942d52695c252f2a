import { createHash } from "node:crypto";
import path from "node:path";
import { settingInvalid } from "./overlays/config-error.ts";
import type { ResolvedOverlay, Setting } from "./overlays/resolved-overlay.ts";
import { certificatesProblem } from "./transport/certificates.ts";
import type { ConnectionRules } from "./transport/connection-rules.ts";
import { type EgressPolicy, hostPatternProblem } from "./transport/egress/egress-policy.ts";
import { readProxies } from "./transport/proxy/proxies.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** What whoever opens a capability says of where its requests go, and how they get there. */
export interface ConnectionOptions {
  readonly allowHosts?: readonly string[] | undefined;
  readonly egress?: "any" | "public" | undefined;
  readonly certificateAuthority?: string | undefined;
  readonly http2?: boolean | undefined;
}

/** What of it goes along with every exchange. */
export interface ConnectionSettings {
  readonly egress?: EgressPolicy;
  readonly connection?: ConnectionRules;
}

/**
 * Options win over overlays. Files are read and everything is checked.
 *
 * @param env names the proxies
 * @throws CapabilityError `CONFIG_INVALID`
 * @throws TypeError for options that make no sense
 */
export async function connectionSettings(
  options: ConnectionOptions,
  overlay: ResolvedOverlay | undefined,
  env: Environment,
): Promise<ConnectionSettings> {
  const allowHosts = hostsOf(options.allowHosts, overlay?.allowHosts);
  const certificateAuthority = await authorityOf(
    options.certificateAuthority,
    overlay?.caFile,
    overlay?.directory,
  );
  const publicOnly = (options.egress ?? overlay?.egress?.value) === "public";
  const { http2 = false } = options;
  const proxies = readProxies(env);
  const id = createHash("sha256")
    .update(JSON.stringify([publicOnly, http2, certificateAuthority]))
    .digest("hex");
  return {
    ...(allowHosts === undefined ? {} : { egress: { allowHosts } }),
    connection: {
      id,
      publicOnly,
      http2,
      ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
      ...(proxies === undefined ? {} : { proxies }),
    },
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
): Promise<string | undefined> {
  if (given !== undefined) {
    const problem = certificatesProblem(given);
    if (problem !== undefined) throw new TypeError(`certificateAuthority ${problem}`);
    return given;
  }
  if (overlaid === undefined) return undefined;
  const file = path.resolve(directory ?? process.cwd(), overlaid.value);
  const { readSmallFile } = await import("./files/read-small-file.ts");
  const pem = await readSmallFile(file).catch(({ message }: Error) => {
    throw settingInvalid(`caFile: ${message}`, overlaid.origin);
  });
  const problem = certificatesProblem(pem);
  if (problem !== undefined) throw settingInvalid(`caFile: ${file} ${problem}`, overlaid.origin);
  return pem;
}
