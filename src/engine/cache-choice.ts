import { type CacheOptions, createResponseCache, ResponseCache } from "../net/cache/response-cache.ts";

/** The option `cache` of `openCapability`. */
export type CacheOption = boolean | "memory" | CacheOptions | ResponseCache;

/** Whether answers are kept, and where. */
export interface CacheChoice {
  /** Whether they are where no overlay says anything. */
  readonly isOn: boolean;
  readonly cache: ResponseCache;
  /** Whether it is for one capability alone, and closed with it. */
  readonly isOwn: boolean;
}

/**
 * @param option the caller's
 * @param overlaid place of the answers of operations for which only an overlay turns the cache on
 * @returns `undefined` if the option turns the cache off, also for overlays
 * @throws TypeError, RangeError for options that make no sense
 */
export function cacheChoice(option: CacheOption | undefined, overlaid: CacheOptions = {}): CacheChoice | undefined {
  if (option === false) return undefined;
  if (option instanceof ResponseCache) return { isOn: true, cache: option, isOwn: false };
  if (option === undefined) return { isOn: false, cache: createResponseCache(overlaid), isOwn: true };
  const own = option === true || option === "memory" ? {} : option;
  return { isOn: true, cache: createResponseCache(own), isOwn: true };
}
