import { readFile } from "node:fs/promises";
import path from "node:path";
import { CapabilityError } from "../../base/capability-error.ts";
import { fileText } from "../../base/files/file-text.ts";
import { quoteArgument } from "../../base/quote-argument.ts";
import type { BindValuesByKey } from "../../engine/binds/bind-source.ts";
import type { OpenOptions } from "../../engine/open-options.ts";
import { neededVariables } from "../../engine/request/needed-variables.ts";
import type { Runtime } from "../../engine/runtime.ts";
import { parseYaml } from "../../language/document/parse-yaml.ts";
import { type Sandbox, startSandbox } from "../sandbox/sandbox.ts";
import type { CommandContext } from "./command-context.ts";
import type { ExitCode } from "./exit-code.ts";
import { exampleCommand } from "./help.ts";
import { openNamed } from "./open-named.ts";
import { readBindValues } from "./read-bind-values.ts";
import type { ConfigOptions } from "./read-config.ts";
import { serve } from "./serve.ts";
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
  const bindValues = readBindValues([], context);
  const { open, config, port, seed, quiet } = options;
  const capabilities: Runtime[] = [];
  for (const name of options.capabilities) {
    capabilities.push(await openNamed(name, { open, config, bindValues }, context));
  }
  const models = capabilities.map(({ model }) => model);
  const data = seed === undefined ? {} : { seed: await readSeed(path.resolve(context.cwd, seed)) };
  return serve(
    {
      port,
      quiet,
      start: onRequest =>
        startSandbox({ capabilities: models, port, ...data, onRequest }).catch((error: unknown) => {
          if (!(error instanceof TypeError)) throw error;
          const cause = seed === undefined ? "" : ` with the seed ${seed}`;
          throw usageError(`Cannot start a sandbox${cause}: ${error.message}`);
        }),
      greeting: sandbox => [
        `sandbox listening on ${sandbox.url}`,
        ...capabilities.flatMap((capability, index) =>
          capabilityLines(capability, options.capabilities[index] ?? capability.name, {
            sandbox,
            bindValues,
          }),
        ),
      ],
      note: "Ctrl-C stops it; its data goes with it",
    },
    context,
  );
}

/** Returns the base URI of each namespace, and a call to try. */
function capabilityLines(
  capability: Runtime,
  written: string,
  { sandbox, bindValues }: { readonly sandbox: Sandbox; readonly bindValues: BindValuesByKey },
): string[] {
  const baseUri = (namespace: string) => sandbox.baseUris.get(namespace) ?? sandbox.url;
  const lines = capability.model.adapters.map(
    ({ namespace }) => `  ${namespace}  --base-uri ${quoteArgument(`${namespace}=${baseUri(namespace)}`)}`,
  );
  const [first] = capability.operations.values();
  if (first === undefined) return lines;
  const variables = neededVariables(capability.find(first.reference))
    .filter(({ key, location }) => location === undefined && !bindValues.get(key))
    .map(({ key }) => `${key}=any `);
  const command = `${variables.join("")}${exampleCommand(written, first)}`;
  return [...lines, `  try: ${command} --base-uri ${quoteArgument(baseUri(first.namespace))}`];
}

async function readSeed(file: string): Promise<unknown> {
  try {
    // JSON is YAML.
    return await parseYaml(fileText(await readFile(file)), file, "written");
  } catch (error) {
    if (error instanceof CapabilityError) throw usageError(error.message);
    const { code, message } = error as NodeJS.ErrnoException;
    throw usageError(`Cannot read the seed ${file}: ${code ?? message}`);
  }
}
