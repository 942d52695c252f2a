import type { CommandModule } from "../command-module.ts";

export const trustCommand: CommandModule<{ readonly file: string; readonly remove: boolean | undefined }> = {
  command: "trust <file>",
  describe: "Let a configuration that is found run the commands of its binds",
  builder: builder =>
    builder
      .positional("file", { type: "string", demandOption: true, describe: "Path of the configuration" })
      .option("remove", { type: "boolean", describe: "Trust it no longer" }),
  handler: async ({ file, remove = false }, context) => {
    const { trust } = await import("../trust-config.ts");
    return trust({ file, remove }, context);
  },
};
