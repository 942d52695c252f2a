import { type ErrorDetails, isCapabilityError } from "../../base/capability-error.ts";
import { member } from "../../base/json-object.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import { rawFormats } from "../../engine/formats/raw-formats.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { describeOperation } from "../../language/model/describe-operation.ts";
import type { Operation } from "../../language/model/types.ts";
import { MAX_HEADER_BYTES } from "../../net/wire/header-limits.ts";
import { alignColumns } from "./align-columns.ts";
import { formatOperations } from "./help.ts";
import { inputColumns } from "./input-usage.ts";

/** What a command line was about when it failed. */
export interface FailedCall {
  readonly capability: Runtime;
  /** The capability as the caller wrote it. */
  readonly written: string;
  /** Absent where it was not found. */
  readonly operation: Operation | undefined;
}

/** What a person can do about a failed call, as lines to be shown below the error. */
export function adviceOn(error: unknown, { capability, written, operation }: FailedCall): string[] {
  const command = `naftiko run ${quoteArgument(written)}`;
  if (isCapabilityError(error, "OPERATION_NOT_FOUND"))
    return [`${command} lists its ${capability.operations.size} operations`];
  if (isCapabilityError(error, "USAGE") && operation === undefined)
    return ["Its operations:", ...formatOperations(capability)];
  if (isCapabilityError(error, "BIND_MISSING")) return [setVariables(capability, error.details.variables)];
  if (operation === undefined) return [];
  if (isCapabilityError(error, "AUTHENTICATION_FAILED") && error.details.reason === "login_required") {
    const { namespace } = operation.adapter;
    return [`naftiko login ${quoteArgument(written)} ${quoteArgument(namespace)}`];
  }
  const { reference, inputs } = describeOperation(operation);
  if (isCapabilityError(error, "INPUT_MISSING")) {
    const names = new Set(error.details.inputs);
    const missing = inputs.filter(({ name }) => names.has(name));
    return alignColumns(missing.map(inputColumns)).map(line => `  ${line}`);
  }
  if (isCapabilityError(error, "RESPONSE_TOO_LARGE")) {
    const option = raisedBy(error.details);
    return option === undefined
      ? []
      : [`${option} allows more, and --out FILE writes an answer of any size as received`];
  }
  // A broken content coding is not of the operation's format, and there is nothing to print.
  const isOfFormat =
    isCapabilityError(error, "RESPONSE_INVALID") && error.details.format === operation.rawFormat;
  if (isOfFormat && error.details.status !== undefined) {
    const isBinary = member(rawFormats, operation.rawFormat)?.isBinary;
    return [`${isBinary ? "--out FILE writes" : "--output raw prints"} the answer as received`];
  }
  if (isCapabilityError(error, "INPUT_UNKNOWN"))
    return [`${command} ${quoteArgument(reference)} --help shows its inputs`];
  return [];
}

/** The option that raises the limit that an answer is beyond, where there is one. */
function raisedBy(details: ErrorDetails["RESPONSE_TOO_LARGE"]): string | undefined {
  const { maxBytes, maxValues, maxDecodeMs, maxMemoryMib } = details;
  if (maxBytes !== undefined && maxBytes !== MAX_HEADER_BYTES) return "--max-bytes";
  if (maxDecodeMs !== undefined) return "--max-decode-time";
  return (maxValues ?? maxMemoryMib) === undefined ? undefined : "--max-values";
}

function setVariables(capability: Runtime, names: readonly string[]): string {
  const { binds } = capability.model;
  const wanted = new Set(names);
  const missing = new Map<string, string[]>();
  for (const { name, key, location } of binds) {
    // Of a bind with a location, no variable of the environment is missing.
    const variable = location === undefined ? key : "";
    const found = missing.get(name);
    if (found !== undefined) found.push(variable);
    else if (wanted.has(name)) missing.set(name, [variable]);
  }
  // A name that several binds declare is missing for that reason, and no value would help.
  const keys = [...missing.values()].flatMap(([key, ...others]) => (key && others.length === 0 ? [key] : []));
  const set = keys.length === 0 ? "" : `Set ${keys.join(", ")} in the environment or in .env; `;
  return `${set}${set === "" ? "W" : "w"}ith --mock the call needs no account`;
}
