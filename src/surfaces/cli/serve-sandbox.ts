import { readFile } from "node:fs/promises";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { parseYaml } from "../../language/document/parse-yaml.ts";
import { startSandbox } from "../sandbox/sandbox.ts";
import type { CommandContext } from "./command-context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { exampleCommand } from "./help.ts";
import { neededVariables } from "./needed-variables.ts";
import { openNamed } from "./open-named.ts";
import { printLines } from "./printed-text.ts";
import { readBindValues } from "./read-bind-values.ts";
import type { ConfigOptions } from "./read-config.ts";
import { untilAborted } from "./until-aborted.ts";
import { usageError } from "./usage-error.ts";

interface MockOptions extends ConfigOptions {
  readonly capabilities: readonly string[];
  readonly open: OpenOptions;
  readonly port: number;
  /** JSON or YAML file with items by collection path. */
  readonly seed: string | undefined;
  readonly quiet: boolean;
}

/** Runs `naftiko mock <capability>…`: a sandbox upstream that runs until it is interrupted. */
export async function mock(options: MockOptions, context: CommandContext): Promise<ExitCode> {
  const { stdout, stderr, signal } = context;
  const bindValues = readBindValues([], context);
  const { open, config } = options;
  const capabilities: Runtime[] = [];
  for (const name of options.capabilities) {
    capabilities.push(await openNamed(name, { open, config, bindValues }, context));
  }
  const sandbox = await start(capabilities, options, context);
  try {
    stdout.write(printLines([`sandbox listening on ${sandbox.url}`]));
    for (const [index, capability] of capabilities.entries()) {
      const written = options.capabilities[index] ?? capability.name;
      for (const { namespace } of capability.model.adapters) {
        const baseUri = sandbox.baseUris.get(namespace) ?? sandbox.url;
        stdout.write(printLines([`  ${namespace}  --base-uri ${quoteArgument(`${namespace}=${baseUri}`)}`]));
      }
      const [first] = capability.operations.values();
      if (first === undefined) continue;
      const baseUri = sandbox.baseUris.get(first.namespace) ?? sandbox.url;
      const variables = neededVariables(capability.find(first.reference))
        .filter(({ key, location }) => location === undefined && !bindValues.get(key))
        .map(({ key }) => `${key}=any `);
      const command = exampleCommand(written, first);
      stdout.write(
        printLines([`  try: ${variables.join("")}${command} --base-uri ${quoteArgument(baseUri)}`]),
      );
    }
    if (!options.quiet) stderr.write(printLines(["Ctrl-C stops it; its data goes with it"]));
    await untilAborted(signal);
    return exitCode.interrupted;
  } finally {
    await sandbox.close();
  }
}

async function start(
  capabilities: readonly Runtime[],
  { port, seed, quiet }: MockOptions,
  { cwd, stderr }: CommandContext,
): ReturnType<typeof startSandbox> {
  const data = seed === undefined ? {} : { seed: await readSeed(path.resolve(cwd, seed)) };
  const models = capabilities.map(capability => capability.model);
  try {
    return await startSandbox({
      capabilities: models,
      port,
      ...data,
      ...(quiet
        ? {}
        : {
            onRequest: ({ method, path, status }) =>
              stderr.write(printLines([`${status} ${method} ${path}`])),
          }),
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE" || code === "EACCES")
      throw usageError(`Cannot listen on port ${port}: ${code}`);
    if (error instanceof TypeError)
      throw usageError(
        `Cannot start a sandbox${seed === undefined ? "" : ` with the seed ${seed}`}: ${message}`,
      );
    throw error;
  }
}

async function readSeed(file: string): Promise<unknown> {
  try {
    // JSON is YAML.
    return await parseYaml(await readFile(file, "utf8"), file);
  } catch (error) {
    if (error instanceof CapabilityError) throw usageError(error.message);
    const { code, message } = error as NodeJS.ErrnoException;
    throw usageError(`Cannot read the seed ${file}: ${code ?? message}`);
  }
}
