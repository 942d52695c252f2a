import yargs, { type Argv } from "yargs";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { version } from "../../base/version.ts";
import { choiceProblem } from "./choice-problem.ts";
import type { CommandContext } from "./command-context.ts";
import type { CommandModule } from "./command-module.ts";
import { usageOf } from "./command-usage.ts";
import { commandName, commands as modules } from "./commands.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { printLines } from "./printed-text.ts";
import { runFlags } from "./run-options.ts";
import { showText } from "./show-text.ts";
import { usageError } from "./usage-error.ts";

const COMMANDS: readonly string[] = modules.map(commandName);

/** Reads the command line of every command but `run`, whose inputs yargs must not touch, and does what it says. */
export async function program(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [name] = args;
  if (name !== undefined && !name.startsWith("-") && !COMMANDS.includes(name)) {
    throw usageError(`Unknown command ${JSON.stringify(name)}${didYouMean(suggest(name, COMMANDS))}`, "naftiko --help");
  }
  let result: ExitCode = exitCode.done;
  const commands = yargs()
    .scriptName("naftiko")
    .locale("en")
    .usage("naftiko <command>\n\nCalls HTTP APIs that YAML capability files describe.")
    .parserConfiguration({
      "boolean-negation": false,
      "dot-notation": false,
      "parse-numbers": false,
      "parse-positional-numbers": false,
    })
    .exitProcess(false)
    .wrap(Math.min(100, context.stdout.columns || 100));
  const add = (parser: Argv, module: CommandModule): void => {
    const { command, describe, builder, below = [], handler, repeatable = [], keepsOptions = false } = module;
    const build = (own: Argv) => {
      for (const lower of below) add(own, lower);
      const built = builder(own);
      // The types of yargs lack the second parameter.
      if (keepsOptions) (built.global as (names: string[], isGlobal: boolean) => void)(namesOf(module), false);
      return built;
    };
    parser.command(command, describe, build, async argv => {
      requireBooleans(argv, args);
      requireSingle(argv, args, repeatable);
      result = await handler(argv, context);
    });
  };
  for (const module of modules) add(commands, module);
  commands
    .options(GLOBAL_OPTIONS)
    .strict()
    .demandCommand(1, "No command given")
    .epilogue("naftiko <command> --help shows more of one.")
    .help()
    .alias("help", "h")
    .version(version)
    .alias("version", "V")
    .fail((message: string, error: unknown) => {
      const [command = ""] = args;
      const help = COMMANDS.includes(command) ? `naftiko ${command} --help` : "naftiko --help";
      // An error of its own, such as for an option without a value, comes with the same message.
      throw error instanceof Error && error.name !== "YError"
        ? error
        : usageError(explain(message, args, optionsOf(commands)), help);
    });
  keepHelpUnwritten(commands);
  const output = await parse(commands, args);
  if (output !== "") await showText(printLines(output.split("\n")), context);
  return result;
}

/**
 * Keeps yargs from writing the help of a command beside its work, for failures that `fail` words otherwise: a twentieth of
 * the start of a command. The types of yargs lack it.
 */
function keepHelpUnwritten(commands: Argv): void {
  const { getInternalMethods } = commands as Argv & {
    getInternalMethods(): { getUsageInstance(): { cacheHelpMessage(): void } };
  };
  getInternalMethods.call(commands).getUsageInstance().cacheHelpMessage = () => {};
}

/** Runs yargs and returns what it would have printed: its help or version. */
function parse(commands: Argv, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    Promise.resolve(
      commands.parseAsync([...args], {}, (error: unknown, _argv: unknown, output: string) => {
        if (error) reject(error);
        else resolve(output);
      }),
    ).catch(reject);
  });
}

/** Refuses an option that may be given once and is given several times: yargs makes a list of its values. */
function requireSingle(
  argv: Readonly<Record<string, unknown>>,
  args: readonly string[],
  repeatable: readonly string[],
): void {
  for (const [name, value] of Object.entries(argv)) {
    const isOption = args.some(
      arg => withoutValue(arg) === `--${name}` || (name.length === 1 && arg.startsWith(`-${name}`)),
    );
    const isRepeatable = repeatable.includes(name) || runFlags.get(name)?.flag.isRepeatable === true;
    if (Array.isArray(value) && isOption && !isRepeatable)
      throw usageError(`Option ${name.length === 1 ? "-" : "--"}${name} is given ${value.length} times`);
  }
}

/** Returns the names of the options of the command that was read. The types of yargs lack what tells them. */
function optionsOf(commands: Argv): readonly string[] {
  const { key } = (commands as Argv & { getOptions(): { key: object } }).getOptions();
  return Object.keys(key).flatMap(name => (name.length > 1 ? `--${name}` : []));
}

/** Words a message of yargs about a command line like the other messages. */
function explain(message: string, args: readonly string[], options: readonly string[]): string {
  const [, names] = /^Unknown arguments?: (.*)$/s.exec(message) ?? [];
  if (names !== undefined) {
    // yargs names an option with a hyphen in camel case too.
    const written = names
      .split(", ")
      .flatMap(name => args.find(arg => arg === name || (/^--?/.test(arg) && arg.includes(name))) ?? []);
    return unknownArguments([...new Set(written)], options);
  }
  if (message.startsWith("Not enough non-option arguments")) {
    // An option that is not known has taken the argument for its value.
    const unknown = args.find(arg => /^--\w/.test(arg) && !options.includes(withoutValue(arg)));
    return unknown === undefined ? "An argument is missing" : unknownArguments([unknown], options);
  }
  const [, option, given = "", choices = ""] =
    /^Invalid values:\s+Argument: ([\w-]+), Given: (.*), Choices: (.*)$/s.exec(message) ?? [];
  if (option !== undefined) return choiceProblem(option, unquoted(given), choices.split(", ").map(unquoted));
  return message.replace(/^Not enough arguments following: (.*)$/s, "No value given for --$1");
}

function unknownArguments(written: readonly string[], options: readonly string[]): string {
  const names = written.map(withoutValue);
  const nearest = names.flatMap(name => (name.startsWith("--") ? suggest(name, options).slice(0, 1) : []));
  return `Unknown argument ${names.map(name => JSON.stringify(name)).join(", ")}${didYouMean(nearest)}`;
}

function withoutValue(arg: string): string {
  return arg.split("=", 1)[0] ?? "";
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/s, "$1");
}

/** Yargs takes any value but `true` for no: a misspelt one would turn a check off. */
function requireBooleans(argv: Readonly<Record<string, unknown>>, args: readonly string[]): void {
  for (const arg of args) {
    const [, name = "", value = ""] = /^--([\w-]+)=(.*)$/s.exec(arg) ?? [];
    if (typeof argv[name] === "boolean" && value !== "true" && value !== "false")
      throw usageError(`Option --${name} takes no value, found ${JSON.stringify(value)}`);
  }
}

/** Returns the names of a command's options and operands. */
function namesOf(module: CommandModule): string[] {
  const { options, operands } = usageOf(module);
  return [...options, ...operands].map(({ name }) => name);
}
