import yargs, { type Argv } from "yargs";
import { didYouMean, suggest } from "../../base/did-you-mean.ts";
import { version } from "../../base/version.ts";
import type { CommandContext } from "./command-context.ts";
import type { LoginOptions } from "./commands/login.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { printLines } from "./printed-text.ts";
import { lookupOptions, overlayOptions, printOptions, runOptions } from "./run-options.ts";
import { usageError } from "./usage-error.ts";
import { VALIDATE_FORMATS } from "./validate-formats.ts";

const COMMANDS: readonly string[] = [
  "run",
  "list",
  "describe",
  "validate",
  "migrate",
  "mock",
  "login",
  "logout",
  "trust",
];

const RUN_USAGE = `naftiko run <capability> <operation> [--<input> <value>…] [options]

<capability> is a name or the path of a file, <operation> a name or METHOD /path.
Anything but the options below that starts with -- is an input, spelled as in the file.
A value @file reads a file, - standard input, @@x is the text @x.`;

const MIGRATE_USAGE = `naftiko migrate <file>
naftiko migrate <file or folder>… --write

Brings files to the newest form of the language (ikanos 1.0.0-beta5): lists of named
things become maps, renamed members get their new names. Comments and layout stay.
The text of one file is printed; with --write files are written over.`;

const EXIT_CODES = `Exit codes:
    0  done                                 5  the API answered 400 or above
    1  a fault in naftiko                   6  network, TLS, time-out, not recorded
    2  usage, operation, input              7  the response cannot be decoded, or is too large
    3  capability or configuration          8  output, file or folder cannot be written or read
       not found or invalid               130  interrupted
    4  a variable, credential or base URI is missing`;

/** Of every command: they are about what is printed of an error. */
const GLOBAL_OPTIONS = {
  verbose: { type: "boolean", describe: "Print the stack trace of an error" },
  "no-color": printOptions["no-color"],
} as const;

