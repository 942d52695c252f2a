import type { Layer } from "../transport.ts";
import type { RedirectOptions } from "./follow.ts";

/** Follows redirects, by the rules of `follow`, which is loaded with the first of them. */
export function redirects(options: RedirectOptions): Layer {
  return next => (request, exchange) => {
    const startMs = performance.now();
    return next(request, exchange).then(response => {
      const { status, headers } = response;
      if (status < 300 || status > 399 || headers["location"] === undefined) return response;
      return import("./follow.ts").then(({ follow }) =>
        follow({ request, response, exchange, startMs }, next, options),
      );
    });
  };
}
