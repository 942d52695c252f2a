import { fitTool } from "../../../tools/answer/fit-tool.ts";
import type { Tool, ToolAnswer, ToolContext } from "../../../tools/tool.ts";
import { callTool } from "./call-tool.ts";
import { describeTool } from "./describe-tool.ts";
import { LiveCatalogue, StillReadingError } from "./live-catalogue.ts";
import type { ManyOperations } from "./many-operations.ts";
import { OpenCapabilities } from "./open-capabilities.ts";
import { searchTool } from "./search-tool.ts";
import { faultAnswer } from "./text-answer.ts";

/** How long reading waits, in milliseconds: a client that connects is answered first. */
const BEGINNING_MS = 500;

/** The tools that stand for many operations. */
interface SearchTools {
  readonly tools: readonly Tool[];
  /** Closes the capabilities that are open. */
  close(): Promise<void>;
}

/** Makes the four tools that find, describe, read and run operations. Reading the files begins soon. */
export function searchTools(many: ManyOperations): SearchTools {
  const catalogue = new LiveCatalogue(many.catalogue);
  const capabilities = new OpenCapabilities(many);
  const beginning = setTimeout(() => void catalogue.use(() => {}).catch(() => {}), BEGINNING_MS);
  beginning.unref();
  const found = { many, catalogue, capabilities };
  const search = searchTool(found);
  const describe = describeTool(found);
  return {
    tools: [
      { ...search, call: inTime(search.call) },
      { ...describe, call: inTime(describe.call) },
      ...[callTool("read_operation", found), callTool("run_operation", found)].map(tool =>
        fitTool({ ...tool, call: inTime(tool.call) }, many.answers, "listed"),
      ),
    ],
    close() {
      clearTimeout(beginning);
      return capabilities.close();
    },
  };
}

/** Makes a call answer that files are still being read, where they are. */
function inTime<Answer>(
  call: (given: unknown, context: ToolContext) => Promise<Answer>,
): (given: unknown, context: ToolContext) => Promise<Answer | ToolAnswer> {
  return async (given, context) => {
    try {
      return await call(given, context);
    } catch (error) {
      if (error instanceof StillReadingError) return faultAnswer(error.message);
      throw error;
    }
  };
}
