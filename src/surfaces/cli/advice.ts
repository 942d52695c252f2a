import { CapabilityError, type ErrorDetails, isCapabilityError } from "../../base/capability-error.ts";
import { countOf } from "../../base/count-of.ts";
import { suggest } from "../../base/did-you-mean.ts";
import { member } from "../../base/json-object.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import { rawFormats } from "../../engine/formats/raw-formats.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { describeOperation } from "../../language/model/describe-operation.ts";
import { describeUnit } from "../../language/model/exposed/describe-unit.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import type { Operation } from "../../language/model/types.ts";
import { alignColumns } from "./align-columns.ts";
import { formatOperations, formatUnits } from "./help.ts";
import { inputColumns } from "./input-usage.ts";
import { remedyLines } from "./remedy-text.ts";
import { runFlags } from "./run-options.ts";

/** The call of a command line that failed. */
interface FailedCall {
  readonly capability: Runtime;
  /** The capability as the caller wrote it. */
  readonly written: string;
  /** Absent where it was not found, or is exposed. */
  readonly operation: Operation | undefined;
  /** Something exposed, where that is called. */
  readonly unit: Unit | undefined;
}

/** Returns how to mend a failed call, as lines to be shown below the error. */
export function adviceOn(error: unknown, call: FailedCall): string[] {
  if (!(error instanceof CapabilityError)) return [];
  const { written, operation } = call;
  const names = [written, ...(operation === undefined ? [] : [operation.adapter.namespace])];
  return [...remedyLines(error.remedies, names), ...otherWays(error, call)];
}

/** Ways out that only the command has. */
function otherWays(error: CapabilityError, { capability, written, operation, unit }: FailedCall): string[] {
  const command = `naftiko run ${quoteArgument(written)}`;
  if (isCapabilityError(error, "OPERATION_NOT_FOUND")) {
    const exposes = formatUnits(capability, undefined).length > 0 ? " and what it exposes" : "";
    return [`${command} lists its ${countOf(capability.operations.size, "operation")}${exposes}`];
  }
  if (isCapabilityError(error, "USAGE") && operation === undefined && unit === undefined)
    return ["Its operations:", ...formatOperations(capability, undefined), ...formatUnits(capability, undefined)];
  if (isCapabilityError(error, "BIND_MISSING")) return ["With --mock the call needs no account"];
  if (unit !== undefined) return adviceOnUnit(error, unit, command);
  if (operation === undefined) return [];
  const { reference, inputs } = describeOperation(operation);
  if (isCapabilityError(error, "INPUT_MISSING")) {
    const names = new Set(error.details.inputs);
    const missing = inputs.filter(({ name }) => names.has(name));
    return alignColumns(missing.map(input => inputColumns(input))).map(line => `  ${line}`);
  }
  if (isCapabilityError(error, "RESPONSE_TOO_LARGE") && error.remedies.length > 0)
    return ["--out FILE writes an answer of any size as received"];
  // A broken content coding is not of the operation's format, and there is nothing to print.
  const isOfFormat = isCapabilityError(error, "RESPONSE_INVALID") && error.details.format === operation.rawFormat;
  if (isOfFormat && error.details.status !== undefined) {
    const isBinary = member(rawFormats, operation.rawFormat)?.isBinary;
    return [`${isBinary ? "--out FILE writes" : "--output raw prints"} the answer as received`];
  }
  if (isCapabilityError(error, "INPUT_UNKNOWN"))
    return [...nearOptions(error.details), `${command} ${quoteArgument(reference)} --help shows its inputs`];
  return [];
}

function adviceOnUnit(error: CapabilityError, unit: Unit, command: string): string[] {
  const { reference, inputs } = describeUnit(unit);
  if (isCapabilityError(error, "INPUT_MISSING") && error.details.operation === unit.name) {
    const names = new Set(error.details.inputs);
    const missing = inputs.filter(({ name }) => names.has(name));
    return alignColumns(missing.map(input => inputColumns({ ...input, in: undefined }))).map(line => `  ${line}`);
  }
  if (isCapabilityError(error, "INPUT_UNKNOWN"))
    return [...nearOptions(error.details), `${command} ${quoteArgument(reference)} --help shows its inputs`];
  return [];
}

/** Returns the options of `run` that unknown inputs may stand for, where no input has a name like theirs. */
function nearOptions({ inputs, suggestions }: ErrorDetails["INPUT_UNKNOWN"]): string[] {
  if (suggestions.length > 0) return [];
  const options = inputs.flatMap(name => suggest(name, runFlags.keys()).slice(0, 1));
  return options.map(name => `Did you mean --${name}, an option of run?`);
}
