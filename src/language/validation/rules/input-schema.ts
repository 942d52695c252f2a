import { isSchemaKey } from "../../document/input-schema.ts";
import { findSchemaProblems } from "../find-schema-problems.ts";
import type { Rule } from "../rule.ts";

/** Finds schemas of inputs that cannot be checked, and defaults that do not keep to them. */
export const inputSchema: Rule = {
  name: "input-schema",
  kinds: ["warning"],
  explanation:
    "A schema of an input has a part that cannot be checked, or a default does not keep to it: a call that needs the default fails.",
  fix: "Write the keywords as JSON Schema 2020-12 has them, and a default that the schema allows.",
  parameter(parameter, pointer, report) {
    if (Object.keys(parameter).some(isSchemaKey)) findSchemaProblems(parameter, pointer, report);
  },
};
