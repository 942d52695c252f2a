import type { SourceLocation } from "../../base/source-location.ts";
import type { PolicySetting } from "./overlays.ts";

/** A policy, and who sets it. */
export interface PolicyLevel {
  readonly policy: PolicySetting;
  /** Ends a sentence that begins with "the policy of". It names no folder: callers of a server read it. */
  readonly owner: string;
  /** Finds the place of a member, such as `/deny/0`. */
  readonly find: (pointer: string) => SourceLocation | undefined;
}
