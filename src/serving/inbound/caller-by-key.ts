import type { TenantSource } from "../tenant/tenant-source.ts";
import { callerId } from "./caller-id.ts";
import type { Caller } from "./guard.ts";
import { secretCheck } from "./presented.ts";

/** Finds the caller that presents a key or a token. */
export type CallerByKey = (presented: string | Uint8Array) => Caller | undefined | Promise<Caller | undefined>;

/** Returns what finds callers: by the keys of tenants where there are some, else by the one that is declared. */
export function callerByKey(type: string, declared: string, tenants: TenantSource | undefined): CallerByKey {
  if (tenants?.kind === "apiKeys") return presented => tenants.keys.find(presented);
  const isExpected = secretCheck(declared);
  const caller: Caller = { id: callerId(type, declared) };
  return presented => (isExpected(presented) ? caller : undefined);
}
