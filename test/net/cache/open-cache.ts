import path from "node:path";
import { cachedTransport } from "../../../src/net/cache/cached-transport.ts";
import {
  type CacheOptions,
  createResponseCache,
  type ResponseCache,
} from "../../../src/net/cache/response-cache.ts";
import type { HttpRequest } from "../../../src/net/http-request.ts";
import type { ExchangeLimits, HttpResponse } from "../../../src/net/transport.ts";
import { createNodeHttpTransport } from "../../../src/net/wire/node-http.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Where answers may be kept. */
export type Medium = "memory" | "file";

export const MEDIA: readonly Medium[] = ["memory", "file"];

/** A cache that fails the test where it cannot be used. */
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

export const LIMITS: ExchangeLimits = { timeoutMs: 5_000, maxResponseBytes: 10_000_000 };

/** Sends through a cache, with real HTTP. */
export function asker(
  cache: ResponseCache,
): (request: HttpRequest, limits?: Partial<ExchangeLimits>) => Promise<Asked> {
  const transport = cachedTransport(createNodeHttpTransport(), cache);
  return async (request, limits) => {
    let result: Asked["result"] = "asked";
    const observe: ExchangeLimits["observe"] = event => {
      if (event.type === "cache") result = event.result;
    };
    const response = await transport(request, { ...LIMITS, observe, ...limits });
    return { response, text: Buffer.from(response.body).toString(), result };
  };
}
