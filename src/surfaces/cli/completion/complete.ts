import { isHostile } from "../../../base/visible-text.ts";
import { type CommandUsage, usageOf } from "../command-usage.ts";
import { commandName, commands } from "../commands.ts";
import { GLOBAL_OPTIONS } from "../global-options.ts";
import { shortDescription } from "../input-usage.ts";
import { completeCommand } from "./complete-command.ts";
import type { Completion, Surroundings, TypedLine } from "./completion.ts";

/**
 * Finds what may stand at the cursor of a command line.
 *
 * @returns candidates that begin with what is typed. Texts that a terminal would act on are left out
 */
export async function complete(line: TypedLine, surroundings: Surroundings): Promise<Completion> {
  const { candidates, paths } = await possible(line, surroundings);
  return {
    candidates: candidates.flatMap(candidate => {
      const { text, description } = candidate;
      if (!text.startsWith(line.current) || isHostile(text) || /[\n\t]/.test(text)) return [];
      return [{ ...candidate, description: shortDescription(description) }];
    }),
    paths,
  };
}

function possible({ before, current }: TypedLine, surroundings: Surroundings): Completion | Promise<Completion> {
  const place = before.findIndex(word => !word.startsWith("-"));
  if (place < 0) return completeCommand(naftiko(), { before, current }, surroundings);
  const command = commands.find(module => commandName(module) === before[place]);
  if (command === undefined) return { candidates: [] };
  const usage = usageOf(command);
  const options = [...usage.options, ...naftiko().options.filter(({ name }) => name !== "version")];
  const words = [...before.slice(0, place), ...before.slice(place + 1)];
  return completeCommand({ ...usage, options }, { before: words, current }, surroundings);
}

/** Returns the usage of the program without a command. */
function naftiko(): CommandUsage {
  return {
    ...usageOf({
      command: "naftiko",
      describe: "",
      builder: builder =>
        builder
          .options(GLOBAL_OPTIONS)
          .option("help", { type: "boolean", alias: "h", describe: "Show help" })
          .option("version", { type: "boolean", alias: "V", describe: "Show the version" }),
    }),
    commands: commands.map(module => ({ ...NO_USAGE, name: commandName(module), description: module.describe })),
  };
}

const NO_USAGE = { options: [], operands: [], commands: [], takesInputs: false };
