import type { PolicySetting } from "../../language/overlays/overlays.ts";
import type { PolicyLevel } from "../../language/overlays/policy-level.ts";
import { Policy } from "./policy.ts";

/**
 * Compiles a policy.
 *
 * @param option that of the options
 * @param levels those of the configuration
 */
export function policyOf(option: PolicySetting | undefined, levels: readonly PolicyLevel[]): Policy {
  const given = option === undefined ? [] : [{ policy: option, owner: "the options", find: () => undefined }];
  return new Policy([...levels, ...given]);
}
