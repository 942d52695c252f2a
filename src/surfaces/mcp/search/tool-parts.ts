import type { LiveCatalogue } from "./live-catalogue.ts";
import type { ManyOperations } from "./many-operations.ts";
import type { OpenCapabilities } from "./open-capabilities.ts";

/** What the four tools share. */
export interface ToolParts {
  readonly many: ManyOperations;
  readonly catalogue: LiveCatalogue;
  readonly capabilities: OpenCapabilities;
}
