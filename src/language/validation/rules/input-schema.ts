import { isSchemaKey } from "../../document/input-schema.ts";
import { namedSchemas } from "../../document/named-schemas.ts";
import { findNamedSchemaProblems, findSchemaProblems } from "../find-schema-problems.ts";
import type { Rule } from "../rule.ts";

/** Finds schemas of inputs that cannot be checked, and defaults that do not keep to them. */
export const inputSchema: Rule = {
  name: "input-schema",
  kinds: ["warning"],
  explanation:
    "A schema of an input has a part that cannot be checked, or a default does not keep to it: a call that needs the default fails.",
  fix: "Write the keywords as JSON Schema 2020-12 has them, and a default that the schema allows.",
  adapter(adapter, pointer, report) {
    const named = adapter["x-schemas"];
    if (named !== undefined) findNamedSchemaProblems(named, `${pointer}/x-schemas`, report);
  },
  parameter(parameter, pointer, report, adapter) {
    if (Object.keys(parameter).some(isSchemaKey)) findSchemaProblems(parameter, pointer, namedSchemas(adapter), report);
  },
};
