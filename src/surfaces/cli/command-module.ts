import type { ArgumentsCamelCase, Argv, Options } from "yargs";
import type { OptionRows } from "../../base/option-row.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import type { CommandContext } from "./command-context.ts";
import type { ExitCode } from "./exit-code.ts";
import { flagText } from "./flag-text.ts";
import { readOpenOptions, readOptions } from "./read-options.ts";
import { type FlagRow, needsValue, runFlags } from "./run-options.ts";
import type { GivenOptions } from "./scan-arguments.ts";
import { usageError } from "./usage-error.ts";

/** A command: its name, its options with their help, and what it does. */
export interface CommandModule<Given = unknown> {
  /** As yargs reads it: the name and the positional arguments. */
  readonly command: string;
  readonly describe: string;
  /** Whether options that are none of these are inputs of its operation. */
  readonly takesInputs?: boolean;
  /** Options of its own that may be given several times. */
  readonly repeatable?: readonly string[];
  /** Commands below it: their names stand in place of its first operand. */
  readonly below?: readonly CommandModule[];
  /** Whether those have none of its options. */
  readonly keepsOptions?: boolean;
  /**
   * The options, and what is said of the positional arguments. Completion reads them too: `capability`, `operation` and
   * `namespace` are completed by their names, `text`, `words` and `name` are not, all others are files. The value of an
   * option is completed by its `choices`, or by `value`, its name as in {@link Flag}; without one it may be a file.
   */
  readonly builder: (builder: Argv) => Argv<Given>;
  readonly handler: (given: ArgumentsCamelCase<Given>, context: CommandContext) => Promise<ExitCode>;
}

/** Returns options that a command has as `run` has them. The last value counts of one that may be given once. */
export function sharedOptions<Name extends string>(...names: readonly Name[]): Record<Name, Options> {
  // Typed by `names`, which `Object.fromEntries` does not follow.
  return Object.fromEntries(names.map(name => [name, optionOf(runFlags.get(name) as FlagRow)])) as Record<
    Name,
    Options
  >;
}

function optionOf(row: FlagRow): Options {
  const describe = flagText(row);
  if (!needsValue(row.flag)) return { type: "boolean", describe };
  return row.flag.isRepeatable === true ? { ...TEXT, describe } : { ...TEXT, describe, coerce: lastOf };
}

/** Returns the last of several values, of which yargs makes a list. */
function lastOf(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : value;
}

/** Options of the policy, for commands that call operations or have them called. */
export const POLICY_OPTIONS = ["allow", "deny", "read-only", "toolset", "confirm"] as const;

/** An option with a value. */
export const TEXT = { type: "string", requiresArg: true } as const;

/** Reads those options of a table that a command was given; the last counts of one that may be given once. */
export function givenOptions<Options>(rows: OptionRows<Options>, argv: object): Partial<Options> {
  return readOptions(rows, givenTexts(argv));
}

/** Reads the options of opening capabilities that a command was given, and those of their policy. */
export function givenOpenOptions(argv: object): OpenOptions {
  return readOpenOptions(givenTexts(argv));
}

function givenTexts(argv: object): GivenOptions {
  const given = Object.entries(argv).flatMap(([name, value]): [string, string[]][] => {
    const texts = optionTexts(value);
    if (texts.length === 0) return [];
    return [[name, runFlags.get(name)?.flag.isRepeatable === true ? texts : texts.slice(-1)]];
  });
  return new Map(given);
}

export function optionTexts(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/**
 * Reads the port of a server.
 *
 * @throws CapabilityError `USAGE`
 */
export function portOf(text: string, option = "--port"): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw usageError(`Option ${option} is a number from 0 to 65535, found ${JSON.stringify(text)}`);
}
