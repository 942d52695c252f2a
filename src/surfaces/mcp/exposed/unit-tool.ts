import { STATUS_CODES } from "node:http";
import { CapabilityError } from "../../../base/capability-error.ts";
import { isJsonObject, type JsonObject } from "../../../base/json-object.ts";
import { stringify } from "../../../base/numbers/exact-json.ts";
import { replaceHostile } from "../../../base/visible-text.ts";
import type { UnitAnswer, UnitBytes } from "../../../engine/orchestration/unit-answer.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { Unit, UnitHints } from "../../../language/model/exposed/types.ts";
import { isWhole, type WholeAnswer, type WholeTool } from "../../../tools/answer/whole-answer.ts";
import { bodyAnswer, textAnswer } from "../../../tools/body-answer.ts";
import type { ToolAnnotations, ToolAnswer } from "../../../tools/tool.ts";
import { type OutputContract, outputContract } from "./output-contract.ts";
import { unitInputSchema, writtenInputSchema } from "./unit-input-schema.ts";

/**
 * Makes a tool of a unit (language chapter 7.3).
 *
 * @param name the unit's, or a shorter one
 */
export function unitTool(unit: Unit, name: string, runtime: Runtime): WholeTool {
  // A file may have hundreds: each is described when a client first asks for the list.
  let inputSchema: JsonObject | undefined;
  let contract: { readonly of: OutputContract | undefined } | undefined;
  const contractOf = () => {
    contract ??= { of: outputContract(unit) };
    return contract.of;
  };
  return {
    name,
    title: unit.label === undefined ? undefined : visible(unit.label),
    description: unit.description ? visible(unit.description) : undefined,
    get inputSchema() {
      inputSchema ??= unitInputSchema(unit);
      return inputSchema;
    },
    get outputSchema() {
      return contractOf()?.schema;
    },
    get writtenSchema() {
      return writtenInputSchema(unit);
    },
    annotations: annotationsOf(unit.hints),
    async call(given, { signal }) {
      try {
        const answer = await runtime.callUnit(unit, argumentsOf(unit, given), { signal }, { form: "reply" });
        return await told(answer, contractOf(), runtime);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof CapabilityError)) throw error;
        return { ...textAnswer(error.message), isError: true };
      }
    },
  };
}

/** Leaves out of a text of the file what a person would not see in it. */
function visible(text: string): string {
  return replaceHostile(text, () => "");
}

/**
 * Returns the inputs of a call.
 *
 * @throws CapabilityError `INPUT_INVALID` for arguments that are no object
 */
function argumentsOf({ name }: Unit, given: unknown): JsonObject {
  if (given === undefined || given === null) return {};
  if (isJsonObject(given)) return given;
  const message = `The arguments of "${name}" must be an object by name`;
  throw new CapabilityError("INPUT_INVALID", { message, details: { operation: name, input: "arguments" } });
}

/** Tells the answer of a unit. */
async function told(
  answer: UnitAnswer,
  contract: OutputContract | undefined,
  { secrets }: Runtime,
): Promise<WholeAnswer | ToolAnswer> {
  if (answer.kind === "bytes") return toldBody(answer, contract, secrets);
  const { isEmpty, failures } = answer;
  const value = secrets.value(answer.value);
  const structured = contract?.keep(value);
  // An answer without a body has nothing to tell; a mock without values is an object without members.
  if (isEmpty && value === null)
    return { content: [], structured: contract && (stringify(structured) ?? "null"), isError: false };
  const notes = failures.map(({ step, error }) => `Incomplete: step ${JSON.stringify(step)} failed: ${error.message}`);
  const structure = contract?.keep;
  return { ...textAnswer(""), value, form: "json", isStructured: contract !== undefined, structure, notes };
}

/** Tells a body as the API gave it: of an error, or where no outputs are declared. */
async function toldBody(
  { status, contentType, body, pieces }: UnitBytes,
  contract: OutputContract | undefined,
  secrets: Runtime["secrets"],
): Promise<WholeAnswer | ToolAnswer> {
  const bytes = secrets.bytes(body ?? (await collected(pieces)));
  const answer = bodyAnswer({ contentType, bytes });
  if (status < 300) {
    if (contract === undefined || !isWhole(answer)) return answer;
    return { ...answer, isStructured: true, structure: contract.keep };
  }
  const line = `The API answered HTTP ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd();
  if (bytes.length === 0 || !isWhole(answer)) return { ...textAnswer(line), isError: true };
  return { ...answer, isError: true, notes: [line] };
}

async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
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
