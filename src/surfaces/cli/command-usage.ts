import type { Argv, Options, PositionalOptions } from "yargs";
import type { CommandModule } from "./command-module.ts";
import { runFlags } from "./run-options.ts";
import type { ScannedFlag } from "./scan-arguments.ts";

/** Options and operands of a command, as its module tells them yargs. */
export interface CommandUsage {
  readonly name: string;
  readonly description: string;
  readonly options: readonly UsedOption[];
  readonly operands: readonly Operand[];
  /** Commands below it, of which one is given before its operands. */
  readonly commands: readonly CommandUsage[];
  /** Whether options that are none of these are inputs of the operation. */
  readonly takesInputs: boolean;
}

/** Option of a command. */
export interface UsedOption extends ScannedFlag {
  readonly short: string | undefined;
  readonly description: string;
  readonly choices: readonly string[];
  readonly isRepeatable: boolean;
}

/** Argument without a name of its own on the command line. */
export interface Operand {
  readonly name: string;
  readonly isRepeatable: boolean;
  readonly choices: readonly string[];
}

/** Reads the usage of a command from its module, without yargs, which takes longer to load than a shell may wait. */
export function usageOf({
  command,
  describe,
  builder,
  below = [],
  takesInputs = false,
}: Omit<CommandModule, "handler">): CommandUsage {
  const [name = "", ...operands] = command.split(" ");
  const options = new Map<string, UsedOption>();
  const positionals = new Map<string, PositionalOptions>();
  const methods: Readonly<Record<string, (...args: never[]) => void>> = {
    option: (usage: string, settings: Options) => addOption(options, usage, settings),
    options: (rows: Readonly<Record<string, Options>>) => {
      for (const [usage, settings] of Object.entries(rows)) addOption(options, usage, settings);
    },
    positional: (operand: string, settings: PositionalOptions) => positionals.set(operand, settings),
  };
  const recorder: Argv = new Proxy({} as Argv, {
    get:
      (_, method) =>
      (...args: never[]) => {
        if (Object.hasOwn(methods, method)) methods[String(method)]?.(...args);
        return recorder;
      },
  });
  builder(recorder);
  return {
    name,
    description: describe,
    options: [...options.values()],
    operands: operands.map(written => operandOf(written, positionals)),
    commands: below.map(usageOf),
    takesInputs,
  };
}

/** Options of yargs, and what the command's help does without. */
interface Settings extends Options {
  /** Name of the value, as that of a {@link Flag}. */
  readonly value?: string;
}

function addOption(options: Map<string, UsedOption>, usage: string, settings: Settings): void {
  const [, name = usage, value = settings.value] = /^([^ [=]+) ?(.+)?$/s.exec(usage) ?? [];
  // An option that `run` has too means the same there.
  const row = runFlags.get(name);
  options.set(name, {
    name,
    short: textOf(settings.alias) ?? row?.flag.short,
    ...valueName(value ?? row?.flag.value, settings),
    description: settings.describe ?? "",
    choices: (settings.choices ?? row?.kind.choices ?? []).map(String),
    isRepeatable: row?.flag.isRepeatable === true || settings.array === true,
  });
}

/** Names the value of an option: that of a text without a name may be a file. */
function valueName(value: string | undefined, { type, choices }: Settings): Pick<ScannedFlag, "value"> {
  if (type === "boolean") return {};
  if (value !== undefined) return { value };
  if (choices !== undefined) return { value: "CHOICE" };
  return type === undefined ? {} : { value: type === "number" ? "N" : "FILE" };
}

function textOf(alias: Options["alias"]): string | undefined {
  return typeof alias === "string" ? alias : alias?.[0];
}

/** Reads `<name>`, `[name]`, `<name..>` or `[name..]`. */
function operandOf(written: string, positionals: ReadonlyMap<string, PositionalOptions>): Operand {
  const inside = written.slice(1, -1);
  const isRepeatable = inside.endsWith("..");
  const name = isRepeatable ? inside.slice(0, -2) : inside;
  return { name, isRepeatable, choices: (positionals.get(name)?.choices ?? []).map(String) };
}
