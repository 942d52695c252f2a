// undici's cache by itself: the build of the command takes this file for all of undici, which is much to load.
import { type Dispatcher, interceptors } from "undici";

type CacheOptions = NonNullable<Parameters<typeof interceptors.cache>[0]>;

export type CacheStore = NonNullable<CacheOptions["store"]>;
export type CacheKey = Parameters<CacheStore["get"]>[0];
export type CacheValue = Parameters<CacheStore["createWriteStream"]>[1];
/** What a store gives for a key. */
export type KeptValue = Exclude<Awaited<ReturnType<CacheStore["get"]>>, undefined>;

/** Puts a cache in front of what dispatches (RFC 9111). */
export function cacheInterceptor(options: CacheOptions): Dispatcher.DispatcherComposeInterceptor {
  return interceptors.cache(options);
}
