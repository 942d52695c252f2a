import { didYouMean, suggest } from "../../../base/did-you-mean.ts";
import type { Rule } from "../rule.ts";

/** Finds formats of responses that the language does not have (chapter 5.8), compared without case. */
export const rawFormat: Rule = {
  name: "raw-format",
  kinds: ["error"],
  explanation: "The raw format of the response cannot be decoded.",
  fix: "Write one of the formats that the message lists.",
  operation({ operation, pointer }, report, { rawFormats }) {
    const found = operation.outputRawFormat;
    if (found === undefined || Object.hasOwn(rawFormats, found.toLowerCase())) return;
    const known = Object.keys(rawFormats);
    report(
      "error",
      `${pointer}/outputRawFormat`,
      `Unknown raw format ${JSON.stringify(found)}${didYouMean(suggest(found, known)) || `; it is one of ${known.join(", ")}`}`,
    );
  },
};
