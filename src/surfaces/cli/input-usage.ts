import { quoteArgument } from "../../base/quote-argument.ts";
import type { InputDescription } from "../../language/model/describe-operation.ts";
import { isRunOption } from "./run-options.ts";

/** Writes an input with a value for a shell: `--name value`, or `-i name=value` if `--name` is an option. */
export function writeInput(name: string, value: string): string {
  if (isRunOption(name)) return `-i ${quoteArgument(`${name}=${value}`)}`;
  return `--${quoteArgument(name)} ${quoteArgument(value)}`;
}

/** Returns an input as columns: how to write it, where it goes, what it means. */
export function inputColumns(input: InputDescription): readonly [usage: string, place: string, text: string] {
  const { name, type, required, description = "" } = input;
  const usage = isRunOption(name) ? `-i ${name}=<${type}>` : `--${quoteArgument(name)} <${type}>`;
  const need = required ? ", required" : input.default === undefined ? "" : ", has a default";
  return [usage, `(${inputPlace(input)}${need})`, oneLine(description)];
}

function inputPlace({ in: location }: InputDescription): string {
  return location === "baseUri" ? "base URI" : location;
}

/** Joins the lines of a text, and cuts it if it is long. */
export function oneLine(text: string, longest = 80): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
