import type { Layer } from "../transport.ts";
import type { RedirectOptions } from "./follow.ts";

/** Follows redirects, by the rules of `follow`, which is loaded with the first of them. */
export function redirects(options: RedirectOptions): Layer {
  return next => (request, exchange) => {
    // Not `performance`: the first use of it loads a part of Node that the command does not need.
    const startedAt = process.uptime();
    return next(request, exchange).then(response => {
      const { status, headers } = response;
      if (status < 300 || status > 399 || headers["location"] === undefined) return response;
      const startMs = performance.now() - (process.uptime() - startedAt) * 1_000;
      return import("./follow.ts").then(({ follow }) =>
        follow({ request, response, exchange, startMs }, next, options),
      );
    });
  };
}
