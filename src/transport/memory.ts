import type { HttpRequest } from "../request/http-request.ts";
import type { HttpResponse, Transport } from "./transport.ts";

/** A transport that asks a function: for tests of programs that embed capabilities. */
export function createMemoryTransport(
  answer: (request: HttpRequest) => Partial<HttpResponse> | Promise<Partial<HttpResponse>>,
): Transport {
  return async request => {
    const { status = 200, statusText = "", headers = {}, body = new Uint8Array() } = await answer(request);
    return { status, statusText, headers, body };
  };
}
