import type { JsonObject } from "../../../base/json-object.ts";

/** The parts of a call that its progress needs. */
interface FollowedCall {
  readonly signal: AbortSignal;
  notify(method: string, params: JsonObject): void;
}

/** Time until the first notification, in milliseconds: quick calls need none. */
const FIRST_MS = 500;
/** Time between notifications, in milliseconds. Clients are promised one a second. */
const PAUSE_MS = 900;

/** Tells a client, until it is stopped, that its call goes on. */
export function followProgress(progressToken: string | number, { notify, signal }: FollowedCall): () => void {
  const startedAt = performance.now();
  let progress = 0;
  let timer = setTimeout(tell, FIRST_MS);
  function tell(): void {
    if (signal.aborted) return;
    progress++;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    notify("notifications/progress", { progressToken, progress, message: `Under way for ${seconds} s` });
    timer = setTimeout(tell, PAUSE_MS);
  }
  return () => clearTimeout(timer);
}
