import { isImport } from "../../document/consumed.ts";
import type { Rule } from "../rule.ts";

/** Imports (language chapter 10) are not read yet: what they bring in would be missing. */
export const importsUnsupported: Rule = {
  name: "imports-unsupported",
  document(document, report) {
    if (document.imports !== undefined) {
      report("error", "/imports", 'This version does not read "imports"; open the files it lists one by one');
    }
    const lists = { "/capability/consumes": document.capability?.consumes, "/consumes": document.consumes };
    for (const [pointer, list] of Object.entries(lists)) {
      for (const [index, entry] of (list ?? []).entries()) {
        if (!isImport(entry)) continue;
        report(
          "error",
          `${pointer}/${index}`,
          "This version does not read imported adapters; open the imported file itself",
        );
      }
    }
  },
};
