import type { Layer } from "../transport.ts";

/** Lets a call that belongs to others, such as that of a batch, say when its requests are sent. */
export const paced: Layer = next => (request, exchange) => {
  const { paced } = exchange.watch;
  return paced === undefined ? next(request, exchange) : paced.send(request, exchange, next);
};
