import path from "node:path";
import { optionTexts } from "../command-module.ts";
import type { UsedOption } from "../command-usage.ts";

/**
 * Returns the options that were given, as words of a command line that starts in another folder: paths are absolute.
 *
 * @param rows the options that are passed on
 */
export function passedOptions(
  rows: readonly UsedOption[],
  given: Readonly<Record<string, unknown>>,
  cwd: string,
): string[] {
  return rows.flatMap(({ name, value }) => {
    if (value === undefined) return given[name] === true ? [`--${name}`] : [];
    const texts = optionTexts(given[name]);
    return texts.flatMap(text => [`--${name}`, isPath(value) ? path.resolve(cwd, text) : text]);
  });
}

/** Tells by the name of its value whether an option takes a path. */
function isPath(value: string): boolean {
  return /FILE|FOLDER|PATH|DIR/.test(value);
}
