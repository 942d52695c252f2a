import { isJsonObject } from "../../base/json-object.ts";
import { stringify } from "../../base/numbers/exact-json.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import type { InputDescription } from "../../language/model/describe-operation.ts";
import { descriptionText } from "./description-text.ts";
import { isRunOption } from "./run-options.ts";
import { shortened } from "./shortened.ts";

/** Writes an input with a value for a shell: `--name value`, or `-i name=value` if `--name` is an option. */
export function writeInput(name: string, value: string): string {
  if (isRunOption(name)) return `-i ${quoteArgument(`${name}=${value}`)}`;
  return `--${quoteArgument(name)} ${quoteArgument(value)}`;
}

/** Input of an operation, or of something exposed, which is read nowhere in a request. */
type UsedInput = Omit<InputDescription, "in"> & { readonly in: InputDescription["in"] | undefined };

/**
 * Returns an input as columns: how to write it, where it goes, what it means.
 *
 * @param longest characters of its meaning
 */
export function inputColumns(
  input: UsedInput,
  longest?: number,
): readonly [usage: string, place: string, text: string] {
  const { name, type, required, description = "" } = input;
  const usage = isRunOption(name) ? `-i ${name}=<${type}>` : `--${quoteArgument(name)} <${type}>`;
  const need = required ? ", required" : defaultText(input);
  const facts = `${inputPlace(input)}${need}${choices(input)}`.replace(/^, /, "");
  return [usage, facts === "" ? "" : `(${facts})`, shortDescription(description, longest)];
}

/** Longest default that is shown. */
const LONGEST_DEFAULT = 40;

/** Tells of the default. One of an overlay is not shown here: `describe` has its place. */
function defaultText({ default: value, schema }: UsedInput): string {
  if (value === undefined) return "";
  const isOfFile = isJsonObject(schema) && Object.hasOwn(schema, "default");
  return isOfFile ? `, default ${oneLine(valueText(value), LONGEST_DEFAULT)}` : ", has a default";
}

/** Most values that are listed. */
const MOST_CHOICES = 8;

/** Lists the values that an input, or its items, may have. */
function choices({ schema }: UsedInput): string {
  if (!isJsonObject(schema)) return "";
  const items = isJsonObject(schema["items"]) ? schema["items"] : {};
  const values = schema["enum"] ?? items["enum"];
  if (!Array.isArray(values) || values.length === 0) return "";
  const shown = values.slice(0, MOST_CHOICES).map(value => oneLine(valueText(value), LONGEST_DEFAULT));
  return `, one of ${shown.join(" | ")}${values.length > MOST_CHOICES ? " | …" : ""}`;
}

function valueText(value: unknown): string {
  return typeof value === "string" && value !== "" ? value : (stringify(value) ?? "");
}

function inputPlace({ in: location }: UsedInput): string {
  return location === "baseUri" ? "base URI" : (location ?? "");
}

/** Characters of a description that its first line is made of: the others would be cut. */
const READ_FOR_LINE = 2_000;

/** Returns the beginning of a description, without HTML, in one line. */
export function shortDescription(description: string, longest?: number): string {
  return oneLine(descriptionText(description.slice(0, READ_FOR_LINE)), longest);
}

/** Joins the lines of a text, and cuts it if it is long. */
export function oneLine(text: string, longest = 80): string {
  return shortened(text.replace(/\s+/g, " ").trim(), longest);
}
