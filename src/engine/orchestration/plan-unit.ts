import { CapabilityError, isCapabilityError } from "../../base/capability-error.ts";
import { thrownText } from "../../base/thrown-text.ts";
import type { Unit, UnitWork } from "../../language/model/exposed/types.ts";
import type { BindValues } from "../binds/bind-resolver.ts";
import { MAX_STEPS_OF_ANSWER } from "../outputs/step-meter.ts";
import type { Inputs } from "../request/check-inputs.ts";
import { TextBudget } from "../request/text-budget.ts";
import { compileArguments, type MakeInputs } from "./compile-arguments.ts";
import { compileMock } from "./compile-mock.ts";
import { compileOutputs, compileOverrides } from "./compile-shape.ts";
import { NO_OUTPUTS, type Scope } from "./scope.ts";
import {
  bytesAnswer,
  isOfWholeBody,
  isWholeBody,
  passError,
  passUndecoded,
  valueAnswer,
  wholeAnswer,
} from "./simple-answer.ts";
import type { UnitAnswer } from "./unit-answer.ts";
import type { BytesReply, UnitHost } from "./unit-host.ts";
import { planInputs, type ReadInputs } from "./unit-inputs.ts";
import type { UnitCall, Work } from "./unit-work.ts";
import { NO_BINDS, withBinds } from "./with-binds.ts";

/** A unit, compiled once and called many times. */
export interface UnitPlan {
  readonly readInputs: ReadInputs;
  readonly work: Work;
}

/** Compiles a unit. */
export async function planUnit(unit: Unit, host: UnitHost): Promise<UnitPlan> {
  return {
    readInputs: await planInputs(unit, host.numbers),
    work: await planWork(unit, unit.outputs, host),
  };
}

/** @param outputs those that the answer has, which a unit that refers to this one may declare */
function planWork(unit: Unit, outputs: Unit["outputs"], host: UnitHost): Work | Promise<Work> {
  const { work } = unit;
  switch (work.kind) {
    case "mock":
      return planMock(unit, outputs, host);
    case "call":
      return planCall(unit, work, outputs, host);
    case "function":
      return planReference(unit, work, outputs, host);
    case "steps":
      return import("./steps-work.ts").then(({ stepsWork }) => stepsWork(unit, work, outputs, host));
  }
}

function planMock(unit: Unit, outputs: Unit["outputs"], { numbers }: UnitHost): Work {
  const make = compileMock(unit.outputs ?? [], numbers);
  const shape = outputs === unit.outputs ? undefined : compileOverrides(outputs, numbers);
  return inputs => {
    const scope = plainScope(inputs, NO_BINDS);
    const value = make(scope);
    if (value === undefined) return { kind: "value", status: 204, value: {}, isEmpty: true, failures: [] };
    const shaped = shape === undefined ? value : shape({ root: value, named: undefined, scope });
    return { kind: "value", status: 200, value: shaped, isEmpty: false, failures: [] };
  };
}

function planCall(
  unit: Unit,
  { operation, with: entries }: Extract<UnitWork, { readonly kind: "call" }>,
  outputs: Unit["outputs"],
  host: UnitHost,
): Work {
  const makeInputs = compileArguments(entries);
  const isWhole = outputs !== undefined && isWholeBody(outputs);
  const isUnread = outputs === undefined || isWhole;
  const shape =
    outputs && compileOutputs(outputs, { numbers: host.numbers, wrapsSingle: operation.rawFormat === "xml" });
  const hasNamed = operation.outputs !== undefined;
  const isJson = operation.rawFormat === "json";
  // No path finds anything in bytes: they are the answer (language chapter 12).
  const isBinary = operation.rawFormat === "binary";
  const mediaType = isBinary ? operation.mediaType : undefined;
  const ofType = (answer: BytesReply) =>
    mediaType === undefined ? bytesAnswer(answer) : { ...bytesAnswer(answer), contentType: mediaType };
  const pass = (error: unknown) => {
    const isUndecoded = isCapabilityError(error, "RESPONSE_INVALID") && outputs !== undefined && isOfWholeBody(outputs);
    return isUndecoded ? passUndecoded(error) : passError(error);
  };

  function start(
    inputs: ReadonlyMap<string, unknown>,
    binds: BindValues,
    { options, reader }: UnitCall,
  ): Promise<UnitAnswer> {
    const scope = plainScope(inputs, binds);
    const given = argumentsOf(unit, makeInputs, scope);
    const asBytes = reader.form !== "value" && (isBinary || (isUnread && (!isWhole || isJson)));
    const failed = reader.form === "reply" ? pass : undefined;
    return asBytes
      ? host.call(operation, given, options, "bytes").then(isWhole && !isBinary ? wholeAnswer : ofType, failed)
      : host
          .call(operation, given, options, "value")
          .then(answer => valueAnswer(operation, answer, hasNamed, shape, scope), failed);
  }

  return withBinds(unit, entries, host, start);
}

async function planReference(
  unit: Unit,
  { target, with: entries }: Extract<UnitWork, { readonly kind: "function" }>,
  outputs: Unit["outputs"],
  host: UnitHost,
): Promise<Work> {
  const makeInputs = compileArguments(entries);
  const readInputs = await planInputs(target, host.numbers);
  const work = await planWork(target, outputs ?? target.outputs, host);
  const start = (inputs: ReadonlyMap<string, unknown>, binds: BindValues, call: UnitCall) =>
    work(readInputs(argumentsOf(unit, makeInputs, plainScope(inputs, binds))), call);
  return withBinds(unit, entries, host, start);
}

function plainScope(inputs: ReadonlyMap<string, unknown>, binds: BindValues): Scope {
  return { inputs, binds, budget: new TextBudget(), outputs: NO_OUTPUTS, steps: { left: MAX_STEPS_OF_ANSWER } };
}

function argumentsOf({ name }: Unit, makeInputs: MakeInputs, scope: Scope): Inputs {
  try {
    return makeInputs(scope);
  } catch (cause) {
    if (cause instanceof CapabilityError) throw cause;
    throw new CapabilityError("REQUEST_INVALID", {
      message: `Cannot prepare operation "${name}": ${thrownText(cause)}`,
      details: { operation: name },
      cause,
    });
  }
}
