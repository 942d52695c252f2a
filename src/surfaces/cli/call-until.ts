import { countOf } from "../../base/count-of.ts";
import { formatDuration } from "../../base/duration.ts";
import { waitFor } from "../../engine/wait-for.ts";
import { parseCondition } from "../../engine/waiting/compile-condition.ts";
import { type Call, confirmAt, includeHead, shownValue } from "./call.ts";
import { createProgress } from "./progress.ts";
import { usageError } from "./usage-error.ts";
import { writeResult } from "./write-result.ts";

/** @throws CapabilityError `USAGE` for a malformed filter */
export function checkUntil(filter: string): void {
  const parsed = parseCondition(filter);
  if (parsed.ok) return;
  throw usageError(
    `Cannot read --until ${JSON.stringify(filter)} as a JSONPath filter: ${parsed.reason}; write it as "$.status == 'done'"`,
  );
}

/** A call of an operation, or of something exposed, that is made until its outputs are as wanted. */
type WaitingCall = Omit<Call, "operation"> & { readonly operation: Pick<Call["operation"], "reference"> };

/** Calls an operation until its outputs match a filter, and writes these. */
export async function callUntil(call: WaitingCall, until: string, beforeResult: () => void): Promise<void> {
  const { capability, operation, inputs, parsed, context, notes } = call;
  const progress = createProgress(context, parsed);
  const confirm = confirmAt(parsed, context);
  progress.show(`waiting for ${until}…`);
  try {
    const result = await waitFor(capability, operation.reference, inputs, {
      ...parsed.wait,
      until,
      signal: context.signal,
      confirm:
        confirm &&
        (question => {
          progress.clear();
          return confirm(question);
        }),
      onCall: (calls, elapsedMs) => {
        const elapsed = formatDuration(Math.max(1, Math.round(elapsedMs / 1_000)) * 1_000);
        progress.show(`waiting for ${until}: ${countOf(calls, "call")}, ${elapsed}…`);
      },
    });
    progress.clear();
    beforeResult();
    notes.flush();
    await includeHead(result, call);
    await writeResult(shownValue(call, result.outputs), parsed, context);
  } finally {
    progress.clear();
  }
}
