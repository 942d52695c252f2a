import { setTimeout as sleep } from "node:timers/promises";
import type { HttpRequest } from "../http-request.ts";
import { joinSignals } from "../join-signals.ts";
import { splitUrl } from "../split-url.ts";
import type { Exchange, HttpResponse, Paced, Send } from "../transport.ts";
import { exchangeAborted } from "../transport-error.ts";
import { isIdempotent } from "./idempotent.ts";
import type { Pace } from "./pace.ts";

/** One of several calls that share a pace, and what is counted of it. */
export class PacedCall implements Paced {
  readonly #pace: Pace;
  /** Whether its requests may be repeated whatever their methods: they have a key. */
  readonly #hasKey: boolean;
  /** Whether its first request has its turn already. */
  #hasTurn: boolean;
  /** Requests that were sent. Those that follow a redirect do not count. */
  sent = 0;
  /** Status of the last answer, if it is to the last request. */
  status: number | undefined;
  /** When the first request was sent. */
  #startedMs: number | undefined;

  constructor(pace: Pace, { hasKey, hasTurn }: { readonly hasKey: boolean; readonly hasTurn: boolean }) {
    this.#pace = pace;
    this.#hasKey = hasKey;
    this.#hasTurn = hasTurn;
  }

  /** Time since the first request was sent, in whole milliseconds. */
  get elapsedMs(): number {
    return this.#startedMs === undefined ? 0 : Math.round(performance.now() - this.#startedMs);
  }

  get stop(): AbortSignal {
    return this.#pace.stop;
  }

  /**
   * Sends a request when it is its turn. An answer that asks to wait is not the last one: the request is sent again after
   * the pause, which holds for all calls of the pace.
   */
  async send(request: HttpRequest, exchange: Exchange, next: Send): Promise<HttpResponse> {
    const pace = this.#pace;
    const { origin } = splitUrl(request.url);
    // A redirect is followed within one attempt.
    const isAttempt = exchange.bounds.startMs === undefined;
    for (;;) {
      const turnMs = isAttempt && !this.#hasTurn ? pace.takeTurn() : 0;
      this.#hasTurn = false;
      if (turnMs > 0 || pace.stop.aborted || pace.restMs(origin) > 0) await this.#untilFree(request, exchange, turnMs);
      const begun = pace.begin(origin);
      if (isAttempt) this.sent++;
      this.#startedMs ??= performance.now();
      this.status = undefined;
      const response = await next(request, exchange);
      this.status = response.status;
      const asked = pace.answered(origin, response.status, response.headers, begun);
      if (asked === undefined) return response;
      const isLate = asked.waitMs >= (exchange.watch.deadline?.remainingMs ?? Number.POSITIVE_INFINITY);
      if (!asked.isWorthwhile || isLate || !this.#mayRepeat(request, response)) return response;
      await response.chunks?.return?.();
    }
  }

  #mayRepeat({ method }: HttpRequest, { status }: HttpResponse): boolean {
    // RFC 6585, 4: nothing was done.
    if (status === 429) return true;
    return (status === 503 || status === 403) && (this.#hasKey || isIdempotent(method));
  }

  /** @throws CapabilityError `ABORTED` */
  async #untilFree({ url }: HttpRequest, exchange: Exchange, turnMs: number): Promise<void> {
    const { origin } = splitUrl(url);
    const { signal, release } = joinSignals(exchange.signal, exchange.watch.closing, this.#pace.stop);
    try {
      if (turnMs > 0) await sleep(turnMs, undefined, { signal });
      await this.#pace.untilFree(origin, signal);
      if (signal.aborted) throw signal.reason;
    } catch {
      throw exchangeAborted(url, signal);
    } finally {
      release();
    }
  }
}
