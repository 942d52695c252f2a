import path from "node:path";
import type { RecordedDifference } from "../../base/capability-error.ts";
import type { HttpResponse, Transport } from "../transport.ts";
import { exchangeAborted, tooLargeError } from "../transport-error.ts";
import { type WholeRequest, wholeRequest } from "../whole-request.ts";
import { type Cassette, checkCassette, notRecorded, type RecordedResponse } from "./cassette.ts";
import { readCassette } from "./cassette-file.ts";
import { type ComparableRequest, comparableRecording, comparableRequest } from "./comparable-request.ts";
import { compareRequests } from "./compare-requests.ts";
import { bodyBytes } from "./recorded-body.ts";

/**
 * Creates a transport that answers from recorded calls, without network. A request matches a recorded one with the same
 * method, path, query, type and body. The order of the query, credentials and other headers do not count, and the host
 * only decides between several matches. A repeated request gets the next recorded answer, and at the end the last one
 * again. Any other request rejects with CapabilityError `NOT_RECORDED`, which tells the nearest call and the differences.
 *
 * @example
 * const shop = await openCapability("shop", { transport: createReplayTransport("tape.yaml") });
 *
 * @param source path of a file, which is read with the first request, or recorded calls
 * @throws TypeError for recorded calls in another form
 */
export function createReplayTransport(source: string | Cassette): Transport {
  if (typeof source !== "string") return replay(checkData(source), "the recording");
  let opening: Promise<Transport> | undefined;
  return local(async (request, exchange) => {
    opening ??= readCassette(source).then(cassette => replay(cassette, path.basename(source)));
    return (await opening)(request, exchange);
  });
}

function local(transport: Transport): Transport {
  return Object.assign(transport, { staysHere: true });
}

function checkData(value: Cassette): Cassette {
  try {
    return checkCassette(value);
  } catch (error) {
    throw new TypeError(`The recording ${(error as Error).message}`);
  }
}

/** A recorded call, and whether its answer was given. */
interface Recording {
  readonly request: ComparableRequest;
  readonly url: string;
  readonly response: RecordedResponse;
  isUsed: boolean;
}

function replay({ interactions }: Cassette, name: string): Transport {
  const recordings = interactions.map(
    ({ request, response }): Recording => ({
      request: comparableRecording(request),
      url: request.url,
      response,
      isUsed: false,
    }),
  );
  return local(async (request, exchange) => {
    const { signal, bounds } = exchange;
    if (signal?.aborted) throw exchangeAborted(request.url, signal);
    const asked = await wholeRequest(request);
    const recording = choose(recordings, comparableRequest(asked));
    if (recording === undefined) throw unknownCall(recordings, asked, name);
    recording.isUsed = true;
    const response = await responseOf(recording.response);
    if (response.body.length > bounds.maxResponseBytes) throw tooLargeError(request.url, bounds);
    return response;
  });
}

/** Chooses the first unused recording of a request, else the last one. */
function choose(recordings: readonly Recording[], asked: ComparableRequest): Recording | undefined {
  const same = recordings.filter(({ request }) => compareRequests(request, asked).length === 0);
  const ofHost = same.filter(({ request }) => request.origin === asked.origin);
  const candidates = ofHost.length > 0 ? ofHost : same;
  return candidates.find(({ isUsed }) => !isUsed) ?? candidates.at(-1);
}

async function responseOf({ status, statusText, headers = {}, body }: RecordedResponse): Promise<HttpResponse> {
  const { STATUS_CODES } = await import("node:http");
  return { status, statusText: statusText ?? STATUS_CODES[status] ?? "", headers, body: bodyBytes(body) };
}

/** Weights of differences. Any other part weighs 1: calls with similar paths are probably meant to be the same. */
const WEIGHTS: Readonly<Record<string, number>> = { path: 6, method: 4 };

function unknownCall(recordings: readonly Recording[], request: WholeRequest, name: string): Error {
  const { method, url } = request;
  const asked = comparableRequest(request);
  const call = `${method} ${asked.path}`;
  const scored = recordings.map(({ request: recorded, url: recordedUrl }) => {
    const differences = compareRequests(recorded, asked);
    return { recorded, recordedUrl, differences, weight: weigh(differences) };
  });
  const nearest = scored.reduce<(typeof scored)[number] | undefined>(
    (best, next) => (best === undefined || next.weight < best.weight ? next : best),
    undefined,
  );
  if (nearest === undefined) {
    return notRecorded(`Cannot replay ${call}: ${name} has no calls`, { request: { method, url } });
  }
  const { recorded, recordedUrl, differences } = nearest;
  const position = scored.indexOf(nearest) + 1;
  const parts = differences.map(({ part }) => part).join(", ");
  return notRecorded(
    `Cannot replay ${call}: ${name} has no such call; the nearest is call ${position} of ${scored.length}, ${recorded.method} ${recorded.path}, which differs in ${parts}`,
    { request: { method, url }, nearest: { method: recorded.method, url: recordedUrl, differences } },
  );
}

function weigh(differences: readonly RecordedDifference[]): number {
  let weight = 0;
  for (const { part, recorded = "", asked = "" } of differences) {
    weight += (WEIGHTS[part] ?? 1) * (part === "path" ? unlikeness(recorded, asked) : 1);
  }
  return weight;
}

/** Returns the share of segments in which two paths differ, from 0 to 1. Another length counts as well. */
function unlikeness(recorded: string, asked: string): number {
  const first = recorded.split("/");
  const second = asked.split("/");
  const longest = Math.max(first.length, second.length);
  let differing = Math.abs(first.length - second.length);
  for (const [index, segment] of first.entries()) if (segment !== second[index]) differing++;
  return differing / longest;
}
