import path from "node:path";
import { statFile } from "../../language/overlays/find-config.ts";
import type { LoadedOverlays } from "../../language/overlays/load-overlays.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { printLines } from "./printed-text.ts";
import { usageError } from "./usage-error.ts";

interface TrustOptions {
  /** Path of a configuration file. */
  readonly file: string;
  /** Whether it is to be trusted no longer. */
  readonly remove: boolean;
}

/** Runs `naftiko trust <file>`: lets a configuration that is found run its commands, as long as it stays the same. */
export async function trust({ file: given, remove }: TrustOptions, context: CommandContext): Promise<ExitCode> {
  const { cwd, env, stdout } = context;
  const file = path.resolve(cwd, given);
  const { distrustConfig, trustConfig } = await import("../../language/overlays/trusted-configs.ts");
  if (remove) {
    const was = await recording(distrustConfig(file, env));
    stdout.write(printLines([`${file} ${was ? "is trusted no longer" : "was not trusted"}`]));
    return exitCode.done;
  }
  if (statFile(file) === undefined) throw usageError(`Cannot trust ${given}: there is no file ${file}`);
  const { readFoundOverlays } = await import("../../language/overlays/load-overlays.ts");
  const overlays = await readFoundOverlays(file, env);
  stdout.write(printLines(describe(file, overlays)));
  // The record is of the text that was shown: the file is not read again.
  if (overlays.found !== undefined) await recording(trustConfig(overlays.found, env));
  stdout.write(printLines(["It is trusted as it is now; once it changes, or stands elsewhere, it is not"]));
  return exitCode.done;
}

function describe(file: string, overlays: LoadedOverlays): string[] {
  const found = [...overlays.locations()];
  const commands = found.flatMap(({ capability, location }) => {
    const command = /^exec:(.*)$/is.exec(location)?.[1];
    return command === undefined ? [] : [`  ${capability}: ${command.trim()}`];
  });
  const places = found
    .filter(({ location }) => !/^exec:/i.test(location))
    .map(({ capability, location }) => `  ${capability}: ${location}`);
  return [
    file,
    ...(commands.length === 0 ? ["runs no commands"] : ["may run these commands:", ...commands]),
    ...(places.length === 0 ? [] : ["may read there:", ...places]),
  ];
}

async function recording<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    const { path: place } = error as NodeJS.ErrnoException;
    const { ioError } = await import("./io-error.ts");
    throw ioError(place === undefined ? "keep what is trusted" : `keep what is trusted at ${place}`, error);
  }
}
