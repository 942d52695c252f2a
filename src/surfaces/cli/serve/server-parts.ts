import type { Environment } from "../../../base/environment.ts";
import type { HostedCapability } from "../../../serving/hosted-capability.ts";
import type { IdempotencyLedger } from "../../../serving/idempotency/idempotency-ledger.ts";
import type { Listener } from "../../../serving/listener.ts";
import type { RateLimit } from "../../../serving/rate/rate-limit.ts";
import type { TenantSource } from "../../../serving/tenant/tenant-source.ts";
import type { Telemetry } from "../../../telemetry/telemetry.ts";
import type { AnswerSettings } from "../../../tools/answer/answer-settings.ts";
import type { OpenFile } from "./file-opener.ts";
import type { ServedCapability } from "./open-served.ts";
import type { Listen } from "./own-ports.ts";
import type { ServedFiles } from "./served-files.ts";
import type { Tellers } from "./tellers.ts";

/** Parts of a server, whichever ports it has. */
export interface ServerParts extends Tellers {
  readonly files: ServedFiles;
  readonly open: OpenFile;
  readonly listen: Listen;
  /** Address to listen on, in place of those of the files. */
  readonly host: string | undefined;
  /** Origins whose pages may call; `*` for all. */
  readonly origins: readonly string[];
  readonly env: Environment;
  readonly rateLimit: RateLimit | undefined;
  /** Remembers the answers to requests that have a key. */
  readonly ledger: IdempotencyLedger;
  /** What tells the tenants of callers. `undefined`: there are none. */
  readonly tenants: TenantSource | undefined;
  /** How answers to agents are written. */
  readonly answers: AnswerSettings;
}

export type Hosted = HostedCapability<ServedCapability>;

/** Server of capabilities. */
export interface CapabilityServer {
  /**
   * @throws CapabilityError for what cannot be served; everything that was opened is closed by {@link stop}
   */
  start(): Promise<void>;
  /** The capabilities that are open. */
  readonly hosted: Iterable<Hosted>;
  readonly listeners: readonly Listener[];
  /**
   * Serves the file of a capability as it is now.
   *
   * @throws CapabilityError that tells what is wrong with it; the older state then stays
   */
  reload(hosted: Hosted): Promise<void>;
  /** Serves another file. */
  add(name: string, file: string): Promise<void>;
  /** Serves a capability no longer. */
  remove(name: string): Promise<void>;
  /** @param graceMs how long requests under way may go on, in milliseconds */
  stop(graceMs: number): Promise<void>;
}

/** Returns what follows the requests of capabilities that are open. It is closed when they are. */
export function telemetriesOf(hosted: Iterable<Hosted>): Telemetry[] {
  return [...hosted].flatMap(({ current }) => current?.telemetry ?? []);
}

/** Ends the answers of capabilities that have no end of their own: a server that stops would wait for them. */
export function endStreams(hosted: Iterable<Hosted>): void {
  for (const { current } of hosted) for (const { stop } of current?.adapters ?? []) stop?.();
}
