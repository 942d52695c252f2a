import { operationPath } from "../../document/operation-path.ts";
import type { Rule } from "../rule.ts";

/** A path parameter without a place in the path is not sent (language chapter 5.4). */
export const pathParameter: Rule = {
  name: "path-parameter",
  operation({ operation, resource, pointer }, report) {
    for (const [index, { name, in: location }] of (operation.inputParameters ?? []).entries()) {
      if (location !== "path") continue;
      const path = operationPath(resource, operation);
      if (placeholder(path, name)) continue;
      report(
        "warning",
        `${pointer}/inputParameters/${index}/name`,
        `Path parameter "${name}" has no placeholder in ${JSON.stringify(path)}: it is not sent`,
      );
    }
  },
};

function placeholder(path: string, name: string): boolean {
  if (path.includes(`{${name}}`)) return true;
  return Array.from(path.matchAll(/\{([^{}]*)\}/g)).some(([, found = ""]) => found.trim() === name);
}
