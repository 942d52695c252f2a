import { isCapabilityError } from "../../base/capability-error.ts";
import type { ExchangeEvent } from "../../net/layers/exchange-event.ts";
import type { Notes } from "./notes.ts";

/** Says that a request is sent again, and why: a person who waits sees what for. */
export function noteRetry(event: ExchangeEvent, notes: Notes): void {
  if (event.type !== "retry") return;
  const { attempt, attempts, pauseMs, reason, header } = event;
  const asked = header === undefined ? "" : ` (${header})`;
  const seconds = Math.max(0.1, Math.round(pauseMs / 100) / 10);
  notes.add(`note: ${reasonText(reason)}${asked}, trying again in ${seconds} s (${attempt} of ${attempts})`);
}

function reasonText(reason: number | Error): string {
  if (typeof reason === "number") return `HTTP ${reason}`;
  return isCapabilityError(reason, "NETWORK") ? reason.details.reason : "no answer in time";
}
