import type { CommandModule } from "../command-module.ts";
import { SHELLS, type Shell } from "../completion/shell.ts";

const USAGE = `naftiko completion bash|zsh|fish

Prints a script that completes the command line of naftiko: commands, options,
capabilities, operations, inputs and their values. To install it:

  bash   echo 'source <(naftiko completion bash)' >> ~/.bashrc
  zsh    echo 'source <(naftiko completion zsh)' >> ~/.zshrc
         (below compinit)
  fish   mkdir -p ~/.config/fish/completions
         naftiko completion fish > ~/.config/fish/completions/naftiko.fish`;

export const completionCommand: CommandModule<{ readonly shell: Shell }> = {
  command: "completion <shell>",
  describe: "Print the script by which a shell completes what is typed",
  builder: builder =>
    builder.usage(USAGE).positional("shell", { choices: SHELLS, demandOption: true, describe: "Which shell" }),
  handler: async ({ shell }, context) => {
    const { printScript } = await import("../completion/print-script.ts");
    return printScript(shell, context);
  },
};
