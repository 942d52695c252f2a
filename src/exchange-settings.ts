import type { CacheChoice } from "./cache-choice.ts";
import type { Operation } from "./capability/types.ts";
import type { SourceLocation } from "./error/source-location.ts";
import { isStream } from "./response/stream-formats.ts";
import type { ExchangeLimits, Transport } from "./transport/transport.ts";

/** What whoever opens a capability says of every exchange; overlays may say it of one operation. */
export interface ExchangeOptions {
  readonly timeoutMs?: number | undefined;
  readonly retries?: number | undefined;
  readonly maxResponseBytes?: number | undefined;
  readonly cache?: CacheChoice | undefined;
}

/** How the requests of one operation are sent. */
export interface ExchangeSettings {
  readonly transport: Transport;
  readonly limits: ExchangeLimits;
  /** Place of the time-out, where an overlay sets it. */
  readonly timeoutSource?: SourceLocation | undefined;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RESPONSE_BYTES = 64 * 1024 * 1024;

/** Options win over overlays, and these over the defaults. */
export async function exchangeSettings(
  { timeoutMs, retries, cache }: Operation,
  options: ExchangeOptions,
  transport: Transport,
): Promise<ExchangeSettings> {
  const cached = await withCache(transport, options.cache, cache?.value);
  return {
    transport: await withRetries(cached, options.retries ?? retries?.value ?? 0),
    limits: { ...exchangeLimits(options, timeoutMs?.value), streams: isStream },
    timeoutSource: options.timeoutMs === undefined ? timeoutMs?.origin.source : undefined,
  };
}

/** The bounds of an exchange that no overlay, or one of `overlaidMs`, has bounds for. */
export function exchangeLimits(
  { timeoutMs, maxResponseBytes }: ExchangeOptions,
  overlaidMs?: number,
): ExchangeLimits {
  return {
    timeoutMs: timeoutMs ?? overlaidMs ?? DEFAULT_TIMEOUT_MS,
    maxResponseBytes: maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
  };
}

/** An option says where answers are kept, an overlay of which operations. */
async function withCache(
  transport: Transport,
  choice: CacheChoice | undefined,
  isWanted: boolean | undefined,
): Promise<Transport> {
  if (choice === undefined || !(isWanted ?? choice.isOn)) return transport;
  const { cachedTransport } = await import("./transport/cache/cached-transport.ts");
  return cachedTransport(transport, choice.cache);
}

async function withRetries(transport: Transport, retries: number): Promise<Transport> {
  if (retries === 0) return transport;
  const { retryTransport } = await import("./transport/retry.ts");
  return retryTransport(transport, { retries });
}
