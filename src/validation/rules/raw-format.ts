import { didYouMean, suggest } from "../../error/did-you-mean.ts";
import type { Rule } from "../rule.ts";

/** The formats of the language (chapter 5.8), compared without case. */
const FORMATS = [
  "json",
  "xml",
  "csv",
  "tsv",
  "psv",
  "yaml",
  "html",
  "markdown",
  "avro",
  "protobuf",
  "binary",
  "text",
];

/** A format of responses that the language does not have. */
export const rawFormat: Rule = {
  name: "raw-format",
  operation({ operation, pointer }, report) {
    const found = operation.outputRawFormat;
    if (found === undefined || FORMATS.includes(found.toLowerCase())) return;
    report(
      "error",
      `${pointer}/outputRawFormat`,
      `Unknown raw format ${JSON.stringify(found)}${didYouMean(suggest(found, FORMATS)) || `; it is one of ${FORMATS.join(", ")}`}`,
    );
  },
};
