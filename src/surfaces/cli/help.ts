import { isCapabilityError } from "../../base/capability-error.ts";
import { isJsonObject } from "../../base/json-object.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import type { Runtime } from "../../engine/runtime.ts";
import {
  describeOperation,
  type InputDescription,
  type OperationDescription,
} from "../../language/model/describe-operation.ts";
import { addedUnits, type NamedUnit } from "../../language/model/exposed/added-units.ts";
import { describeUnit, type UnitDescription } from "../../language/model/exposed/describe-unit.ts";
import { listUnits } from "../../language/model/exposed/find-unit.ts";
import { isUnit } from "../../language/model/exposed/resolved-work.ts";
import type { Unit } from "../../language/model/exposed/types.ts";
import type { Operation } from "../../language/model/types.ts";
import { alignColumns } from "./align-columns.ts";
import type { CommandContext } from "./command-context.ts";
import { descriptionText } from "./description-text.ts";
import { inputColumns, shortDescription } from "./input-usage.ts";
import { printLines, quotedLines } from "./printed-text.ts";
import { sampleCall } from "./sample-call.ts";
import { showText } from "./show-text.ts";
import { afterText, stepText } from "./units/step-text.ts";
import { wrapText } from "./wrap-text.ts";

/** Shows the operations for `run <capability> --help`, and the inputs for `run <capability> <operation> --help`. */
export function showHelp(
  capability: Runtime,
  { written, reference }: { readonly written: string; readonly reference: string | undefined },
  found: Operation | Unit | undefined,
  context: CommandContext,
): Promise<void> {
  const { columns } = context.stdout;
  const lines =
    found === undefined
      ? capabilityHelp(capability, written, columns)
      : isUnit(found)
        ? unitHelp(describeUnit(found, routeOf(capability, found)), reference ?? found.reference, written, columns)
        : operationHelp(describeOperation(found), written, columns);
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
    ...formatUnits(capability, columns),
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

function unitHelp(unit: UnitDescription, name: string, written: string, columns: Columns): string[] {
  return [
    `naftiko run ${quoteArgument(written)} ${quoteArgument(name)} [--<input> <value>…] [options]`,
    "",
    ...formatUnit(unit, columns),
    "",
    "Example:",
    `  ${exampleOfUnit(written, name, unit)}`,
    "",
    "Options:  naftiko run --help",
  ];
}

/** Returns method and path of a REST operation. */
export function routeOf(capability: Runtime, unit: Unit): string | undefined {
  return listUnits(capability.exposed).find(listed => listed.unit === unit)?.route;
}

/** Returns what a unit is and does, and its inputs. */
export function formatUnit(unit: UnitDescription, columns: Columns): string[] {
  const { reference, kind, label, description, steps = [] } = unit;
  const rows = steps.map(step => [`  ${step.name}`, stepText(step), afterText(step)]);
  return [
    `${reference}  ${UNIT_KINDS[kind]}${unit.route === undefined ? "" : ` ${unit.route}`}`,
    ...(label ? [label] : []),
    ...(description ? descriptionLines(description, columns) : []),
    ...(rows.length === 0 ? ["", workText(unit)] : ["", "Steps:", ...alignColumns(rows)]),
    "",
    ...formatUnitInputs(unit, columns),
  ];
}

const UNIT_KINDS = {
  function: "function of an aggregate",
  tool: "tool",
  operation: "REST operation",
  resource: "resource",
} as const satisfies Record<Unit["kind"], string>;

function workText({ work, operation, function: target }: UnitDescription): string {
  if (work === "call") return `Calls ${operation}`;
  if (work === "function") return `Does what ${target} does`;
  return "Answers with values of the file";
}

function formatUnitInputs({ inputs }: UnitDescription, columns: Columns): string[] {
  if (inputs.length === 0) return ["Inputs: none"];
  const longest = columns ? LONGEST_EXPLANATION : undefined;
  const rows = inputs.map(input => inputColumns({ ...input, in: undefined }, longest));
  return ["Inputs:", ...explainedRows(rows, columns)];
}

/** Returns a command line that works, with made-up values for the required inputs. */
export function exampleOfUnit(capability: string, reference: string, { inputs }: UnitDescription): string {
  const sampled = inputs.map(input => ({ ...input, in: input.in ?? "query", choice: firstChoice(input) }));
  return sampleCall(capability, { reference, method: "GET", path: "/", inputs: sampled });
}

/** Returns what is exposed and does something else than the operation of its name. Nothing if it cannot be told. */
export function formatUnits(capability: Runtime, columns: Columns): string[] {
  const units = unitsOf(capability);
  if (units.length === 0) return [];
  const longest = columns ? Math.min(80, columns - 6) : undefined;
  const rows = units.map(
    ({ unit, name, route }) =>
      [name, route ?? UNIT_KINDS[unit.kind], shortDescription(unit.description ?? "", longest)] as const,
  );
  return ["", "Exposed:", ...explainedRows(rows, columns)];
}

/** Lists what is exposed and does something else than the operation of its name. None in a file whose exposed parts are faulty. */
export function unitsOf(capability: Runtime): readonly NamedUnit[] {
  try {
    return addedUnits(capability.exposed, name => capability.findCallable(name));
  } catch (error) {
    // Its operations can be called all the same.
    if (isCapabilityError(error, "CAPABILITY_INVALID")) return [];
    throw error;
  }
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

function firstChoice({ schema }: Pick<InputDescription, "schema">): string | undefined {
  const [choice] = isJsonObject(schema) && Array.isArray(schema["enum"]) ? (schema["enum"] as unknown[]) : [];
  return typeof choice === "string" || typeof choice === "number" || typeof choice === "boolean"
    ? String(choice)
    : undefined;
}