/** Every command but `run`, whose inputs yargs must not touch; of `run`, its place in the help. */
export async function program(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  const [name] = args;
  if (name !== undefined && !name.startsWith("-") && !COMMANDS.includes(name)) {
    throw usageError(
      `Unknown command ${JSON.stringify(name)}${didYouMean(suggest(name, COMMANDS))}`,
      "naftiko --help",
    );
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
    .wrap(Math.min(100, context.stdout.columns || 100))
    .command(
      "run <capability> [operation]",
      "Call an operation",
      builder => builder.options(runOptions).version(false).usage(RUN_USAGE).epilogue(EXIT_CODES),
      () => {},
    )
    .command(
      "list [text]",
      "Show the capabilities that can be called by name",
      builder =>
        builder
          .positional("text", {
            type: "string",
            describe: "Only those with this text in name, label, description or tags",
          })
          .options(lookupOptions)
          .option("output", {
            choices: ["text", "json"] as const,
            default: "text" as const,
            describe: "Form of the list",
          }),
      async ({ text, dir, output, "allow-import": importRoots }) => {
        const { list } = await import("./commands/list.ts");
        result = await list({ text, dirs: texts(dir), importRoots: texts(importRoots), output }, context);
      },
    )
    .command(
      "describe <capability> [operation]",
      "Show what a capability or one of its operations needs and gives",
      builder =>
        builder
          .positional("capability", {
            type: "string",
            demandOption: true,
            describe: "Name, or path of a file",
          })
          .positional("operation", { type: "string", describe: "Name, or METHOD /path" })
          .options({
            ...lookupOptions,
            ...overlayOptions,
            "env-file": runOptions["env-file"],
            "allow-bind-files": runOptions["allow-bind-files"],
            "no-implied-auth": runOptions["no-implied-auth"],
          })
          .option("output", {
            choices: ["text", "json"] as const,
            default: "text" as const,
            describe: "Form of the description",
          }),
      async argv => {
        const { describe } = await import("./commands/describe.ts");
        result = await describe(
          {
            capability: argv.capability,
            operation: argv.operation,
            dirs: texts(argv.dir),
            importRoots: texts(argv["allow-import"]),
            config: lastText(argv["config"]),
            profile: lastText(argv["profile"]),
            envFiles: texts(argv["env-file"]),
            bindFileRoots: texts(argv["allow-bind-files"]),
            impliedAuthentication: !argv["no-implied-auth"],
            output: argv.output,
          },
          context,
        );
      },
    )
    .command(
      "validate <path..>",
      "Check files, and all files in folders",
      builder =>
        builder
          .positional("path", {
            type: "string",
            array: true,
            demandOption: true,
            describe: "Files and folders",
          })
          .option("strict", {
            type: "boolean",
            describe: "Fail where a file departs from the published specification",
          })
          .option("fix", {
            type: "boolean",
            describe: "Mend what means the same afterwards; comments and layout stay",
          })
          .option("all", {
            type: "boolean",
            describe: "Show every departure, not the first of each kind in a file",
          })
          .options({ ...overlayOptions, ...printOptions })
          .option("allow-import", lookupOptions["allow-import"])
          .option("format", {
            choices: VALIDATE_FORMATS,
            default: "text" as const,
            describe: "Form of the findings",
          }),
      async argv => {
        requireFlags(["strict", "fix", "all"], args);
        const { validate } = await import("./commands/validate.ts");
        const { format } = argv;
        result = await validate(
          {
            paths: argv.path,
            importRoots: texts(argv["allow-import"]),
            config: lastText(argv["config"]),
            profile: lastText(argv["profile"]),
            format,
            strict: Boolean(argv["strict"]),
            fix: Boolean(argv["fix"]),
            all: Boolean(argv["all"]),
            quiet: Boolean(argv["quiet"]),
            noColor: Boolean(argv["no-color"]),
          },
          context,
        );
      },
    )
    .command(
      "migrate <path..>",
      "Bring files to the newest form of the language",
      builder =>
        builder
          .usage(MIGRATE_USAGE)
          .positional("path", {
            type: "string",
            array: true,
            demandOption: true,
            describe: "Files and folders",
          })
          .option("write", { type: "boolean", describe: "Write over the files" })
          .option("check", {
            type: "boolean",
            describe: "Write nothing; exit code 3 if a file is to be migrated",
          })
          .options(printOptions),
      async argv => {
        const { migrate } = await import("./commands/migrate.ts");
        result = await migrate(
          {
            paths: argv.path,
            write: Boolean(argv.write),
            check: Boolean(argv.check),
            quiet: Boolean(argv["quiet"]),
            noColor: Boolean(argv["no-color"]),
          },
          context,
        );
      },
    )
    .command(
      "mock [capability..]",
      "Serve a sandbox of the APIs that capabilities consume, or recorded calls",
      builder =>
        builder
          .positional("capability", {
            type: "string",
            array: true,
            default: [] as string[],
            describe: "Names, or paths of files",
          })
          .options({
            ...lookupOptions,
            ...overlayOptions,
            quiet: printOptions.quiet,
            "no-implied-auth": runOptions["no-implied-auth"],
          })
          .option("port", {
            type: "string",
            requiresArg: true,
            default: "0",
            describe: "Port; 0: any free one",
          })
          .option("seed", {
            type: "string",
            requiresArg: true,
            describe: "JSON or YAML file of items by collection path",
          })
          .option("replay", {
            type: "string",
            requiresArg: true,
            describe: "File of recorded calls to serve in place of capabilities",
          }),
      async argv => {
        const { seed, replay } = argv;
        const port = portOf(argv.port);
        const quiet = Boolean(argv["quiet"]);
        if (replay !== undefined) {
          if (argv.capability.length > 0 || seed !== undefined)
            throw usageError(
              "Option --replay serves recorded calls alone: leave capabilities and --seed out",
            );
          const { mockReplay } = await import("./commands/mock-replay.ts");
          result = await mockReplay({ replay, port, quiet }, context);
          return;
        }
        if (argv.capability.length === 0) throw usageError("An argument is missing", "naftiko mock --help");
        const { mock } = await import("./commands/mock.ts");
        result = await mock(
          {
            capabilities: argv.capability,
            dirs: texts(argv.dir),
            importRoots: texts(argv["allow-import"]),
            config: lastText(argv["config"]),
            profile: lastText(argv["profile"]),
            port,
            seed,
            impliedAuthentication: !argv["no-implied-auth"],
            quiet,
          },
          context,
        );
      },
    )
    .command(
      "login <capability> [namespace]",
      "Log in to an API that asks for a person, and keep the tokens",
      builder =>
        loginArguments(builder)
          .option("device", {
            type: "boolean",
            describe: "Log in on another device, with a code to be typed there",
          })
          .option("port", {
            type: "string",
            requiresArg: true,
            default: "0",
            describe: "Port the browser comes back to; 0: any free one",
          }),
      async argv => {
        const { login } = await import("./commands/login.ts");
        const ways = { device: Boolean(argv.device), port: portOf(argv.port) };
        result = await login(loginOptions(argv), ways, context);
      },
    )
    .command(
      "logout <capability> [namespace]",
      "Forget the tokens of a login",
      loginArguments,
      async argv => {
        const { logout } = await import("./commands/login.ts");
        result = await logout(loginOptions(argv), context);
      },
    )
    .command(
      "trust <file>",
      "Let a configuration that is found run the commands of its binds",
      builder =>
        builder
          .positional("file", { type: "string", demandOption: true, describe: "Path of the configuration" })
          .option("remove", { type: "boolean", describe: "Trust it no longer" }),
      async argv => {
        requireFlags(["remove"], args);
        const { trust } = await import("./commands/trust.ts");
        result = await trust({ file: argv.file, remove: Boolean(argv.remove) }, context);
      },
    )
    .options(GLOBAL_OPTIONS)
    .strict()
    .demandCommand(1, "No command given")
    .epilogue("naftiko <command> --help shows more of one.")
    .help()
    .alias("help", "h")
    .version(version)
    .fail((message: string, error: unknown) => {
      const [command = ""] = args;
      const help = COMMANDS.includes(command) ? `naftiko ${command} --help` : "naftiko --help";
      // An error of its own, such as for an option without a value, comes with the same message.
      throw error instanceof Error && error.name !== "YError"
        ? error
        : usageError(explain(message, args), help);
    });
  const output = await parse(commands, args);
  if (output !== "") context.stdout.write(printLines(output.split("\n")));
  return result;
}

/** What says which login is meant. */
function loginArguments(builder: Argv): Argv<LoginArguments> {
  return builder
    .positional("capability", { type: "string", demandOption: true, describe: "Name, or path of a file" })
    .positional("namespace", { type: "string", describe: "Which of its APIs, where there are several" })
    .options({
      ...lookupOptions,
      "env-file": runOptions["env-file"],
      "base-uri": runOptions["base-uri"],
      "allow-insecure-auth": runOptions["allow-insecure-auth"],
    }) as Argv<LoginArguments>;
}

interface LoginArguments {
  readonly capability: string;
  readonly namespace: string | undefined;
  readonly dir: unknown;
  readonly "allow-import": unknown;
  readonly "env-file": unknown;
  readonly "base-uri": unknown;
  readonly "allow-insecure-auth": unknown;
}

function loginOptions(argv: LoginArguments): LoginOptions {
  return {
    capability: argv.capability,
    namespace: argv.namespace,
    dirs: texts(argv.dir),
    importRoots: texts(argv["allow-import"]),
    envFiles: texts(argv["env-file"]),
    baseUris: texts(argv["base-uri"]),
    allowInsecureAuthentication: Boolean(argv["allow-insecure-auth"]),
  };
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

/** What yargs says of a command line, in the words of the other messages. */
function explain(message: string, args: readonly string[]): string {
  return message
    .replace(/^Unknown arguments?: (.*)$/s, (_, names: string) => {
      const written = names
        .split(", ")
        .map(name => args.find(arg => /^--?/.test(arg) && arg.includes(name)) ?? name);
      return `Unknown argument ${written.map(name => JSON.stringify(name)).join(", ")}`;
    })
    .replace(/^Not enough arguments following: (.*)$/s, "No value given for --$1")
    .replace(/^Not enough non-option arguments: .*$/s, "An argument is missing")
    .replace(
      /^Invalid values:\s+Argument: ([\w-]+), Given: (.*), Choices: (.*)$/s,
      "Option --$1 is one of $3, found $2",
    );
}

/** Yargs takes any value but `true` for no: a misspelt one would turn a check off. */
function requireFlags(names: readonly string[], args: readonly string[]): void {
  for (const arg of args) {
    const [, name = "", value = ""] = /^--([\w-]+)=(.*)$/s.exec(arg) ?? [];
    if (names.includes(name) && value !== "true" && value !== "false")
      throw usageError(`Option --${name} takes no value, found ${JSON.stringify(value)}`);
  }
}

function texts(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** Of an option that is given more than once, the last counts. */
function lastText(value: unknown): string | undefined {
  return texts(value).at(-1);
}

function portOf(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw usageError(`Option --port is a number from 0 to 65535, found ${JSON.stringify(text)}`);
}
