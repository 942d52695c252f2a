import { fitTool } from "../../../tools/answer/fit-tool.ts";
import type { Tool } from "../../../tools/tool.ts";
import { callTool } from "./call-tool.ts";
import { describeTool } from "./describe-tool.ts";
import { LiveCatalogue } from "./live-catalogue.ts";
import type { ManyOperations } from "./many-operations.ts";
import { OpenCapabilities } from "./open-capabilities.ts";
import { searchTool } from "./search-tool.ts";

/** The tools that stand for many operations. */
interface SearchTools {
  readonly tools: readonly Tool[];
  /** Closes the capabilities that are open. */
  close(): Promise<void>;
}

/** Makes the four tools that find, describe, read and run operations. Reading the files begins at once. */
export function searchTools(many: ManyOperations): SearchTools {
  const catalogue = new LiveCatalogue(many.catalogue);
  const capabilities = new OpenCapabilities(many);
  // The first call tells what is wrong.
  void catalogue.use(() => {}).catch(() => {});
  const found = { many, catalogue, capabilities };
  return {
    tools: [
      searchTool(found),
      describeTool(found),
      fitTool(callTool("read_operation", found), many.answers, "listed"),
      fitTool(callTool("run_operation", found), many.answers, "listed"),
    ],
    close: () => capabilities.close(),
  };
}
