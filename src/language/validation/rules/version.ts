import type { Rule } from "../rule.ts";

const KNOWN = /^(?:0\.[45]|1\.0\.0-(?:alpha|beta)\d*)$/;

/** A version of the language that was not yet written when this was (language chapters 1.2 and 12). */
export const version: Rule = {
  name: "version",
  document(document, report) {
    const found = String(document.naftiko);
    if (KNOWN.test(found)) return;
    report(
      "warning",
      "/naftiko",
      `Version ${JSON.stringify(found)} is not one of 0.4, 0.5, 1.0.0-alpha…, 1.0.0-beta…; it is read as the newest`,
    );
  },
};
