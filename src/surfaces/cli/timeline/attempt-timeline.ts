import { countOf } from "../../../base/count-of.ts";
import type { CallEvent, EventRequest } from "../../../engine/call-events.ts";
import type { Line } from "../printed-text.ts";
import { formatTimeline, type TimelineRow } from "./format-timeline.ts";

/** Most characters of a host and path. */
const LONGEST_URL = 60;

interface Attempt {
  readonly request: EventRequest | undefined;
  readonly what: string;
  readonly startMs: number;
  endMs: number;
  outcome: string;
  isFailed: boolean;
  readonly notes: string[];
}

/** Draws the requests of calls, in the order in which they were sent. Events have secrets masked. */
export function formatAttempts(events: readonly CallEvent[], columns: number | undefined): Line[] {
  const [first] = events;
  if (first === undefined) return [];
  const attempts: Attempt[] = [];
  const add = (attempt: Omit<Attempt, "notes">) => attempts.push({ ...attempt, notes: [] });
  for (const event of events) {
    const at = event.at - first.at;
    const last = attempts.at(-1);
    switch (event.type) {
      case "attempt": {
        const { request } = event;
        add({ request, what: whatOf(request), startMs: at, endMs: at, outcome: "no answer", isFailed: true });
        break;
      }
      case "response":
      case "failure":
      case "body": {
        const attempt = attempts.findLast(({ request }) => request === event.request);
        if (attempt === undefined) break;
        attempt.endMs = at;
        if (event.type === "body") break;
        attempt.outcome = event.type === "response" ? String(event.status) : event.error;
        attempt.isFailed = event.type === "failure" || event.status >= 400;
        break;
      }
      case "retry":
        last?.notes.push(`again after ${Math.round(event.pauseMs)} ms, attempt ${event.attempt} of ${event.attempts}`);
        break;
      case "redirect":
        last?.notes.push(`redirect to ${event.to}`);
        break;
      case "cache":
        if (event.result === "hit" || event.result === "shared")
          add({
            request: undefined,
            what: whatOf(event.request),
            startMs: at,
            endMs: at,
            outcome: `cache ${event.result}`,
            isFailed: false,
          });
        else last?.notes.push(`cache: ${event.result}`);
        break;
      case "wait":
        last?.notes.push(`waited for its turn (${event.reason})`);
        break;
      case "token":
      case "page":
      case "done":
        break;
    }
  }
  if (attempts.length === 0) return [];
  const rows = attempts.map(
    ({ request: _, ...attempt }, index): TimelineRow => ({ ...attempt, name: String(index + 1) }),
  );
  const endMs = Math.round(Math.max(...rows.map(row => row.endMs)));
  return formatTimeline(`${first.operation}: ${countOf(rows.length, "request")}, ${endMs} ms`, rows, columns);
}

/** Returns method, host and path of a request. */
function whatOf({ method, url }: EventRequest): string {
  const place = url.replace(/^[a-z]+:\/\//i, "").replace(/[?#].*$/s, "");
  return `${method} ${place.slice(0, LONGEST_URL)}`;
}
