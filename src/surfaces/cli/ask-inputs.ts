import { isCapabilityError } from "../../base/capability-error.ts";
import { isJsonObject } from "../../base/json-object.ts";
import { checkType, type Inputs } from "../../engine/request/check-inputs.ts";
import { declaredContentType } from "../../engine/request/content-type.ts";
import { inputInvalid } from "../../engine/request/input-error.ts";
import { readText, textForm } from "../../engine/request/read-text.ts";
import { isSecretInput } from "../../engine/request/secret-input.ts";
import type { Input } from "../../language/model/types.ts";
import { Asker } from "./ask.ts";
import type { Terminal } from "./command-context.ts";
import { shortDescription } from "./input-usage.ts";
import type { AskedInputs } from "./read-inputs.ts";
import type { GivenInput } from "./scan-arguments.ts";

/**
 * Asks for inputs, one after the other. The answers are written as on the command line.
 *
 * @throws CapabilityError `ABORTED` if the user leaves a question
 */
export async function askInputs(
  operation: AskedInputs,
  { missing, given }: { readonly missing: readonly Input[]; readonly given: Inputs },
  terminal: Terminal,
): Promise<GivenInput[]> {
  const asker = new Asker(terminal);
  const answers: GivenInput[] = [];
  for (const input of missing) {
    const message = questionOf(input);
    const choices = choicesOf(input);
    const problem = (answer: string) => problemOf(operation, input, answer, given);
    if (isSecretInput(input)) answers.push([input.key, await asker.secret({ message, problem })]);
    else if (choices.length === 0) answers.push([input.key, await asker.text({ message, problem })]);
    else answers.push([input.key, await asker.choice({ message, choices })]);
  }
  return answers;
}

function questionOf({ key, in: location, type, description = "" }: Input): string {
  const isJson = type === "object" || type === "array" || location === "body";
  const form = isJson && type !== "string" ? ", JSON or @file" : "";
  const text = shortDescription(description);
  const place = location === "template" ? "" : `${location}, `;
  return `${key} (${place}${type}${form})${text === "" ? "" : `: ${text}`}`;
}

/** Returns the values that an input may have, as they are written. Most of a long list would not be seen. */
function choicesOf({ type, schemas = [] }: Input): { readonly value: string; readonly label: string }[] {
  if (type === "boolean") return ["true", "false"].map(value => ({ value, label: value }));
  if (type === "array" || type === "object") return [];
  const [values] = schemas.flatMap(schema =>
    isJsonObject(schema) && Array.isArray(schema["enum"]) ? [schema["enum"] as unknown[]] : [],
  );
  const texts = (values ?? []).filter(value => typeof value !== "object").map(String);
  return texts.filter(text => !/^@|^-$|^$/.test(text)).map(value => ({ value, label: value }));
}

/** Tells why an answer will not do. A file is read later. */
function problemOf(operation: AskedInputs, input: Input, answer: string, given: Inputs): string | undefined {
  if (answer === "") return "A value is needed";
  if (answer === "-") return "Standard input is this terminal";
  if (answer.startsWith("@")) return undefined;
  const invalid = (problem: string) => inputInvalid(operation, input.key, problem);
  try {
    const form = textForm(operation, input, declaredContentType(operation, given));
    checkType(operation, input, readText(input, form, answer, true, invalid), given);
    return undefined;
  } catch (error) {
    if (!isCapabilityError(error, "INPUT_INVALID")) throw error;
    // The rest of the message tells of the operation.
    return error.message.slice(Math.max(0, error.message.indexOf(`input ${JSON.stringify(input.key)} `)));
  }
}
