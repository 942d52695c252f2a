import type { CallEvent, EventRequest } from "../../engine/call-events.ts";
import type { ExchangeTimings } from "../../net/layers/exchange-event.ts";

/** Returns the lines that `--verbose` prints for an event, without bodies. */
export function formatEvent(event: CallEvent): string[] {
  switch (event.type) {
    case "attempt":
      return requestLines(event.request);
    case "response": {
      const { status, statusText, headers, bodyBytes, timings } = event;
      const size = bodyBytes === undefined ? "a stream" : `${bodyBytes} bytes`;
      return [
        `< HTTP ${status} ${statusText} (${size}, ${formatTimings(timings)})`,
        ...Object.entries(headers).flatMap(([name, value]) => [value].flat().map(field => `< ${name}: ${field}`)),
      ];
    }
    case "body": {
      const { bodyBytes, error, timings } = event;
      const end = error === undefined ? "end of the stream" : `the stream broke off: ${error}`;
      return [`* ${end} (${bodyBytes} bytes, total ${milliseconds(timings.totalMs)})`];
    }
    case "failure":
      return [`* ${event.error}: ${event.message} (${formatTimings(event.timings)})`];
    case "retry": {
      const { attempt, pauseMs, status, error, header } = event;
      const why = status === undefined ? error : `HTTP ${status}`;
      const asked = header === undefined ? "" : `, as ${header} asks`;
      return [`* ${why}: attempt ${attempt} in ${Math.round(pauseMs)} ms${asked}`];
    }
    case "wait":
      return [`* waiting for its turn at ${event.host} (${event.reason})`];
    case "redirect":
      return [`* redirect (HTTP ${event.status}) from ${event.from} to ${event.to}`];
    case "cache":
      return [`* cache: ${event.result} ${event.request.method} ${event.request.url}`];
    case "token":
      return [`* token from ${event.endpoint} (${event.grant}, ${milliseconds(event.durationMs)})`];
    case "page": {
      const items = event.items === undefined ? "" : `, ${event.items} items`;
      return [`* page ${event.page}${items}`];
    }
    case "done":
      return [];
  }
}

function requestLines({ method, url, headers }: EventRequest): string[] {
  return [`> ${method} ${url}`, ...Object.entries(headers).map(([name, value]) => `> ${name}: ${value}`)];
}

/** Describes the parts that took place, and the whole. */
function formatTimings({ reused, dnsMs, connectMs, tlsMs, firstByteMs, totalMs }: ExchangeTimings): string {
  const parts: readonly (readonly [string, number | undefined])[] = [
    ["dns", dnsMs],
    ["connect", connectMs],
    ["tls", tlsMs],
    ["first byte", firstByteMs],
    ["total", totalMs],
  ];
  const shown = parts.flatMap(([name, ms]) => (ms === undefined ? [] : [`${name} ${milliseconds(ms)}`]));
  return [...(reused ? ["connection reused"] : []), ...shown].join(", ");
}

function milliseconds(ms: number): string {
  return `${Math.round(ms)} ms`;
}
