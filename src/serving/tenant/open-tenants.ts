import path from "node:path";
import type { TenantOptions } from "../../engine/surroundings.ts";
import type { LoadedOverlays } from "../../language/overlays/load-overlays.ts";
import type { TenantSetting } from "../../language/overlays/overlays.ts";
import { TenantKeys } from "./tenant-keys.ts";
import type { TenantSource } from "./tenant-source.ts";

/** The tenants of a server. */
export interface Tenants {
  readonly source: TenantSource;
  readonly options: TenantOptions;
}

const RENEW_MS = 60_000;
const SOURCES = ["claim", "apiKeys", "header"] as const;

/**
 * Opens the tenants of a configuration.
 *
 * @param report told why a later state of their keys cannot be used
 * @returns `undefined` if it has none
 * @throws CapabilityError `CONFIG_INVALID`
 */
export async function openTenants(
  overlays: LoadedOverlays | undefined,
  report: (error: unknown) => void,
): Promise<Tenants | undefined> {
  const setting = overlays?.tenants;
  if (overlays === undefined || setting === undefined) return undefined;
  const given = SOURCES.filter(name => setting[name] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "none of them is there" : `found ${given.join(" and ")}`;
    throw overlays.invalid(`tenants are told apart by one of ${SOURCES.join(", ")}: ${found}`, "/tenants");
  }
  return {
    source: await sourceOf(setting, overlays, report),
    options: { renewMs: setting.refreshMs ?? RENEW_MS },
  };
}

async function sourceOf(
  { claim, header = "", apiKeys }: TenantSetting,
  overlays: LoadedOverlays,
  report: (error: unknown) => void,
): Promise<TenantSource> {
  if (claim !== undefined) return { kind: "claim", name: claim };
  if (apiKeys === undefined) return { kind: "header", name: header.toLowerCase() };
  try {
    const keys =
      typeof apiKeys === "string"
        ? await TenantKeys.in(path.resolve(overlays.directory ?? "", apiKeys), report)
        : TenantKeys.of(apiKeys);
    return { kind: "apiKeys", keys };
  } catch (error) {
    throw overlays.invalid(`tenants.apiKeys: ${(error as Error).message}`, "/tenants/apiKeys");
  }
}
