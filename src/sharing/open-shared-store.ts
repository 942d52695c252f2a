import type { SharedStore } from "./shared-store.ts";
import type { StoreUrl } from "./store-url.ts";

/** Loads what speaks with a store, and begins to connect. It need not be there: it is tried until it is. */
export async function openSharedStore(url: StoreUrl): Promise<SharedStore> {
  const { RedisStore } = await import("./redis-store.ts");
  const store = new RedisStore(url);
  await store.connect().catch(() => {});
  return store;
}
