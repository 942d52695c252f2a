import type { Argv } from "yargs";
import { FLAG_GROUPS } from "../../../base/option-row.ts";
import type { CommandModule } from "../command-module.ts";
import { exitCode } from "../exit-code.ts";
import { flagText, flagUsage } from "../flag-text.ts";
import { runFlags, USAGE } from "../run-options.ts";

const TEXT = `${USAGE}

<capability> is a name or the path of a file, <operation> a name, or METHOD
/path. An option that is not below is an input, spelled as in the file.
A value @file reads a file, - standard input, @@x is the text @x.
A DURATION is 500ms, 5s, 2m or 1h; a TIME too, or a number of milliseconds.`;

const EXIT_CODES = `Exit codes:
    0  done
    1  a fault in naftiko
    2  usage, operation, input
    3  capability or configuration not found or invalid
    4  a variable, credential or base URI is missing
    5  the API answered 400 or above, or a redirect that is not followed
    6  network, TLS, time-out, not recorded
    7  the response cannot be decoded, or is too large; a step or script failed
    8  output, file or folder cannot be written or read
  130  interrupted`;

/** The place of `run` in the help. Its command line is read apart, since yargs would change its inputs. */
export const runCommand: CommandModule = {
  command: "run <capability> [operation]",
  describe: "Call an operation",
  takesInputs: true,
  builder: builder => {
    for (const group of FLAG_GROUPS) {
      for (const row of runFlags.values()) {
        if (row.flag.group !== group) continue;
        // yargs has an alias for its own help.
        const alias = row.flag.short === undefined || row.flag.name === "help" ? {} : { alias: row.flag.short };
        builder.option(flagUsage(row.flag), { ...alias, group: `${group}:`, describe: flagText(row) });
      }
    }
    // The types of yargs lack it.
    (builder as Argv & { usageConfiguration(settings: object): void }).usageConfiguration({
      "hide-types": true,
    });
    return builder.version(false).usage(TEXT).epilogue(EXIT_CODES);
  },
  handler: async () => exitCode.done,
};
