import type { Transport } from "../transport.ts";
import { cachingTransport } from "./caching-transport.ts";
import type { ResponseCache } from "./response-cache.ts";
import { sharingTransport } from "./sharing-transport.ts";

/** A transport that asks for nothing twice: neither for what is kept, nor for what is being asked for. */
export function cachedTransport(transport: Transport, cache: ResponseCache): Transport {
  return sharingTransport(cachingTransport(transport, cache), cache.flights);
}
