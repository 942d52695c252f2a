import { quoteValue } from "../../../base/visible-text.ts";
import { operationPath } from "../../document/operation-path.ts";
import type { Rule } from "../rule.ts";

/** Finds path parameters without a place in the path, which are not sent (language chapter 5.4). */
export const pathParameter: Rule = {
  name: "path-parameter",
  kinds: ["warning"],
  explanation: "A path parameter has no placeholder in the path, so it is not sent.",
  fix: "Put the placeholder in the path, or give the parameter another location.",
  operation({ operation, resource, pointer }, report) {
    let placeholders: ReadonlySet<string> | undefined;
    for (const [index, { name, in: location }] of (operation.inputParameters ?? []).entries()) {
      if (location !== "path") continue;
      const path = operationPath(resource, operation);
      placeholders ??= placeholdersIn(path);
      if (placeholders.has(name) || (name.includes("}") && path.includes(`{${name}}`))) continue;
      report(
        "warning",
        `${pointer}/inputParameters/${index}/name`,
        `Path parameter "${name}" has no placeholder in ${quoteValue(path, LONGEST_PATH)}: it is not sent`,
      );
    }
  },
};

/** Most characters of a path that a message shows. */
const LONGEST_PATH = 300;

function placeholdersIn(path: string): ReadonlySet<string> {
  return new Set(Array.from(path.matchAll(/\{([^{}]*)\}/g), ([, found = ""]) => found.trim()));
}
