import { isJsonObject } from "../../base/json-object.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import type { Runtime } from "../../engine/runtime.ts";
import {
  describeOperation,
  type InputDescription,
  type OperationDescription,
} from "../../language/model/describe-operation.ts";
import type { Operation } from "../../language/model/types.ts";
import { alignColumns } from "./align-columns.ts";
import type { CommandContext } from "./command-context.ts";
import { descriptionText } from "./description-text.ts";
import { inputColumns, shortDescription } from "./input-usage.ts";
import { printLines, quotedLines } from "./printed-text.ts";
import { sampleCall } from "./sample-call.ts";
import { showText } from "./show-text.ts";
import { wrapText } from "./wrap-text.ts";

/** Shows the operations for `run <capability> --help`, and the inputs for `run <capability> <operation> --help`. */
export function showHelp(
  capability: Runtime,
  written: string,
  operation: Operation | undefined,
  context: CommandContext,
): Promise<void> {
  const { columns } = context.stdout;
  const lines =
    operation === undefined
      ? capabilityHelp(capability, written, columns)
      : operationHelp(describeOperation(operation), written, columns);
  return showText(printLines(lines), context);
}

function capabilityHelp(capability: Runtime, written: string, columns: Columns): string[] {
  const { label = capability.name, description } = capability.model.info;
  return [
    `naftiko run ${quoteArgument(written)} <operation> [--<input> <value>…] [options]`,
    "",
    label,
    ...(description === undefined ? [] : descriptionLines(description, columns)),
    "",
    "Operations:",
    ...formatOperations(capability, columns),
    "",
    `Inputs of one:  naftiko run ${quoteArgument(written)} <operation> --help`,
    "Options:        naftiko run --help",
  ];
}

function operationHelp(operation: OperationDescription, written: string, columns: Columns): string[] {
  const { reference, method, path, description } = operation;
  return [
    `naftiko run ${quoteArgument(written)} ${quoteArgument(reference)} [--<input> <value>…] [options]`,
    "",
    `${method} ${path}`,
    ...(operation.aliases === undefined ? [] : [`Also named ${operation.aliases.join(", ")}`]),
    ...(description ? descriptionLines(description, columns) : []),
    "",
    ...formatInputs(operation, columns),
    "",
    "Example:",
    `  ${exampleCommand(written, operation)}`,
    "",
    "Options of every operation:  naftiko run --help",
  ];
}

/** Width of a terminal; 0 or absent where there is none. */
type Columns = number | undefined;

/** Width of descriptions in a pipe, as that of the other help. */
const USUAL_COLUMNS = 100;

/** Returns a description of one line as it is, a longer one as a quotation within the width. */
export function descriptionLines(description: string, columns: Columns): string[] {
  const text = descriptionText(description);
  const width = Math.max(20, columns || USUAL_COLUMNS);
  if (text.length <= width && !text.includes("\n")) return [text];
  return wrapText(text, width - 2).flatMap(quotedLines);
}

/** Longer references and paths push what is behind them out of its column, and leave the others where they are. */
const WIDEST_COLUMN = 48;

/** Returns each operation: reference and aliases, method, path, description. */
export function formatOperations(capability: Runtime, columns: Columns): string[] {
  // On lines of their own they have one each.
  const longest = columns ? Math.min(80, columns - 6) : undefined;
  const rows = [...capability.operations.values()].map(
    ({ reference, method, path, description = "", aliases = [] }) =>
      [[reference, ...aliases].join(", "), method, path, shortDescription(description, longest)] as const,
  );
  return rows.length === 0 ? ["  (none)"] : explainedRows(rows, columns);
}

/** Characters of an input's description on a terminal, where it has lines of its own. */
const LONGEST_EXPLANATION = 400;

/** Returns the inputs of an operation: how to write each, where it goes, whether it must be given. */
export function formatInputs({ inputs }: OperationDescription, columns: Columns): string[] {
  if (inputs.length === 0) return ["Inputs: none"];
  const longest = columns ? LONGEST_EXPLANATION : undefined;
  const rows = inputs.map(input => inputColumns(input, longest));
  return ["Inputs:", ...explainedRows(rows, columns)];
}

/**
 * Aligns rows whose last cell is a sentence. Where they are wider than the terminal, the sentences stand below what they
 * explain.
 */
function explainedRows(rows: readonly (readonly string[])[], columns: Columns): string[] {
  const lines = alignColumns(rows, WIDEST_COLUMN).map(line => `  ${line}`);
  if (!columns || lines.every(line => line.length <= columns)) return lines;
  const heads = alignColumns(
    rows.map(row => row.slice(0, -1)),
    WIDEST_COLUMN,
  );
  return rows.flatMap((row, index) => {
    const text = row.at(-1) ?? "";
    const lines = text === "" ? [] : wrapText(text, Math.max(20, columns - 6)).flatMap(quotedLines);
    return [`  ${heads[index]}`, ...lines.map(line => `    ${line}`)];
  });
}

/** Returns a command line that works, with made-up values for the required inputs. */
export function exampleCommand(capability: string, operation: OperationDescription): string {
  const inputs = operation.inputs.map(input => ({ ...input, choice: firstChoice(input) }));
  return sampleCall(capability, { ...operation, inputs });
}

function firstChoice({ schema }: InputDescription): string | undefined {
  const [choice] = isJsonObject(schema) && Array.isArray(schema["enum"]) ? (schema["enum"] as unknown[]) : [];
  return typeof choice === "string" || typeof choice === "number" || typeof choice === "boolean"
    ? String(choice)
    : undefined;
}
