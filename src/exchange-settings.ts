import type { Operation } from "./capability/types.ts";
import type { SourceLocation } from "./error/source-location.ts";
import { isStream } from "./response/stream-formats.ts";
import { DEFAULT_MAX_REDIRECTS, redirectTransport } from "./transport/redirect-transport.ts";
import type { ExchangeLimits, Transport } from "./transport/transport.ts";

/** What whoever opens a capability says of every exchange; overlays may say it of one operation. */
export interface ExchangeOptions {
  readonly timeoutMs?: number | undefined;
  readonly retries?: number | undefined;
  readonly maxResponseBytes?: number | undefined;
  readonly maxRedirects?: number | undefined;
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
  { timeoutMs, retries }: Operation,
  options: ExchangeOptions,
  transport: Transport,
): Promise<ExchangeSettings> {
  const following = redirectTransport(transport, options.maxRedirects ?? DEFAULT_MAX_REDIRECTS);
  return {
    transport: await withRetries(following, options.retries ?? retries?.value ?? 0),
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

async function withRetries(transport: Transport, retries: number): Promise<Transport> {
  if (retries === 0) return transport;
  const { retryTransport } = await import("./transport/retry.ts");
  return retryTransport(transport, { retries });
}
