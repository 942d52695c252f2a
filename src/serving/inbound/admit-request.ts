import type { IncomingMessage, ServerResponse } from "node:http";
import type { RateLimit } from "../rate/rate-limit.ts";
import { Refusal } from "../refusal.ts";
import type { Caller, RequestHead } from "./guard.ts";
import { Challenge } from "./presented.ts";

/** A guard, or several that share a port. */
interface Admitting<Admitted extends Caller> {
  admit(request: RequestHead): Admitted | Promise<Admitted>;
}

/**
 * Lets a request in: what its caller presents is checked, and the request is counted. The answer gets the fields that tell
 * the caller of the limit.
 *
 * @param limit `undefined`: callers may send as many requests as they like
 * @throws Refusal as the guard does; 429
 */
export function admitRequest<Admitted extends Caller>(
  guard: Admitting<Admitted>,
  limit: RateLimit | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Admitted | Promise<Admitted> {
  return limit === undefined ? guard.admit(request) : admitCounted(guard, limit, request, response);
}

async function admitCounted<Admitted extends Caller>(
  guard: Admitting<Admitted>,
  limit: RateLimit,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Admitted> {
  const { remoteAddress = "" } = request.socket;
  let caller: Admitted;
  try {
    caller = await guard.admit(request);
  } catch (error) {
    if (error instanceof Refusal && error.status < 500 && !(error instanceof Challenge))
      await limit.countRefused(remoteAddress);
    throw error;
  }
  const headers = await limit.count(caller, remoteAddress);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  return caller;
}
