import path from "node:path";
import { keep } from "../../../src/net/cache/keep.ts";
import { type CacheOptions, createResponseCache, type ResponseCache } from "../../../src/net/cache/response-cache.ts";
import { share } from "../../../src/net/cache/share.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import type { HttpResponse, Watch } from "../../../src/net/transport.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { type ExchangeParts, exchangeOf } from "../../support/exchange.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Where answers may be kept. */
export type Medium = "memory" | "file";

export const MEDIA: readonly Medium[] = ["memory", "file"];

/** Opens a cache that fails the test where it cannot be used. */
export async function openCache(medium: Medium, options: CacheOptions = {}): Promise<ResponseCache> {
  const file = path.join(await temporaryFolder({}), "answers.sqlite");
  const onWarning = (message: string) => {
    throw new Error(message);
  };
  return createResponseCache({ onWarning, ...(medium === "file" ? { file } : {}), ...options });
}

/** An answer, and what the cache says it did. */
export interface Asked {
  readonly response: HttpResponse;
  readonly text: string;
  /** `asked` where the cache says nothing. */
  readonly result: "hit" | "revalidated" | "stored" | "shared" | "asked";
}

export const LIMITS: Partial<ExchangeParts> = { timeoutMs: 5_000, maxResponseBytes: 10_000_000 };

/** Sends through a cache, with real HTTP. */
export function asker(
  cache: ResponseCache,
): (request: HttpRequest, limits?: Partial<ExchangeParts>, isUncached?: boolean) => Promise<Asked> {
  const wire = createNodeHttpTransport();
  const cached = share(cache.flights)(keep(cache)(wire));
  return async (request, limits = {}, isUncached = false) => {
    const transport = isUncached ? wire : cached;
    let result: Asked["result"] = "asked";
    const observe: Watch["observe"] = event => {
      if (event.type === "cache") result = event.result;
    };
    const response = await transport(request, exchangeOf({ ...LIMITS, observe, ...limits }));
    return { response, text: Buffer.from(response.body).toString(), result };
  };
}
