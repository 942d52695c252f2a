import { standInSource } from "../../../engine/binds/bind-source.ts";
import { reopen } from "../../../engine/open.ts";
import type { OpenOptions } from "../../../engine/open-options.ts";
import { policyWarnings } from "../../../engine/policy-warnings.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import type { CommandContext } from "../command-context.ts";
import { connectionArguments } from "../connection-arguments.ts";
import { openWritten } from "../open-named.ts";
import { readBaseUris } from "../read-base-uris.ts";
import { readBindValues } from "../read-bind-values.ts";
import { readConfig } from "../read-config.ts";
import type { BatchArguments } from "./batch-arguments.ts";

/** A capability whose operation is called for rows. */
interface OpenedBatch {
  readonly runtime: Runtime;
  close(): Promise<void>;
}

/** Opens the capability of a batch as `run` does, with connections that stay open. */
export async function openBatch(
  given: BatchArguments,
  note: (text: string) => void,
  context: CommandContext,
): Promise<OpenedBatch> {
  const { env, cwd } = context;
  const bindValues = readBindValues(given.envFiles, context);
  const overlays = await readConfig(given, context);
  const options: OpenOptions = {
    ...given.open,
    ...connectionArguments(given, cwd),
    env,
    baseUri: readBaseUris(given.baseUris),
  };
  const runtime = await openWritten(given.capability, options, { overlays, bindValues, onHidden: note }, context);
  if (given.open.policy !== undefined) for (const text of policyWarnings([runtime])) note(`warning: ${text}`);
  return given.mock ? inSandbox(runtime, note) : { runtime, close: () => runtime.close() };
}

/** Has a sandbox answer, which lives as long as the batch. */
async function inSandbox(runtime: Runtime, note: (text: string) => void): Promise<OpenedBatch> {
  const { startSandbox } = await import("../../sandbox/sandbox.ts");
  const sandbox = await startSandbox({ capabilities: [runtime.model] });
  const { secrets } = runtime;
  const baseUri = Object.fromEntries(sandbox.baseUris);
  const sandboxed = await reopen(runtime, { baseUri }, { secrets, sources: [standInSource()], inSandbox: true });
  note(`sandbox: talking to ${sandbox.url} in this process, not to the API`);
  return {
    runtime: sandboxed,
    async close() {
      await sandboxed.close();
      await runtime.close();
      await sandbox.close();
    },
  };
}
