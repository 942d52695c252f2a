import { withAdded } from "../../../engine/request/added-fields.ts";
import { runUnit } from "../../../engine/run-unit.ts";
import { includeHead, optionsOf, shownValue } from "../call.ts";
import { writeResult } from "../write-result.ts";
import type { ReadyCall } from "./unit-call.ts";

/** Does a call in the form that the command line asks for. */
export async function callReady(call: ReadyCall, beforeResult: () => void): Promise<void> {
  const { capability, unit, parsed, reference } = call;
  if (parsed.dryRun !== undefined) {
    const { showUnit } = await import("./show-unit.ts");
    await showUnit(call, parsed.dryRun, beforeResult);
  } else if (parsed.until !== undefined) {
    const { callUntil } = await import("../call-until.ts");
    await callUntil({ ...call, operation: { reference } }, parsed.until, beforeResult);
  } else if (parsed.output === "raw" || parsed.out !== undefined) {
    const permitted = await capability.permit(unit, call.inputs, optionsOf(call));
    const { operation, inputs } = await capability.callOf(unit, call.inputs, permitted);
    const { writeReceived } = await import("../write-received.ts");
    const received = { ...call, operation: withAdded(operation, parsed.call), inputs };
    await writeReceived({ ...received, parsed: { ...parsed, call: permitted } }, beforeResult);
  } else await callAndShape(call, beforeResult);
}

async function callAndShape(call: ReadyCall, beforeResult: () => void): Promise<void> {
  const { capability, unit, inputs, parsed, context, notes, trace } = call;
  const steps = trace?.followSteps(unit);
  const result = await runUnit(capability, unit, inputs, optionsOf(call), steps);
  beforeResult();
  for (const { step, error } of result.failures ?? [])
    notes.add(`warning: the result is incomplete: step ${JSON.stringify(step)} failed: ${error.message}`);
  notes.flush();
  await includeHead(result, call);
  const { outputs } = result;
  if (outputs instanceof Uint8Array) {
    const { binaryJson } = await import("../write-received.ts");
    await writeResult(shownValue(call, binaryJson(result)), parsed, context);
  } else await writeResult(shownValue(call, outputs), parsed, context);
}
