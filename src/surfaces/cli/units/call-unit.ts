import { isWholeBody } from "../../../engine/orchestration/simple-answer.ts";
import { declaredInputs } from "../../../engine/orchestration/unit-inputs.ts";
import type { Inputs } from "../../../engine/request/check-inputs.ts";
import { resolvedWork } from "../../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../../language/model/exposed/types.ts";
import { mayAsk, withMissing } from "../missing-inputs.ts";
import { type AskedInputs, readInputs } from "../read-inputs.ts";
import { isRunOption } from "../run-options.ts";
import { usageError } from "../usage-error.ts";
import { callReady } from "./call-ready.ts";
import type { ReadyCall, UnitCall } from "./unit-call.ts";

/** Runs `naftiko run` for a function, a tool or a REST operation: reads its inputs, calls it and prints its value. */
export async function callUnit(call: UnitCall): Promise<void> {
  refuseOptions(call);
  const ready: ReadyCall = { ...call, inputs: await inputsOf(call) };
  if (call.parsed.mock) {
    const { callUnitInSandbox } = await import("./sandboxed-unit.ts");
    await callUnitInSandbox(ready);
  } else await callReady(ready, () => {});
}

/** @throws CapabilityError `USAGE` for options that are about one answer of an API, where there is none */
function refuseOptions({ unit, parsed }: UnitCall): void {
  const { reference } = unit;
  const work = resolvedWork(unit);
  if (parsed.all) {
    const instead = work.kind === "call" ? `: call ${JSON.stringify(work.operation.reference)}, whose list it is` : "";
    throw usageError(
      `Option --all walks the pages of an operation that the file consumes, which ${reference} is not${instead}`,
    );
  }
  const asReceived = parsed.out !== undefined ? "--out" : parsed.output === "raw" ? "--output raw" : undefined;
  if (asReceived !== undefined && !isAsReceived(unit))
    throw usageError(`Option ${asReceived} is for a body as received, and ${reference} makes its answer: leave it out`);
  const added = ["header", "query"].find(name => parsed.used.has(name));
  if (added !== undefined && work.kind !== "call")
    throw usageError(
      `Option --${added} adds to one request, and ${reference} makes ${work.kind === "mock" ? "none" : "several"}: leave it out`,
    );
}

/** Tells whether the answer of a unit is that of the API, as it is. */
function isAsReceived(unit: Unit): boolean {
  return resolvedWork(unit).kind === "call" && (unit.outputs === undefined || isWholeBody(unit.outputs));
}

async function inputsOf({ capability, unit, parsed, context, notes }: UnitCall): Promise<Inputs> {
  const declared = declaredInputs(unit);
  for (const name of parsed.used) {
    if (!isRunOption(name) || !declared.inputs.has(name)) continue;
    notes.add(`warning: --${name} is an option of run here; for the input of that name write -i ${name}=…`);
  }
  const asked: AskedInputs = { ...declared, body: undefined };
  const given = await readInputs(asked, parsed, context);
  return mayAsk(capability, unit, parsed) ? withMissing(asked, given, context) : given;
}
