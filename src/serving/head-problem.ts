import type { IncomingMessage } from "node:http";
import { Refusal } from "./refusal.ts";

/**
 * Returns a refusal of a request that two readers could take in two ways, though Node reads it. The connection is closed
 * then: where its next request begins is not certain.
 */
export function headProblem({
  rawHeaders,
  headers,
  httpVersion,
  httpVersionMajor,
  url = "",
}: IncomingMessage): Refusal | undefined {
  if (httpVersionMajor !== 1) return refused(505, `The server speaks HTTP/1.1, not HTTP/${httpVersion}`);
  const problem = hostProblem(rawHeaders, headers.host, httpVersion);
  if (problem !== undefined) return refused(400, problem);
  const coding = headers["transfer-encoding"];
  if (coding !== undefined) {
    // RFC 9112, 6.1
    if (httpVersion === "1.0") return refused(400, "A request of HTTP/1.0 has a Transfer-Encoding");
    if (coding.toLowerCase() !== "chunked")
      return refused(501, "Bodies are read in chunks, without other transfer codings");
  }
  // Clients keep it to themselves (RFC 9110, 4.2.4).
  return url.includes("#") ? refused(400, "The URL has a fragment") : undefined;
}

/** Returns what is wrong with the host that a request names (RFC 9112, 3.2). */
function hostProblem(rawHeaders: readonly string[], host: string | undefined, httpVersion: string): string | undefined {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] as string;
    if (name.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  if (hosts > 1) return "The request has several Host headers";
  if (host === undefined) return httpVersion === "1.0" ? undefined : "The request has no Host header";
  return isHost(host) ? undefined : "The Host header of the request is no host";
}

/** A name or an address, and a port (RFC 3986, 3.2.2). */
const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/i;

/** The host that was asked for last: nearly always that of the next request too. */
let usual = "";

function isHost(host: string): boolean {
  if (host === usual) return true;
  if (!HOST.test(host)) return false;
  usual = host;
  return true;
}

function refused(status: number, detail: string): Refusal {
  return new Refusal(status, detail, { connection: "close" });
}
