import type { ArgumentsCamelCase, Argv, Options, PositionalOptions } from "yargs";
import type { CommandModule } from "./command-module.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { runFlags } from "./run-options.ts";

/**
 * Reads the arguments of a command as yargs does, which takes longer to load than some commands take.
 *
 * @returns `undefined` for a command line that is faulty, asks for help, or has what only yargs reads
 */
export function readArguments(
  { command, builder, below = [], repeatable = [] }: CommandModule,
  args: readonly string[],
): ArgumentsCamelCase<unknown> | undefined {
  const { options, positionals } = declaredBy(builder);
  const shortNames = new Map<string, string>();
  for (const [name, { alias, type }] of options)
    if (typeof alias === "string" && type !== "boolean") shortNames.set(`-${alias}`, name);
  const texts = new Map<string, string[]>();
  const flags = new Set<string>();
  const operands: string[] = [];
  const rest = [...args];
  for (let token = rest.shift(); token !== undefined; token = rest.shift()) {
    if (!token.startsWith("-")) {
      operands.push(token);
      continue;
    }
    const [, long = "", written] = /^--([\w-]+)(?:=(.*))?$/s.exec(token) ?? [];
    const name = shortNames.get(token) ?? long;
    const option = options.get(name);
    if (option === undefined) return undefined;
    const isRepeatable = repeatable.includes(name) || runFlags.get(name)?.flag.isRepeatable === true;
    if (texts.has(name) && !isRepeatable) return undefined;
    const value = option.type === "boolean" ? written : (written ?? rest.shift());
    if (option.type === "boolean" ? value !== undefined : !isPlain(value, option, texts.get(name))) return undefined;
    if (value === undefined) flags.add(name);
    else texts.set(name, [...(texts.get(name) ?? []), value]);
  }
  if (below.some(lower => lower.command.startsWith(`${operands[0]} `))) return undefined;
  const taken = takeOperands(command, operands, positionals);
  if (taken === undefined) return undefined;
  const argv: Record<string, unknown> = { _: [], $0: "naftiko", ...taken };
  for (const [name, { default: usual, alias }] of options) {
    const [first, ...others] = texts.get(name) ?? [];
    const value = flags.has(name) || (others.length > 0 ? texts.get(name) : (first ?? usual));
    if (value === undefined) continue;
    argv[name] = value;
    if (typeof alias === "string") argv[alias] = value;
    argv[name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] = value;
  }
  return argv as ArgumentsCamelCase<unknown>;
}

/** Tells whether a value of an option is none that yargs would refuse, or read as something else. */
function isPlain(value: string | undefined, { choices }: Options, before: readonly string[] | undefined): boolean {
  if (value === undefined || value === "" || value.startsWith("-")) return false;
  return choices === undefined || (before === undefined && choices.includes(value));
}

interface Declared {
  readonly options: ReadonlyMap<string, Options>;
  readonly positionals: ReadonlyMap<string, PositionalOptions>;
}

/** Reads what a command tells yargs of its options. */
function declaredBy(builder: CommandModule["builder"]): Declared {
  const options = new Map(Object.entries(GLOBAL_OPTIONS));
  const positionals = new Map<string, PositionalOptions>();
  const recorder = {
    option(name: string, settings: Options) {
      options.set(name, settings);
      return recorder;
    },
    options(rows: Readonly<Record<string, Options>>) {
      for (const [name, settings] of Object.entries(rows)) options.set(name, settings);
      return recorder;
    },
    positional(name: string, settings: PositionalOptions) {
      positionals.set(name, settings);
      return recorder;
    },
  };
  builder(recorder as unknown as Argv);
  return { options, positionals };
}

/** Gives the operands the names that the command has for them: `<name>`, `[name]` and, at the end, `[name..]`. */
function takeOperands(
  command: string,
  operands: readonly string[],
  positionals: Declared["positionals"],
): Record<string, unknown> | undefined {
  const taken: Record<string, unknown> = {};
  const rest = [...operands];
  for (const written of command.split(" ").slice(1)) {
    const isList = written.endsWith("..>") || written.endsWith("..]");
    const name = written.slice(1, isList ? -3 : -1);
    if (written.startsWith("<") && rest.length === 0) return undefined;
    const value = isList ? rest.splice(0) : rest.shift();
    const { choices, default: usual } = positionals.get(name) ?? {};
    if (typeof value === "string" && choices !== undefined && !choices.includes(value)) return undefined;
    const found = value === undefined || (isList && value.length === 0) ? usual : value;
    if (found !== undefined) taken[name] = found;
  }
  return rest.length === 0 ? taken : undefined;
}
