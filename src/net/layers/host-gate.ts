import PQueue from "p-queue";
import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import type { Sharing } from "../../sharing/sharing.ts";
import type { HttpRequest } from "../http-request.ts";
import { joinSignals } from "../join-signals.ts";
import type { Exchange, HttpResponse, Send } from "../transport.ts";
import { exchangeAborted } from "../transport-error.ts";
import { withEnd } from "../with-end.ts";
import { type BreakerOptions, CircuitBreaker } from "./circuit-breaker.ts";
import { FairQueue, type TurnOptions } from "./fair-queue.ts";
import { SharedBreaker } from "./shared-breaker.ts";
import { SharedTurns } from "./shared-turns.ts";

/** Limits of the requests to one host. */
export interface HostLimits {
  /** Requests that begin in a second; it may be a fraction. */
  readonly requestsPerSecond?: number | undefined;
  /** Requests under way at once. */
  readonly concurrency?: number | undefined;
  readonly circuitBreaker?: BreakerOptions | undefined;
}

/** A request, and what sends it. */
interface Sending {
  readonly next: Send;
  readonly request: HttpRequest;
  readonly exchange: Exchange;
  readonly lane: object;
}

type Turns = PQueue<FairQueue, TurnOptions> | SharedTurns;

/** Holds the requests to one host to its limits. */
export class HostGate {
  readonly #concurrency: number;
  readonly #queue: Turns | undefined;
  readonly #breaker: CircuitBreaker | SharedBreaker | undefined;
  readonly #shared: SharedBreaker | undefined;

  /**
   * @param origin the host
   * @param sharing makes the limits those of all processes that share
   */
  constructor(
    { requestsPerSecond, concurrency = Number.POSITIVE_INFINITY, circuitBreaker }: HostLimits,
    origin: string,
    sharing: Sharing | undefined,
  ) {
    this.#concurrency = concurrency;
    const { intervalCap: requests, interval: intervalMs } = intervalOf(requestsPerSecond);
    const hasTurns = requestsPerSecond !== undefined || concurrency < Number.POSITIVE_INFINITY;
    if (hasTurns) {
      const rate = requests === undefined || intervalMs === undefined ? undefined : { requests, intervalMs };
      this.#queue =
        sharing === undefined
          ? new PQueue({ concurrency, queueClass: FairQueue, ...intervalOf(requestsPerSecond) })
          : new SharedTurns(origin, { rate, concurrency }, sharing);
    }
    if (circuitBreaker === undefined) return;
    this.#shared = sharing && new SharedBreaker(origin, circuitBreaker, sharing);
    this.#breaker = this.#shared ?? new CircuitBreaker(circuitBreaker);
  }

  /** Sends a request when it is its turn. */
  async send(sending: Sending): Promise<HttpResponse> {
    if (this.#shared !== undefined) await this.#shared.prepare();
    this.#refuse(sending.request);
    const queue = this.#queue;
    if (queue === undefined) return this.#exchange(sending, () => {});
    const { exchange, request, lane } = sending;
    const { closing, paced } = exchange.watch;
    const { signal, release } = joinSignals(exchange.signal, closing, paced?.stop);
    // Its turn lasts until the body is there, which for one that comes piece by piece is after the answer.
    return new Promise((resolve, reject) => {
      let hasBegun = false;
      const turn = () =>
        new Promise<void>(done => {
          hasBegun = true;
          release();
          this.#exchange(sending, done).then(resolve, error => {
            done();
            reject(error);
          });
        });
      queue.add(turn, { lane, signal }).catch(() => {
        // Only the signal ends a turn early.
        release();
        reject(exchangeAborted(request.url, signal));
      });
      if (!hasBegun) this.#tellWait(queue, sending);
    });
  }

  async #exchange({ next, request, exchange }: Sending, done: () => void): Promise<HttpResponse> {
    // It may have opened while this one waited.
    this.#refuse(request);
    const pass = this.#breaker?.enter();
    let response: HttpResponse;
    try {
      response = await next(request, exchange);
    } catch (error) {
      pass?.ended(verdictOn(error));
      throw error;
    }
    const { status, chunks } = response;
    const end = (error?: unknown) => {
      if (error !== undefined) pass?.ended(verdictOn(error));
      else pass?.ended(status >= 500 ? "bad" : "good");
      done();
    };
    if (chunks !== undefined) return { ...response, chunks: withEnd(chunks, { end }) };
    end();
    return response;
  }

  /** @throws CapabilityError `CIRCUIT_OPEN` */
  #refuse({ url }: HttpRequest): void {
    const refusal = this.#breaker?.refusal();
    if (refusal === undefined) return;
    const { calls, failures, retryInMs } = refusal;
    const when =
      retryInMs === undefined
        ? "one is on its way to find out whether that has passed"
        : `one is let through again in ${Math.ceil(retryInMs / 100) / 10} s`;
    throw new CapabilityError("CIRCUIT_OPEN", {
      message: `Nothing is sent to ${new URL(url).host}: ${failures} of the last ${calls} calls failed; ${when}`,
      details: { url, ...refusal },
    });
  }

  #tellWait(queue: Turns, { exchange, request }: Sending): void {
    const reason = queue.pending >= this.#concurrency ? "concurrency" : "rate";
    exchange.watch.observe?.({ type: "wait", host: new URL(request.url).host, reason });
  }
}

/** Returns the interval of a rate, and the number of requests that may begin in any such interval. */
function intervalOf(perSecond: number | undefined): {
  intervalCap?: number;
  interval?: number;
  strict?: true;
} {
  if (perSecond === undefined) return {};
  const intervalCap = Math.max(1, Math.floor(perSecond));
  return { intervalCap, interval: Math.ceil((intervalCap / perSecond) * 1_000), strict: true };
}

function verdictOn(error: unknown): "good" | "bad" | "aborted" {
  if (isCapabilityError(error, "NETWORK") || isCapabilityError(error, "TIMEOUT")) return "bad";
  return isCapabilityError(error, "ABORTED") ? "aborted" : "good";
}
