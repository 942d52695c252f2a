import { type Metrics, methodLabel } from "./metrics.ts";
import type { Span } from "./span.ts";

/** What a request was for, as the file writes it. */
interface ServedOperation {
  /** Route as the file writes it, never the path of a caller. */
  readonly route: string;
  /** Reference of what is called: `namespace.name`. */
  readonly reference: string;
}

/** Operation of requests that no route takes. */
const UNKNOWN = "unknown";

/** A request that is being served: its span, and its place in the numbers. */
export class ServedRequest {
  /** Parent of all that is done for the request. */
  readonly span: Span;
  readonly #metrics: Metrics;
  readonly #adapter: string;
  readonly #method: string;
  readonly #startedAt: number = performance.now();
  #operation: string = UNKNOWN;
  #errorType: string | undefined;
  #isEnded = false;

  constructor(span: Span, metrics: Metrics, adapter: string, method: string) {
    this.span = span;
    this.#metrics = metrics;
    this.#adapter = adapter;
    this.#method = methodLabel(method);
    if (!span.isRecording) return;
    span.set("naftiko.adapter.type", adapter);
    span.set("http.request.method", this.#method);
  }

  /** Notes what the request turned out to be for. */
  found({ route, reference }: ServedOperation): void {
    this.#operation = `${this.#method} ${route}`;
    if (!this.span.isRecording) return;
    this.span.rename(this.#operation);
    this.span.set("http.route", route);
    this.span.set("naftiko.operation.id", reference);
  }

  /** Notes the code of the error that the answer comes from. */
  failed(code: string): void {
    this.#errorType = code;
  }

  /**
   * Ends the request with the status of its answer. Only the first time counts.
   *
   * @param errorType why the answer did not go out as a whole
   */
  end(status: number, errorType?: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    // A fault of the caller is no failure of the server.
    const failure = errorType ?? (status >= 500 ? (this.#errorType ?? String(status)) : undefined);
    const seconds = (performance.now() - this.#startedAt) / 1000;
    this.#metrics.request({ adapter: this.#adapter, operation: this.#operation, status, errorType: failure, seconds });
    this.span.set("http.response.status_code", status);
    this.span.end(failure);
  }
}
