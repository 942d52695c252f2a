import { CapabilityError } from "../../../base/capability-error.ts";
import type { CallOfUnit } from "../../../engine/orchestration/call-of-unit.ts";
import { resolvedWork } from "../../../language/model/exposed/resolved-work.ts";
import type { CallStep, Unit } from "../../../language/model/exposed/types.ts";
import { optionsOf } from "../call.ts";
import type { ReadyCall } from "./unit-call.ts";

/** A call that a unit makes whatever APIs answer. */
interface KnownCall extends CallOfUnit {
  /** Name of its step. `undefined` where it is the only one. */
  readonly step: string | undefined;
}

/** Returns the calls of a unit that follow from its inputs alone. Nothing is sent. */
export async function knownCalls(call: ReadyCall): Promise<readonly KnownCall[]> {
  const { unit } = call;
  const work = resolvedWork(unit);
  if (work.kind === "mock") return [];
  if (work.kind === "call") return [{ step: undefined, ...(await callOf(unit, call)) }];
  const known: KnownCall[] = [];
  for (const step of work.steps) {
    if (step.type !== "call" || step.uses.length > 0 || step.forEach !== undefined) continue;
    try {
      known.push({ step: step.name, ...(await callOf(ofStep(unit, step), call)) });
    } catch (error) {
      // It may hang on a condition, or on values that `with` beside the steps gives.
      if (!(error instanceof CapabilityError) || error.code.startsWith("INPUT_")) throw error;
    }
  }
  return known;
}

function callOf(unit: Unit, call: ReadyCall): Promise<CallOfUnit> {
  return call.capability.callOf(unit, call.inputs, optionsOf(call));
}

/** Returns a unit with the inputs of another, which does one of its steps. */
function ofStep(unit: Unit, { operation, with: entries }: CallStep): Unit {
  const { kind, namespace, name, reference, label, description, tags, inputs, hints, pointer } = unit;
  const head = { kind, namespace, name, reference, label, description, tags };
  const work = { kind: "call", operation, with: entries } as const;
  return { ...head, inputs, hints, pointer, work, outputs: undefined };
}
