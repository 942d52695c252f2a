import { SecretMask } from "../base/mask-secrets.ts";
import { openRuntime } from "../engine/open.ts";
import type { OpenOptions } from "../engine/open-options.ts";
import { programApi } from "../telemetry/program-api.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { Capabilities } from "./capabilities.ts";
import { Capability } from "./capability.ts";
import type { OperationsOf } from "./document-operations.ts";
import type { TypedCapability } from "./typed-capability.ts";

/**
 * Opened capability of a source: one whose operations TypeScript knows, for a name in {@link Capabilities} and for a
 * document that is `as const`.
 */
export type Opened<Source> = unknown extends Source
  ? Capability
  : Source extends keyof Capabilities
    ? TypedCapability<Capabilities[Source]>
    : [OperationsOf<Source>] extends [never]
      ? Capability
      : TypedCapability<OperationsOf<Source>>;

/**
 * Opens a capability: finds, reads, checks and compiles its file. No variable is looked up and nothing is sent.
 *
 * @example
 * await using clerk = await openCapability("clerk-backend-api-api-keys");
 * const { outputs } = await clerk.run("createApiKey", { body: { name: "ci", subject: "user_1" } });
 *
 * @param source path of a file; name of a capability, looked up as {@link OpenOptions.dirs} says; `file:` URL; or an
 *   already parsed document, which is not changed
 * @throws CapabilityError `CAPABILITY_NOT_FOUND`, `CAPABILITY_INVALID`, `CONFIG_INVALID`
 * @throws TypeError, RangeError for options that make no sense
 */
export async function openCapability<Source extends string | URL | object>(
  source: Source | keyof Capabilities,
  options: OpenOptions = {},
): Promise<Opened<Source>> {
  const telemetry = await programTelemetry();
  const runtime = await openRuntime(source, options, { cwd: process.cwd(), secrets: new SecretMask(), telemetry });
  // Types alone tell it from one of unknown operations.
  return new Capability(runtime) as Opened<Source>;
}

/** Follows calls where the program has registered OpenTelemetry. Loads nothing otherwise. */
async function programTelemetry(): Promise<Telemetry | undefined> {
  if (programApi() === undefined) return undefined;
  const { openProgramTelemetry } = await import("../telemetry/opentelemetry/program-target.ts");
  return openProgramTelemetry();
}
