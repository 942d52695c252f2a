import { member } from "../../../base/json-object.ts";
import type { Rule } from "../rule.ts";

/**
 * Finds missing and useless `outputSchema`s: some formats need one, others have no use for it (language chapter 5.8).
 */
export const outputSchema: Rule = {
  name: "output-schema",
  kinds: ["warning"],
  explanation: "A format that can only be decoded with a schema has none, or one that needs no schema names one.",
  fix: "Give the path of the schema file, or remove it.",
  operation({ operation, pointer }, report, { rawFormats }) {
    const name = (operation.outputRawFormat ?? "json").toLowerCase();
    const format = member(rawFormats, name);
    if (format === undefined) return;
    if ((operation.outputSchema ?? "").trim() === "") {
      if (format.schema !== "file") return;
      report(
        "warning",
        `${pointer}/outputRawFormat`,
        `The format ${name} needs an outputSchema, the path of its schema file: calls will fail`,
      );
    } else if (format.schema === undefined) {
      report("warning", `${pointer}/outputSchema`, `The format ${name} has no use for an outputSchema`);
    }
  },
};
