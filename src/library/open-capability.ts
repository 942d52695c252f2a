import { SecretMask } from "../base/mask-secrets.ts";
import { openRuntime } from "../engine/open.ts";
import type { OpenOptions } from "../engine/open-options.ts";
import { Capability } from "./capability.ts";

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
export async function openCapability(source: string | URL | object, options: OpenOptions = {}): Promise<Capability> {
  return new Capability(await openRuntime(source, options, { cwd: process.cwd(), secrets: new SecretMask() }));
}
