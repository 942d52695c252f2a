import { isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import { CapabilityError } from "../../../base/capability-error.ts";
import { stringify } from "../../../base/numbers/exact-json.ts";
import type { UnitAnswer, UnitBytes } from "../../../engine/orchestration/unit-answer.ts";
import type { Inputs } from "../../../engine/request/check-inputs.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { Unit, UnitHints } from "../../../language/model/exposed/types.ts";
import { refusalOf } from "../../../serving/refusal-of.ts";
import type { WholeAnswer, WholeTool } from "../../../tools/answer/whole-answer.ts";
import { isInputError, noArguments, wrongArguments } from "../../../tools/argument-faults.ts";
import { readArguments } from "../../../tools/arguments.ts";
import { argumentsSchema } from "../../../tools/arguments-schema.ts";
import { binaryAnswer, isTextual, LARGEST_MEDIA } from "../../../tools/binary-answer.ts";
import { errorAnswer } from "../../../tools/error-answer.ts";
import { problemAnswer } from "../../../tools/problem-answer.ts";
import type { ToolAnnotations, ToolAnswer, ToolContext } from "../../../tools/tool.ts";
import { type OutputContract, outputContract } from "./output-contract.ts";
import { textsOf } from "./texts-of.ts";
import { checkUnitInputs, unitArguments, writtenSchema } from "./unit-arguments.ts";
import { jsonBody, lastType, wholeBody } from "./unit-body.ts";

/** Longest description, in characters. */
const LONGEST_DESCRIPTION = 10_000;

/**
 * Makes a tool of a unit (language chapter 7.3).
 *
 * @param name the unit's, or a shorter one
 * @param report told of what the operator has to mend, where the caller is one of several tenants
 */
export function unitTool(unit: Unit, name: string, runtime: Runtime, report: (error: unknown) => void): WholeTool {
  const declared = unitArguments(unit);
  const contract = outputContract(unit);
  const { title, description } = textsOf(unit, LONGEST_DESCRIPTION);
  return {
    name,
    title,
    description,
    inputSchema: argumentsSchema(declared),
    outputSchema: contract?.schema,
    writtenSchema: writtenSchema(unit),
    annotations: { ...(title === undefined ? {} : { title }), ...annotationsOf(unit.hints) },
    async call(given: unknown, context: ToolContext): Promise<WholeAnswer | ToolAnswer> {
      const { signal, confirm, span, callerFields } = context;
      const hidden = (error: CapabilityError) =>
        callerFields?.tenant === undefined ? undefined : hiddenFromTenants(error, report);
      const read = readArguments(declared, given);
      if (read === undefined) return noArguments(name, declared);
      const { inputs, unknown } = read;
      const check = (some: Inputs) => checkUnitInputs(runtime, unit, some);
      if (unknown.length > 0) return wrongArguments({ tool: name, declared, unknown, inputs, check });
      try {
        const answer = await runtime.callUnit(unit, inputs, { signal, confirm, span, callerFields }, { form: "reply" });
        return await told(unit, answer, contract, runtime, hidden);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof CapabilityError)) throw error;
        // What a later step is given is found as it is called, and not before.
        if (isInputError(error) && !(await passes(check(inputs))))
          return wrongArguments({ tool: name, declared, unknown, inputs, check });
        const instead = hidden(error);
        return instead === undefined ? errorAnswer(error, unit.hints?.readOnly !== true) : problemAnswer(instead);
      }
    },
  };
}

/**
 * Returns what a tenant is told of an error that only the operator can mend, who is told of it. It names neither files nor
 * variables of the server. `undefined`: the error itself may be told.
 */
function hiddenFromTenants(error: CapabilityError, report: (error: unknown) => void): string | undefined {
  const { status, message } = refusalOf(error, new Map());
  if (status !== 500) return undefined;
  report(error);
  return message;
}

async function passes(checking: Promise<void>): Promise<boolean> {
  return checking.then(
    () => true,
    error => !isInputError(error),
  );
}

