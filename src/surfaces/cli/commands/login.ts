import type { Argv } from "yargs";
import { openOptions } from "../../../engine/options.ts";
import { type CommandModule, givenOptions, optionTexts, portOf, sharedOptions, TEXT } from "../command-module.ts";
import type { LoginOptions } from "../log-in.ts";
import { ownOptions } from "../run-options.ts";

/** Arguments that say which login is meant. */
interface Given {
  readonly capability: string;
  readonly namespace: string | undefined;
  readonly "base-uri": unknown;
}

export const loginCommand: CommandModule<Given & { readonly device: boolean | undefined; readonly port: string }> = {
  command: "login <capability> [namespace]",
  describe: "Log in to an API that asks for a person, and keep the tokens",
  builder: builder =>
    loginArguments(builder)
      .option("device", {
        type: "boolean",
        describe: "Log in on another device, with a code to be typed there",
      })
      .option("port", {
        ...TEXT,
        value: "N",
        default: "0",
        describe: "Port the browser comes back to; 0: any free one",
      }),
  handler: async (argv, context) => {
    const { login } = await import("../log-in.ts");
    const ways = { device: argv.device ?? false, port: portOf(argv.port) };
    return login(loginOptions(argv), ways, context);
  },
};

export const logoutCommand: CommandModule<Given> = {
  command: "logout <capability> [namespace]",
  describe: "Forget the tokens of a login",
  builder: loginArguments,
  handler: async (argv, context) => {
    const { logout } = await import("../log-in.ts");
    return logout(loginOptions(argv), context);
  },
};

function loginArguments(builder: Argv): Argv<Given> {
  return builder
    .positional("capability", { type: "string", demandOption: true, describe: "Name, or path of a file" })
    .positional("namespace", { type: "string", describe: "Which of its APIs, where there are several" })
    .options(sharedOptions("dir", "allow-import", "env-file", "base-uri", "allow-insecure-auth"));
}

function loginOptions(argv: Given): LoginOptions {
  const { capability, namespace } = argv;
  const { envFiles = [] } = givenOptions(ownOptions, argv);
  const open = givenOptions(openOptions, argv);
  return { capability, namespace, open, envFiles, baseUris: optionTexts(argv["base-uri"]) };
}
