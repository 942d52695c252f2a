import { type CommandModule, optionTexts, TEXT } from "../command-module.ts";
import { AUTHENTICATIONS, METHODS, PLACEMENTS } from "../make/new-capability.ts";

const USAGE = `naftiko init <name>
naftiko init <name> --base-uri URL --auth KIND --path PATH [--method METHOD]

Writes capabilities/<name>.yaml: a capability with one operation, to go on from. On a
terminal, what is not given is asked for. The variables that it needs are added to
.env.example.`;

interface Given {
  readonly name: string;
  readonly dir: string | undefined;
  readonly "base-uri": string | undefined;
  readonly auth: (typeof AUTHENTICATIONS)[number] | undefined;
  readonly "auth-key": string | undefined;
  readonly "auth-placement": (typeof PLACEMENTS)[number] | undefined;
  readonly operation: string | undefined;
  readonly method: (typeof METHODS)[number] | undefined;
  readonly path: string | undefined;
}

export const initCommand: CommandModule<Given> = {
  command: "init <name>",
  describe: "Make a new capability file",
  builder: builder =>
    builder
      .usage(USAGE)
      .positional("name", {
        type: "string",
        demandOption: true,
        describe: "Name of the capability: letters, digits and hyphens",
      })
      .option("base-uri", {
        ...TEXT,
        value: "URL",
        describe: "Where the API is; {name} in it is an input of each call",
      })
      .option("auth", { choices: AUTHENTICATIONS, describe: "How the API knows who calls" })
      .option("auth-key", {
        ...TEXT,
        value: "NAME",
        describe: "With --auth apikey: name of the header or query parameter",
      })
      .option("auth-placement", { choices: PLACEMENTS, describe: "With --auth apikey: where the key goes" })
      .option("method", {
        choices: METHODS,
        coerce: (method: string | undefined) => method?.toUpperCase(),
        describe: "Method of the first operation; by default GET",
      })
      .option("path", { ...TEXT, value: "TEMPLATE", describe: "Path of the first operation, such as /books/{isbn}" })
      .option("operation", {
        ...TEXT,
        value: "NAME",
        describe: "Name of the first operation; by default made of method and path",
      })
      .option("dir", {
        ...TEXT,
        describe: "Folder of the file, in place of the capabilities/ of the working folder or above it",
      }) as ReturnType<CommandModule<Given>["builder"]>,
  handler: async ({ name, auth, operation, method, path, ...others }, context) => {
    const { init } = await import("../make/init.ts");
    const given = {
      baseUri: others.baseUri,
      auth,
      authKey: others.authKey,
      authPlacement: others.authPlacement,
      operation,
      method,
      path,
    };
    return init({ name, dir: optionTexts(others.dir).at(-1), given }, context);
  },
};