/** Returns the hints that the file states (language chapters 7.3 and 9). */
function annotationsOf({ readOnly, destructive, idempotent, openWorld }: UnitHints): ToolAnnotations {
  return {
    ...(readOnly === undefined ? {} : { readOnlyHint: readOnly }),
    ...(destructive === undefined ? {} : { destructiveHint: destructive }),
    ...(idempotent === undefined ? {} : { idempotentHint: idempotent }),
    ...(openWorld === undefined ? {} : { openWorldHint: openWorld }),
  };
}

const SUCCESS = { form: "json", isStructured: false, isError: false, lead: undefined, notes: [] } as const;

/** Tells the answer of a unit, with secrets masked. */
async function told(
  unit: Unit,
  answer: UnitAnswer,
  contract: OutputContract | undefined,
  runtime: Runtime,
  hidden: (error: CapabilityError) => string | undefined,
): Promise<WholeAnswer | ToolAnswer> {
  const { secrets } = runtime;
  if (answer.kind === "bytes") return toldBody(unit, answer, contract, runtime);
  const { isEmpty, failures } = answer;
  // The last step has given bytes.
  if (answer.value instanceof Uint8Array) return toldBytes(unit, secrets.bytes(answer.value), lastType(unit));
  const value = secrets.value(answer.value);
  // An answer without a body has nothing to tell; a mock without values is an object without members.
  if (isEmpty && value === null) return nothing(contract);
  const notes = failures.map(
    ({ step, error }) => `Incomplete: step ${JSON.stringify(step)} failed: ${hidden(error) ?? error.message}`,
  );
  return { ...SUCCESS, value, isStructured: contract !== undefined, structure: contract?.keep, notes };
}

function nothing(contract: OutputContract | undefined): ToolAnswer {
  const structured = contract && (stringify(contract.keep(null)) ?? "null");
  return { content: [], structured, isError: false };
}

/** Tells a body as the API gave it: of an error, or where no outputs are declared. */
async function toldBody(
  unit: Unit,
  answer: UnitBytes,
  contract: OutputContract | undefined,
  { secrets, opening }: Runtime,
): Promise<WholeAnswer | ToolAnswer> {
  const { status, contentType } = answer;
  const bytes = secrets.bytes(await wholeBody(answer, opening));
  const json = jsonBody(bytes, contentType);
  if (status >= 300) {
    const line = `The API answered HTTP ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
    const error = { ...SUCCESS, isError: true };
    if (bytes.length === 0) return { ...error, value: line, form: "text" };
    if (json !== undefined) return { ...error, value: json.value, notes: [line] };
    const told = binaryAnswer(bytes, contentType);
    return "value" in told ? { ...told, isError: true, notes: [line] } : { ...error, value: line, form: "text" };
  }
  if (bytes.length === 0) return nothing(contract);
  const structured = { isStructured: contract !== undefined, structure: contract?.keep };
  if (json !== undefined) return { ...SUCCESS, ...structured, value: json.value };
  const told = toldBytes(unit, bytes, contentType);
  return "value" in told ? { ...told, ...structured } : { ...told, structured: nothing(contract).structured };
}

/** Tells bytes: an image, a sound or a text as such, another file within the answer, if it is not too large. */
function toldBytes(unit: Unit, bytes: Uint8Array, contentType = unnamedType(bytes)): WholeAnswer | ToolAnswer {
  const mimeType = contentType.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  const isFile = !/^(?:image|audio)\/(?!svg\+xml$)/.test(mimeType) && !isTextual(mimeType);
  if (!isFile || bytes.length > LARGEST_MEDIA) return binaryAnswer(bytes, contentType);
  const uri = `naftiko://transient/${encodeURIComponent(unit.namespace)}/${encodeURIComponent(unit.name)}/${randomUUID()}`;
  const blob = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
  return { content: [{ type: "resource", resource: { uri, mimeType, blob } }], structured: undefined, isError: false };
}

/** Returns the type of bytes that an API says none of. */
function unnamedType(bytes: Uint8Array): string {
  return isUtf8(bytes) && !bytes.includes(0) ? "text/plain" : "application/octet-stream";
}
