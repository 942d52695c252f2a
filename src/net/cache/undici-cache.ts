// undici's cache alone: the build of the command replaces undici by it in this file, to load less.
import { type Dispatcher, interceptors } from "undici";

type CacheOptions = NonNullable<Parameters<typeof interceptors.cache>[0]>;

export type CacheStore = NonNullable<CacheOptions["store"]>;
export type CacheKey = Parameters<CacheStore["get"]>[0];
export type CacheValue = Parameters<CacheStore["createWriteStream"]>[1];
/** The value of a store for a key. */
export type KeptValue = Exclude<Awaited<ReturnType<CacheStore["get"]>>, undefined>;

/** Creates an interceptor that caches (RFC 9111). */
export function cacheInterceptor(options: CacheOptions): Dispatcher.DispatcherComposeInterceptor {
  return interceptors.cache(options);
}
