import { parseWrittenPath } from "../../expression/json-path.ts";
import type { Rule } from "../rule.ts";

/** Finds paths of consumed outputs that are not JSONPath (language chapter 6). */
export const jsonPathSyntax: Rule = {
  name: "json-path-syntax",
  kinds: ["error"],
  explanation: "A path to an output is not JSONPath, or uses a part of it that is not there yet.",
  fix: "Correct the path at the place that the message names.",
  output({ name, value, mapping }, pointer, report) {
    const path = value ?? mapping ?? "$";
    const result = parseWrittenPath(path);
    if (result.ok) return;
    const member = value === undefined ? "mapping" : "value";
    report(
      "error",
      `${pointer}/${member}`,
      `Output "${name}" has the malformed JSONPath ${JSON.stringify(path)}: ${result.reason}`,
    );
  },
};
