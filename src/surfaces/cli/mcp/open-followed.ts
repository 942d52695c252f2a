import type { Environment } from "../../../base/environment.ts";
import type { Runtime } from "../../../engine/runtime.ts";
import { followCapability } from "../../../serving/follow-capability.ts";
import { environmentSettings } from "../../../telemetry/environment-settings.ts";
import { Telemetry } from "../../../telemetry/telemetry.ts";
import type { OpenFile } from "../serve/file-opener.ts";
import type { Tellers } from "../serve/tellers.ts";

/** A capability that is open, and whose calls are followed. */
export interface FollowedFile {
  readonly runtime: Runtime;
  /** Closes it, and then what follows its calls. */
  close(): Promise<void>;
}

type FollowContext = Parameters<typeof followCapability>[2];

/** Opens a file whose calls are followed where the environment names a collector. */
export async function openFollowed(
  file: string,
  open: OpenFile,
  { env, log }: Pick<Tellers, "log"> & { readonly env: Environment },
): Promise<FollowedFile> {
  const telemetry = new Telemetry();
  const runtime = await open(file, telemetry);
  const { warn } = log.logger("telemetry");
  await followCalls(telemetry, runtime, { env, warn });
  return {
    runtime,
    async close() {
      await runtime.close();
      await telemetry.close();
    },
  };
}

/** Follows the calls of a capability where the environment names a collector. What the file exposes need not be right. */
async function followCalls(telemetry: Telemetry, runtime: Runtime, context: FollowContext): Promise<void> {
  const { exportsTraces, exportsMetrics, hasEndpoint } = environmentSettings(context.env);
  if (!hasEndpoint || !(exportsTraces || exportsMetrics)) return;
  try {
    await followCapability(telemetry, runtime, context);
  } catch (error) {
    context.warn(`Cannot follow the calls of "${runtime.name}": ${(error as Error).message}`);
  }
}
