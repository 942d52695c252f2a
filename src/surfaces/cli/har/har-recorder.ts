import type { CallEvent, EventRequest } from "../../../engine/call-events.ts";
import { type HarEntry, writeHar } from "./har-entry.ts";

type Entry = { -readonly [Name in keyof HarEntry]: HarEntry[Name] };

/** A recorder that makes an HTTP Archive of the requests in events, in the order they were sent. */
export class HarRecorder {
  readonly #entries: Entry[] = [];
  readonly #running = new Map<EventRequest, Entry>();

  get size(): number {
    return this.#entries.length;
  }

  take(event: CallEvent): void {
    if (event.type === "attempt") {
      const { request, at } = event;
      const headers = Object.entries(request.headers).map(([name, value]) => ({ name, value }));
      const { method, url, bodyBytes: bodySize, body } = request;
      const entry = { startedAt: new Date(at), request: { method, url, headers, bodySize, body } };
      this.#entries.push(entry);
      this.#running.set(request, entry);
      return;
    }
    if (event.type !== "response" && event.type !== "body" && event.type !== "failure") return;
    const entry = this.#running.get(event.request);
    if (entry === undefined) return;
    if (event.type === "response") {
      const { status, statusText, headers, bodyBytes = 0, body, timings } = event;
      entry.response = { status, statusText, headers, bodyBytes, body };
      entry.timings = timings;
      return;
    }
    // An answer that comes piece by piece has its final times here.
    entry.timings = event.timings;
    if (event.error !== undefined) entry.error = event.type === "failure" ? event.message : event.error;
    if (event.type === "body" && entry.response !== undefined) {
      const { bodyBytes, body } = event;
      entry.response = { ...entry.response, bodyBytes, body };
    }
  }

  /** Writes the archive. A request without an answer so far says so. */
  text(): string {
    return writeHar(
      this.#entries.map(entry =>
        entry.timings === undefined ? { ...entry, error: "The command ended before the answer" } : entry,
      ),
    );
  }
}
