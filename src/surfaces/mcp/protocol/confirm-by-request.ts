import type { Server } from "@modelcontextprotocol/server";
import type { CallLink } from "./call-tool.ts";
import { asksByForms, confirmationForm, ELICIT, isAccepted } from "./elicitation.ts";

/** How long a person may think about a question, in milliseconds. */
const THINKING_MS = 5 * 60_000;

/**
 * Returns what asks the person behind a client of the revisions that open with `initialize`, by a request that belongs to
 * its call. `undefined` where the client cannot ask anybody.
 *
 * @param id that of the request of the call
 */
export function confirmByRequest(server: Server, id: string | number, signal: AbortSignal): CallLink["confirm"] {
  if (!asksByForms(server.getClientCapabilities())) return undefined;
  return async question => {
    const request = { method: ELICIT, params: confirmationForm(question) } as const;
    try {
      return isAccepted(await server.request(request, { relatedRequestId: id, signal, timeout: THINKING_MS }));
    } catch (error) {
      signal.throwIfAborted();
      // No answer in time, an error in place of one, or an answer that is none: nobody has said yes.
      if (error instanceof Error) return false;
      throw error;
    }
  };
}
