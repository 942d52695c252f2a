import type { CatalogueInput, CatalogueOperation } from "../../../catalogue/catalogue-file.ts";
import { isRunOption } from "../run-options.ts";
import type { Argument } from "../scan-arguments.ts";
import type { Candidate, Completion } from "./completion.ts";

export type OperationInputs = Pick<CatalogueOperation, "inputs">;

/**
 * Returns the inputs that may be given as `--name`, the required ones first. Those that are given already are left out,
 * but for lists. Behind `--` an option's name is an input's too.
 */
export function inputNames(operation: OperationInputs | undefined, given: readonly Argument[]): Candidate[] {
  const isBehindOptions = given.some(({ kind }) => kind === "end");
  return openInputs(operation, given).flatMap(input =>
    isRunOption(input.name) && !isBehindOptions ? [] : [{ text: `--${input.name}`, description: explain(input) }],
  );
}

/** Completes `name=value`, as behind `--input`. `head` is the beginning of the word before the name. */
export function inputAssignments(
  operation: OperationInputs | undefined,
  given: readonly Argument[],
  { head, current }: { readonly head: string; readonly current: string },
): Completion {
  const equals = current.indexOf("=", head.length);
  if (equals >= 0) {
    const name = current.slice(head.length, equals);
    return inputValues(operation, name, { head: current.slice(0, equals + 1), current });
  }
  const inputs = openInputs(operation, given);
  return {
    candidates: inputs.map(input => ({ text: `${head}${input.name}=`, description: explain(input), isOpen: true })),
  };
}

/** Completes the value of an input. `head` is the beginning of the word before the value. */
export function inputValues(
  operation: OperationInputs | undefined,
  name: string,
  { head, current }: { readonly head: string; readonly current: string },
): Completion {
  const value = current.slice(head.length);
  if (value.startsWith("@") && !value.startsWith("@@"))
    return { candidates: [], paths: { kind: "file", behind: `${head}@` } };
  const input = operation?.inputs.find(candidate => candidate.name === name);
  const values = input?.enum ?? (input?.type === "boolean" ? ["true", "false"] : []);
  return { candidates: values.map(text => ({ text: head + text, description: "" })) };
}

/** Returns the inputs that may still be given, the required ones first. */
function openInputs(operation: OperationInputs | undefined, given: readonly Argument[]): CatalogueInput[] {
  const names = new Set(given.flatMap(inputName));
  const open = (operation?.inputs ?? []).filter(
    // A name with an equals sign can only be written in the object of --inputs.
    ({ name, type }) => name !== "" && !name.includes("=") && (type === "array" || !names.has(name)),
  );
  return [...open.filter(({ required }) => required), ...open.filter(({ required }) => !required)];
}

/** Returns the name of the input that an argument gives. */
function inputName(argument: Argument): string[] {
  if (argument.kind === "input") return [argument.name];
  if (argument.kind !== "option" || argument.flag.name !== "input") return [];
  return argument.text === undefined ? [] : [argument.text.split("=", 1)[0] ?? ""];
}

function explain({ in: location, type, required, description = "" }: CatalogueInput): string {
  const place = location === "baseUri" ? "base URI" : location;
  const facts = [place, type, required ? "required" : ""].filter(Boolean).join(", ");
  return `(${facts}) ${description}`;
}
