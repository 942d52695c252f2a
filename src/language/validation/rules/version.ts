import type { Rule } from "../rule.ts";

const KNOWN = /^(?:0\.[45]|1\.0\.0-(?:alpha|beta)\d*)$/;

/** Finds versions of the language that are newer than this runtime (language chapters 1.2 and 12). */
export const version: Rule = {
  name: "version",
  kinds: ["departure"],
  explanation:
    "No published specification of this version is known. The file is read all the same, as the newest version of its root key.",
  fix: "Write the version of the specification that the file keeps to, in quotes.",
  fixable: true,
  document(document, report) {
    const found = String(document.naftiko);
    if (KNOWN.test(found)) return;
    report(
      "departure",
      "/naftiko",
      `Version ${JSON.stringify(found)} is not one of 0.4, 0.5, 1.0.0-alpha…, 1.0.0-beta…; it is read as the newest`,
    );
  },
};
