import type { InputDescription, OperationDescription } from "../capability/describe-operation.ts";
import type { Capability } from "../capability.ts";
import { visibleText } from "../error/visible-text.ts";
import type { CommandContext } from "./command-context.ts";
import { quoteArgument } from "./quote-argument.ts";

/** `run <capability> --help`: its operations; `run <capability> <operation> --help`: its inputs. */
export function showHelp(
  capability: Capability,
  written: string,
  operation: string | undefined,
  { stdout }: CommandContext,
): void {
  if (operation === undefined) {
    stdout.write(
      visibleText(
        [
          `naftiko run ${quoteArgument(written)} <operation> [--<input> <value>…] [options]`,
          "",
          capability.info.label ?? capability.name,
          ...(capability.info.description === undefined ? [] : [capability.info.description.trim()]),
          "",
          "Operations:",
          formatOperations(capability),
          "",
          `Inputs of one:  naftiko run ${quoteArgument(written)} <operation> --help`,
          "Options:        naftiko run --help",
          "",
        ].join("\n"),
      ),
    );
    return;
  }
  const description = capability.operation(operation);
  stdout.write(
    visibleText(
      [
        `naftiko run ${quoteArgument(written)} ${quoteArgument(operation)} [--<input> <value>…] [options]`,
        "",
        `${description.method} ${description.path}`,
        ...(description.description ? [description.description.trim()] : []),
        "",
        formatInputs(description),
        "",
        "Example:",
        `  ${exampleCommand(written, description)}`,
        "",
        "Options of every operation:  naftiko run --help",
        "",
      ].join("\n"),
    ),
  );
}

/** One line an operation: reference, method, path, description. */
export function formatOperations(capability: Capability): string {
  const operations = [...capability.operations.values()];
  if (operations.length === 0) return "  (none)";
  const widest = Math.min(40, Math.max(...operations.map(({ reference }) => reference.length)));
  return operations
    .map(({ reference, method, path, description }) => {
      const text = oneLine(description ?? "");
      return `  ${reference.padEnd(widest)}  ${method.padEnd(6)} ${path}${text === "" ? "" : `  ${text}`}`;
    })
    .join("\n");
}

/** The inputs of an operation as a table: how to write each, where it goes, its type, whether it must be given. */
export function formatInputs({ inputs }: OperationDescription): string {
  if (inputs.length === 0) return "Inputs: none";
  const rows = inputs.map(input => [
    `--${input.name}`,
    placeOf(input),
    input.type,
    input.required ? "required" : "optional",
    oneLine(input.description ?? ""),
  ]);
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  const lines = rows.map(row =>
    `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
  return ["Inputs:", ...lines].join("\n");
}

/** A command line that works, with made-up values for the required inputs. */
export function exampleCommand(capability: string, { reference, inputs }: OperationDescription): string {
  const given = inputs
    .filter(({ required }) => required)
    .map(input => `--${quoteArgument(input.name)} ${quoteArgument(sampleText(input))}`);
  return ["naftiko run", quoteArgument(capability), quoteArgument(reference), ...given].join(" ");
}

function sampleText({ name, type, in: location }: InputDescription): string {
  if (type === "object" || (location === "body" && name === "body" && type !== "string"))
    return '{"name":"example"}';
  if (type === "array") return '["a","b"]';
  if (type === "number" || type === "integer") return "1";
  if (type === "boolean") return "true";
  return "example";
}

function placeOf({ in: location }: InputDescription): string {
  return location === "baseUri" ? "base URI" : location;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
