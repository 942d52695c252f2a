import type { ServerResponse } from "node:http";

/** Returns a signal that is aborted when the client goes before its answer has gone out. */
export function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) controller.abort(new Error("The client has gone"));
  });
  return controller.signal;
}
