import { type Cell, Series } from "./series.ts";

/** How a request that was served has ended. */
interface RequestEnd {
  /** `rest`, `mcp`, `skill`. */
  readonly adapter: string;
  /** Method and route as the file writes it: never the path of a caller. */
  readonly operation: string;
  readonly status: number;
  readonly errorType: string | undefined;
  readonly seconds: number;
}

/** How a request to an API has ended. */
interface ExchangeEnd {
  readonly method: string;
  readonly host: string;
  /** `undefined` without an answer. */
  readonly status: number | undefined;
  readonly errorType: string | undefined;
  readonly seconds: number;
}

/** Another place that the numbers go to. */
export interface MetricTarget {
  record(series: Series, value: number, labels: Cell["labels"]): void;
}

/** Methods that count for themselves: a file or a caller may write any other. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Returns the label of a method (OpenTelemetry's conventions for HTTP: `_OTHER` for an unknown one). */
export function methodLabel(method: string): string {
  return METHODS.has(method) ? method : "_OTHER";
}

/** Numbers about the work of a capability. */
export class Metrics {
  readonly requests: Series = new Series({
    name: "naftiko.request.duration.seconds",
    help: "Duration of served requests in seconds",
    labels: ["naftiko.adapter.type", "naftiko.operation.id", "status"],
  });
  readonly errors: Series = new Series({
    name: "naftiko.request.errors",
    help: "Served requests that failed",
    labels: ["naftiko.adapter.type", "naftiko.operation.id", "error.type"],
  });
  readonly steps: Series = new Series({
    name: "naftiko.step.duration.seconds",
    help: "Duration of steps in seconds",
    labels: ["step.type", "naftiko.namespace"],
  });
  readonly exchanges: Series = new Series({
    name: "naftiko.http.client.duration.seconds",
    help: "Duration of requests to APIs in seconds",
    labels: ["http.request.method", "server.address", "http.response.status_code", "error.type"],
  });
  /** Names of the capabilities that are active. */
  readonly active: Set<string> = new Set();
  target: MetricTarget | undefined;

  request({ adapter, operation, status, errorType, seconds }: RequestEnd): void {
    this.#add(this.requests, seconds, adapter, operation, String(status));
    if (errorType !== undefined) this.#add(this.errors, 1, adapter, operation, errorType);
  }

  step(type: string, namespace: string, seconds: number): void {
    this.#add(this.steps, seconds, type, namespace);
  }

  exchange({ method, host, status, errorType, seconds }: ExchangeEnd): void {
    const failure = status === undefined ? (errorType ?? "") : "";
    this.#add(this.exchanges, seconds, methodLabel(method), host, status === undefined ? "" : String(status), failure);
  }

  #add(series: Series, value: number, ...labels: readonly string[]): void {
    const cell = series.add(value, ...labels);
    this.target?.record(series, value, cell.labels);
  }
}
