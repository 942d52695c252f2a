import { quoteArgument } from "../../base/quote-argument.ts";
import type { Runtime } from "../../engine/runtime.ts";
import {
  describeOperation,
  type InputDescription,
  type OperationDescription,
} from "../../language/model/describe-operation.ts";
import type { Operation } from "../../language/model/types.ts";
import { namesItemInBody } from "../sandbox/routing/action-words.ts";
import { alignColumns } from "./align-columns.ts";
import type { CommandContext } from "./command-context.ts";
import { inputColumns, oneLine, writeInput } from "./input-usage.ts";
import { printLines, quotedLines } from "./printed-text.ts";

/** Shows the operations for `run <capability> --help`, and the inputs for `run <capability> <operation> --help`. */
export function showHelp(
  capability: Runtime,
  written: string,
  operation: Operation | undefined,
  { stdout }: CommandContext,
): void {
  const lines =
    operation === undefined
      ? capabilityHelp(capability, written)
      : operationHelp(describeOperation(operation), written);
  stdout.write(printLines(lines));
}

function capabilityHelp(capability: Runtime, written: string): string[] {
  const { label = capability.name, description } = capability.model.info;
  return [
    `naftiko run ${quoteArgument(written)} <operation> [--<input> <value>…] [options]`,
    "",
    label,
    ...(description === undefined ? [] : descriptionLines(description)),
    "",
    "Operations:",
    ...formatOperations(capability),
    "",
    `Inputs of one:  naftiko run ${quoteArgument(written)} <operation> --help`,
    "Options:        naftiko run --help",
  ];
}

function operationHelp(operation: OperationDescription, written: string): string[] {
  const { reference, method, path, description } = operation;
  return [
    `naftiko run ${quoteArgument(written)} ${quoteArgument(reference)} [--<input> <value>…] [options]`,
    "",
    `${method} ${path}`,
    ...(operation.aliases === undefined ? [] : [`Also named ${operation.aliases.join(", ")}`]),
    ...(description ? descriptionLines(description) : []),
    "",
    ...formatInputs(operation),
    "",
    "Example:",
    `  ${exampleCommand(written, operation)}`,
    "",
    "Options of every operation:  naftiko run --help",
  ];
}

/** Returns a description of one line as it is, a longer one as a quotation. */
export function descriptionLines(description: string): string[] {
  const lines = quotedLines(description.trim());
  return lines.length === 1 ? [description.trim()] : lines;
}

/** Longer references and paths push what is behind them out of its column, and leave the others where they are. */
const WIDEST_COLUMN = 48;

/** Returns one line for each operation: reference and aliases, method, path, description. */
export function formatOperations(capability: Runtime): string[] {
  const rows = [...capability.operations.values()].map(
    ({ reference, method, path, description = "", aliases = [] }) => [
      [reference, ...aliases].join(", "),
      method,
      path,
      oneLine(description),
    ],
  );
  if (rows.length === 0) return ["  (none)"];
  return alignColumns(rows, WIDEST_COLUMN).map(line => `  ${line}`);
}

/** Returns the inputs of an operation: how to write each, where it goes, whether it must be given. */
export function formatInputs({ inputs }: OperationDescription): string[] {
  if (inputs.length === 0) return ["Inputs: none"];
  const lines = alignColumns(inputs.map(inputColumns), WIDEST_COLUMN);
  return ["Inputs:", ...lines.map(line => `  ${line}`)];
}

/** Returns a command line that works, with made-up values for the required inputs. */
export function exampleCommand(capability: string, operation: OperationDescription): string {
  const given = operation.inputs
    .filter(({ required }) => required)
    .map(input => writeInput(input.name, sampleText(input, operation)));
  return ["naftiko run", quoteArgument(capability), quoteArgument(operation.reference), ...given].join(" ");
}

function sampleText({ name, type, in: location }: InputDescription, operation: OperationDescription): string {
  if (type === "object" || (location === "body" && name === "body" && type !== "string"))
    return namesItemInBody(operation) ? '{"id":"example"}' : '{"name":"example"}';
  if (type === "array") return '["a","b"]';
  if (type === "number" || type === "integer") return "1";
  if (type === "boolean") return "true";
  return "example";
}
