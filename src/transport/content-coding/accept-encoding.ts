import type { HttpRequest } from "../http-request.ts";

/** What Node itself undoes: zstd is undone too, though more slowly, and so not asked for. */
const ACCEPTED = "gzip, deflate, br";

/** The headers of a request, with the codings that its answer may have; what the request says of them wins. */
export function withAcceptEncoding({ headers }: HttpRequest): Readonly<Record<string, string>> {
  return "accept-encoding" in headers ? headers : { ...headers, "accept-encoding": ACCEPTED };
}
